"""A won deal …"""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from apps.billing.models import Invoice
from apps.cam.models import Deal
from apps.cam.services import deals
from apps.cam.tests.factories import DealFactory
from apps.identity.api import ports as identity
from apps.identity.api.dtos import ClientDetails
from apps.identity.models import Client, LoginLink, Membership, User
from apps.identity.services import send_login_link
from apps.identity.tests.factories import ClientFactory, MembershipFactory
from apps.observability.models import AuditEntry
from apps.onboarding.models import IntakeDraft, IntakeInvitation, Workspace
from apps.onboarding.services import send_invitation
from apps.orchestration.models import EventReceipt, OutboxEvent
from apps.orchestration.services import outbox
from apps.orchestration.workflows import reactions
from apps.shared.tests.mailbox import Mailbox

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
FOLLOWS = ("open_client", "invite_contact", "begin_onboarding", "draft_deposit")


@pytest.fixture(autouse=True)
def _without_pauses(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "pause_before_attempt", lambda policy, attempt: 0)


@pytest.fixture
def won(strategist: User) -> Callable[..., Deal]:
    """Win a deal."""

    def win(**columns: Any) -> Deal:
        said = {"company": "Bright Smiles", "contact_email": "Mia@clinic.example", "contact_name": "Mia Byrne"}
        deal = DealFactory(**said | columns)
        return deals.win_deal(deal, by=strategist.pk, at=AT)

    return win


def dispatch() -> None:
    while outbox.dispatch_events():
        pass


def what_there_is() -> dict[str, int]:
    """Count all that a won deal may begin."""
    kinds = (Client, Membership, LoginLink, Workspace, IntakeDraft, IntakeInvitation, Invoice)
    return {kind.__name__: kind.objects.count() for kind in kinds}


ONE_OF_EACH = dict.fromkeys(
    ("Client", "Membership", "LoginLink", "Workspace", "IntakeDraft", "IntakeInvitation", "Invoice"), 1
)


def test_opens_the_client_as_it_was_agreed(won: Callable[..., Deal], strategist: User) -> None:
    days = {"contract_start_date": AT.date(), "contract_end_date": AT.date().replace(year=2027)}
    deal = won(currency="CHF", included_revision_rounds=4, country="CH", time_zone="Europe/Zurich", **days)
    dispatch()
    client = Client.objects.get()
    assert (client.name, client.slug, client.deal_id) == ("Bright Smiles", "bright-smiles", deal.pk)
    assert (client.currency, client.country, client.time_zone) == ("CHF", "CH", "Europe/Zurich")
    assert (client.contract_value, client.included_revision_rounds) == (Decimal(12000), 4)
    assert (client.contract_start_date, client.contract_end_date) == tuple(days.values())
    opened = AuditEntry.objects.get(action="ClientOpened")
    assert (opened.actor_id, opened.client_id) == (strategist.pk, client.pk)


def test_invites_who_signed_as_approver_and_asks_for_the_intake(
    won: Callable[..., Deal], mailbox: Mailbox, settings: Any
) -> None:
    settings.BASE_URL = "https://desk.agency.example"
    won(language="de")
    dispatch()
    membership, draft = Membership.objects.get(), IntakeDraft.objects.get()
    assert (membership.role, membership.user.email, membership.user.language) == (
        "APPROVER",
        "mia@clinic.example",
        "de",
    )
    assert (membership.user.full_name, membership.user.is_staff) == ("Mia Byrne", False)
    assert draft.answers == {"client_name": "Bright Smiles"}
    link = "https://desk.agency.example" + reverse("portal-intake", args=[draft.pk])
    assert (Workspace.objects.get().state, Workspace.objects.get().url) == ("INTAKE", link)
    assert send_login_link(LoginLink.objects.get().pk, at=AT)
    assert send_invitation(IntakeInvitation.objects.get().pk, at=AT)
    assert [letter["Subject"] for letter in mailbox.letters] == [
        "Ihr Zugang zu AICMO",
        "AICMO: Fragen zu Ihrem Unternehmen",
    ]
    assert link in mailbox.letters[1].get_body(("plain",)).get_content()


def test_drafts_the_deposit_in_the_clients_words(won: Callable[..., Deal]) -> None:
    deal = won()
    dispatch()
    invoice = Invoice.objects.get()
    line = invoice.lines.get()
    assert (invoice.state, invoice.number, invoice.deal_id, invoice.currency) == ("DRAFT", None, deal.pk, "EUR")
    assert (line.description, line.net) == ("Deposit of 30 % on the agreed 12,000.00 EUR", Decimal(3600))
    assert line.tax_rate is None, "which tax is due is finance's decision"


def test_speaks_of_the_deposit_in_the_clients_language(won: Callable[..., Deal]) -> None:
    won(deposit_percent=None, deposit_amount=Decimal(500), language="de")
    dispatch()
    assert Invoice.objects.get().lines.get().description == "Anzahlung auf die vereinbarten 12,000.00 EUR"


@pytest.mark.parametrize("nothing", [{"deposit_percent": None}, {"deposit_percent": 0}])
def test_without_a_deposit_drafts_no_invoice(won: Callable[..., Deal], nothing: dict[str, Any]) -> None:
    won(**nothing)
    dispatch()
    assert what_there_is() == ONE_OF_EACH | {"Invoice": 0}
    assert not EventReceipt.objects.exclude(state="DONE").exists()


def test_begins_each_once_though_its_events_come_five_times(won: Callable[..., Deal]) -> None:
    won()
    for _ in range(5):
        dispatch()
        EventReceipt.objects.filter(reaction__in=FOLLOWS).delete()
        OutboxEvent.objects.filter(name__in=("ClientSigned", "ClientOpened")).update(dispatched_at=None, wake_at=None)
    assert what_there_is() == ONE_OF_EACH
    told = AuditEntry.objects.filter(action__in=("ClientOpened", "MemberInvited", "IntakeInvited", "InvoiceDrafted"))
    assert told.count() == 4


@pytest.mark.parametrize("reaction", FOLLOWS)
@pytest.mark.parametrize("moment", ["reacting", "reacted"])
def test_begins_each_once_though_a_worker_dies_at(
    won: Callable[..., Deal], monkeypatch: pytest.MonkeyPatch, reaction: str, moment: str
) -> None:
    won()
    deaths: list[str] = []

    def die(point: str, *about: Any) -> None:
        if point == f"{reaction}.{moment}" and len(deaths) < 3:
            deaths.append(point)
            raise SystemExit

    monkeypatch.setattr(outbox, "fault_point", die)
    for _ in range(3):
        with pytest.raises(SystemExit):
            dispatch()
        OutboxEvent.objects.filter(dispatched_at=None).update(wake_at=None)
    dispatch()
    assert what_there_is() == ONE_OF_EACH
    assert len(deaths) == 3


def test_waits_for_what_is_ill_and_loses_nothing(won: Callable[..., Deal], monkeypatch: pytest.MonkeyPatch) -> None:
    """A reaction that fails holds none of the others back, and goes on where it was."""
    won()
    with monkeypatch.context() as ill:

        def fail(**_: Any) -> None:
            raise ConnectionError("away")

        ill.setattr(reactions.onboarding, "begin_onboarding", fail)
        dispatch()
    assert what_there_is() == ONE_OF_EACH | {"Workspace": 0, "IntakeDraft": 0, "IntakeInvitation": 0}
    dead = EventReceipt.objects.get(state="DEAD")
    outbox.retry_reaction(dead, by=User.objects.first().pk, reason="back again")
    dispatch()
    assert what_there_is() == ONE_OF_EACH


def test_that_eight_win_at_once_begins_each_once(strategist: User) -> None:
    deal = DealFactory()

    def win() -> None:
        try:
            deals.win_deal(deal, by=strategist.pk, at=AT)
            dispatch()
        except deals.DealRefused:
            dispatch()
        finally:
            connection.close()

    threads = [Thread(target=win) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    dispatch()
    assert what_there_is() == ONE_OF_EACH


def test_is_a_client_of_its_own_where_another_is_called_the_same(won: Callable[..., Deal]) -> None:
    ClientFactory(name="Bright Smiles", slug="bright-smiles")
    won()
    won(contact_email="tom@other.example")
    dispatch()
    slugs = Client.objects.exclude(deal_id=None).order_by("slug").values_list("slug", flat=True)
    assert list(slugs) == ["bright-smiles-2", "bright-smiles-3"]


def test_gives_somebody_we_know_one_client_more(won: Callable[..., Deal]) -> None:
    known = MembershipFactory(user__email="mia@clinic.example", user__full_name="M. Byrne").user
    won()
    dispatch()
    assert (known.memberships.count(), User.objects.filter(email="mia@clinic.example").count()) == (2, 1)
    assert User.objects.get(pk=known.pk).full_name == "M. Byrne"


def test_alone_begins_them(strategist: User) -> None:
    details = {"name": "By hand", "country": "IE", "currency": "EUR", "time_zone": "Europe/Dublin"}
    identity.open_client(details=ClientDetails.model_validate(details), by=strategist.pk)
    dispatch()
    told = EventReceipt.objects.filter(event__name="ClientOpened").values_list("reaction", flat=True)
    assert list(told) == ["look_after_client"]
    assert what_there_is() == dict.fromkeys(ONE_OF_EACH, 0) | {"Client": 1}
