"""Which values measure a KPI, and what may be done with them: most add up, and some do not."""

import re

from apps.reporting.rules.names import OURS
from apps.strategy.api.dtos import Kpi

_LEVEL_UNIT = re.compile(
    r"%|\b(percent|per cent|prozent|median|average|times|position|per (order|workshop|click|lead|customer))\b", re.I
)
_LEVEL_NAME = re.compile(r"(cost per|average|return on)\b|(cpa|cpc|cpl|cpm|cac|roas)\b", re.I)
_CEILING = ", at most"
"""How strategies end the name of a number that is not to be exceeded."""


def measures(name: str, unit: str, kpi: Kpi) -> bool:
    """Tell whether values of a name and unit measure a KPI: what the platform counts by itself measures none."""
    return name not in OURS and (name.casefold(), unit.casefold()) == (kpi.name.casefold(), kpi.unit.casefold())


def is_ceiling(name: str) -> bool:
    """Tell whether a KPI is reached by staying below its target."""
    return name.casefold().endswith(_CEILING)


def adds_up(name: str, unit: str) -> bool:
    """Tell whether values may be summed: shares, averages and prices for one may not, and do not grow with the days."""
    return not (_LEVEL_UNIT.search(unit) or _LEVEL_NAME.match(name) or is_ceiling(name))
