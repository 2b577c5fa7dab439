"""The tasks, a module each: thin, from tables through pure functions and the gate to tables."""
