"""The only door to storage: table contracts, sessions, reads and writes."""
