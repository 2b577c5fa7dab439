"""What a run of the job did, in one HTML file to mail: facts by SQL, figures as SVG, and the page around them."""
