"""Intakes from a table, one a row: first looked at, then captured.

At home here and not in onboarding, because a row opens its client (a verb of identity) before its intake is captured.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import Resource
from import_export.results import Result, RowResult
from tablib import Dataset

from apps.identity.api import ports as identity
from apps.identity.api.dtos import Client
from apps.onboarding.api import ports as onboarding
from apps.onboarding.api.dtos import Intake, Submission
from apps.onboarding.api.ports import InvalidSubmission, SubmissionKeyTaken
from apps.shared.gateways.tables import Table


@dataclass
class Candidate:
    """What a row says, and what is known of it already."""

    submission: Submission | None = None
    key: str = ""
    client: Client | None = None
    intake: Intake | None = None
    problems: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """What becomes of a row: NEW, KNOWN or REFUSED, and then for which reasons, by column."""

    number: int
    name: str
    outcome: str
    has_known_client: bool
    problems: Mapping[str, str]


class IntakePreview(Resource):
    """Judges every row, and stores nothing: not even in a transaction that is rolled back.

    `theirs` are the clients whose intakes the person may bring in, None where they may bring in everybody's.
    """

    class Meta:
        force_init_instance = True
        instance_loader_class = BaseInstanceLoader
        skip_diff = True
        report_skipped = True
        store_instance = True

    def __init__(self, table: Table, *, at: datetime, theirs: Collection[UUID] | None = None) -> None:
        super().__init__()
        self.at = at
        self.theirs = theirs
        self.numbers = list(table.rows)
        self.candidates = [_read(dict(zip(table.headers, cells, strict=True))) for cells in table.rows.values()]
        self.first_row_of: dict[str, int] = {}
        self._look_up()

    def _look_up(self) -> None:
        """Ask once for all rows what is known."""
        read = [(each, each.submission) for each in self.candidates if each.submission]
        clients = identity.find_clients(names=tuple(said.client.name for _, said in read))
        intakes = onboarding.find_intakes(keys=tuple(each.key for each, _ in read))
        for (candidate, _), client, intake in zip(read, clients, intakes, strict=True):
            if self.theirs is not None and (client is None or client.id not in self.theirs):
                candidate.problems = {"row": "is for no client of yours; whoever opens clients can make it yours"}
            else:
                candidate.client, candidate.intake = client, intake

    def init_instance(self, row: Any = None) -> Candidate:
        return Candidate()

    def import_instance(self, instance: Candidate, row: Mapping[str, str], **kwargs: Any) -> None:
        """Take what was read of the row; raise ValidationError with what is wrong, by column."""
        index = kwargs["row_number"] - 1
        vars(instance).update(vars(self.candidates[index]))
        if instance.intake:
            return
        problems = instance.problems or self._repeated(instance.key, self.numbers[index]) or self._open_questions(row)
        if problems:
            raise ValidationError(dict(problems))

    def _repeated(self, key: str, number: int) -> dict[str, str]:
        first = self.first_row_of.setdefault(key, number)
        return {} if first == number else {"row": f"says the same as row {first}; leave one out"}

    def _open_questions(self, row: Mapping[str, str]) -> dict[str, str]:
        try:
            onboarding.check_row(row=dict(row), at=self.at)
        except InvalidSubmission as invalid:
            return invalid.problems
        return {}

    def skip_row(self, instance: Candidate, *args: Any, **kwargs: Any) -> bool:
        return instance.intake is not None

    def save_instance(self, instance: Candidate, is_create: bool, row: Mapping[str, str], **kwargs: Any) -> None:
        """Store nothing."""


class IntakeImport(IntakePreview):
    """Captures the intake of every row that is good; each row comes in whole or not at all."""

    def __init__(self, table: Table, *, at: datetime, by: UUID, theirs: Collection[UUID] | None = None) -> None:
        super().__init__(table, at=at, theirs=theirs)
        self.by = by

    def save_instance(self, instance: Candidate, is_create: bool, row: Mapping[str, str], **kwargs: Any) -> None:
        said = instance.submission
        wishes = {"source": "IMPORT", "key": instance.key, "at": self.at, "by": self.by}
        try:
            with transaction.atomic():  # the library commits what a row did before it was refused
                client = identity.open_client(details=said.client, by=self.by)
                onboarding.capture_intake(client_id=client.id, form=said.form, **wishes)
        except SubmissionKeyTaken as taken:  # somebody imported it in this moment, for a client of another name
            raise ValidationError({"row": str(taken)}) from taken


def preview_intakes(table: Table, *, at: datetime, theirs: Collection[UUID] | None = None) -> tuple[Line, ...]:
    """Return what would become of each row. Nothing is stored."""
    resource = IntakePreview(table, at=at, theirs=theirs)
    return _lines(resource, resource.import_data(_dataset(table), use_transactions=False))


def import_intakes(table: Table, *, at: datetime, by: UUID, theirs: Collection[UUID] | None = None) -> tuple[Line, ...]:
    """Capture the good rows' intakes and tell what became of each row; a row that is known already adds nothing.

    Where something fails that is no row's fault, nothing is stored and it is raised.
    """
    resource = IntakeImport(table, at=at, by=by, theirs=theirs)
    return _lines(resource, resource.import_data(_dataset(table), use_transactions=True))


def _read(row: dict[str, str]) -> Candidate:
    try:
        submission = onboarding.read_row(row=row)
    except InvalidSubmission as invalid:
        return Candidate(problems=invalid.problems)
    digest = hashlib.sha256(submission.model_dump_json().encode()).hexdigest()
    return Candidate(submission=submission, key=f"import:{digest}")


def _dataset(table: Table) -> Dataset:
    return Dataset(*table.rows.values(), headers=table.headers)


def _lines(resource: IntakePreview, result: Result) -> tuple[Line, ...]:
    for failed in result.error_rows:  # the library keeps every exception: one that no row is to blame for is a fault
        raise failed.errors[0].error
    opened: set[str] = set()
    judged = zip(resource.numbers, resource.candidates, result.rows, strict=True)
    return tuple(_line(number, candidate, row, opened) for number, candidate, row in judged)


def _line(number: int, candidate: Candidate, row: RowResult, opened: set[str]) -> Line:
    """Return what becomes of a row; `opened` are the names of clients that rows above it open, and then its own."""
    refused = row.validation_error
    name = candidate.submission.client.name if candidate.submission else ""
    is_known = candidate.client is not None or name.casefold() in opened
    if row.is_new():
        opened.add(name.casefold())
    return Line(
        number=number,
        name=name,
        outcome="REFUSED" if refused else "KNOWN" if row.is_skip() else "NEW",
        has_known_client=is_known,
        problems={column: " ".join(said) for column, said in refused.message_dict.items()} if refused else {},
    )
