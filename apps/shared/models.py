"""Abstract bases of the tables."""

from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django_fsm import ConcurrentTransitionMixin, FSMField, transition
from uuid_utils.compat import uuid7


class UuidModel(models.Model):
    """A row with a time-ordered UUIDv7 key and its two times (aware, UTC)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


def least_key(at: datetime) -> UUID:
    """Return the least key that a row made at this moment can have."""
    return UUID(int=int(at.timestamp() * 1000) << 80 | 0x7 << 76 | 0x2 << 62)


def moment_of(key: UUID) -> datetime:
    """Return when a key of ours was made, to the millisecond."""
    return datetime.fromtimestamp((key.int >> 80) / 1000, UTC)


def created_since(at: datetime) -> Q:
    """Return what narrows rows to those created since a moment.

    Keys are in the order of time, so that theirs is the index that is read; a row may be saved a little after it got
    its key.
    """
    return Q(pk__gte=least_key(at - timedelta(minutes=1)), created_at__gte=at)


class OfRunQuerySet(models.QuerySet):
    """Rows that workflow runs write."""

    def of_run(self, run_id: UUID) -> Self:
        """Narrow to the rows one run made: all that its compensation may touch."""
        return self.filter(run_id=run_id)


class RunModel(UuidModel):
    """A row that remembers which workflow run made it; null when a person did by hand."""

    run_id = models.UUIDField(null=True, blank=True, editable=False, db_index=True)

    objects = OfRunQuerySet.as_manager()

    class Meta:
        abstract = True


class PostedModel(UuidModel):
    """A row that stands for one letter (`apps.shared.post`). SENDING is kept before the mail server hears of it.

    Whoever dies there leaves UNKNOWN: the letter may have gone out, so that it is not sent again by itself. PROOF is
    written to a file instead; DROPPED was never sent, because nobody was asked any more.
    """

    class State(models.TextChoices):
        WAITING = "WAITING"
        SENDING = "SENDING"
        SENT = "SENT"
        PROOF = "PROOF"
        UNKNOWN = "UNKNOWN"
        REFUSED = "REFUSED"
        DROPPED = "DROPPED"

    IN_DOUBT = (State.UNKNOWN, State.REFUSED)

    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    begun_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_in_doubt(self) -> bool:
        """Whether nobody knows that it arrived, or the mail server has refused it."""
        return self.state in self.IN_DOUBT


class StateModel(ConcurrentTransitionMixin, models.Model):
    """A row with a django-fsm state, which only its transitions may change.

    django-fsm-2 refreshes a protected state by lifting the protection from the field itself, for the whole process and
    without a `finally`. Here the instance forgets its value instead, so that the descriptor accepts a first one again.
    """

    class Meta:
        abstract = True

    def refresh_from_db(self, using: str | None = None, fields: list[str] | None = None, **options: Any) -> None:
        """Read anew, the state only where it is asked for: to load a column that was left out must not move the row."""
        protected = [each.attname for each in self._meta.concrete_fields if getattr(each, "protected", False)]
        forgotten = {name: self.__dict__.pop(name) for name in protected if name in self.__dict__}
        models.Model.refresh_from_db(self, using=using, fields=fields, **options)
        if fields is not None:
            self.__dict__.update({name: value for name, value in forgotten.items() if name not in fields})
        if fields is None or not set(fields).isdisjoint(protected):
            self._update_initial_state()


class FileOfRowsQuerySet(models.QuerySet):
    """Files of rows, and which of them nobody works on."""

    def left_since(self, at: datetime) -> Self:
        """Narrow to files that are being read and that nobody has worked on since then, or ever."""
        return self.filter(Q(touched_at=None) | Q(touched_at__lt=at), state=FileOfRows.State.RUNNING)


class FileOfRows(StateModel, UuidModel):
    """One file, known by its content, that is read in slices. `rows` is how far it was read: it goes on there."""

    class State(models.TextChoices):
        RUNNING = "RUNNING"
        COMPLETED = "COMPLETED"
        FAILED = "FAILED"

    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    headers = models.JSONField(help_text="The file's column names")
    rows_total = models.PositiveIntegerField()
    rows = models.PositiveIntegerField(default=0, help_text="Read so far")
    refused = models.PositiveIntegerField(default=0)
    state = FSMField(choices=State.choices, default=State.RUNNING, protected=True)
    touched_at = models.DateTimeField(null=True, blank=True, help_text="When somebody last read on")
    error = models.TextField(blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = FileOfRowsQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.file_name

    @transition(field=state, source=State.RUNNING, target=State.COMPLETED)
    def complete(self) -> None:
        """Be read to the end."""

    @transition(field=state, source=State.RUNNING, target=State.FAILED)
    def fail(self) -> None:
        """Stop: the file cannot be read on."""

    @transition(field=state, source=State.FAILED, target=State.RUNNING)
    def try_again(self) -> None:
        """Go on where it stopped."""


def snapshot(row: models.Model) -> dict[str, Any]:
    """Return a row's columns as JSON-ready values, for the audit entry of a change or a removal."""
    return {field.attname: field.value_to_string(row) for field in row._meta.concrete_fields}
