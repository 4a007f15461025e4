"""The main job on intakes nobody has seen before, in one process and without a database.

    python -m bench.intakes [N] [SEED]

Builds N realistic intakes with odd values sprinkled in, takes each from submission to quality control in both
packs, and one in ten through rendering and the output gate. Exits with 1 unless 98 % pass or warn,
nothing raises, no banned word is printed and every budget adds up. An intake without objective, audience or offer must
be refused by name.
"""

import os
import random
import re
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ParamSpec, TypeVar

os.environ["DJANGO_SETTINGS_MODULE"] = "aicmo_site.settings_test"
os.environ.setdefault("AICMO_MEDIA_ROOT", tempfile.mkdtemp(prefix="aicmo-media-"))

import django

django.setup()

from uuid_utils.compat import uuid7

from apps.delivery.services.rendering import render_package
from apps.onboarding.api.dtos import Brief, Intake
from apps.onboarding.forms import parse_submission
from apps.onboarding.rules import BriefImpossible, normalize
from apps.production.api.dtos import Draft
from apps.production.rules.composer import compose
from apps.production.rules.packs import PACKS
from apps.qc.api.dtos import QcReport
from apps.qc.rules import judge
from apps.shared.workflow import RunContext, StepRefused
from apps.strategy.api.dtos import Strategy
from apps.strategy.rules import StrategyImpossible, compose_strategy
from bench import intake_blocks as blocks
from bench.intake_clients import CLIENTS

P, R = ParamSpec("P"), TypeVar("R")

RENDERED_SHARE = 0.1
LEAST_SHARE_GOOD = 0.98
AT = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


@dataclass
class Tally:
    """What came of the intakes so far."""

    verdicts: Counter[str] = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    rules: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    seconds: Counter[str] = field(default_factory=Counter)
    rendered: int = 0

    def timed(self, name: str, call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Call and add the CPU seconds it took to those of its name."""
        start = time.process_time()
        try:
            return call(*args, **kwargs)
        finally:
            self.seconds[name] += time.process_time() - start


def build(seed: int) -> dict[str, Any]:
    """Return a submission; the same seed gives the same."""
    chance = random.Random(seed)
    client, given = chance.choice(CLIENTS)
    answers = dict(given)
    _leave_out(answers, chance)
    _set_odd_values(answers, chance)
    _dirty(answers, chance)
    answers = {key: _reshaped(value, chance) for key, value in answers.items()}
    answers = {blocks.ALIASES.get(key, key) if chance.random() < 0.1 else key: it for key, it in answers.items()}
    name = chance.choice(blocks.NAME_ODDITIES).format(client["name"])
    notes = [{"call_date": "2026-03-02T10:00:00", "notes": chance.choice(blocks.NOTES)}] * (chance.random() < 0.4)
    return {"client": client | {"name": name}, "form_version": "1", "answers": answers, "discovery_notes": notes}


def _leave_out(answers: dict[str, Any], chance: random.Random) -> None:
    share = chance.choice([0, 0, 0.1, 0.3, 0.9])
    for key in list(answers):
        if chance.random() < (0.02 if key in blocks.ESSENTIAL else share):
            del answers[key]


def _set_odd_values(answers: dict[str, Any], chance: random.Random) -> None:
    odd = {
        "banned_words": blocks.BANNED,
        "channels_excluded": blocks.EXCLUDED,
        "timeline": blocks.TIMELINES,
        "budget": blocks.BUDGETS,
    }
    for key, values in odd.items():
        if chance.random() < 0.35:
            answers[key] = chance.choice(values)


def _dirty(answers: dict[str, Any], chance: random.Random) -> None:
    for key, value in list(answers.items()):
        draw = chance.random()
        if draw < 0.04:
            answers[key] = f"{value} {chance.choice(blocks.INJECTIONS)}"
        elif draw < 0.05:
            answers[key] = f"{chance.choice(blocks.INJECTIONS)} {value}"
        elif draw < 0.07 and key not in blocks.ESSENTIAL:
            answers[key] = chance.choice([*blocks.PLACEHOLDERS, *blocks.INJECTIONS])
        elif draw < 0.085:
            answers[key] = f"{value}. " + "".join(blocks.LONG.format(number) for number in range(3, 25))
        elif draw < 0.095 and key not in blocks.ESSENTIAL:
            answers[key] = chance.choice([42, 3.5, True, None, [], {}, {"a": "b"}, "🥐", "x" * 300])


def _reshaped(value: Any, chance: random.Random) -> Any:
    draw = chance.random()
    if isinstance(value, str) and draw < 0.1:
        return [part.strip() for part in re.split(r"[;,]\s", value)]
    if isinstance(value, str) and draw < 0.15:
        return "\n".join(f"- {part.strip()}" for part in re.split(r";\s", value))
    if isinstance(value, list) and draw < 0.3:
        return ", ".join(map(str, value))
    return value


def run_one(seed: int, tally: Tally) -> None:
    """Take one intake through the main job and note what came of it."""
    client, form = parse_submission(build(seed))
    intake = Intake(
        id=uuid7(),
        client_id=uuid7(),
        client_name=client.name,
        source="IMPORT",
        submitted_at=AT,
        **client.model_dump(exclude={"name", "contact_email"}),
        **dict(form),
    )
    try:
        content = tally.timed("normalize", normalize, intake)
        brief = Brief(id=uuid7(), **dict(content))
        plan = tally.timed("strategy", compose_strategy, brief)
    except (BriefImpossible, StrategyImpossible) as refusal:
        tally.verdicts["refused"] += 1
        if not is_impossible(seed):
            tally.troubles.append(f"{seed}: refused without need: {refusal}")
        tally.refusals.append(f"{seed}: {refusal}")
        return
    strategy = Strategy(
        id=uuid7(), brief_id=brief.id, client_id=brief.client_id, version=1, state="DRAFT", **dict(plan)
    )
    if plan.budget and sum(channel.budget.amount for channel in plan.channels if channel.budget) != plan.budget.amount:
        tally.troubles.append(f"{seed}: the channels' budgets do not sum to {plan.budget}")
    for pack in PACKS:
        _judge_pack(seed, pack, brief, strategy, tally)


def is_impossible(seed: int) -> bool:
    """Tell whether an intake was built without an essential answer, or leaves no channel."""
    answers = build(seed)["answers"]
    given = [field for field in blocks.ESSENTIAL if field in answers or blocks.ALIASES[field] in answers]
    return len(given) < len(blocks.ESSENTIAL)


def _judge_pack(seed: int, pack: str, brief: Brief, strategy: Strategy, tally: Tally) -> None:
    plan = tally.timed(pack, compose, brief, strategy, PACKS[pack])
    draft = Draft(
        id=uuid7(), client_id=brief.client_id, brief_id=brief.id, strategy_id=strategy.id, round=1, **dict(plan)
    )
    verdict = tally.timed("qc", judge, draft, brief, strategy)
    tally.verdicts[verdict.verdict] += 1
    for finding in verdict.findings:
        tally.rules[f"{finding.rule_code} {finding.status} {finding.section}"].append(
            f"{seed} {verdict.verdict}: {finding.message} {finding.evidence}"
        )
    tally.troubles += [f"{seed} {pack}: prints {word!r}: {where}" for word, where in banned_in(draft, brief)]
    if verdict.verdict != "FAIL" and random.Random(f"{seed}{pack}").random() < RENDERED_SHARE:
        report = QcReport(id=uuid7(), draft_id=draft.id, client_id=draft.client_id, sequence=1, **dict(verdict))
        _render(seed, brief, strategy, draft, report, tally)


def banned_in(draft: Draft, brief: Brief) -> list[tuple[str, str]]:
    """Return each banned word that stands as a word in a section or post, with its place."""
    texts = [section.markdown for section in draft.sections]
    texts += [f"{post.hook} {post.caption} {post.call_to_action}" for post in draft.calendar]
    found = []
    for word in brief.banned_words:
        pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
        for text in texts:
            for own in (brief.client_name, *brief.disclaimers):
                text = text.replace(own, "")
            if match := pattern.search(text):
                found.append((word, text[max(0, match.start() - 40) : match.end() + 40].replace("\n", " ")))
                break
    return found


def _render(seed: int, brief: Brief, strategy: Strategy, draft: Draft, report: QcReport, tally: Tally) -> None:
    tally.rendered += 1
    run = RunContext(id=uuid7(), client_id=brief.client_id, position=5, round=1, at=AT)
    try:
        tally.timed("render", render_package, brief=brief, strategy=strategy, draft=draft, report=report, run=run)
    except StepRefused as refusal:
        tally.troubles.append(f"{seed} {draft.pack}: {refusal}")


def show(tally: Tally, count: int) -> bool:
    """Print the figures; tell whether they are good enough."""
    print("verdicts", dict(tally.verdicts), f"· {tally.rendered} packages rendered")
    print("CPU seconds", {name: f"{seconds:.1f}" for name, seconds in tally.seconds.items()}, f"for {count} intakes")
    for key, cases in sorted(tally.rules.items(), key=lambda item: -len(item[1])):
        print(f"{len(cases):5} {key}")
        for case in cases[:3]:
            print(f"        {case[:300]}")
    for title, lines in (("refused", tally.refusals), ("TROUBLE", tally.troubles)):
        for line in lines:
            print(title, line[:400])
    judged = tally.verdicts["PASS"] + tally.verdicts["WARN"] + tally.verdicts["FAIL"]
    return not tally.troubles and judged - tally.verdicts["FAIL"] >= LEAST_SHARE_GOOD * judged


def main() -> None:
    """Run the number of intakes asked for, from the seed asked for."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    tally = Tally()
    for seed in range(first * 10_000, first * 10_000 + count):
        try:
            run_one(seed, tally)
        except Exception as error:  # noqa: BLE001  (what raises is what this looks for)
            at = error.__traceback__
            while at and at.tb_next:
                at = at.tb_next
            place = f"{at.tb_frame.f_code.co_filename}:{at.tb_lineno}" if at else ""
            tally.troubles.append(f"{seed}: {type(error).__name__}: {error} ({place})")
    sys.exit(not show(tally, count))


if __name__ == "__main__":
    main()
