"""What people are known by where their address itself must not stand."""

from django.utils.crypto import salted_hmac

from apps.cam.rules.identity import canonical_address, canonical_profile


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


def domain_hashes(address: str) -> list[str]:
    """Return what the domain of an address is known by, and those that it belongs to: who shuts one shuts all below."""
    labels = canonical_address(address).rpartition("@")[2].split(".")
    return [domain_hash(".".join(labels[place:])) for place in range(max(len(labels) - 1, 1))]


def profile_hash(url: str) -> str:
    """Return what a person is known by where their address is another: their page at LinkedIn; empty without one."""
    profile = canonical_profile(url)
    return keyed_hash(f"profile:{profile}") if profile else ""
