"""Mails that tell a client's people of a published report: asked for by the event, sent by a worker, each once."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from apps.reporting import queries
from apps.reporting.api.events import ReportMailed
from apps.reporting.models import Report, ReportLetter
from apps.shared.events import AuditNote, publish
from apps.shared.gateways import email
from apps.shared.post import Post, letter_of


def request_letters(report_id: UUID) -> int:
    """Have each of a client's people mailed of a published report, once; return to how many that is new."""
    report = Report.objects.published().filter(pk=report_id).first()
    if report is None:
        return 0
    return post.write_down(queries.readers_of(report.client_id), report=report)


def send_letter(letter_id: UUID, *, at: datetime) -> bool:
    """Mail a letter that waits; return whether it went out. Who is not the client's any more gets none.

    Raises TransientFailure when the mail server is ill; the letter then waits for the next try.
    """
    return post.send(letter_id, at=at)


def sweep_letters(*, at: datetime) -> int:
    """Call doubtful what a killed worker began, and mail what waits although its message got lost; return how many."""
    return post.sweep(at=at)


def _write(row: ReportLetter) -> email.Letter | None:
    report = Report.objects.select_related("client").defer("content").get(pk=row.report_id)
    if row.user_id not in queries.readers_of(report.client_id):
        return None
    facts = {
        "client": report.client,
        "report": report,
        "link": settings.BASE_URL + reverse("portal-report", args=[report.pk]),
    }
    return letter_of(
        "reporting/mail/report", facts, to=row.user.email, key=f"report-letter/{row.pk}", language=row.user.language
    )


def _tell(row: ReportLetter) -> None:
    report = Report.objects.defer("content").get(pk=row.report_id)
    after = {"letter": str(row.pk), "user": str(row.user_id), "outcome": row.state}
    event = ReportMailed(client_id=report.client_id, aggregate_id=report.pk, outcome=row.state)
    publish(event, AuditNote(after=after))


post = Post(rows=ReportLetter, write=_write, tell=_tell)
register_bell = post.bell.register
