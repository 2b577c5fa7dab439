"""What is timed, against what, and the last figures: `make bench` and `make bench-large`.

A measurement (``measurements``, ``large``) runs things in processes of their own and gives figures as they come;
``kept`` keeps each at once; a row of the goals (``rows``) reads what is kept, and ``table`` writes it down.
Scripts that are run: ``notebook_way``, ``search``, ``topk``, ``similarity`` and ``recommendations``.
"""
