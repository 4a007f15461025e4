"""A calendar edited at the desk …"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse

from apps.identity.models import User
from apps.identity.tests.factories import UserFactory
from apps.production import queries, services
from apps.production.api.dtos import CalendarItem, SectionChange
from apps.production.api.events import DraftRevised
from apps.production.forms import MOST_POSTS
from apps.production.models import Draft
from apps.production.rules.sections.detailed_30_day_calendar import redraw
from apps.production.tests.conftest import Store

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("producer")]

PACKS = ("quick_social_basic", "strategy_campaign_standard")
SCRIPT = "<script>alert(1)</script>"
KEY = services.CALENDAR_SECTION


@pytest.fixture
def producer(client: Browser) -> User:
    """Somebody who may view drafts and write their sections anew, logged in."""
    user = UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_draft", "revise_draft"]))
    client.force_login(user)
    return user


def edit_page(draft: Draft) -> str:
    return reverse("admin:production_draft_edit", args=[draft.pk, KEY])


def calendar_of(draft: Draft) -> tuple[CalendarItem, ...]:
    return queries.get_draft(draft.pk).calendar


def rows(posts: Sequence[CalendarItem]) -> list[dict[str, str]]:
    return [post.model_dump(mode="json") for post in posts]


def send(
    client: Browser, draft: Draft, sent: Sequence[dict[str, str]], button: str = "save", reason: str = "They asked."
) -> HttpResponse:
    """Press a button of the page with these entries in it."""
    data: dict[str, Any] = {"posts-TOTAL_FORMS": len(sent), "posts-INITIAL_FORMS": 0, "reason": reason, button: ""}
    data |= {f"posts-{number}-{name}": value for number, row in enumerate(sent) for name, value in row.items()}
    return client.post(edit_page(draft), data)


def changed(draft: Draft, number: int, **changes: str) -> list[dict[str, str]]:
    sent = rows(calendar_of(draft))
    sent[number] |= changes
    return sent


def latest() -> Draft:
    return Draft.objects.get(round=2)


def errors(answer: HttpResponse) -> str:
    posts = answer.context["form"].posts
    return " ".join(str(each) for each in (*posts.errors, posts.non_form_errors(), answer.context["form"].errors))


@pytest.mark.parametrize("pack", PACKS)
def test_draws_its_section_by_the_code_that_wrote_it(store: Store, pack: str) -> None:
    draft = queries.get_draft(store(pack=pack).pk)
    section = next(section for section in draft.sections if section.key == KEY)
    assert redraw(section.markdown, draft.calendar) == section.markdown


def test_begins_with_the_entries_that_stand_there(client: Browser, store: Store) -> None:
    draft = store()
    posts = client.get(edit_page(draft)).context["form"].posts
    names = list(CalendarItem.model_fields)
    assert [{name: form[name].value() for name in names} for form in posts] == rows(calendar_of(draft))


@pytest.mark.parametrize("pack", PACKS)
def test_becomes_the_next_round_in_which_only_its_section_differs(
    client: Browser, store: Store, producer: User, published: list, pack: str
) -> None:
    draft = store(pack=pack)
    old = queries.get_draft(draft.pk)
    answer = send(client, draft, changed(draft, 3, hook="Ask our  hygienist\nanything"))
    assert answer.url == reverse("admin:production_draft_change", args=[latest().pk])
    new = queries.get_draft(latest().pk)
    assert [section for section in new.sections if section.key != KEY] == [
        section for section in old.sections if section.key != KEY
    ]
    assert new.calendar[3] == old.calendar[3].model_copy(update={"hook": "Ask our hygienist anything"})
    assert (new.calendar[:3], new.calendar[4:]) == (old.calendar[:3], old.calendar[4:])
    was, now = (next(each.markdown for each in draft.sections if each.key == KEY) for draft in (old, new))
    differing = [line for line, other in zip(now.split("\n"), was.split("\n"), strict=True) if line != other]
    assert len(differing) == 1
    assert "| Ask our hygienist anything |" in differing[0]
    event, note = published[-1]
    assert (type(event), event.sections) == (DraftRevised, (KEY,))
    assert (note.actor_id, note.reason) == (producer.pk, "They asked.")


def test_keeps_a_caption_although_the_table_does_not_show_it(client: Browser, store: Store) -> None:
    draft = store()
    send(client, draft, changed(draft, 0, caption="First line.\r\nSecond line of it."))
    assert calendar_of(latest())[0].caption == "First line.\nSecond line of it."


def test_takes_entries_in_any_order_moves_adds_and_removes(client: Browser, store: Store) -> None:
    draft = store()
    sent = rows(calendar_of(draft))
    sent[5]["DELETE"] = "on"
    sent[0]["hook"] = "The first of all"
    moved = sent.pop(0)
    blank = dict.fromkeys(CalendarItem.model_fields, "")
    send(client, draft, [*sent, moved, blank])
    kept = calendar_of(latest())
    assert [post.date for post in kept] == [post.date for i, post in enumerate(calendar_of(draft)) if i != 5]
    assert kept[0].hook == "The first of all"
    table = latest().sections.get(key=KEY).markdown
    assert table.count("\n| ") - 1 == 30  # the head, its rule, and 29 rows
    assert "\n| 6 |" not in table


def test_offers_one_more_entry_without_judging_what_was_typed(client: Browser, store: Store) -> None:
    draft = store()
    sent = changed(draft, 0, hook="")
    sent[1]["DELETE"] = "on"
    answer = send(client, draft, sent, button="add")
    posts = answer.context["form"].posts
    assert len(posts.forms) == 30  # one less, one more
    assert posts.forms[0]["hook"].value() == ""
    assert posts.forms[-1]["date"].value() is None
    assert "errorlist" not in answer.content.decode()
    assert answer.context["form"]["reason"].value() == "They asked."
    assert Draft.objects.count() == 1


def test_is_shown_as_it_will_read_without_being_stored(client: Browser, store: Store) -> None:
    draft = store()
    page = send(client, draft, changed(draft, 0, hook=f"Anew {SCRIPT}"), button="look").content.decode()
    assert "<td>Anew &lt;script&gt;" in page
    assert SCRIPT not in page
    assert Draft.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"hook": "  "}, "This field is required"),
        ({"caption": ""}, "This field is required"),
        ({"call_to_action": ""}, "This field is required"),
        ({"date": "2031-01-01"}, "The plan runs from 1 "),
        ({"date": "soon"}, "Enter a valid date"),
        ({"platform": "Myspace"}, "Myspace is not one of the available choices"),
        ({"hook": "x" * 1001}, "at most 1000 characters"),
    ],
)
def test_is_refused_beside_the_field(client: Browser, store: Store, changes: dict[str, str], message: str) -> None:
    draft = store()
    answer = send(client, draft, changed(draft, 2, **changes))
    assert message in errors(answer)
    assert message in answer.content.decode()
    assert Draft.objects.count() == 1


def test_is_refused_with_two_entries_on_a_day(client: Browser, store: Store) -> None:
    draft = store()
    day = calendar_of(draft)[0].date
    answer = send(client, draft, changed(draft, 1, date=str(day)))
    assert f"Two or more stand on: {day:%-d %B}." in errors(answer)


def test_is_refused_empty_unchanged_without_why_or_too_long(client: Browser, store: Store) -> None:
    draft = store()
    gone = [row | {"DELETE": "on"} for row in rows(calendar_of(draft))]
    assert "cannot be empty" in errors(send(client, draft, gone))
    assert "stands there already" in errors(send(client, draft, rows(calendar_of(draft))))
    assert "Say why the calendar changes." in errors(send(client, draft, changed(draft, 0, hook="New"), reason=" "))
    assert "at most 100 forms" in errors(send(client, draft, changed(draft, 0, hook="New") * 4))
    assert MOST_POSTS == 100
    assert Draft.objects.count() == 1


def test_takes_days_of_the_months_and_platforms_of_the_plan(client: Browser, store: Store) -> None:
    draft = store()
    planned = calendar_of(draft)
    first, last = planned[0].date.replace(day=1), planned[-1].date
    platform = next(post.platform for post in planned if post.platform != planned[0].platform)
    send(client, draft, changed(draft, 0, date=str(first), platform=platform))
    assert (calendar_of(latest())[0].date, calendar_of(latest())[0].platform) == (first, platform)
    assert queries.frame_of_calendar(latest()).last.month == last.month
    assert (queries.frame_of_calendar(latest()).last + timedelta(days=1)).day == 1


def test_shows_the_changed_entry_side_by_side(client: Browser, store: Store) -> None:
    draft = store()
    send(client, draft, changed(draft, 0, caption="Something else altogether here."))
    compare = reverse("admin:production_draft_compare", args=[draft.pk, latest().pk])
    assert "<ins>Something else altogether here.</ins>" in client.get(compare).content.decode().replace(
        " </ins>", "</ins>"
    )


def test_of_a_replaced_round_keeps_the_entries_and_offers_to_take_them_along(client: Browser, store: Store) -> None:
    draft = store()
    theirs = services.revise_draft(draft, [SectionChange(key="overview", markdown="Theirs.")], reason="first")
    answer = send(client, draft, changed(draft, 0, hook="Mine"))
    page = answer.content.decode()
    assert "Round 1 was replaced by a later one." in page
    assert f'formaction="{edit_page(theirs)}"' in page
    assert 'name="save"' not in page
    assert answer.context["form"].posts.forms[0]["hook"].value() == "Mine"


@pytest.mark.parametrize("missing", ["revise_draft", "view_draft"])
def test_is_for_those_who_may_view_and_revise(client: Browser, store: Store, producer: User, missing: str) -> None:
    draft = store()
    producer.user_permissions.remove(Permission.objects.get(codename=missing))
    assert client.get(edit_page(draft)).status_code == 403
    assert send(client, draft, changed(draft, 0, hook="New")).status_code == 403
    assert Draft.objects.count() == 1


def test_becomes_one_table_where_somebody_has_removed_the_tables(store: Store) -> None:
    draft = queries.get_draft(store().pk)
    drawn = redraw("Words alone.\n", draft.calendar)
    assert drawn.startswith("### Thirty days from ")
    assert drawn.count("\n| ") == 32


def test_leaves_a_phase_without_entries_standing(store: Store) -> None:
    draft = queries.get_draft(store(pack="strategy_campaign_standard").pk)
    section = next(section for section in draft.sections if section.key == KEY)
    drawn = redraw(section.markdown, (*draft.calendar[:10], *draft.calendar[20:]))
    assert "### Phase 2: Answers\n" in drawn
    assert "- **Channels in the middle:** None." in drawn


def test_takes_few_queries(client: Browser, store: Store, django_assert_max_num_queries) -> None:
    draft = store()
    with django_assert_max_num_queries(12):
        assert client.get(edit_page(draft)).status_code == 200
