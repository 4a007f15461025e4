"""The fault harness: kill, freeze, cut and lie to everything the engine stands on, then count what it promised.

`make chaos`, or `python -m bench.chaos --help`.
"""
