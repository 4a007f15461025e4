"""Verbs of client acquisition: none yet."""
