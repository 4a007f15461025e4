"""The verbs of client acquisition: the only place its rows change."""
