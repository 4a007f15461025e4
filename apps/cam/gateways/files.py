"""Tables on their way to leads."""

from apps.shared.gateways.kept_tables import UNCLAIMED_AFTER, Kept, Shelf

_shelf = Shelf("lead-imports")
keep_table = _shelf.keep_table
read_kept = _shelf.read_kept
is_kept = _shelf.is_kept
drop = _shelf.drop
list_kept = _shelf.list_kept
seal = _shelf.seal
unseal = _shelf.unseal

__all__ = ["UNCLAIMED_AFTER", "Kept", "drop", "is_kept", "keep_table", "list_kept", "read_kept", "seal", "unseal"]
