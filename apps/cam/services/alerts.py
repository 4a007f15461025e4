"""Alerts: raised once for each thing, then mailed to those who run campaigns."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Count, Q
from django.template.loader import render_to_string
from django.urls import reverse

from apps.cam.api import events
from apps.cam.models import Alert, Campaign, CycleStep, InboundEmail, Lead, OutboundEmail
from apps.identity.models import User
from apps.shared.events import AuditNote, publish
from apps.shared.gateways import email
from apps.shared.workflow import TransientFailure

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
"""More than a worker has for the letters of one alert: who has not told by then was killed."""
PAUSE, LONGEST_PAUSE = timedelta(minutes=2), timedelta(hours=1)
MOST_ATTEMPTS = 8
NEWEST = 200
"""Positive replies that are looked at: more in one cycle nobody gets."""
QUOTED = 600


@dataclass
class AlertCounts:
    """How many alerts were raised, mailed to everybody they are for, put off, and given up."""

    raised: int = 0
    sent: int = 0
    waiting: int = 0
    failed: int = 0

    @property
    def items(self) -> int:
        return self.raised + self.sent + self.failed


def raise_alert(
    *,
    key: str,
    kind: str,
    title: str,
    message: str,
    at: datetime,
    campaign: Campaign | None = None,
    lead: Lead | None = None,
    subject_id: UUID | None = None,
) -> bool:
    """Have people told of something; tell whether it is new: of one key there is one alert, whoever asks how often."""
    columns = {"kind": kind, "title": " ".join(title.split())[:200], "message": message, "next_at": at}
    columns |= {"campaign": campaign, "lead": lead, "subject_id": subject_id}
    return Alert.objects.get_or_create(key=key, defaults=columns)[1]


def dispatch_alerts(*, at: datetime) -> AlertCounts:
    """Raise what has come about, and mail what is due, each alert to everybody once."""
    counts = AlertCounts(raised=_raise_replies(at) + _raise_unknown(at) + _raise_failing(at))
    while alert := _take(at):
        _tell(alert, counts, at)
    return counts


def _raise_replies(at: datetime) -> int:
    positive = InboundEmail.objects.filter(classification="POSITIVE").select_related("lead__campaign")
    newest = {f"reply:{mail.pk}": mail for mail in positive.defer("html", "headers").order_by("-id")[:NEWEST]}
    known = set(Alert.objects.filter(key__in=newest).values_list("key", flat=True))
    return sum(_raise_reply(key, mail, at) for key, mail in newest.items() if key not in known)


def _raise_reply(key: str, mail: InboundEmail, at: datetime) -> bool:
    lead = mail.lead
    return raise_alert(
        key=key,
        kind=Alert.Kind.POSITIVE_REPLY,
        title=f"{lead or mail.from_address} has answered positively",
        message=mail.text[:QUOTED].strip() or "The mail has no text.",
        campaign=lead.campaign if lead else None,
        lead=lead,
        subject_id=mail.pk,
        at=at,
    )


def _raise_unknown(at: datetime) -> int:
    """Raise one alert for all mails that one worker left behind without a word."""
    lost = OutboundEmail.objects.filter(state=OutboundEmail.State.UNKNOWN).order_by()
    hands = lost.values("mailbox_id", "mailbox__address", "fence").annotate(count=Count("*"))
    return sum(
        raise_alert(
            key=f"unknown:{each['mailbox_id']}:{each['fence']}",
            kind=Alert.Kind.MAIL_UNKNOWN,
            title=f"Mails from {each['mailbox__address']} that may or may not have gone out: {each['count']}",
            message="They are not sent again by themselves. Look into the mailbox, and say of each what became of it.",
            subject_id=each["mailbox_id"],
            at=at,
        )
        for each in hands
    )


def _raise_failing(at: datetime) -> int:
    failing = CycleStep.objects.keeping_failing()
    return sum(
        raise_alert(
            key=f"step:{CycleStep.objects.first_of_streak(step).pk}",
            kind=Alert.Kind.STEP_FAILING,
            title=f"{step} keeps failing",
            message=f"The other steps of the cycle go on. What it says:\n\n{step.error}",
            subject_id=step.cycle_id,
            at=at,
        )
        for step in failing
    )


@transaction.atomic
def _take(at: datetime) -> Alert | None:
    """Take the alert that has been due longest, so that nobody else mails it meanwhile; None when none is due."""
    due = Alert.objects.filter(state=Alert.State.PENDING, next_at__lte=at).order_by("next_at", "pk")
    alert = due.select_for_update(skip_locked=True, of=("self",)).first()
    if alert is None:
        return None
    alert.attempts += 1
    alert.next_at = at + LEASE
    alert.recipients = alert.recipients or who_is_told()
    alert.save(update_fields=["attempts", "next_at", "recipients", "updated_at"])
    return alert


def who_is_told() -> list[str]:
    """Return the addresses of the staff who may run campaigns."""
    may = Permission.objects.filter(content_type__app_label="cam", codename="run_campaign")
    of_staff = User.objects.filter(is_active=True, is_staff=True)
    told = of_staff.filter(Q(is_superuser=True) | Q(user_permissions__in=may) | Q(groups__permissions__in=may))
    return sorted(set(told.values_list("email", flat=True)) - {""})


def _tell(alert: Alert, counts: AlertCounts, at: datetime) -> None:
    refused = []
    for address in alert.recipients:
        if address in alert.told:
            continue
        try:
            email.send_letter(_letter(alert, address), at=at)
        except email.LetterRefused as refusal:
            refused.append(str(refusal))
        except TransientFailure as failure:
            _put_off(alert, str(failure), counts, at)
            return
        else:
            alert.told = [*alert.told, address]
            Alert.objects.filter(pk=alert.pk).update(told=alert.told)
    nobody = "" if alert.recipients else "Nobody of the staff may run campaigns."
    _end(alert, " ".join(refused) or nobody, counts, at)


def _put_off(alert: Alert, words: str, counts: AlertCounts, at: datetime) -> None:
    if alert.attempts >= MOST_ATTEMPTS:
        _end(alert, words, counts, at)
        return
    counts.waiting += 1
    pause = min(PAUSE * 2 ** (alert.attempts - 1), LONGEST_PAUSE)
    Alert.objects.filter(pk=alert.pk, attempts=alert.attempts).update(next_at=at + pause, error=words)


@transaction.atomic
def _end(alert: Alert, problem: str, counts: AlertCounts, at: datetime) -> None:
    """Write down that an alert was mailed to all who can be, or that nobody got it."""
    row = Alert.objects.select_for_update(of=("self",)).get(pk=alert.pk)
    if row.state != Alert.State.PENDING:
        return
    row.error = problem
    if row.told:
        row.sent_at = at
        row.arrive()
        counts.sent += 1
        event = events.AlertSent(
            aggregate_id=row.pk,
            occurred_at=at,
            kind=row.kind,
            campaign_id=row.campaign_id,
            lead_id=row.lead_id,
            recipient_count=len(row.told),
        )
        publish(event, AuditNote(after={"state": row.state, "told": len(row.told)}))
    else:
        row.give_up()
        counts.failed += 1
        log.warning("Alert %s reached nobody: %s", row.pk, problem)
    row.save()


def _letter(alert: Alert, address: str) -> email.Letter:
    facts = {
        "alert": alert,
        "link": settings.BASE_URL + reverse("admin:cam_alert_change", args=[alert.pk]),
        "agency": settings.AGENCY_NAME,
        "language": "en",
    }
    return email.Letter(
        to=address,
        subject=alert.title,
        text=render_to_string("cam/mail/alert.txt", facts),
        html=render_to_string("cam/mail/alert.html", facts),
        key=f"alert/{alert.pk}/{address}",
    )


@transaction.atomic
def see_alert(alert: Alert, *, by: UUID, at: datetime, reason: str = "") -> Alert:
    """Say that one has seen an alert, and sees to it; whoever comes second changes nothing."""
    if alert.seen_at is None:
        alert.seen_at, alert.seen_by_id = at, by
        alert.save(update_fields=["seen_at", "seen_by", "updated_at"])
        publish(events.AlertSeen(aggregate_id=alert.pk, kind=alert.kind), AuditNote(actor_id=by, reason=reason))
    return alert


@transaction.atomic
def send_alert_again(alert: Alert, *, by: UUID, at: datetime, reason: str = "") -> Alert:
    """Have an alert that reached nobody mailed with the next cycle. Raises TransitionNotAllowed for another one."""
    alert.send_again()
    alert.attempts, alert.next_at, alert.error, alert.recipients = 0, at, "", []
    alert.save()
    note = AuditNote(actor_id=by, reason=reason, before={"state": "FAILED"}, after={"state": alert.state})
    publish(events.AlertRetried(aggregate_id=alert.pk, kind=alert.kind), note)
    return alert
