"""The inbox: mails are taken from a mailbox's folder one by one, each with the place where the next one is found.

A mail and "read as far as this" commit together: a reader that is killed anywhere loses and doubles nothing. Where the
folder was made anew its UIDs mean something else (RFC 9051, 2.3.1.1): it is read from its beginning, and what is known
by its Message-ID is left out.
"""

import hashlib
import logging
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, IntegrityError, transaction

from apps.cam import queries
from apps.cam.gateways import imap
from apps.cam.gateways.imap import Fetched, Folder
from apps.cam.models import InboundEmail, Lead, Mailbox
from apps.cam.models.mails import UPLOADED
from apps.cam.rules.mails import read_mail, read_whatever
from apps.cam.services import replies
from apps.cam.services.mailboxes import Claim, Overtaken, claim_mailbox, holding, release_mailbox
from apps.cam.services.processing import process_reply
from apps.shared.resilience import VendorIll
from apps.shared.workflow import TransientFailure

MOST_AT_ONCE = 500
"""Mails of one mailbox in one cycle."""

log = logging.getLogger(__name__)


@dataclass
class PollCounts:
    """How many mailboxes were looked into, how many mails were new and known, and what is wrong with which mailbox."""

    mailboxes: int = 0
    new: int = 0
    known: int = 0
    ill: dict[str, str] = field(default_factory=dict)

    @property
    def items(self) -> int:
        """How many mails came in."""
        return self.new


def poll_all(*, at: datetime) -> PollCounts:
    """Take in what has come into every mailbox that has a folder; one that cannot be read stops no other."""
    counts = PollCounts()
    for mailbox in Mailbox.objects.order_by("pk"):
        if imap.is_configured(mailbox.key):
            _poll(mailbox, counts, at)
    return counts


def _poll(mailbox: Mailbox, counts: PollCounts, at: datetime) -> None:
    claim = claim_mailbox(mailbox)
    if claim is None:  # it is being written from: its turn comes with the next cycle
        return
    error = ""
    try:
        counts.mailboxes += 1
        with imap.open_folder(mailbox.key) as folder:
            _read(mailbox, folder, claim, counts, at)
    except Overtaken as overtaken:
        log.warning("%s", overtaken)
        return
    except (imap.FolderUnknown, VendorIll, TransientFailure) as failure:
        error = counts.ill[mailbox.address] = str(failure)
    except DatabaseError:
        log.exception("Reading the replies to %s stopped", mailbox)
        error = counts.ill[mailbox.address] = "The database refused; see the log."
    finally:
        release_mailbox(claim)
    Mailbox.objects.filter(pk=mailbox.pk).update(polled_at=at, poll_error=error)


def _read(mailbox: Mailbox, folder: Folder, claim: Claim, counts: PollCounts, at: datetime) -> None:
    mailbox.refresh_from_db()
    if mailbox.uid_validity != folder.uid_validity:
        with holding(claim):
            mailbox.uid_validity, mailbox.last_uid = folder.uid_validity, 0
            mailbox.save(update_fields=["uid_validity", "last_uid"])
    for uid in folder.uids_after(mailbox.last_uid)[:MOST_AT_ONCE]:
        fetched = folder.fetch(uid)
        with holding(claim):
            if fetched is not None:
                is_new = _take(mailbox, folder, fetched, at)
                counts.new += is_new
                counts.known += not is_new
            mailbox.last_uid = uid
            mailbox.save(update_fields=["last_uid"])


def _take(mailbox: Mailbox, folder: Folder, fetched: Fetched, at: datetime) -> bool:
    """Store a mail, and tell whether it is new; one that can hardly be read is stored as far as it can."""
    uid = f"{folder.uid_validity}:{fetched.uid}"
    mail = read_whatever(fetched.content)
    if queries.find_known(mailbox.address, uid, mail):
        return False
    replies.store_mail(mail, fetched.content, mailbox=mailbox.address, uid=uid, at=at)
    return True


def receive_reply(
    content: bytes, *, by: UUID | None, at: datetime, lead: Lead | None = None
) -> tuple[InboundEmail, bool]:
    """Take a mail in from a file, and tell whether it is new: a Message-ID that is known is the mail that has it.

    Its lead is the one that the person names, else the one of the mails it answers, else who has its sender's address.
    What follows from it is done at once (`processing`). Raises MailRefused, saying why.
    """
    mail = read_mail(content)
    uid = hashlib.sha256(mail.message_id.encode() or content).hexdigest()
    try:
        with transaction.atomic():
            if known := queries.find_mail(mail.message_id, uid):
                return known, False
            reply = replies.store_mail(mail, content, mailbox=UPLOADED, uid=uid, named=lead, by=by, at=at)
            process_reply(reply, at=at)
            return reply, True
    except IntegrityError:  # somebody brought it in this moment
        return InboundEmail.objects.get(mailbox=UPLOADED, provider_uid=uid), False
