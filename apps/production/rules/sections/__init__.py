"""The sections the offline composer can write: one function each, registered under the section's key.

    @section("overview")
    def overview(facts: Facts, benchmark: Benchmark) -> str: ...

The function returns CommonMark (GFM tables allowed), inner headings at level 3, within the benchmark. The same facts
give the same text. Every file of this folder is read when the package is.
"""

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules

from apps.production.api.dtos import Benchmark
from apps.production.rules.facts import Facts

Section = Callable[[Facts, Benchmark], str]

SECTIONS: dict[str, Section] = {}


def section(key: str) -> Callable[[Section], Section]:
    """Register a function as the writer of a section. Raises ValueError when the key has one already."""

    def register(write: Section) -> Section:
        if key in SECTIONS:
            raise ValueError(f"Section {key!r} has two writers: {SECTIONS[key].__module__} and {write.__module__}.")
        SECTIONS[key] = write
        return write

    return register


for _module in iter_modules(__path__, f"{__name__}."):
    import_module(_module.name)
