"""The ranking model: which movies a user would pick next, learnt from which movies the same users liked.

An item model of the EASE^R kind (Steck, Embarrassingly Shallow Autoencoders for Sparse Data, 2019) over a catalogue of
the movies most watched. A movie's score for a user is the sum of what each movie that the user liked adds to it, so it
can say why; predicted stars alone put movies first that hardly anybody has rated.
"""
