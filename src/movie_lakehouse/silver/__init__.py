"""Silver: bronze rows typed, judged and keyed, in pure functions. Each ends here, or in quarantine with its reasons."""
