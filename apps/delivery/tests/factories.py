"""A draft, a quality report and rendered packages for tests."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from apps.delivery.api.dtos import RenderedFile, RenderedPackage
from apps.delivery.gateways import files
from apps.delivery.rules.exports import sha256_of
from apps.delivery.rules.report import Report, compose_report
from apps.onboarding.api.dtos import Brief
from apps.onboarding.tests.factories import dental_brief
from apps.production.api.dtos import Benchmark, CalendarItem, Draft, DraftSection
from apps.qc.api.dtos import QcReport
from apps.shared.workflow import RunContext
from apps.strategy.api.dtos import Strategy
from apps.strategy.tests.factories import strategy_for

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

HEADINGS = (
    "Overview", "Campaign objective", "Core campaign idea", "Messaging framework", "Channel plan", "Audience segments",
    "Persona cards", "Creative direction", "Influencer strategy", "Promotions and offers", "30-day calendar",
    "E-mail and CRM flows", "Ad concepts", "KPI and budget plan", "Execution roadmap", "Post-campaign analysis",
    "Final summary",
)  # fmt: skip

PROSE = (
    "The clinic has more demand than it answers. Reception calls a web lead back on the **next morning**, and by then "
    "half of the people have booked elsewhere. The first change is therefore not more reach but a faster answer, which "
    "costs nothing and can start in the first week. Evening slots on Tuesday and Thursday are the offer nobody else in "
    "the area has, so each message ends with one of them."
)
TABLE = "| Step | Who | Done when |\n|---|---|---|\n" + "".join(
    f"| Step {n} of the plan | Account manager | The owner has signed the *list of photos*, consent on file |\n"
    for n in range(1, 6)
)
MARKDOWN = (
    f"{PROSE}\n\n### What changes\n\n- Answer within ten minutes while the clinic is open\n- Show the **total price** "
    f"before the first visit\n  - with what is included\n- Ask every finished patient for a review\n\n{PROSE}\n\n"
    f"### How it is done\n\n1. Reception gets the new rota\n2. The price page goes live\n\n{TABLE}\n"
)


def section(position: int, heading: str, markdown: str = MARKDOWN, **changes: Any) -> DraftSection:
    """Return one section of a draft."""
    benchmark = Benchmark(min_words=50, max_words=900, min_bullets=0, max_bullets=30, min_headings=0, max_headings=9)
    made = DraftSection(
        key=heading.lower().replace(" ", "_").replace("-", "_"),
        position=position,
        heading=heading,
        markdown=markdown,
        provider="offline",
        prompt_version="1",
        tokens=0,
        benchmark=benchmark,
    )
    return made.model_copy(update=changes)


def calendar_from(start: date, count: int = 30) -> tuple[CalendarItem, ...]:
    """Return one post a day."""
    return tuple(
        CalendarItem(
            date=start + timedelta(days=day),
            platform=("LinkedIn", "E-mail", "Instagram")[day % 3],
            theme=("Price clarity", "Evening slots", "Finished cases")[day % 3],
            format=("Post", "Newsletter", "Carousel")[day % 3],
            hook="What does an aligner treatment cost, all in?",
            caption="One number, with everything it includes, before you sit in the chair. Ask us for yours.",
            call_to_action="Book an evening consultation online.",
        )
        for day in range(count)
    )


def plain_draft(brief: Brief, strategy: Strategy, **changes: Any) -> Draft:
    """Return a standard draft of seventeen sections with prose, lists, tables and a calendar of thirty days."""
    made = Draft(
        id=uuid7(),
        client_id=brief.client_id,
        brief_id=brief.id,
        strategy_id=strategy.id,
        round=1,
        pack="strategy_campaign_standard",
        pack_title="Strategy and campaign, standard",
        provider="offline",
        sections=tuple(section(position, heading) for position, heading in enumerate(HEADINGS, start=1)),
        calendar=calendar_from(strategy.start_date),
    )
    return made.model_copy(update=changes)


def passed_report(draft: Draft, **changes: Any) -> QcReport:
    """Return a quality report that lets the draft pass."""
    made = QcReport(
        id=uuid7(),
        draft_id=draft.id,
        client_id=draft.client_id,
        sequence=1,
        score=97,
        verdict="PASS",
        rules_checked=41,
        findings=(),
    )
    return made.model_copy(update=changes)


def run_for(client_id: UUID | None, **changes: Any) -> RunContext:
    """Return the context of a fresh run."""
    fields = {"id": uuid7(), "client_id": client_id, "position": 4, "round": 1, "at": AT} | changes
    return RunContext(**fields)


@dataclass(frozen=True)
class Job:
    """What `create_package` is given, and the run it is given by."""

    brief: Brief
    strategy: Strategy
    draft: Draft
    report: QcReport
    run: RunContext

    @property
    def inputs(self) -> dict[str, Any]:
        return {"brief": self.brief, "strategy": self.strategy, "draft": self.draft, "report": self.report}

    def document(self) -> Report:
        return compose_report(self.brief, self.strategy, self.draft, self.report, agency="AICMO", at=self.run.at)


def job_for(client_id: UUID | None = None, *, brief: Brief | None = None, **draft_changes: Any) -> Job:
    """Return a job with the dental clinic's brief, or the given one, for a client."""
    client_id = client_id or uuid7()
    brief = (brief or dental_brief()).model_copy(update={"client_id": client_id})
    strategy = strategy_for(brief)
    draft = plain_draft(brief, strategy, **draft_changes)
    return Job(brief, strategy, draft, passed_report(draft), run_for(client_id))


def staged_package(run: RunContext, contents: Mapping[str, bytes] | None = None) -> RenderedPackage:
    """Stage small made-up files, for tests that are not about rendering."""
    contents = contents or {"strategy-report.pdf": b"%PDF-1.7 small", "package.zip": b"PK small"}
    prefix = f"tmp/{run.id}/{uuid7().hex}"
    files.stage(prefix, contents)
    listed = [
        RenderedFile(
            name=name,
            format=name.rpartition(".")[2].upper(),
            bytes=len(content),
            sha256=sha256_of(content),
            position=position,
        )
        for position, (name, content) in enumerate(contents.items(), start=1)
    ]
    manifest = {
        "pack": {"key": "strategy_campaign_standard", "title": "Strategy and campaign, standard"},
        "qc": {"verdict": "PASS", "score": 97},
        "files": [file.model_dump() for file in listed],
    }
    return RenderedPackage(staged_prefix=prefix, manifest=manifest, manifest_sha256="0" * 64, files=tuple(listed))
