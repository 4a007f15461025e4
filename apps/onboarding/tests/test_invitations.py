"""The mail that asks a won client for its intake …"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import Group
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from uuid_utils.compat import uuid7

from apps.identity.api.dtos import Contact
from apps.identity.models import Client, User
from apps.identity.tests.factories import MembershipFactory
from apps.onboarding import services
from apps.onboarding.api import ports
from apps.onboarding.models import IntakeDraft, IntakeInvitation, Workspace
from apps.onboarding.services import InvitationStands, invitations
from apps.onboarding.tests.factories import IntakeInvitationFactory
from apps.shared.gateways import proof
from apps.shared.post import DOUBT_AFTER
from apps.shared.resilience import VendorIll
from apps.shared.testing import send_dialog
from apps.shared.tests.mailbox import Mailbox

pytestmark = pytest.mark.django_db
AT = timezone.now()
LATER = AT + timedelta(hours=1)
MIA = Contact(email="mia@clinic.example", full_name="Mia <Byrne>")


@pytest.fixture
def ask(acme: Client) -> Callable[..., IntakeInvitation]:
    """Begin a won client's onboarding, without a worker who is woken."""

    def begin(contact: Contact = MIA, deal_id: UUID | None = None) -> IntakeInvitation:
        return services.begin_onboarding(acme.pk, contact, deal_id=deal_id or uuid7(), by=None)

    return begin


def state_of(invitation: IntakeInvitation) -> str:
    return IntakeInvitation.objects.get(pk=invitation.pk).state


def test_leads_to_the_intake_it_is_to_write(
    ask: Callable, acme: Client, mailbox: Mailbox, settings: Any, client: Browser
) -> None:
    settings.BASE_URL = "https://desk.agency.example"
    invitation = ask()
    assert services.send_invitation(invitation.pk, at=AT) is True
    [letter] = mailbox.letters
    assert (mailbox.recipients, letter["Subject"]) == ([[MIA.email]], "AICMO: questions about your business")
    page = reverse("portal-intake", args=[IntakeDraft.objects.get().pk])
    for kind, name in (("plain", "Mia <Byrne>"), ("html", "Mia &lt;Byrne&gt;")):
        body = letter.get_body((kind,)).get_content()
        assert "https://desk.agency.example" + page in body
        assert name in body
    client.force_login(MembershipFactory(client=acme).user)
    assert client.get(page).status_code == 200
    stored = IntakeInvitation.objects.get()
    assert (stored.state, stored.begun_at, stored.ended_at) == ("SENT", AT, AT)


def test_is_asked_for_once_for_a_deal(ask: Callable, acme: Client, mailbox: Mailbox) -> None:
    deal = uuid7()
    first = ask(deal_id=deal)
    assert ask(deal_id=deal) == first
    again = ports.begin_onboarding(client_id=acme.pk, contact=MIA, deal_id=deal)
    assert (again.state, Workspace.objects.count(), IntakeDraft.objects.count()) == ("INTAKE", 1, 1)
    assert [services.send_invitation(first.pk, at=AT) for _ in range(2)] == [True, False]
    assert services.sweep_invitations(at=LATER) == 0
    assert len(mailbox.letters) == 1


def test_wakes_a_worker_once_it_is_stored(
    ask: Callable, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    told: list[UUID] = []
    monkeypatch.setattr(invitations.post.bell, "_ring", told.append)
    with django_capture_on_commit_callbacks(execute=True):
        invitation = ask()
        assert told == []
    assert told == [invitation.pk]


def test_is_in_doubt_after_a_worker_died_over_it_and_sent_again_by_a_person_alone(
    ask: Callable, strategist: User, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    invitation = ask()
    with monkeypatch.context() as patched:

        def die(*_: Any, **__: Any) -> None:
            raise SystemExit

        patched.setattr(invitations.post, "_end", die)
        with pytest.raises(SystemExit):
            services.send_invitation(invitation.pk, at=AT)
    services.sweep_invitations(at=AT + DOUBT_AFTER)
    assert state_of(invitation) == "SENDING"
    services.sweep_invitations(at=LATER)
    assert services.send_invitation(invitation.pk, at=LATER) is False
    assert (state_of(invitation), len(mailbox.letters)) == ("UNKNOWN", 1)
    services.send_again(invitation, by=strategist.pk, reason="They have nothing.")
    assert services.send_invitation(invitation.pk, at=LATER) is True
    assert (state_of(invitation), len(mailbox.letters)) == ("SENT", 2)
    with pytest.raises(InvitationStands, match="Sent"):
        services.send_again(invitation, by=strategist.pk)


def test_waits_while_the_server_is_away_and_goes_out_once_it_is_back(
    ask: Callable, mailbox: Mailbox, settings: Any
) -> None:
    invitation = ask()
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    with pytest.raises(VendorIll):
        services.send_invitation(invitation.pk, at=AT)
    assert state_of(invitation) == "WAITING"
    settings.EMAIL_PORT = port
    IntakeInvitation.objects.update(updated_at=AT)
    assert services.sweep_invitations(at=AT + timedelta(seconds=30)) == 0
    assert services.sweep_invitations(at=LATER) == 1
    assert (state_of(invitation), len(mailbox.letters)) == ("SENT", 1)


def test_asks_for_no_intake_that_is_in_or_was_discarded(ask: Callable, mailbox: Mailbox) -> None:
    invitation = ask()
    services.discard_draft(IntakeDraft.objects.get(), by=None)
    assert services.send_invitation(invitation.pk, at=AT) is False
    assert (state_of(invitation), mailbox.letters) == ("DROPPED", [])


def test_goes_to_no_address_that_is_none(ask: Callable, mailbox: Mailbox) -> None:
    invitation = ask()
    IntakeInvitation.objects.update(email="mia@clinic.example, eve@evil.test")
    assert services.send_invitation(invitation.pk, at=AT) is False
    assert (state_of(invitation), mailbox.letters) == ("REFUSED", [])


def test_speaks_the_persons_language(ask: Callable, mailbox: Mailbox) -> None:
    services.send_invitation(ask(MIA.model_copy(update={"language": "de"})).pk, at=AT)
    assert "Zu den Fragen" in mailbox.letters[0].get_body(("html",)).get_content()


def test_becomes_a_file_in_proof_mode(
    ask: Callable, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.PROOF_FOLDER = tmp_path
    monkeypatch.setattr(proof, "_ask", lambda: True)
    invitation = ask()
    assert services.send_invitation(invitation.pk, at=AT) is False
    assert (state_of(invitation), mailbox.letters) == ("PROOF", [])
    assert proof.list_proofs(kind="email", key="intake-invitation")


def test_waits_at_the_desk_for_who_may_send_it_again(client: Browser, strategist: User) -> None:
    doubtful = IntakeInvitationFactory(state="UNKNOWN")
    IntakeInvitationFactory(state="SENT")
    strategist.groups.add(Group.objects.get(name="Account manager"))
    client.force_login(strategist)
    home = client.get(reverse("admin:index"))
    assert [(each.title, each.count) for each in home.context["worklists"]] == [
        ("Intake invitations that may not have arrived", 1)
    ]
    send_dialog(client, reverse("admin:onboarding_intakeinvitation_send_again", args=[doubtful.pk]))
    assert state_of(doubtful) == "WAITING"
