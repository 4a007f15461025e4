"""Files of measured values on their way in."""

from apps.shared.gateways.kept_tables import UNCLAIMED_AFTER, Kept, Shelf

SHELF = Shelf("metric-imports", is_export=True)

__all__ = ["SHELF", "UNCLAIMED_AFTER", "Kept"]
