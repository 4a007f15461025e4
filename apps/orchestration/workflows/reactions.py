"""Whenever X happens, also Y: what follows from events across modules, each exactly once. Read top to bottom."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from apps.billing.api import ports as billing
from apps.billing.api.dtos import Deposit
from apps.billing.api.events import QuoteAccepted, QuoteSent
from apps.cam.api import ports as cam
from apps.cam.api.dtos import SignedClient
from apps.cam.api.events import ClientSigned
from apps.client_review.api import ports as client_review
from apps.client_review.api.events import (
    ClientApproved,
    ClientReviewSent,
    FurtherRoundAllowed,
    ReminderDue,
    ReviewDecided,
)
from apps.delivery.api.events import Delivered
from apps.identity.api import ports as identity
from apps.identity.api.dtos import ClientDetails, Contact, Contract
from apps.identity.api.events import ClientOpened
from apps.observability.api import ports as observability
from apps.onboarding.api import ports as onboarding
from apps.orchestration.api.events import RunCompleted, RunStuck
from apps.orchestration.queries import cycles, runs
from apps.orchestration.services import commands, deliveries, waits
from apps.orchestration.workflows import list_awaited_events
from apps.orchestration.workflows.learned import LEARNED, keep_examples, note_decision, try_lessons
from apps.orchestration.workflows.measured import MEASURED
from apps.orchestration.workflows.noticed import NOTICED
from apps.orchestration.workflows.public_events import PUBLIC_EVENTS, PublicEvent
from apps.production.api import ports as production
from apps.production.api.events import DraftReady, DraftRevised
from apps.qc.api import ports as qc
from apps.qc.api.events import QcFailed, QcPassed, ReportWithdrawn
from apps.reporting.api import ports as reporting
from apps.reporting.api.events import ReportPublished
from apps.retention.api import ports as retention
from apps.shared.events import Event
from apps.shared.workflow import TransientFailure


@dataclass(frozen=True)
class Reaction:
    """A function to be called with every event of a type, in the transaction that holds its receipt.

    One that is only `of_clients` has nothing to do with events that are about no client, one `of_deals` with clients
    that no deal has won, and one with a `where` only with those that say so.
    """

    name: str
    to: type[Event]
    do: Callable[[Any], None]
    of_clients: bool = False
    of_deals: bool = False
    where: Mapping[str, Any] = field(default_factory=dict)

    def concerns(self, payload: Mapping[str, Any]) -> bool:
        """Tell whether anything follows from this very event, as the outbox holds it."""
        if self.of_clients and payload["client_id"] is None:
            return False
        if self.of_deals and payload.get("deal_id") is None:
            return False
        return all(payload.get(name) == value for name, value in self.where.items())

    def call(self, payload: dict[str, Any]) -> None:
        """React to an event as the outbox holds it."""
        self.do(self.to.model_validate(payload))


def go_on(event: FurtherRoundAllowed) -> None:
    """Let a run that waits for a further round to be allowed try its step again; one elsewhere needs nothing.

    Raises TransientFailure while a worker is at that step: it may have looked before the round was allowed.
    """
    run = runs.find_run_at(event.run_id, "plan_revision")
    if run is None:
        return
    if not run.needs_person:
        raise TransientFailure("the run is at that step just now")
    commands.retry_step(run, by=event.by, reason=event.reason)


def seal(event: Event) -> None:
    """Seal the audit up to here: what went wrong should be beyond doubt before anybody looks into it."""
    observability.seal_audit()


def note_check(event: QcPassed | QcFailed) -> None:
    """Tell production that the draft was judged, which one that a person edited waits for."""
    production.note_check(draft_id=event.draft_id, verdict=event.verdict, at=event.occurred_at)


def forget_check(event: ReportWithdrawn) -> None:
    """Tell production that nothing judges the draft any more, unless another report on it stands."""
    if not qc.list_reports(draft_id=event.draft_id):
        production.forget_check(draft_id=event.draft_id)


def tell(public: PublicEvent) -> Reaction:
    """Make the reaction that tells clients' webhooks of an event."""
    name = f"tell_webhooks_of_{public.name.replace('.', '_')}"
    return Reaction(name, public.of, deliveries.enqueue, of_clients=True)


def show(event: Delivered | ClientReviewSent) -> None:
    """Let the client see in the portal what it was handed, or is asked about."""
    production.show_draft(draft_id=event.draft_id, at=event.occurred_at)


def mail_approvers(event: ClientReviewSent | ReminderDue) -> None:
    """Have those who decide for the client mailed that they are asked, or that time runs out."""
    kind = event.kind if isinstance(event, ReminderDue) else "NEW"
    client_review.request_notices(review_id=event.aggregate_id, event_id=event.event_id, kind=kind)


def record_cycle(event: RunCompleted) -> None:
    """Have client acquisition write down how its cycle went."""
    cam.record_cycle(cycle=cycles.get_cycle(event.aggregate_id))


def open_client(event: ClientSigned) -> None:
    """Open the client of a won deal; what else a deal begins follows from that."""
    deal = cam.get_signed_client(deal_id=event.aggregate_id)
    details = ClientDetails(
        name=deal.company,
        country=deal.country,
        currency=deal.value.currency,
        time_zone=deal.time_zone,
        contact_email=deal.contact_email,
    )
    contract = Contract(
        deal_id=deal.deal_id,
        value=deal.value.amount,
        start_date=deal.contract_start_date,
        end_date=deal.contract_end_date,
        included_revision_rounds=deal.included_revision_rounds,
    )
    identity.open_signed_client(details=details, contract=contract, by=deal.signed_by)


def invite_contact(event: ClientOpened) -> None:
    """Let who signed decide for the client in the portal, and mail them the way in."""
    if deal := _deal_of(event):
        identity.invite_contact(
            client_id=event.aggregate_id, contact=_contact_of(deal), at=timezone.now(), by=deal.signed_by
        )


def begin_onboarding(event: ClientOpened) -> None:
    """Open the client's workspace and intake, and mail who signed where to write it."""
    if deal := _deal_of(event):
        onboarding.begin_onboarding(
            client_id=event.aggregate_id, contact=_contact_of(deal), deal_id=deal.deal_id, by=deal.signed_by
        )


def draft_deposit(event: ClientOpened) -> None:
    """Draft the invoice for what the client agreed to pay before the work begins, where that is anything."""
    deal = _deal_of(event)
    if deal and deal.deposit:
        deposit = Deposit(
            deal_id=deal.deal_id,
            amount=deal.deposit,
            of=deal.value,
            percent=deal.deposit_percent,
            language=deal.language,
        )
        billing.draft_deposit(client_id=event.aggregate_id, deposit=deposit, by=deal.signed_by)


def look_after(event: ClientOpened) -> None:
    """Have retention look after a client from its first day on."""
    retention.open_lifecycle(client_id=event.aggregate_id)


def mail_quote(event: QuoteSent) -> None:
    """Have those who decide on the client's money mailed of a quote."""
    billing.request_quote_letters(quote_id=event.aggregate_id)


def bill_quote(event: QuoteAccepted) -> None:
    """Draft what a client has to pay once it accepted a quote: the deposit, or all of it; and begin what is monthly."""
    billing.bill_quote(quote_id=event.aggregate_id)


def mail_report(event: ReportPublished) -> None:
    """Have the client's people mailed that there is something to read."""
    reporting.request_letters(report_id=event.aggregate_id)


def _deal_of(event: ClientOpened) -> SignedClient | None:
    return None if event.deal_id is None else cam.get_signed_client(deal_id=event.deal_id)


def _contact_of(deal: SignedClient) -> Contact:
    return Contact(email=deal.contact_email, full_name=deal.contact_name, language=deal.language)


REACTIONS = (
    Reaction("open_client", ClientSigned, open_client),
    Reaction("invite_contact", ClientOpened, invite_contact, of_deals=True),
    Reaction("begin_onboarding", ClientOpened, begin_onboarding, of_deals=True),
    Reaction("draft_deposit", ClientOpened, draft_deposit, of_deals=True),
    Reaction("look_after_client", ClientOpened, look_after),
    Reaction("mail_of_quote", QuoteSent, mail_quote),
    Reaction("bill_quote", QuoteAccepted, bill_quote),
    Reaction("mail_of_report", ReportPublished, mail_report),
    Reaction("note_check", QcPassed, note_check),
    Reaction("note_failed_check", QcFailed, note_check),
    Reaction("forget_check", ReportWithdrawn, forget_check),
    Reaction("learn_from_decision", ReviewDecided, note_decision, of_clients=True),
    Reaction("keep_examples", ClientApproved, keep_examples, of_clients=True),
    Reaction("try_lessons", DraftReady, try_lessons, of_clients=True),
    Reaction("try_lessons_again", DraftRevised, try_lessons, of_clients=True),
    Reaction("go_on_with_further_round", FurtherRoundAllowed, go_on),
    Reaction("show_delivered_draft", Delivered, show),
    Reaction("show_reviewed_draft", ClientReviewSent, show),
    Reaction("mail_of_review", ClientReviewSent, mail_approvers),
    Reaction("mail_of_reminder", ReminderDue, mail_approvers),
    Reaction("seal_stuck_run", RunStuck, seal),
    Reaction("record_cycle", RunCompleted, record_cycle, where={"workflow": "acquisition_cycle"}),
    *(Reaction(learned.name, learned.of, learned.remember, where=learned.where) for learned in LEARNED),
    *(tell(public) for public in PUBLIC_EVENTS),
    *(Reaction(measured.name, measured.of, measured.collect, of_clients=True) for measured in MEASURED),
    *(Reaction(noticed.name, noticed.of, noticed.note, of_clients=True) for noticed in NOTICED),
)


def reactions_to(event: str) -> list[Reaction]:
    """List what follows from events of this name; every event that a workflow waits for wakes the runs that do."""
    wakes = [Reaction("wake_runs", kind, waits.wake) for kind in list_awaited_events() if kind.__name__ == event]
    return wakes + [reaction for reaction in REACTIONS if reaction.to.__name__ == event]
