"""The verbs of production: the only place its rows change."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from apps.learning.api.dtos import Guidance
from apps.onboarding.api.dtos import Brief
from apps.production import queries
from apps.production.api import dtos, events
from apps.production.models import Bundle, BundleAsset, CalendarItem, Draft, DraftSection
from apps.production.rules.assets import asset_specs
from apps.production.rules.composer import compose
from apps.production.rules.sections.detailed_30_day_calendar import redraw
from apps.production.rules.wishes import CALENDAR_SECTION, Revision, revise
from apps.shared.events import AuditNote, Event, publish
from apps.shared.models import snapshot
from apps.shared.workflow import PersonNeeded, RunContext, StepRefused
from apps.strategy.api.dtos import Strategy


class RevisionRefused(ValueError):
    """A draft cannot be revised this way; the message says what to change."""


class NotEdited(ValueError):
    """A draft is not one that holds as a person edited it; the message says what it is instead."""


def compose_draft(
    *, brief: Brief, strategy: Strategy, pack: dtos.PackChoice, guidance: Guidance | None = None, run: RunContext
) -> dtos.DraftPlan:
    """Write all sections of a pack, by the lessons in force; stores nothing.

    Raises StepRefused for a pack that cannot be ordered.
    """
    spec = queries.find_pack(pack.pack)
    if spec is None:
        known = ", ".join(known.key for known in queries.list_packs())
        raise StepRefused(f"pack: {pack.pack!r} cannot be ordered. Choose one of: {known}.")
    return compose(brief, strategy, spec, guidance)


@transaction.atomic
def store_draft(brief: Brief, strategy: Strategy, plan: dtos.DraftPlan, *, run: RunContext) -> Draft:
    """Store a written draft as the next round of its pack for its strategy; the round before gives way.

    Of two at once, the second waits for the first.
    """
    _lock_rounds(strategy.id, plan.pack)
    _supersede_ready(strategy.id, plan.pack)
    draft = Draft.objects.create(
        run_id=run.id,
        client_id=brief.client_id,
        brief_id=brief.id,
        strategy_id=strategy.id,
        pack=plan.pack,
        pack_title=plan.pack_title,
        provider=plan.provider,
        round=queries.next_round(strategy.id, plan.pack),
        lessons=_as_stored(plan),
    )
    _store_parts(draft, plan)
    _publish(events.DraftReady, draft, AuditNote(after=_standing(draft)), pack=draft.pack)
    return draft


@transaction.atomic
def revise_draft(
    draft: Draft,
    changes: Sequence[dtos.SectionChange],
    *,
    reason: str,
    calendar: Sequence[dtos.CalendarItem] | None = None,
    by: UUID | None = None,
    run_id: UUID | None = None,
) -> Draft:
    """Store the next round of a draft: the named sections with new text, the others byte by byte as they were.

    A changed calendar section needs the calendar that its table shows. Raises RevisionRefused for a round that was
    replaced, a section the draft does not have, an empty text, and a change that changes nothing.
    """
    _lock_rounds(draft.strategy_id, draft.pack)
    draft.refresh_from_db()
    old = queries.get_draft(draft.pk)
    _require_revisable(draft, old, changes, calendar)
    texts = {change.key: change for change in changes}
    sections = tuple(_changed(section, texts.get(section.key)) for section in old.sections)
    new = old.model_copy(update={"sections": sections, "calendar": tuple(calendar or old.calendar)})
    return _store_next(new, tuple(texts), reason=reason, by=by, run_id=run_id)


def compose_round(
    *,
    brief: Brief,
    strategy: Strategy,
    pack: dtos.PackChoice,
    draft: dtos.Draft | None,
    wishes: dtos.Wishes | None,
    guidance: Guidance | None = None,
    run: RunContext,
) -> dtos.DraftPlan | None:
    """Write all sections of a pack, unless wishes say what is to change in a draft; stores nothing.

    Raises StepRefused for a pack that cannot be ordered.
    """
    if wishes is not None:
        return None
    return compose_draft(brief=brief, strategy=strategy, pack=pack, guidance=guidance, run=run)


@transaction.atomic
def store_round(
    brief: Brief,
    strategy: Strategy,
    plan: dtos.DraftPlan | None,
    *,
    draft: dtos.Draft | None,
    wishes: dtos.Wishes | None,
    run: RunContext,
) -> dtos.Draft:
    """Store a run's next round: the first as planned, later ones as a person has written them meanwhile, or as wished.

    Of a later round than the run's `draft` the text is a person's. With `wishes` it counts in the sections they name
    alone; all others stay byte by byte as they were. Raises PersonNeeded where nobody has met a wish yet.
    """
    if draft is None:
        return queries.to_dto(store_draft(brief, strategy, plan, run=run))
    _lock_rounds(strategy.id, draft.pack)
    ready = queries.find_ready(strategy.id, draft.pack) or draft
    if wishes is not None:
        base = queries.get_draft(wishes.draft_id)
        revision = revise(base, ready, wishes.wishes)
        _require_writer(revision, ready)
        new = base.model_copy(update={"sections": revision.sections, "calendar": revision.calendar})
        row = _store_next(new, revision.changed, reason=_in_words(wishes), run_id=run.id)
    elif ready.id != draft.id:
        texts = {section.key: section.markdown for section in draft.sections}
        changed = tuple(each.key for each in ready.sections if each.markdown != texts.get(each.key))
        row = _store_next(ready, changed, reason=f"Takes over what was written as round {ready.round}.", run_id=run.id)
    else:
        row = store_draft(brief, strategy, plan, run=run)
    return queries.get_draft(row.pk)


def revise_calendar(draft: Draft, posts: Sequence[dtos.CalendarItem], *, reason: str, by: UUID | None = None) -> Draft:
    """Store the next round of a draft with another calendar, and its section drawn anew from that.

    Raises RevisionRefused as `revise_draft` does.
    """
    section = draft.sections.get(key=CALENDAR_SECTION)
    calendar = tuple(sorted(posts, key=lambda post: post.date))
    change = dtos.SectionChange(key=CALENDAR_SECTION, markdown=redraw(section.markdown, calendar))
    return revise_draft(draft, [change], reason=reason, calendar=calendar, by=by)


def require_edited(draft: Draft) -> None:
    """Do nothing for a draft that holds as a person edited it; raise NotEdited for another."""
    if draft.state != Draft.State.READY:
        raise NotEdited(f"Round {draft.round} was replaced by a later one. Check that instead.")
    if draft.author_id is None:
        raise NotEdited(f"Nobody has edited round {draft.round}: the run that wrote it checks and delivers it.")


@transaction.atomic
def note_check(draft_id: UUID, *, verdict: str, at: datetime) -> None:
    """Remember that quality control judged an edited draft. Does nothing for another draft, or the second time."""
    draft = Draft.objects.select_for_update(of=("self",)).filter(pk=draft_id, author__isnull=False).first()
    if draft is None or draft.checked_at is not None:
        return
    draft.checked_at = at
    draft.save(update_fields=["checked_at", "updated_at"])
    note = AuditNote(before={"checked_at": None}, after={"checked_at": at.isoformat(), "verdict": verdict})
    _publish(events.DraftChecked, draft, note, verdict=verdict)


@transaction.atomic
def forget_check(draft_id: UUID) -> None:
    """Count an edited draft as not checked, because no report on it is left. Does nothing the second time."""
    draft = Draft.objects.select_for_update(of=("self",)).filter(pk=draft_id, checked_at__isnull=False).first()
    if draft is None:
        return
    before = {"checked_at": draft.checked_at.isoformat()}
    draft.checked_at = None
    draft.save(update_fields=["checked_at", "updated_at"])
    note = AuditNote(reason="The report was taken back.", before=before, after={"checked_at": None})
    _publish(events.DraftCheckForgotten, draft, note)


@transaction.atomic
def assemble_bundle(draft: Draft) -> Bundle:
    """Specify the visuals of a draft's calendar; a draft that has its bundle keeps it as it is."""
    Draft.objects.select_for_update().get(pk=draft.pk)
    bundle, is_new = Bundle.objects.get_or_create(draft=draft, defaults={"run_id": draft.run_id})
    if is_new:
        specs = asset_specs(queries.get_draft(draft.pk).calendar)
        assets = BundleAsset.objects.bulk_create(
            BundleAsset(bundle=bundle, position=n, kind=s.kind, name=s.name, spec=s.spec, sha256=s.sha256)
            for n, s in enumerate(specs, 1)
        )
        for asset in assets:
            told = AuditNote(after={"name": asset.name, "sha256": asset.sha256})
            _publish_asset(events.AssetGenerated, draft, asset, told)
    return bundle


@transaction.atomic
def show_draft(draft_id: UUID, *, at: datetime) -> None:
    """Let the client see a draft from now on; nothing happens for one that it sees already, or that is gone."""
    draft = Draft.objects.select_for_update().filter(pk=draft_id, shown_at=None).first()
    if draft is not None:
        draft.shown_at = at
        draft.save(update_fields=["shown_at", "updated_at"])
        _publish(events.DraftShown, draft, AuditNote(after=_standing(draft)))


@transaction.atomic
def withdraw_draft(*, run: RunContext) -> None:
    """Remove the drafts a run stored, with their parts and assets; a second call finds nothing to do.

    A round of another run that had given way to one of them holds again.
    """
    drafts = Draft.objects.of_run(run.id)
    for strategy_id, pack in sorted(set(drafts.values_list("strategy_id", "pack"))):
        _lock_rounds(strategy_id, pack)  # before the rows, as every other verb does: no deadlock
    latest_first = drafts.select_for_update().order_by("-round", "pk")
    for draft in latest_first.prefetch_related("sections", "calendar", "bundle__assets"):
        note = AuditNote(reason="The run was taken back.", before=_with_parts(draft))
        _publish(events.DraftWithdrawn, draft, note)
        for asset in _assets(draft):
            _publish_asset(events.AssetWithdrawn, draft, asset, AuditNote(before=snapshot(asset)))
        was_ready = draft.state == Draft.State.READY
        draft.delete()
        if was_ready:
            _reinstate_latest(draft)


def _require_writer(revision: Revision, ready: dtos.Draft) -> None:
    """Ask for a person where a wish waits for a writer."""
    if revision.waits_for_writer:
        asked = "; ".join(f"{wish.section}: {wish.change}" for wish in revision.open)
        where = f"on the page of the draft, round {ready.round}"
        raise PersonNeeded(f"Write anew {where}, then let the step try again: {asked}")


def _in_words(wishes: dtos.Wishes) -> str:
    return "Wished: " + "; ".join(f"{wish.section}: {wish.change}" for wish in wishes.wishes)


def _store_next(
    new: dtos.Draft, changed: tuple[str, ...], *, reason: str, by: UUID | None = None, run_id: UUID | None = None
) -> Draft:
    """Store a content as the round after all others of its pack for its strategy; the lock on them must be held."""
    _supersede_ready(new.strategy_id, new.pack)
    row = Draft.objects.create(
        run_id=run_id,
        client_id=new.client_id,
        brief_id=new.brief_id,
        strategy_id=new.strategy_id,
        pack=new.pack,
        pack_title=new.pack_title,
        provider=new.provider,
        round=queries.next_round(new.strategy_id, new.pack),
        author_id=by,
        reason=reason,
        lessons=_as_stored(new),
    )
    _store_parts(row, new)
    before = {"pack": new.pack, "round": new.round, "provider": new.provider}
    note = AuditNote(actor_id=by, reason=reason, before=before, after=_standing(row))
    _publish(events.DraftRevised, row, note, sections=changed)
    return row


def _lock_rounds(strategy_id: UUID, pack: str) -> None:
    with connection.cursor() as cursor:
        key = f"production.draft:{strategy_id}:{pack}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _as_stored(plan: dtos.DraftPlan) -> list[dict[str, Any]]:
    return [lesson.model_dump(mode="json") for lesson in plan.lessons]


def _store_parts(draft: Draft, plan: dtos.DraftPlan) -> None:
    DraftSection.objects.bulk_create(
        DraftSection(draft=draft, **dict(section) | {"benchmark": section.benchmark.model_dump(mode="json")})
        for section in plan.sections
    )
    CalendarItem.objects.bulk_create(CalendarItem(draft=draft, **dict(item)) for item in plan.calendar)


def _supersede_ready(strategy_id: UUID, pack: str) -> None:
    ready = Draft.objects.filter(strategy_id=strategy_id, pack=pack, state=Draft.State.READY)
    for draft in ready.select_for_update():
        before = _standing(draft)
        draft.supersede()
        draft.save(update_fields=["state", "updated_at"])
        note = AuditNote(reason="A later round took its place.", before=before, after=_standing(draft))
        _publish(events.DraftSuperseded, draft, note)


def _reinstate_latest(withdrawn: Draft) -> None:
    """Let the round before a withdrawn one hold again, unless the same run made it and takes it back as well."""
    rounds = Draft.objects.filter(strategy_id=withdrawn.strategy_id, pack=withdrawn.pack)
    latest = rounds.exclude(run_id=withdrawn.run_id).order_by("-round").select_for_update().first()
    if latest is None or latest.state == Draft.State.READY:
        return
    before = _standing(latest)
    latest.reinstate()
    latest.save(update_fields=["state", "updated_at"])
    note = AuditNote(reason="The round after it was withdrawn.", before=before, after=_standing(latest))
    _publish(events.DraftReinstated, latest, note)


def _require_revisable(
    draft: Draft,
    old: dtos.Draft,
    changes: Sequence[dtos.SectionChange],
    calendar: Sequence[dtos.CalendarItem] | None,
) -> None:
    texts = {section.key: section.markdown for section in old.sections}
    unknown = [change.key for change in changes if change.key not in texts]
    if draft.state != Draft.State.READY:
        raise RevisionRefused(f"Round {draft.round} was replaced by a later one. Revise the latest round.")
    if not changes:
        raise RevisionRefused("changes: none given. Name at least one section and its new text.")
    if len({change.key for change in changes}) < len(changes):
        raise RevisionRefused("changes: a section is named twice. Give each section once.")
    if unknown:
        raise RevisionRefused(f"changes: no section {', '.join(unknown)} in this draft. It has: {', '.join(texts)}.")
    if empty := [change.key for change in changes if not change.markdown.strip()]:
        raise RevisionRefused(f"changes: {', '.join(empty)} would be empty. Give each section its text.")
    is_same_calendar = calendar is None or tuple(calendar) == old.calendar
    if is_same_calendar and all(change.markdown == texts[change.key] for change in changes):
        raise RevisionRefused("changes: every text given is the one that stands there already.")
    if any(change.key == CALENDAR_SECTION for change in changes) and calendar is None:
        raise RevisionRefused("calendar: give it together with its section, so that table and entries agree.")


def _changed(section: dtos.DraftSection, change: dtos.SectionChange | None) -> dtos.DraftSection:
    if change is None:
        return section
    return section.model_copy(update={"markdown": change.markdown, "provider": change.provider})


def _publish(kind: type[Event], draft: Draft, note: AuditNote, **fields: Any) -> None:
    event = kind(
        run_id=draft.run_id,
        client_id=draft.client_id,
        aggregate_id=draft.pk,
        strategy_id=draft.strategy_id,
        round=draft.round,
        **fields,
    )
    publish(event, note)


def _publish_asset(kind: type[Event], draft: Draft, asset: BundleAsset, note: AuditNote) -> None:
    event = kind(
        run_id=draft.run_id, client_id=draft.client_id, aggregate_id=asset.pk, draft_id=draft.pk, kind=asset.kind
    )
    publish(event, note)


def _assets(draft: Draft) -> list[BundleAsset]:
    bundle = getattr(draft, "bundle", None)
    return list(bundle.assets.all()) if bundle else []


def _standing(draft: Draft) -> dict[str, Any]:
    return {"pack": draft.pack, "round": draft.round, "state": str(draft.state), "provider": draft.provider}


def _with_parts(draft: Draft) -> dict[str, Any]:
    parts = {name: [snapshot(part) for part in getattr(draft, name).all()] for name in ("sections", "calendar")}
    return snapshot(draft) | parts | {"assets": [snapshot(asset) for asset in _assets(draft)]}
