"""Verbs of the client's review: none yet."""
