"""Bayesian matrix factorisation with side information, in numpy: features, priors, fit, fold-in.

The model of a rating by user u of movie i, in stars:

    rating = mean + bias_u + bias_i + factors_u . factors_i + noise,    noise ~ Normal(0, 1 / (precision * weight_u))

A row x = [bias, factors] of either side is Normal around what its features say, x ~ Normal(offset + features @ slopes,
inverse(precision)), so that a movie with few ratings falls back on its genres, its year and who rated it, and a user on
what they chose to rate. All of it is fitted by coordinate ascent on the variational bound; a row keeps its covariance.

Sources: Salakhutdinov and Mnih, Bayesian probabilistic matrix factorization (2008); Lim and Teh, Variational Bayesian
approach to movie rating prediction (2007); Koren, Factorization meets the neighborhood (SVD++, 2008), whose implicit
signal the features are; Rendle, Zhang and Koren, On the difficulty of evaluating baselines (2019).
"""
