"""Rule books and profiles: written, put live, thrown away. A version that counted is never changed."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.cam.api import events
from apps.cam.models import Campaign, RuleBook
from apps.cam.rules.rulebooks import read_profile, read_rules
from apps.shared.events import AuditNote, publish


class WritingRefused(ValueError):
    """Rules cannot be stored now; the message says why."""


@transaction.atomic
def write_rules(book: RuleBook, content: Mapping[str, Any], *, by: UUID | None, reason: str) -> RuleBook:
    """Write the next version of a rule book, from this one, as a draft: it counts once somebody puts it live.

    Raises RulesRefused naming every wrong field, WritingRefused without a reason or where nothing is changed.
    """
    if not reason.strip():
        raise WritingRefused("reason is empty: say why the rules change.")
    wanted = read_rules(content)
    if wanted == book.rules:
        raise WritingRefused(f"This says the same as version {book.version}. Change something, or go back.")
    _hold(book.name)
    newest = RuleBook.objects.filter(name=book.name).order_by("-version").values_list("version", flat=True)[0]
    draft = RuleBook.objects.create(
        name=book.name,
        version=newest + 1,
        content=wanted.model_dump(mode="json"),
        based_on=book,
        author_id=by,
        reason=reason,
    )
    event = events.RuleBookWritten(aggregate_id=draft.pk, book=draft.name, version=draft.version)
    publish(event, AuditNote(actor_id=by, reason=reason, before=book.content, after=draft.content))
    return draft


@transaction.atomic
def put_live(book: RuleBook, *, by: UUID, reason: str = "") -> RuleBook:
    """Let a draft count from now on, and the version that counted no more. What was scored stays as it was.

    Raises TransitionNotAllowed for what is no draft, RulesRefused where its content is not what rules must be.
    """
    read_rules(book.content)
    _hold(book.name)
    for before in RuleBook.objects.live(book.name):
        _retire(before, by=by, reason=f"Version {book.version} took its place.")
    book.put_live()
    book.save(update_fields=["state", "updated_at"])
    event = events.RuleBookPutLive(aggregate_id=book.pk, book=book.name, version=book.version)
    publish(event, AuditNote(actor_id=by, reason=reason, before={"state": "DRAFT"}, after={"state": book.state}))
    return book


@transaction.atomic
def discard_rules(book: RuleBook, *, by: UUID, reason: str = "") -> RuleBook:
    """Throw a draft away: it can be read and never counts. Raises WritingRefused for what is no draft."""
    if book.state != RuleBook.State.DRAFT:
        raise WritingRefused("Only a draft is thrown away: put another version live instead.")
    return _retire(book, by=by, reason=reason)


def _hold(name: str) -> None:
    """Wait for whoever writes this rule book or puts it live: its first version stands for all of them."""
    RuleBook.objects.select_for_update().filter(name=name).order_by("version").first()


def _retire(book: RuleBook, *, by: UUID, reason: str) -> RuleBook:
    before = book.state
    book.retire()
    book.save(update_fields=["state", "updated_at"])
    event = events.RuleBookRetired(aggregate_id=book.pk, book=book.name, version=book.version)
    publish(event, AuditNote(actor_id=by, reason=reason, before={"state": before}, after={"state": book.state}))
    return book


@transaction.atomic
def edit_profile(campaign: Campaign, content: Mapping[str, Any], *, by: UUID | None, reason: str = "") -> Campaign:
    """Write down whom a campaign looks for. Leads scored before stay as they were.

    Raises RulesRefused, naming every wrong field, and WritingRefused for a campaign that has ended.
    """
    wanted = read_profile(content).model_dump(mode="json", exclude_defaults=True)
    stored = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if stored.state == Campaign.State.COMPLETED:
        raise WritingRefused(f"{campaign} is completed: nobody is looked for any more.")
    if wanted != stored.profile:
        before, stored.profile = stored.profile, wanted
        stored.save(update_fields=["profile", "updated_at"])
        event = events.ProfileEdited(aggregate_id=campaign.pk)
        publish(event, AuditNote(actor_id=by, reason=reason, before=before, after=wanted))
    return stored
