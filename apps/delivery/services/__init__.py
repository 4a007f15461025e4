"""The verbs of delivery: the only place its rows and files change."""
