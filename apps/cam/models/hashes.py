"""What people are known by where their address itself must not stand."""

from django.conf import settings

from apps.cam.rules import identity


def keyed_hash(value: str) -> str:
    """Return what a value is known by, under the setting IDENTITY_KEY.

    Leads, and suppressions whose address is still shown, get new hashes for a new key (`manage.py rekey_leads`); those
    of erased people are lost with the old one.
    """
    return identity.keyed_hash(value, settings.IDENTITY_KEY)


def address_hash(address: str) -> str:
    """Return what an address is known by, in all its spellings: a lead's `identity_key`."""
    return keyed_hash(identity.canonical_address(address))


def domain_hash(domain: str) -> str:
    """Return what a domain is known by."""
    return keyed_hash(domain.casefold().removeprefix("@"))
