"""To whom a client's invoices are written …"""

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client as Browser
from django.urls import reverse

from apps.billing.models import BillingAddress
from apps.billing.rules import BillingRefused
from apps.billing.services.addresses import set_billing_address
from apps.billing.services.parties import buyer_now, say_what_e_invoices_lack, say_without_e_invoices
from apps.billing.tests.conftest import browser_of
from apps.billing.tests.factories import address_of
from apps.identity.models import Client
from apps.identity.tests.factories import MembershipFactory


def an_address(client: Client, **fields: Any) -> BillingAddress:
    known = {"legal_name": "Acme GmbH", "street": "Hauptstraße 1", "city": "Köln", "country": "de"}
    return BillingAddress(client=client, **{**known, **fields})


def typed(client: Client, **fields: str) -> dict[str, str]:
    known = {"legal_name": "Acme GmbH", "street": "Hauptstraße 1", "city": "Köln", "country": "de"}
    empty = dict.fromkeys(("addition", "postcode", "vat_id", "buyer_reference", "language"), "")
    return {"client": str(client.pk), **empty, **known, **fields}


def test_is_stored_clean_and_told(acme: Client, told: list) -> None:
    stored = set_billing_address(an_address(acme, vat_id="de 136 695 976", legal_name=" Acme\n GmbH\x07 "), by=None)
    assert (stored.legal_name, stored.country, stored.vat_id) == ("Acme GmbH", "DE", "DE136695976")
    ((event, note),) = told
    assert (event.client_id, event.country, note.before) == (acme.pk, "DE", None)
    assert note.after["vat_id"] == "DE136695976"


def test_is_one_of_each_client_and_the_audit_keeps_the_one_before(acme: Client, told: list) -> None:
    set_billing_address(an_address(acme), by=None)
    set_billing_address(an_address(acme, city="Bonn"), by=None)
    assert BillingAddress.objects.get().city == "Bonn"
    assert told[-1][1].before["city"] == "Köln"
    assert buyer_now(acme).city == "Bonn"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"legal_name": " \x07"}, "legal_name"),
        ({"street": ""}, "street"),
        ({"city": " "}, "city"),
        ({"country": "EU"}, "country"),
        ({"vat_id": "DE136695978"}, "vat_id"),
    ],
)
def test_is_refused_with_the_field(acme: Client, fields: dict[str, str], field: str) -> None:
    with pytest.raises(BillingRefused) as refused:
        set_billing_address(an_address(acme, **fields), by=None)
    assert refused.value.field == field
    assert not BillingAddress.objects.exists()


def test_is_typed_and_changed_at_the_desk(acme: Client, finance: Browser) -> None:
    new = reverse("admin:billing_billingaddress_add")
    assert finance.post(new, typed(acme, vat_id="DE 136 695 976")).status_code == 302
    stored = BillingAddress.objects.get()
    assert (stored.country, stored.vat_id) == ("DE", "DE136695976")
    page = reverse("admin:billing_billingaddress_change", args=[stored.pk])
    assert finance.post(page, typed(acme, city="Bonn")).status_code == 302
    assert BillingAddress.objects.get().city == "Bonn"
    assert finance.get(reverse("admin:billing_billingaddress_changelist")).status_code == 200
    assert finance.get(reverse("admin:billing_billingaddress_delete", args=[stored.pk])).status_code == 403


def test_that_is_wrong_is_said_beside_its_field(acme: Client, finance: Browser) -> None:
    shown = finance.post(reverse("admin:billing_billingaddress_add"), typed(acme, vat_id="DE136695978", country="EU"))
    errors = shown.context["adminform"].form.errors
    assert set(errors) == {"vat_id", "country"}
    assert "no valid VAT ID" in errors["vat_id"][0]
    assert "Begins with no country" in str(
        finance.post(reverse("admin:billing_billingaddress_add"), typed(acme, vat_id="136695976"))
        .context["adminform"]
        .form.errors
    )


def test_is_read_by_who_sees_bills_and_written_by_finance(acme: Client) -> None:
    address_of(acme)
    pages = (reverse("admin:billing_billingaddress_changelist"), reverse("admin:billing_billingaddress_add"))
    answers = {
        role: [browser_of(role).get(page).status_code for page in pages] for role in ("Account manager", "Producer")
    }
    assert answers == {"Account manager": [200, 403], "Producer": [403, 403]}


def test_of_the_agency_is_named_by_the_checks_where_it_lacks_something(settings: Any) -> None:
    settings.AGENCY_COUNTRY = settings.AGENCY_VAT_ID = ""
    assert [each.id for each in [*say_what_e_invoices_lack(), *say_without_e_invoices()]] == ["billing.I001"]
    settings.AGENCY_COUNTRY = "IE"
    lacking = {each.id: each.msg for each in [*say_what_e_invoices_lack(), *say_without_e_invoices()]}
    assert set(lacking) == {"billing.W001", "billing.I002"}
    assert "AICMO_AGENCY_VAT_ID" in lacking["billing.W001"]
    assert "AICMO_AGENCY_IBAN" in lacking["billing.I002"]


@pytest.mark.usefixtures("e_invoices")
def test_of_an_agency_that_is_known_gives_the_checks_nothing_to_say() -> None:
    assert [*say_what_e_invoices_lack(), *say_without_e_invoices()] == []
    call_command("check", "--fail-level", "INFO")


def test_is_said_by_the_client_itself_in_the_portal(acme: Client, told: list) -> None:
    browser, page = Browser(), reverse("portal-billing-address")
    anna = MembershipFactory(client=acme, user__language="de").user
    browser.force_login(anna)
    assert page in browser.get(reverse("portal-invoices")).content.decode()
    sent = {**typed(acme, vat_id="de 136 695 976", language="de"), "country": "DE"}
    assert browser.post(page, sent).status_code == 302
    assert (buyer_now(acme).vat_id, buyer_now(acme).name) == ("DE136695976", "Acme GmbH")
    assert told[-1][1].actor_id == anna.pk
    wrong = browser.post(page, {**sent, "vat_id": "DE136695978", "city": "Bonn"}, headers={"Accept-Language": "de"})
    assert (wrong.status_code, "keine USt-IdNr." in wrong.content.decode()) == (400, True)
    assert buyer_now(acme).city == "Köln"
    assert "DE136695976" in browser.get(page).content.decode()


def test_is_said_by_approvers_alone_and_of_their_own_client(acme: Client, globex: Client) -> None:
    page, viewer, stranger = reverse("portal-billing-address"), Browser(), Browser()
    viewer.force_login(MembershipFactory(client=acme, role="VIEWER").user)
    stranger.force_login(MembershipFactory(client=globex).user)
    sent = {**typed(acme, language="en"), "country": "DE"}
    assert [viewer.get(page).status_code, viewer.post(page, sent).status_code] == [403, 403]
    assert stranger.post(page, sent).status_code == 302
    assert [each.client_id for each in BillingAddress.objects.all()] == [globex.pk]
