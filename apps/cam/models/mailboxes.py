"""Mailboxes: the addresses we write from, and how much each of them may send."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from apps.shared.models import UuidModel


class Mailbox(UuidModel):
    """One address that campaigns write from. Where its servers are, and their passwords, is the environment's to know.

    `fence` counts who has worked on it: what an older owner still holds in its hands is refused. `last_uid` and
    `uid_validity` are how far its folder was read (RFC 9051, 2.3.1.1).
    """

    key = models.CharField(
        max_length=30, unique=True, help_text="Its servers are AICMO_MAILBOX_<key>_SMTP_URL and …_IMAP_URL"
    )
    address = models.CharField(max_length=254)
    sender_name = models.CharField(max_length=120)
    postal_address = models.TextField(help_text="Stands below every mail: the law of many countries wants it")
    daily_cap = models.PositiveIntegerField(help_text="Mails a day at most, of all campaigns")
    hourly_cap = models.PositiveIntegerField(help_text="Mails an hour at most, of all campaigns")
    warm_up_from = models.DateField(
        null=True, blank=True, help_text="Its first day of sending; from then on more each day. Empty: it is warm"
    )
    warm_up_start = models.PositiveIntegerField(default=5, help_text="Mails on its first day")
    warm_up_step = models.PositiveIntegerField(default=5, help_text="More on each day after it")
    pause_reason = models.TextField(blank=True, help_text="Why nothing is sent from it; empty where it may send")
    fence = models.PositiveBigIntegerField(default=0, editable=False)
    held_until = models.DateTimeField(null=True, blank=True, editable=False)
    send_error = models.TextField(
        blank=True, editable=False, help_text="Why its mail server took nothing when last tried; empty where it does"
    )
    uid_validity = models.PositiveBigIntegerField(null=True, blank=True, editable=False)
    last_uid = models.PositiveBigIntegerField(default=0, editable=False)
    polled_at = models.DateTimeField(null=True, blank=True, editable=False)
    poll_error = models.TextField(blank=True, editable=False)

    class Meta:
        ordering = ("address",)
        verbose_name_plural = "mailboxes"
        permissions: ClassVar = [("run_mailbox", "Can add, change and pause a mailbox")]
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("address"), name="mailbox_address_once"),
            models.CheckConstraint(condition=Q(key__regex=r"^[A-Z][A-Z0-9_]*$"), name="mailbox_key_names_a_variable"),
            models.CheckConstraint(
                condition=Q(daily_cap__gte=1, hourly_cap__gte=1, warm_up_start__gte=1), name="mailbox_may_send"
            ),
        ]

    def __str__(self) -> str:
        return self.address
