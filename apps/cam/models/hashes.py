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


def domain_hashes(address: str) -> list[str]:
    """Return what the domain of an address is known by, and those that it belongs to: who shuts one shuts all below."""
    labels = identity.canonical_address(address).rpartition("@")[2].split(".")
    return [domain_hash(".".join(labels[place:])) for place in range(max(len(labels) - 1, 1))]


def profile_hash(url: str) -> str:
    """Return what a person is known by where their address is another: their page at LinkedIn; empty without one."""
    profile = identity.canonical_profile(url)
    return keyed_hash(f"profile:{profile}") if profile else ""
