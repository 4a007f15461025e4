"""Parts that sum to the whole, to the last cent."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal

CENT = Decimal("0.01")


def apportion(whole: Decimal, weights: Sequence[Decimal], unit: Decimal = CENT) -> list[Decimal]:
    """Split `whole` in proportion to `weights` into multiples of `unit` that sum to it exactly.

    The largest-remainder method (Hamilton): each part is rounded down, and the units left over go to the parts that
    lost most. `whole` must be a multiple of `unit`, and at least one weight above zero. Raises ValueError otherwise.
    """
    total = sum(weights, Decimal(0))
    if total <= 0 or whole % unit:
        raise ValueError(f"whole={whole} cannot be split into units of {unit} by weights {[str(w) for w in weights]}.")
    exact = [whole * weight / total for weight in weights]
    parts = [(share / unit).to_integral_value(ROUND_DOWN) * unit for share in exact]
    left_over = int((whole - sum(parts)) / unit)
    by_loss = sorted(range(len(parts)), key=lambda n: (parts[n] - exact[n], n))
    for n in by_loss[:left_over]:
        parts[n] += unit
    return parts
