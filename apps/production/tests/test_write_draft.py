"""write_draft …"""

from collections.abc import Callable
from typing import Any

import pytest

from apps.identity.models import User
from apps.onboarding.api.dtos import Brief
from apps.production.api import ports
from apps.production.api.dtos import Draft, PackChoice, SectionChange, Wish, Wishes
from apps.production.models import Draft as DraftRow
from apps.shared.workflow import PersonNeeded, RunContext
from apps.strategy.api.dtos import Strategy

pytestmark = pytest.mark.django_db
Write = Callable[..., Draft]


@pytest.fixture
def write(brief: Brief, strategy: Strategy, run: RunContext) -> Write:
    """Write the next draft of a run, as its workflow does."""

    def do(draft: Draft | None = None, wishes: Wishes | None = None) -> Draft:
        needs = {"brief": brief, "strategy": strategy, "pack": PackChoice(pack="quick_social_basic")}
        carried = {"draft": draft, "wishes": wishes}
        prepared = ports.write_draft.spec.prepare(**needs, **carried, run=run)
        return ports.write_draft(**needs, **carried, prepared=prepared, run=run)

    return do


def wishes(draft: Draft, change: str, section: str = "overview") -> Wishes:
    return Wishes(draft_id=draft.id, wishes=(Wish(section=section, change=change, priority="MUST"),))


def edit(draft: Draft, by: User, key: str = "overview", text: str = "### By hand\n\nWarmer.\n") -> Draft:
    return ports.revise_draft(
        draft_id=draft.id, changes=(SectionChange(key=key, markdown=text),), reason="by hand", by=by.pk
    )


def texts(draft: Draft) -> dict[str, str]:
    return {section.key: section.model_dump_json() for section in draft.sections}


def differing(one: Draft, other: Draft) -> list[str]:
    return [key for key, text in texts(one).items() if text != texts(other)[key]]


def word_of(draft: Draft) -> str:
    return next(word for word in draft.sections[0].markdown.split() if word.isalpha() and len(word) > 7)


def test_is_a_step_that_can_be_taken_back() -> None:
    assert ports.write_draft.spec.optional == {"draft", "wishes", "guidance"}
    assert ports.write_draft.spec.compensate is ports.withdraw_draft


def test_writes_the_first_from_the_brief(write: Write, run: RunContext) -> None:
    draft = write()
    assert (draft.round, DraftRow.objects.get().run_id) == (1, run.id)


def test_changes_only_what_is_wished(write: Write, run: RunContext, published: list[Any]) -> None:
    first = write()
    word = word_of(first)
    second = write(first, wishes(first, f'Replace "{word}" with "{word}s"'))
    assert differing(first, second) == ["overview"]
    assert second.calendar == first.calendar
    rows = {row.round: row for row in DraftRow.objects.all()}
    assert (rows[1].state, rows[2].state, rows[2].run_id) == ("SUPERSEDED", "READY", run.id)
    assert published[-1][0].sections == ("overview",)


def test_asks_for_a_writer_and_stores_nothing(write: Write) -> None:
    first = write()
    with pytest.raises(PersonNeeded, match=r"round 1, then let the step try again: overview: Make it warmer\."):
        write(first, wishes(first, "Make it warmer."))
    assert DraftRow.objects.count() == 1


def test_takes_over_what_a_writer_wrote_in_the_sections_that_are_wished(write: Write, strategist: User) -> None:
    first = write()
    edit(edit(first, strategist), strategist, key=first.sections[1].key, text="Nobody asked.\n")
    draft = write(first, wishes(first, "Make it warmer."))
    assert differing(first, draft) == ["overview"]
    assert "Warmer." in draft.sections[0].markdown


def test_takes_over_all_that_was_edited_before_the_client_saw_it(write: Write, strategist: User) -> None:
    first = write()
    edited = edit(first, strategist)
    second = write(first)
    assert (texts(second), second.round) == (texts(edited), 3)


def test_writes_anew_where_nobody_edited_anything(write: Write) -> None:
    first = write()
    assert write(first).round == 2


def test_leaves_no_round_of_the_run_behind(write: Write, run: RunContext) -> None:
    first = write()
    write(first, wishes(first, f'Remove "{word_of(first)}"'))
    ports.withdraw_draft(run=run)
    assert not DraftRow.objects.exists()
