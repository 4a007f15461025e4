"""Verbs of billing: none yet."""
