"""The desk of those who decide whom to write to …"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from apps.cam import queries
from apps.cam.models import Campaign, Lead, RuleBook
from apps.cam.services import ratings
from apps.cam.tests.conftest import AT
from apps.cam.tests.factories import LeadFactory, RuleBookFactory, the_rules
from apps.cam.tests.test_admin import HOME, MOST_QUERIES, press
from apps.identity.models import Attention, User
from apps.identity.tests.factories import UserFactory
from apps.shared.desk import list_of, page_of

REVIEW = reverse("admin:cam_lead_review")
WANTED = {"industries": ["dental"], "countries": ["IE"]}
FITS = {"industry": "Dental", "title": "Owner"}

MOST_OF_PAGE = 14
"""Of a lead's page: who it is, what it said and got, what is agreed on, who it may be."""

pytestmark = pytest.mark.django_db


def live() -> RuleBook:
    return RuleBook.objects.live().get()


def address(name: str, *rows: Any) -> str:
    return reverse(f"admin:cam_rulebook_{name}", args=[row.pk for row in rows])


def as_sent(browser: Browser, url: str, **changes: str) -> dict[str, str]:
    """Return what a form of the desk would send as it stands, with some of it changed."""
    form = browser.get(url).context["form"]
    said = {bound.html_name: bound.value() for bound in form}
    return {name: "" if value is None else str(value) for name, value in said.items()} | changes


@pytest.fixture
def dentists(campaign: Campaign) -> Campaign:
    """A campaign that says whom it looks for."""
    Campaign.objects.update(profile=WANTED)
    return Campaign.objects.get()


# --- rule books -------------------------------------------------------------------------------------------------------


def test_shows_rules_in_plain_words(desk: Browser) -> None:
    page = desk.get(page_of(live())).content.decode()
    assert "Industry: 30 %" in page
    assert "Least fit: 70 %" in page
    assert "new leadership" in page


def test_edits_rules_as_a_form_and_makes_a_draft(desk: Browser, salesperson: User) -> None:
    url = address("edit", live())
    sent = as_sent(desk, url, **{"bars.fit": "62.5", "reason": "Too few.", "save": "1"})
    made = desk.post(url, sent)
    draft = RuleBook.objects.get(state="DRAFT")
    assert made.url == page_of(draft)
    assert (draft.version, draft.author, draft.reason) == (2, salesperson, "Too few.")
    assert str(draft.rules.bars.fit) == "0.625"
    assert draft.rules.model_copy(update={"bars": live().rules.bars}) == live().rules


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"fit.size": "20"}, "Together must make 100 %, not 90 %."),
        ({"fit.size": "300"}, "less than or equal to 100"),
        ({"tiers.hot": "10"}, "Must fall from the first to the last."),
        ({"competitor_domains": "no domain"}, "is no domain; write it like agency.example."),
        ({"bars.fit": ""}, "This field is required."),
        ({"fit_share": "60", "reason": ""}, "reason is empty"),
        ({}, "says the same as version 1"),
    ],
)
def test_says_beside_the_field_what_is_wrong_and_stores_nothing(
    desk: Browser, changes: dict[str, str], words: str
) -> None:
    url = address("edit", live())
    page = desk.post(url, as_sent(desk, url, **{"reason": "So.", "save": "1", **changes}))
    assert page.status_code == 200
    assert words in page.content.decode()
    assert RuleBook.objects.count() == 1


def test_shows_what_would_change_before_anything_is_saved(desk: Browser, dentists: Campaign) -> None:
    LeadFactory.create_batch(3, campaign=dentists, **FITS)
    url = address("edit", live())
    page = desk.post(url, as_sent(desk, url, **{"bars.opportunity": "99", "look": "1"}))
    assert "3 would be judged otherwise" in page.content.decode()
    same = desk.post(url, as_sent(desk, url, look="1"))
    assert "all would be judged as they are" in same.content.decode()
    assert RuleBook.objects.count() == 1


def test_tries_rules_on_the_newest_leads_alone(dentists: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.cam.queries.scores.COMPARED", 2)
    LeadFactory.create_batch(5, campaign=dentists, **FITS)
    strict = the_rules(bars={"fit": "0.7", "opportunity": "0.99"})
    compared = queries.compare_rules(the_rules(), strict)
    assert (compared.looked_at, [(each.before, each.after, each.count) for each in compared.changes]) == (
        2,
        [("QUALIFIED", "MANUAL_REVIEW", 2)],
    )


def test_puts_a_draft_live_and_shows_two_versions_side_by_side(desk: Browser) -> None:
    before, draft = live(), RuleBookFactory(content=live().content | {"fit_share": "0.60"})
    assert "Fit in the score: <del>70 </del>" in desk.get(address("compare", draft, before)).content.decode().replace(
        "<del>70 %</del>", "<del>70 </del>"
    )
    press(desk, draft, "put_live")
    assert live() == draft
    assert address("put_live", draft) not in desk.get(page_of(draft)).content.decode()


def test_discards_a_draft(desk: Browser) -> None:
    draft = RuleBookFactory()
    press(desk, draft, "discard")
    assert RuleBook.objects.get(pk=draft.pk).state == "RETIRED"


def test_lets_nobody_edit_who_may_only_look(client: Browser, reviewer: User) -> None:
    reviewer.user_permissions.add(Permission.objects.get(codename="view_rulebook"))
    client.force_login(reviewer)
    draft = RuleBookFactory()
    assert client.get(page_of(draft)).status_code == 200
    assert client.get(address("edit", draft)).status_code == 403
    assert address("edit", draft) not in client.get(page_of(draft)).content.decode()
    assert press(client, draft, "put_live").status_code == 403
    assert RuleBook.objects.get(pk=draft.pk).state == "DRAFT"


# --- campaigns --------------------------------------------------------------------------------------------------------


def test_asks_whom_a_campaign_looks_for(desk: Browser, campaign: Campaign) -> None:
    url = reverse("admin:cam_campaign_profile", args=[campaign.pk])
    assert "It does not say." in desk.get(page_of(campaign)).content.decode()
    sent = {"industries": "Dental\nOral surgery", "countries": "Ireland", "employees_from": "5", "revenue_from": ""}
    assert "must not be below" in desk.post(url, sent | {"employees_to": "2"}).content.decode()
    assert desk.post(url, sent | {"employees_to": "50"}).url == page_of(campaign)
    assert Campaign.objects.get().profile == {
        "industries": ["dental", "oral surgery"],
        "countries": ["IE"],
        "employees_from": 5,
        "employees_to": 50,
    }
    assert "oral surgery" in desk.get(page_of(campaign)).content.decode()


def test_scores_new_leads_by_a_button(desk: Browser, dentists: Campaign) -> None:
    LeadFactory.create_batch(2, campaign=dentists, **FITS)
    answer = press(desk, dentists, "score")
    assert "2 qualified." in desk.get(answer.url).content.decode()
    assert set(Lead.objects.values_list("state", flat=True)) == {"QUALIFIED"}


def test_leads_from_a_campaign_to_those_of_its_leads_that_wait(
    desk: Browser, campaign: Campaign, lead_in: Callable[..., Lead]
) -> None:
    LeadFactory(state="MANUAL_REVIEW")
    url = f"{REVIEW}?campaign={campaign.pk}"
    assert url not in desk.get(page_of(campaign)).content.decode()
    lead = lead_in("MANUAL_REVIEW")
    assert url in desk.get(page_of(campaign)).content.decode()
    page = desk.get(url)
    assert (page.context["lead"], page.context["left"]) == (lead, "1")
    assert desk.get(f"{REVIEW}?campaign=nonsense").status_code == 404


# --- leads ------------------------------------------------------------------------------------------------------------


def test_shows_on_a_lead_s_page_what_each_factor_counted(
    desk: Browser, dentists: Campaign, django_assert_max_num_queries: Any
) -> None:
    lead = LeadFactory(campaign=dentists, phone="+353 1 234 5678", **FITS)
    ratings.qualify_leads(dentists, at=AT)
    with django_assert_max_num_queries(MOST_OF_PAGE):
        page = desk.get(page_of(lead)).content.decode()
    for words in ("by version 1 of the rules", "industry Dental", "66.7 %", "not asked", "Sequence", "Found out"):
        assert words in page


def test_escapes_what_a_lead_says(desk: Browser, dentists: Campaign) -> None:
    lead = LeadFactory(campaign=dentists, industry="<b>dental</b>", signals=["<i>x</i>"])
    ratings.qualify_leads(dentists, at=AT)
    page = desk.get(page_of(lead)).content.decode()
    assert "<b>dental" not in page
    assert "<i>x" not in page


def test_shows_leads_to_decide_on_one_after_the_other(
    desk: Browser, lead_in: Callable[..., Lead], django_assert_max_num_queries: Any
) -> None:
    first, second = (lead_in("MANUAL_REVIEW", full_name=name) for name in ("Mia One", "Tom Two"))
    with django_assert_max_num_queries(MOST_QUERIES):
        page = desk.get(REVIEW)
    assert (page.context["lead"], page.context["left"]) == (first, "2")
    skipped = desk.get(page.context["skip_url"])
    assert skipped.context["lead"] == second
    answer = desk.post(REVIEW, {"lead": second.pk, "verb": "qualify", "reason": ""})
    assert Lead.objects.get(pk=second.pk).state == "QUALIFIED"
    last = desk.get(answer.url)
    assert last.context["lead"] is None
    assert "1 left for later" in last.content.decode()
    assert Lead.objects.get(pk=first.pk).state == "MANUAL_REVIEW"


def test_disqualifies_nobody_without_a_reason(desk: Browser, lead_in: Callable[..., Lead]) -> None:
    first, second = lead_in("MANUAL_REVIEW"), lead_in("MANUAL_REVIEW")
    answer = desk.post(REVIEW, {"lead": second.pk, "verb": "disqualify", "reason": " "})
    again = desk.get(answer.url)
    assert again.context["lead"] == second
    assert "Say why nobody should write to them." in again.content.decode()
    desk.post(REVIEW, {"lead": second.pk, "verb": "disqualify", "reason": "Closed."})
    assert {lead.pk: lead.state for lead in Lead.objects.all()} == {
        first.pk: "MANUAL_REVIEW",
        second.pk: "DISQUALIFIED",
    }


def test_tells_who_decides_too_late(desk: Browser, lead_in: Callable[..., Lead]) -> None:
    lead = lead_in("CONTACTED")
    answer = desk.post(REVIEW, {"lead": lead.pk, "verb": "qualify"})
    assert "is contacted and cannot become qualified" in desk.get(answer.url).content.decode()
    assert desk.post(REVIEW, {"lead": "x", "verb": "win"}).status_code == 302
    assert Lead.objects.get().state == "CONTACTED"


def test_leaves_out_whom_the_person_has_put_off(desk: Browser, salesperson: User, lead_in: Callable[..., Lead]) -> None:
    lead = lead_in("MANUAL_REVIEW")
    until = timezone.now() + timedelta(days=1)
    Attention.objects.create(person=salesperson, table="cam.lead", object_id=lead.pk, snoozed_until=until)
    assert desk.get(REVIEW).context["lead"] is None
    assert desk.get(HOME).context["worklists"] == []


def test_decides_on_several_at_once(desk: Browser, lead_in: Callable[..., Lead]) -> None:
    rows = [lead_in("MANUAL_REVIEW") for _ in range(2)]
    chosen = {"action": "qualify_several", "_selected_action": [str(row.pk) for row in rows]}
    desk.post(list_of(Lead), chosen | {"press": "1", "reason": ""})
    assert set(Lead.objects.values_list("state", flat=True)) == {"QUALIFIED"}


def test_lets_only_those_decide_who_may(client: Browser, lead_in: Callable[..., Lead]) -> None:
    lead = lead_in("MANUAL_REVIEW")
    looker = UserFactory()
    looker.user_permissions.add(Permission.objects.get(codename="view_lead"))
    client.force_login(looker)
    assert client.get(REVIEW).status_code == 403
    assert client.post(REVIEW, {"lead": lead.pk, "verb": "qualify"}).status_code == 403
    assert Lead.objects.get().state == "MANUAL_REVIEW"
