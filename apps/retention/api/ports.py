"""Verbs of retention: none yet."""
