"""Asking for a copy of somebody's data or for its erasure, and what becomes of it. The engine reads and erases."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.signing import BadSignature, TimestampSigner
from django.db import transaction
from django.db.models.functions import Now

from apps.identity import gateways
from apps.identity.api import events
from apps.identity.models import Client, DataRequest, Membership, User
from apps.identity.rules import MOST_REQUESTS_A_DAY, comparable_address
from apps.identity.services.people import change_client, insert_unless_taken
from apps.shared.events import AuditNote, publish

Kind, State = DataRequest.Kind, DataRequest.State

ANSWERED_WITHIN = timedelta(days=30)
EXPORT_KEPT = timedelta(days=14)
STRAYS_KEPT = timedelta(days=1)
LONGEST_PAUSE = timedelta(hours=1)
LINK_LIVES = timedelta(minutes=10)
"""A link is followed at once, and is no way in for whoever finds it later in a history."""
_signer = TimestampSigner(salt="identity.export")
LEASE = timedelta(minutes=15)
"""How long a worker has a request to itself after it got on: who dies over it is taken over from after that."""


class DataRequestRefused(ValueError):
    """A request cannot be opened, or not be moved on; the words say why."""


class AskedTooOften(DataRequestRefused):
    """A person has asked for more in a day than anybody has to."""


@transaction.atomic
def open_datarequest(
    *, kind: str, client: Client | None, address: str, note: str, by: UUID, at: datetime
) -> DataRequest:
    """Write down that a client's or a person's data is asked for, and let a worker prepare it.

    Raises DataRequestRefused where it is about both or nobody, says not how it was asked for, or waits already.
    """
    address = comparable_address(address)
    if (client is None) == (not address):
        raise DataRequestRefused("client and address: give one of them, a client or a person's e-mail address.")
    if not note.strip():
        raise DataRequestRefused("note is empty: say how it was asked for, and how you know that it was them.")
    return _open(State.PREPARING, kind=kind, client=client, address=address, note=note, by=by, at=at)


@transaction.atomic
def ask_for_data(*, kind: str, client: Client | None, asked_in: UUID | None, by: User, at: datetime) -> DataRequest:
    """Write down that a person asks in the portal for a client's data, or for their own: the staff takes it up.

    Whoever calls this has made sure that it is this person. Raises DataRequestRefused where somebody asks for a client
    they do not decide for, or for the same twice, and AskedTooOften.
    """
    approving = Membership.objects.filter(user=by, client=client, role=Membership.Role.APPROVER)
    if client is not None and not (approving.exists() and client.pk == asked_in):
        raise DataRequestRefused("Only who decides for the client asks for its data.")
    lately = DataRequest.objects.shown_to(by).filter(asked_by=by, created_at__gt=at - timedelta(days=1))
    if lately.count() >= MOST_REQUESTS_A_DAY:
        raise AskedTooOften(f"At most {MOST_REQUESTS_A_DAY} requests a day.")
    address = "" if client else comparable_address(by.email)
    told = {"kind": kind, "client": client, "address": address, "asked_in_id": asked_in}
    return _open(State.ASKED, **told, note="In the portal, logged in.", by=by.pk, at=at)


def _open(state: str, *, kind: str, by: UUID, at: datetime, **told: Any) -> DataRequest:
    due = (at + ANSWERED_WITHIN).date()
    request = DataRequest(kind=Kind(kind), state=state, asked_by_id=by, due_date=due, **told)
    if not insert_unless_taken(request):
        raise DataRequestRefused("The same is asked for already, and not done yet.")
    _tell(events.DataRequested, request, at, by=by, kind=request.kind)
    return request


@transaction.atomic
def take_datarequest(request: DataRequest, *, by: UUID, at: datetime) -> DataRequest:
    """Take up what a client has asked for: a worker prepares it."""
    _require(request, State.ASKED)
    return _move(request, State.PREPARING, events.DataRequestTaken, by=by, at=at)


@transaction.atomic
def refuse_datarequest(request: DataRequest, *, by: UUID, reason: str, at: datetime) -> DataRequest:
    """Refuse a request, or what it would do. Nothing was changed for it."""
    _require(request, State.ASKED, State.PREPARING, State.READY)
    _drop_file(request)
    return _move(request, State.REFUSED, events.DataRequestRefused, by=by, at=at, reason=reason)


@transaction.atomic
def confirm_erasure(request: DataRequest, *, by: UUID, reason: str, at: datetime) -> DataRequest:
    """Confirm that what the preview names is erased; a client has ended from then on, so that no schedule works for it.

    Raises DataRequestRefused while something forbids it.
    """
    _require(request, State.READY)
    if request.kind != Kind.ERASURE:
        raise DataRequestRefused("An export erases nothing.")
    if not reason.strip():
        raise DataRequestRefused("reason is empty: say why it is right to erase this.")
    if blocked := request.preview.get("blocked"):
        raise DataRequestRefused("Not yet: " + "; ".join(blocked))
    if request.client_id:
        client = Client.objects.get(pk=request.client_id)
        client.status = Client.Status.ENDED
        change_client(client, by=by)
    return _move(request, State.CONFIRMED, events.ErasureConfirmed, by=by, at=at, reason=reason)


@transaction.atomic
def look_again(request: DataRequest, *, by: UUID, at: datetime) -> DataRequest:
    """Let a worker look anew at what an erasure would do, or make an export anew."""
    _require(request, State.READY)
    _drop_file(request)
    return _move(request, State.PREPARING, events.DataRequestTaken, by=by, at=at)


def _require(request: DataRequest, *states: str) -> None:
    if request.state not in states:
        raise DataRequestRefused(f"That is too late: it is {request.get_state_display().lower()}.")


def _move(
    request: DataRequest, to: str, event: Any, *, by: UUID | None, at: datetime, reason: str = "", **facts: Any
) -> DataRequest:
    before, request.state = request.state, to
    request.next_at, request.attempts, request.error = None, 0, ""
    if by is not None:
        request.decided_by_id, request.decided_at, request.reason = by, at, reason
    request.save()
    _tell(event, request, at, by=by, reason=reason, before=before, **facts)
    return request


def _tell(
    event: Any,
    request: DataRequest,
    at: datetime,
    *,
    by: UUID | None = None,
    reason: str = "",
    before: str = "",
    **facts: Any,
) -> None:
    """Publish a fact of a request: ids alone, for what is said here outlives whom it is about."""
    note = AuditNote(actor_id=by, reason=reason, before={"state": before}, after={"state": str(request.state)})
    publish(event(aggregate_id=request.pk, client_id=request.client_id, occurred_at=at, **facts), note)


# --- what the engine tells ----------------------------------------------------------------------------------------


def _locked(request_id: UUID, *states: str) -> DataRequest:
    request = DataRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
    _require(request, *states)
    return request


def claim_request(request_id: UUID, *, at: datetime) -> DataRequest | None:
    """Take a request for one worker, and return it as it is now; None where another one has it.

    One that takes longer than the lease may be joined by another: what is done twice is done once.
    """
    is_ours = DataRequest.objects.for_workers(at).filter(pk=request_id).update(next_at=at + LEASE)
    return DataRequest.objects.get(pk=request_id) if is_ours else None


@transaction.atomic
def note_preview(request_id: UUID, preview: dict[str, Any], *, at: datetime) -> None:
    """Note what an erasure would do: a person decides on it now."""
    request = _locked(request_id, State.PREPARING)
    request.preview = preview
    _move(request, State.READY, events.DataRequestPrepared, by=None, at=at, kind=request.kind)


@transaction.atomic
def note_export(request_id: UUID, *, key: str, sha256: str, size: int, summary: dict[str, Any], at: datetime) -> None:
    """Note where an export lies: it can be downloaded until it is removed."""
    request = _locked(request_id, State.PREPARING)
    request.file_key, request.file_sha256, request.file_bytes = key, sha256, size
    request.preview, request.executed_at, request.expires_at = summary, at, at + EXPORT_KEPT
    _move(request, State.READY, events.DataRequestPrepared, by=None, at=at, kind=request.kind)


@transaction.atomic
def note_progress(request_id: UUID, progress: dict[str, Any], scope: dict[str, Any]) -> None:
    """Note how far an erasure is, in the transaction of what was erased; no fact, for it is none until all is done.

    Whoever gets on keeps the request to itself.
    """
    request = _locked(request_id, State.CONFIRMED)
    request.progress, request.scope, request.next_at = progress, scope, Now() + LEASE
    request.save(update_fields=["progress", "scope", "next_at", "updated_at"])


@transaction.atomic
def note_redaction(request_id: UUID, *, batch_id: UUID, digest: str, entry_count: int, at: datetime) -> None:
    """Tell which entries of the audit lost their words: it belongs to no client, so that it is never redacted."""
    told = {"batch_id": batch_id, "digest": digest, "entry_count": entry_count}
    publish(events.AuditRedacted(aggregate_id=request_id, occurred_at=at, **told))


@transaction.atomic
def note_failure(request_id: UUID, problem: str, *, at: datetime) -> None:
    """Note why a worker did not get through; it tries again after a pause that grows."""
    request = DataRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
    request.attempts += 1
    request.error = problem[:2000]
    request.next_at = at + min(timedelta(seconds=30) * 2 ** min(request.attempts, 10), LONGEST_PAUSE)
    request.save(update_fields=["attempts", "error", "next_at", "updated_at"])


@transaction.atomic
def close_erasure(request_id: UUID, certificate: dict[str, Any], *, kept_until: date | None, at: datetime) -> None:
    """Note that an erasure is done, forget whom it was about, and tell."""
    request = _locked(request_id, State.CONFIRMED)
    request.certificate, request.kept_until_date, request.executed_at = certificate, kept_until, at
    request.address, request.scope, request.note, request.preview, request.progress = "", {}, "", {}, {}
    request.state, request.error, request.next_at = State.DONE, "", None
    request.save()
    note = AuditNote(actor_id=request.decided_by_id, before={"state": "CONFIRMED"}, after={"state": "DONE"})
    if request.client_id:
        erased = events.ClientErased(aggregate_id=request.client_id, client_id=request.client_id, request_id=request.pk)
        publish(erased, note)
    else:
        publish(events.PersonErased(aggregate_id=request.pk, occurred_at=at), note)


# --- the file ---------------------------------------------------------------------------------------------------------


def sign_export(request: DataRequest, *, by: User) -> str:
    """Return the end of an address by which this person alone gets the file, for as long as LINK_LIVES."""
    return _signer.sign(f"{request.pk}:{by.pk}")


def is_signed(signed: str, request: DataRequest, *, by: User) -> bool:
    """Tell whether the end of an address was made for this file and this person, and shortly ago."""
    try:
        return _signer.unsign(signed, max_age=LINK_LIVES) == f"{request.pk}:{by.pk}"
    except BadSignature:
        return False


@transaction.atomic
def open_export(request: DataRequest, *, by: User, at: datetime) -> Any:
    """Open the file of an export for a person, and note that it was downloaded. Raises DataRequestRefused."""
    if not request.file_key or request.expires_at is None or request.expires_at <= at:
        raise DataRequestRefused("There is no file any more: ask for another export.")
    file = gateways.open_file(request.file_key)
    _tell(events.ExportDownloaded, request, at, by=by.pk, before=str(request.state))
    return file


def remove_exports(*, at: datetime) -> int:
    """Remove the files of exports that have been there long enough, and return how many.

    Those that no request knows, which a worker that died has left, go after a day.
    """
    removed = _remove_old(at)
    known = set(DataRequest.objects.exclude(file_key="").values_list("file_key", flat=True))
    for key in set(gateways.list_files(at - STRAYS_KEPT)) - known:
        gateways.remove_file(key)
        removed += 1
    return removed


@transaction.atomic
def _remove_old(at: datetime) -> int:
    old = DataRequest.objects.select_for_update(of=("self",), skip_locked=True).filter(expires_at__lte=at)
    for request in (removed := list(old.exclude(file_key=""))):
        _drop_file(request)
        _move(request, State.DONE, events.ExportRemoved, by=None, at=at)
    return len(removed)


def _drop_file(request: DataRequest) -> None:
    if request.file_key:
        gateways.remove_file(request.file_key)
        request.file_key, request.expires_at = "", None
