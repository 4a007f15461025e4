"""Deals at the desk …"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from apps.cam.models import Deal, Lead
from apps.cam.services import deals
from apps.cam.tests.conftest import AT
from apps.cam.tests.factories import CampaignFactory, DealFactory
from apps.identity.models import User
from apps.identity.tests.factories import ClientFactory, UserFactory
from apps.shared.desk import list_of, page_of
from apps.shared.testing import send_dialog

pytestmark = pytest.mark.django_db

FORM = {"value": "12000", "currency": "EUR", "deposit_percent": "30", "included_revision_rounds": "2"}
FORM |= {"company": "Bright Smiles", "contact_email": "mia@clinic.example", "language": "en"}


def dialog(deal: Deal, button: str) -> str:
    return reverse(f"admin:cam_deal_{button}", args=[deal.pk])


def shown(browser: Browser, page: str) -> str:
    return browser.get(page).content.decode()


def opening(lead: Lead) -> str:
    return f"{reverse('open-deal')}?lead={lead.pk}"


def test_are_opened_on_the_page_of_a_lead(desk: Browser, lead_in: Callable[..., Lead]) -> None:
    lead = lead_in("MEETING", company="Bright <Smiles>")
    assert opening(lead) in shown(desk, page_of(lead))
    form = shown(desk, opening(lead))
    assert 'value="Bright &lt;Smiles&gt;"' in form
    assert f'value="{lead.email}"' in form
    answer = desk.post(opening(lead), FORM)
    deal = Deal.objects.get()
    assert answer.url == page_of(deal)
    page = shown(desk, page_of(lead))
    assert page_of(deal) in page
    assert "12,000 EUR" in page
    assert opening(lead) not in page, "one at a time"


def test_are_not_offered_with_who_was_not_contacted(desk: Browser, lead_in: Callable[..., Lead]) -> None:
    lead = lead_in("QUALIFIED")
    assert opening(lead) not in shown(desk, page_of(lead))
    assert "a deal is opened with who was contacted" in desk.post(opening(lead), FORM).content.decode()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"value": "-1"}, "must be more than 0"),
        ({"value": "1e5000"}, "digits"),
        ({"currency": "eur"}, "three capital letters"),
        ({"currency": "XYZ"}, "is no currency"),
        ({"deposit_percent": "101"}, "must be from 0 to 100"),
        ({"deposit_amount": "5"}, "keep one of both"),
        ({"country": "XX"}, "is no country"),
        ({"time_zone": "Mars"}, "is no time zone"),
        ({"language": "fr"}, "not one of the available choices"),
        ({"contact_email": "mia"}, "is no e-mail address"),
    ],
)
def test_say_what_is_wrong_beside_the_field(
    desk: Browser, lead_in: Callable[..., Lead], wrong: dict[str, str], said: str
) -> None:
    assert said in desk.post(opening(lead_in("PROPOSAL")), FORM | wrong).content.decode()
    assert not Deal.objects.exists()


def test_answer_an_unknown_lead_with_404(desk: Browser) -> None:
    for lead in ("", "x", "00000000-0000-0000-0000-000000000000"):
        assert desk.get(f"{reverse('open-deal')}?lead={lead}").status_code == 404


def test_are_changed_until_they_are_closed(desk: Browser) -> None:
    deal = DealFactory(country="")
    page = shown(desk, page_of(deal))
    assert "Country is not known; write two capital letters such as IE." in page
    change = reverse("change-deal", args=[deal.pk])
    assert change in page
    desk.post(change, FORM | {"country": "DE", "time_zone": "Europe/Berlin", "probability": "80"})
    deal.refresh_from_db()
    assert (deal.country, deal.probability) == ("DE", 80)
    deals.win_deal(deal, by=None, at=AT)
    assert change not in shown(desk, page_of(deal))
    assert "Deal is won already" in desk.post(change, FORM).content.decode()


def test_are_won_once_the_company_is_typed_and_what_follows_was_read(desk: Browser) -> None:
    deal = DealFactory(company="Bright Smiles", contact_email="mia@clinic.example")
    asked = desk.get(dialog(deal, "win"), headers={"HX-Request": "true"}).content.decode()
    for follows in (
        "Bright Smiles becomes a client with a contract of 12,000 EUR.",
        "mia@clinic.example is invited to the portal",
        "An invoice for the deposit of 3,600 EUR is drafted",
    ):
        assert follows in asked
    send_dialog(desk, dialog(deal, "win"), confirm="Dull Smiles", reason="")
    assert Deal.objects.get().state == "OPEN"
    send_dialog(desk, dialog(deal, "win"), reason="")
    assert (Deal.objects.get().state, Lead.objects.get().state) == ("WON", "WON")
    assert "is being opened" in shown(desk, page_of(deal))


def test_warn_of_a_client_that_is_called_the_same(desk: Browser) -> None:
    ClientFactory(name="bright smiles", slug="bright-smiles")
    asked = shown(desk, dialog(DealFactory(company="Bright Smiles"), "win"))
    assert "There is a client called bright smiles already (bright-smiles)." in asked


def test_are_not_won_while_a_fact_is_missing(desk: Browser) -> None:
    deal = DealFactory(time_zone="")
    assert "Time zone is not known" in shown(desk, dialog(deal, "win"))
    answer = send_dialog(desk, dialog(deal, "win"), reason="")
    assert "not done" in answer.content.decode()
    assert Deal.objects.get().state == "OPEN"


def test_are_not_won_as_they_were_before_somebody_changed_them(desk: Browser, salesperson: User) -> None:
    deal = DealFactory()
    seen = deal.updated_at.isoformat()
    deals.change_deal(deal, deal.terms.model_copy(update={"probability": 5}), by=salesperson.pk)
    desk.post(dialog(deal, "win"), {"_form_submitted": "1", "seen": seen, "confirm": str(deal), "reason": ""})
    assert Deal.objects.get().state == "OPEN"


def test_are_lost_with_a_reason(desk: Browser) -> None:
    deal = DealFactory()
    send_dialog(desk, dialog(deal, "lose"), reason="")
    assert Deal.objects.get().state == "OPEN"
    send_dialog(desk, dialog(deal, "lose"), reason="Too <dear>.")
    assert (Deal.objects.get().state, Lead.objects.get().state) == ("LOST", "LOST")
    assert "Too &lt;dear&gt;." in shown(desk, page_of(deal))


def test_lead_to_what_they_began(desk: Browser, admin_client: Browser) -> None:
    deal = deals.win_deal(DealFactory(), by=None, at=AT)
    client = ClientFactory(name="Bright Smiles", deal_id=deal.pk)
    page = shown(admin_client, page_of(deal))
    for url in (
        page_of(client),
        f"{reverse('admin:onboarding_workspace_changelist')}?q={client.pk}",
        f"{reverse('admin:billing_invoice_changelist')}?q={deal.pk}",
    ):
        assert url in page
        assert admin_client.get(url).status_code == 200
    assert "billing/invoice" not in shown(desk, page_of(deal)), "sales sees no invoices"


def test_are_added_up_by_currency(desk: Browser) -> None:
    DealFactory(value=1000, probability=50)
    DealFactory(value=500)
    DealFactory(value=300, currency="USD")
    deals.lose_deal(DealFactory(value=9999), by=None, at=AT, reason="no")
    page = " ".join(shown(desk, list_of(Deal)).split())
    assert "Open deals: <strong>1,500 EUR, weighted 500 EUR</strong>; <strong>300 USD</strong>." in page


def test_stand_on_the_page_of_their_campaign(desk: Browser) -> None:
    campaign = CampaignFactory()
    DealFactory(lead__campaign=campaign, value=1000)
    deals.win_deal(DealFactory(lead__campaign=campaign, value=70), by=None, at=AT)
    DealFactory(value=9999)
    strip = shown(desk, page_of(campaign))
    assert "<dt>Open deals</dt><dd>1,000 EUR</dd>" in strip
    assert "<dt>Won</dt><dd>70 EUR</dd>" in strip


def test_past_their_expected_date_wait_on_the_first_page(desk: Browser) -> None:
    today = timezone.localdate()
    late = DealFactory(company="Late", expected_close_date=today - timedelta(days=1))
    DealFactory(expected_close_date=today)
    DealFactory()
    closed = DealFactory(expected_close_date=today - timedelta(days=9))
    deals.win_deal(closed, by=None, at=AT)
    home = desk.get(reverse("admin:index"))
    counts = {worklist.title: worklist.count for worklist in home.context["worklists"]}
    assert counts == {"Deals past their expected date": 1}
    assert list(desk.get(list_of(Deal, needs="late")).context["cl"].result_list) == [late]


def test_are_listed_without_a_query_per_row(desk: Browser, django_assert_max_num_queries: Any) -> None:
    for _ in range(5):
        DealFactory()
    with django_assert_max_num_queries(12):
        desk.get(list_of(Deal))


@pytest.mark.parametrize(("role", "may"), [("Sales", True), ("Owner", True), ("Finance", False), ("Strategist", False)])
def test_are_dealt_with_by_sales_and_the_owner_alone(
    client: Browser, lead_in: Callable[..., Lead], role: str, may: bool
) -> None:
    person = UserFactory()
    person.groups.add(Group.objects.get(name=role))
    client.force_login(person)
    deal = DealFactory()
    allowed = 200 if may else 403
    assert client.get(page_of(deal)).status_code == 200
    assert client.get(opening(lead_in("PROPOSAL"))).status_code == allowed
    assert client.get(reverse("change-deal", args=[deal.pk])).status_code == allowed
    for button in ("win", "lose"):
        send_dialog(client, dialog(deal, button), reason="so")
    assert (Deal.objects.get(pk=deal.pk).state == "WON") is may


def test_are_seen_by_nobody_without_the_right(client: Browser, lead: Lead) -> None:
    person = UserFactory()
    person.user_permissions.add(Permission.objects.get(codename="view_lead"))
    client.force_login(person)
    deal = DealFactory(lead=Lead.objects.get())
    assert client.get(page_of(deal)).status_code == 403
    assert page_of(deal) not in shown(client, page_of(deal.lead))
