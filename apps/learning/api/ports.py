"""Verbs of learning: none yet."""
