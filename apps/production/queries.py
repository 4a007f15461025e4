"""Reads of production."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Max, Min, QuerySet
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from pydantic import ValidationError

from apps.production import models
from apps.production.api import dtos
from apps.production.rules.packs import PackSpec, SectionSpec
from apps.production.rules.sections import SECTIONS


@dataclass(frozen=True)
class CalendarFrame:
    """What a calendar may be edited to: the days of the plan's months, and the platforms that the plan has."""

    first: date | None
    last: date | None
    platforms: tuple[str, ...]


def get_draft(draft_id: UUID) -> dtos.Draft:
    """Return one draft with sections and calendar, in three queries. Raises models.Draft.DoesNotExist."""
    return to_dto(with_parts(models.Draft.objects).get(pk=draft_id))


def to_dto(row: models.Draft) -> dtos.Draft:
    """Return a stored draft, sections and calendar included, as what other modules see of it."""
    return dtos.Draft(
        id=row.pk,
        client_id=row.client_id,
        brief_id=row.brief_id,
        strategy_id=row.strategy_id,
        pack=row.pack,
        pack_title=row.pack_title,
        provider=row.provider,
        round=row.round,
        sections=tuple(_section(section) for section in row.sections.all()),
        calendar=tuple(_calendar_item(item) for item in row.calendar.all()),
        lessons=row.lessons,
    )


def with_parts(drafts: QuerySet[models.Draft]) -> QuerySet[models.Draft]:
    """Load what a draft consists of along with it."""
    return drafts.prefetch_related("sections", "calendar")


def list_other_drafts(draft: models.Draft) -> QuerySet[models.Draft]:
    """Return what else was written for a draft's strategy, newest first."""
    return models.Draft.objects.filter(strategy_id=draft.strategy_id).exclude(pk=draft.pk)


def find_successor(draft: models.Draft) -> models.Draft | None:
    """Return the round that holds in a draft's place, None while it holds itself."""
    rounds = models.Draft.objects.filter(strategy_id=draft.strategy_id, pack=draft.pack)
    return rounds.filter(state=models.Draft.State.READY).exclude(pk=draft.pk).first()


def frame_of_calendar(draft: models.Draft) -> CalendarFrame:
    """Return what all rounds of a draft plan for; days without limits where none of them has a calendar."""
    rounds = models.Draft.objects.filter(strategy_id=draft.strategy_id, pack=draft.pack)
    planned = models.CalendarItem.objects.filter(draft__in=rounds).order_by()
    days = planned.aggregate(first=Min("date"), last=Max("date"))
    platforms = tuple(planned.values_list("platform", flat=True).distinct().order_by("platform"))
    if days["first"] is None:
        return CalendarFrame(None, None, platforms)
    last = days["last"].replace(day=monthrange(days["last"].year, days["last"].month)[1])
    return CalendarFrame(days["first"].replace(day=1), last, platforms)


def find_ready(strategy_id: UUID, pack: str) -> dtos.Draft | None:
    """Return the round of a pack that holds for a strategy, None where there is none."""
    rounds = models.Draft.objects.filter(strategy_id=strategy_id, pack=pack, state=models.Draft.State.READY)
    ready = with_parts(rounds).first()
    return ready and to_dto(ready)


def next_round(strategy_id: UUID, pack: str) -> int:
    """Return the number the next draft of a pack for a strategy gets; sure only while their lock is held."""
    rounds = models.Draft.objects.filter(strategy_id=strategy_id, pack=pack)
    return (rounds.aggregate(highest=Max("round"))["highest"] or 0) + 1


def list_packs() -> tuple[dtos.Pack, ...]:
    """Return the packs that can be ordered, by key."""
    packs = models.Pack.objects.filter(is_active=True).prefetch_related("sections")
    return tuple(
        dtos.Pack(
            key=pack.key,
            title=pack.title,
            description=pack.description,
            sections=tuple(section.heading for section in pack.sections.all()),
        )
        for pack in packs
    )


def find_pack(key: str) -> PackSpec | None:
    """Return how an active pack is written, or None for a key that is unknown or switched off."""
    pack = models.Pack.objects.filter(key=key, is_active=True).prefetch_related("sections").first()
    return pack and _pack_spec(pack)


def list_pack_problems(packs: Iterable[models.Pack]) -> list[str]:
    """List what the sections of packs lack: a writer, a prompt template of the stated version, a valid benchmark."""
    return [
        f"{pack.key}.{section.key}: {problem}"
        for pack in packs
        for section in pack.sections.all()
        for problem in _section_problems(section)
    ]


def get_bundle(draft_id: UUID) -> dtos.Bundle:
    """Return the assets of a draft. Raises models.Bundle.DoesNotExist before they were assembled."""
    row = models.Bundle.objects.prefetch_related("assets").get(draft_id=draft_id)
    return dtos.Bundle(
        id=row.pk,
        draft_id=row.draft_id,
        assets=tuple(
            dtos.BundleAsset(id=asset.pk, kind=asset.kind, name=asset.name, spec=asset.spec, sha256=asset.sha256)
            for asset in row.assets.all()
        ),
    )


def _pack_spec(pack: models.Pack) -> PackSpec:
    return PackSpec(
        key=pack.key,
        title=pack.title,
        description=pack.description,
        sections=tuple(
            SectionSpec(
                key=section.key,
                heading=section.heading,
                benchmark=dtos.Benchmark.model_validate(section.benchmark),
                renderer=section.renderer,
                prompt_version=section.prompt_version,
            )
            for section in pack.sections.all()
        ),
    )


def _section_problems(section: models.PackSection) -> list[str]:
    problems = []
    if section.renderer not in SECTIONS:
        problems.append(f"no writer {section.renderer!r} in apps/production/rules/sections/")
    try:
        first_line = get_template(section.prompt).template.source.partition("\n")[0]
        if first_line.strip() != f"version: {section.prompt_version}":
            problems.append(
                f"prompt {section.prompt} begins with {first_line!r}, not version: {section.prompt_version}"
            )
    except TemplateDoesNotExist:
        problems.append(f"no prompt template templates/{section.prompt}")
    try:
        dtos.Benchmark.model_validate(section.benchmark)
    except ValidationError as error:
        problems.append(f"its benchmark is not valid: {error.errors()[0]['loc']} {error.errors()[0]['msg']}")
    return problems


def _section(row: models.DraftSection) -> dtos.DraftSection:
    return dtos.DraftSection(
        key=row.key,
        position=row.position,
        heading=row.heading,
        markdown=row.markdown,
        provider=row.provider,
        prompt_version=row.prompt_version,
        tokens=row.tokens,
        benchmark=dtos.Benchmark.model_validate(row.benchmark),
    )


def _calendar_item(row: models.CalendarItem) -> dtos.CalendarItem:
    return dtos.CalendarItem(**{field: getattr(row, field) for field in dtos.CalendarItem.model_fields})
