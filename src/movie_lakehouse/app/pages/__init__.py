"""A page a module; Streamlit runs it as a script."""
