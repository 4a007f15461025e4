"""Whether one of two subjects does better, or chance does."""

from dataclasses import dataclass
from math import ceil, erfc, sqrt

SURE = 0.05
"""A difference as large as this comes by chance alone in one of twenty trials: less, and it is taken for real."""
_Z_SURE, _Z_POWER = 1.959964, 0.841621
"""Of the normal distribution: 97.5 %, for two sides of five in a hundred; 80 %, how surely a real one is seen."""
_LEAST = 5
"""Hits and misses that each side must have for the normal distribution to stand in for the binomial one."""


@dataclass(frozen=True)
class Comparison:
    """How two shares compare. `needs` are trials still to come on each side, None where no number would tell."""

    share_a: float
    share_b: float
    p: float
    is_sure: bool
    needs: int | None

    @property
    def better(self) -> str:
        """Return which does better, empty where that is not sure."""
        if not self.is_sure:
            return ""
        return "A" if self.share_a > self.share_b else "B"


def compare(hits_a: int, trials_a: int, hits_b: int, trials_b: int) -> Comparison:
    """Return how two shares compare, by the two-proportion z-test with pooled variance, two-sided.

    z = (pA - pB) / sqrt(p (1 - p) (1/nA + 1/nB)) with p of both together: NIST/SEMATECH e-Handbook of Statistical
    Methods, 7.3.3. How many trials each side needs, for 5 % error and 80 % power:
    n = (1.96 sqrt(2 p (1 - p)) + 0.84 sqrt(pA (1 - pA) + pB (1 - pB)))^2 / (pA - pB)^2, Fleiss, Levin and Paik,
    Statistical Methods for Rates and Proportions, 3rd edition, 4.14. Raises ValueError for more hits than trials.
    """
    for hits, trials in ((hits_a, trials_a), (hits_b, trials_b)):
        if not 0 <= hits <= trials:
            raise ValueError(f"{hits} of {trials} is no share.")
    if not (trials_a and trials_b):
        return Comparison(_share(hits_a, trials_a), _share(hits_b, trials_b), 1.0, is_sure=False, needs=None)
    a, b = hits_a / trials_a, hits_b / trials_b
    pooled = (hits_a + hits_b) / (trials_a + trials_b)
    spread = sqrt(pooled * (1 - pooled) * (1 / trials_a + 1 / trials_b))
    p = erfc(abs(a - b) / spread / sqrt(2)) if spread else 1.0
    is_large = min(hits_a, trials_a - hits_a, hits_b, trials_b - hits_b) >= _LEAST
    is_sure = is_large and p < SURE
    return Comparison(a, b, p, is_sure, 0 if is_sure else _needs(a, b, min(trials_a, trials_b)))


def _share(hits: int, trials: int) -> float:
    return hits / trials if trials else 0.0


def _needs(a: float, b: float, trials: int) -> int | None:
    """Return how many more trials each side needs, at least one, if the shares stay as they are."""
    if a == b:
        return None
    mean = (a + b) / 2
    wanted = (_Z_SURE * sqrt(2 * mean * (1 - mean)) + _Z_POWER * sqrt(a * (1 - a) + b * (1 - b))) ** 2 / (a - b) ** 2
    rare = min(share for share in (a, b, 1 - a, 1 - b) if share > 0)
    return max(1, ceil(max(wanted, _LEAST / rare)) - trials)
