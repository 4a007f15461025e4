"""Who leads are, as keyed hashes (`rules.identity`): made where a lead comes in, and anew for another key."""

from typing import Protocol

from django.conf import settings
from django.db import transaction

from apps.cam.models import Lead, Suppression
from apps.cam.models.hashes import address_hash, domain_hash
from apps.cam.rules.identity import identity_of

TRAITS = ("email", "full_name", "linkedin_url", "phone", "country")
"""The columns of a lead that say who it is."""
HASHES = ("identity_key", "profile_key", "phone_key", "colleague_key")
"""The columns that these make, with the key."""
_SLICE = 2_000


class Person(Protocol):
    """A lead, or what is to become one."""

    email: str
    full_name: str
    linkedin_url: str
    phone: str
    country: str


def identity_columns(person: Person) -> dict[str, str]:
    """Return the columns by which a person is told from others."""
    traits = {name: getattr(person, name) for name in TRAITS}
    return vars(identity_of(**traits, key=settings.IDENTITY_KEY))


def rekey_leads() -> int:
    """Give every lead the hashes that the present IDENTITY_KEY makes, slice by slice, and return how many changed.

    Suppressions first, as far as what they are of is still known: no lead is to be without one in between.
    """
    _rekey_suppressions()
    changed, last = 0, None
    while True:
        with transaction.atomic():
            rows = Lead.objects.order_by("pk").select_for_update()
            leads = list((rows.filter(pk__gt=last) if last else rows).only(*TRAITS, "identity_key")[:_SLICE])
            if not leads:
                return changed
            last = leads[-1].pk
            stale = [lead for lead in leads if identity_columns(lead)["identity_key"] != lead.identity_key]
            for lead in stale:
                vars(lead).update(identity_columns(lead))
            Lead.objects.bulk_update(stale, HASHES)
            changed += len(stale)


@transaction.atomic
def _rekey_suppressions() -> None:
    hash_of = {Suppression.Kind.ADDRESS: address_hash, Suppression.Kind.DOMAIN: domain_hash}
    for row in Suppression.objects.select_for_update().filter(kind__in=hash_of).exclude(shown=""):
        key_hash = hash_of[row.kind](row.shown)
        if key_hash != row.key_hash:
            Suppression.objects.filter(pk=row.pk).update(key_hash=key_hash)
