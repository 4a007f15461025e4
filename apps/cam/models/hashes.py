"""What people are known by where their address itself must not stand."""

from django.utils.crypto import salted_hmac

from apps.cam.rules.identity import canonical_address


def keyed_hash(value: str) -> str:
    """Return HMAC-SHA256 of a value in hex: who steals the table learns no address by trying them out.

    The key is made of SECRET_KEY; who changes that loses every suppression of an erased person.
    """
    return salted_hmac("aicmo.cam.identity", value, algorithm="sha256").hexdigest()


def address_hash(address: str) -> str:
    """Return what an address is known by, in all its spellings."""
    return keyed_hash(canonical_address(address))


def domain_hash(domain: str) -> str:
    """Return what a domain is known by."""
    return keyed_hash(domain.casefold().removeprefix("@"))
