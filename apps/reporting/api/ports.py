"""Verbs of reporting: none yet."""
