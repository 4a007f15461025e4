"""Wishes and mailboxes at the desk …"""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client as Browser
from django.urls import reverse

from apps.cam.models import Consent, Lead, Mailbox, OutboundEmail, Suppression
from apps.cam.services import wishes
from apps.cam.tests.factories import ConsentFactory, MailboxFactory, SuppressionFactory
from apps.cam.tests.post_office import PostOffice
from apps.identity.models import User
from apps.identity.tests.factories import UserFactory
from apps.shared.desk import list_of, page_of
from apps.shared.testing import send_dialog

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12
SUPPRESS = reverse("admin:cam_suppression_add_one")
NEW = reverse("admin:cam_mailbox_new")
PROOF = reverse("admin:cam_outboundemail_proof")
GOOD = {
    "key": "NORA",
    "address": "nora@agency.example",
    "sender_name": "Nora",
    "postal_address": "Agency, 1 Main Street, Dublin",
    "daily_cap": "40",
    "hourly_cap": "10",
    "warm_up_from": "2026-03-02",
    "warm_up_start": "5",
    "warm_up_step": "5",
}


@pytest.fixture
def owner(db: None) -> Browser:
    user = UserFactory()
    user.groups.add(Group.objects.get(name="Owner"))
    browser = Browser()
    browser.force_login(user)
    return browser


@pytest.mark.parametrize("model", [OutboundEmail, Suppression, Consent, Mailbox])
def test_are_listed_without_a_query_per_row(
    desk: Browser, model: type, django_assert_max_num_queries: Any, a_mail: Callable[..., OutboundEmail]
) -> None:
    for _ in range(3):
        a_mail()
        SuppressionFactory()
        ConsentFactory()
        MailboxFactory()
    with django_assert_max_num_queries(MOST_QUERIES):
        assert desk.get(list_of(model)).status_code == 200


@pytest.mark.parametrize(("whom", "kind"), [("Mia+x@clinic.example", "ADDRESS"), ("Clinic.example", "DOMAIN")])
def test_of_an_address_or_a_domain_are_written_down(desk: Browser, lead: Lead, whom: str, kind: str) -> None:
    answer = desk.post(SUPPRESS, {"whom": whom, "note": "They rang"})
    row = Suppression.objects.get()
    assert (row.kind, row.note, answer.url) == (kind, "They rang", page_of(row))
    assert list(desk.get(list_of(Suppression), {"q": whom}).context["cl"].result_list) == [row]


@pytest.mark.parametrize(("whom", "says"), [("clinic", "is no e-mail address"), ("a@b@c.example", "more than one")])
def test_of_nobody_are_refused_beside_the_field(desk: Browser, whom: str, says: str) -> None:
    answer = desk.post(SUPPRESS, {"whom": whom, "note": "x"})
    assert says in answer.content.decode()
    assert not Suppression.objects.exists()


def test_of_ours_are_lifted_by_the_owner_alone(desk: Browser, owner: Browser) -> None:
    row = SuppressionFactory()
    address = reverse("admin:cam_suppression_lift", args=[row.pk])
    send_dialog(desk, address, reason="We want to")
    assert Suppression.objects.get().lifted_at is None
    send_dialog(owner, address, reason="It was a mistake")
    assert Suppression.objects.get().lifted_at is not None


def test_to_be_written_to_are_recorded_and_taken_back(desk: Browser, lead: Lead) -> None:
    said = {"basis": "CONSENT", "source": "Fair in Cork", "words": "Write to me", "given_on": "2026-02-02"}
    desk.post(reverse("admin:cam_consent_record", args=[lead.pk]), said)
    consent = Consent.objects.get()
    assert (consent.basis, consent.words) == ("CONSENT", "Write to me")
    send_dialog(desk, reverse("admin:cam_consent_withdraw", args=[consent.pk]), reason="They rang")
    assert Consent.objects.get().withdrawn_at is not None


def test_of_a_lead_are_taken_by_its_button_for_every_campaign(desk: Browser, lead: Lead) -> None:
    send_dialog(desk, reverse("admin:cam_lead_unsubscribe", args=[lead.pk]), reason="By telephone")
    assert Lead.objects.get().contactability == "UNSUBSCRIBED"
    assert wishes.suppression_of("mia+other@clinic.example") is not None


# --- the proof --------------------------------------------------------------------------------------------------------


def test_stand_on_the_page_that_proves_what_was_sent(
    desk: Browser, a_mail: Callable[..., OutboundEmail], django_assert_max_num_queries: Any
) -> None:
    mail = a_mail(held_because="It is the <b>weekend</b>.")
    mail.lead.refresh_from_db()
    SuppressionFactory(shown=mail.to_address, note="They rang")
    with django_assert_max_num_queries(MOST_QUERIES):
        page = desk.get(PROOF, {"q": mail.to_address.upper()}).content.decode()
    assert "It is the &lt;b&gt;weekend&lt;/b&gt;." in page
    assert "Nobody may write to" in page
    assert "They rang" in page
    assert page_of(mail) in page
    assert PROOF in desk.get(page_of(mail.lead)).content.decode()


@pytest.mark.parametrize(
    ("term", "says"), [("nonsense", "is no e-mail address"), ("", "Everything that was considered")]
)
def test_say_there_what_to_ask_for(desk: Browser, term: str, says: str) -> None:
    assert says in desk.get(PROOF, {"q": term}).content.decode()


def test_of_somebody_unknown_are_none(desk: Browser) -> None:
    page = desk.get(PROOF, {"q": "nobody@clinic.example"}).content.decode()
    assert "In no campaign." in page


# --- mailboxes --------------------------------------------------------------------------------------------------------


def test_mailbox_is_added_changed_paused_and_resumed(desk: Browser) -> None:
    answer = desk.post(NEW, GOOD)
    box = Mailbox.objects.get()
    assert (box.key, box.daily_cap, answer.url) == ("NORA", 40, page_of(box))
    desk.post(reverse("admin:cam_mailbox_settings", args=[box.pk]), {**GOOD, "daily_cap": "80", "key": "OTHER"})
    box = Mailbox.objects.get()
    assert (box.daily_cap, box.key) == (80, "NORA")
    send_dialog(desk, reverse("admin:cam_mailbox_pause", args=[box.pk]), reason="Too many bounces")
    assert Mailbox.objects.get().pause_reason == "Too many bounces"
    send_dialog(desk, reverse("admin:cam_mailbox_resume", args=[box.pk]))
    assert Mailbox.objects.get().pause_reason == ""


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"address": "nora"}, "is no e-mail address"),
        ({"key": "nora"}, "valid value"),
        ({"address": "Taken@agency.example"}, "is another mailbox"),
        ({"key": "TAKEN"}, "is another mailbox"),
        ({"daily_cap": "0"}, "greater than or equal to 1"),
        ({"sender_name": "Nora\u2028Bcc: x"}, "is one line"),
    ],
)
def test_mailbox_is_refused_beside_the_field(desk: Browser, said: dict[str, str], says: str) -> None:
    MailboxFactory(key="TAKEN", address="taken@agency.example")
    assert says in desk.post(NEW, GOOD | said).content.decode()
    assert Mailbox.objects.count() == 1


def test_mailbox_is_tried_without_a_mail(desk: Browser, office: PostOffice, box: Mailbox) -> None:
    address = reverse("admin:cam_mailbox_try", args=[box.pk])
    assert "took our log-in" in desk.post(address, follow=True).content.decode()
    office.password = "other"
    assert "does not take our password" in desk.post(address, follow=True).content.decode()
    assert "does not take our password" in Mailbox.objects.get().send_error
    assert office.mails == []
    home = desk.get(reverse("admin:index"))
    assert "Mailboxes that do not work" in {each.title for each in home.context["worklists"]}


def test_mailbox_is_run_by_those_who_win_clients(client: Browser, strategist: User, box: Mailbox) -> None:
    strategist.groups.add(Group.objects.get(name="Strategist"))
    client.force_login(strategist)
    assert client.get(NEW).status_code == 403
    assert client.post(reverse("admin:cam_mailbox_try", args=[box.pk])).status_code == 403
    assert client.get(page_of(box)).status_code == 200
