"""Seeded bugs: what the harness must notice. Loaded into workers by its own settings alone."""


def load(names: str) -> None:
    """Break the engine in the ways named, separated by commas."""
