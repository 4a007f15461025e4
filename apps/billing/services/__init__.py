"""The verbs of billing: the only place its rows change."""
