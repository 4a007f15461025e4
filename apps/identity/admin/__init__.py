"""Identity at the desk: importing this registers its pages."""

from apps.identity.admin import data_requests, people

__all__ = ["data_requests", "people"]
