"""Whose rows are whose: what every module keeps of a client or a person, read over the whole database.

Beside `invariants` and `undo` this, and what exports and erases by it, is the one place that names every module's
tables: what is forgotten here stays, and no module may be asked to remember.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BinaryField,
    CharField,
    Count,
    F,
    Field,
    FileField,
    Func,
    JSONField,
    Model,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast

from apps.cam.api import ports as cam
from apps.identity.api.dtos import DataRequest
from apps.identity.models import Client, Membership, User
from apps.orchestration.models import OutboxEvent, WorkflowRun
from apps.orchestration.workflows.personal_data import POLICY, Anonymise, Delete, Keep, NeededBy, Nobody, Table
from apps.shared.scope import path_to_client
from apps.shared.text import pattern_of

SHORTEST_NAME = 4
"""Characters from which on a name is looked for in other rows: shorter ones are parts of words."""


@dataclass
class Subject:
    """Whom a request is about, and all that belongs to them: a client with its people, or one person."""

    client_id: UUID | None = None
    users: set[UUID] = field(default_factory=set)
    leads: set[UUID] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)

    def as_scope(self) -> dict[str, Any]:
        """Return it as the request keeps it, for whoever goes on when the rows that told it are gone."""
        return {"client_id": self.client_id and str(self.client_id)} | {
            name: sorted(map(str, value)) for name, value in asdict(self).items() if name != "client_id"
        }

    def with_scope(self, scope: dict[str, Any]) -> Self:
        """Add what was known when the erasure began."""
        self.users |= set(map(UUID, scope.get("users", ())))
        self.leads |= set(map(UUID, scope.get("leads", ())))
        self.addresses |= set(scope.get("addresses", ()))
        self.names |= set(scope.get("names", ()))
        return self


def subject_of(request: DataRequest) -> Subject:
    """Return whom a request is about, as the rows say now and as it was known before."""
    found = _client(request.client_id) if request.client_id else _person(request.address)
    return found.with_scope(request.scope)


def subject_again(request: DataRequest, known: Subject) -> Subject:
    """Return whom a request is about with who came to it since it was known."""
    return _with_leads(subject_of(request).with_scope(known.as_scope()), None)


def _client(client_id: UUID) -> Subject:
    client = Client.objects.get(pk=client_id)
    elsewhere = Membership.objects.exclude(client_id=client_id).values("user_id")
    people = list(User.objects.filter(memberships__client_id=client_id, is_staff=False).exclude(pk__in=elsewhere))
    subject = Subject(client_id=client_id, users={each.pk for each in people}, names={client.name, client.slug})
    subject.names |= {each.full_name for each in people}
    subject.addresses = {each.email for each in people} | {client.contact_email}
    return _with_leads(subject, client.deal_id)


def _person(address: str) -> Subject:
    subject = Subject(addresses={address})
    for user in User.objects.filter(email__iexact=address) if address else ():
        subject.users.add(user.pk)
        subject.names.add(user.full_name)
    return _with_leads(subject, None)


def _with_leads(subject: Subject, deal_id: UUID | None) -> Subject:
    subject.addresses -= {""}
    subject.names = {name for name in subject.names if len(name) >= SHORTEST_NAME and not name.startswith("erased-")}
    for lead in cam.list_leads_of_person(addresses=tuple(sorted(subject.addresses)), deal_id=deal_id):
        subject.leads.add(lead.id)
        subject.addresses.add(lead.email.lower())
        subject.names |= {lead.full_name} if len(lead.full_name) >= SHORTEST_NAME else set()
    subject.addresses = {each for each in subject.addresses if not each.endswith("@erased.invalid")}
    return subject


# --- rows -------------------------------------------------------------------------------------------------------------


def clients_rows(table: Table, subject: Subject) -> QuerySet:
    """Return the rows of a table that are the client's."""
    rows = table.model._base_manager.all()
    if subject.client_id is None or table.client is None or isinstance(table.client, Nobody):
        return rows.none()
    path = table.of_client or path_to_client(table.model)
    wanted = Q(**{path: subject.client_id}) if path else Q(pk__in=())
    return rows.filter(wanted | _says(table.model, table.says, pattern_of(subject.addresses, subject.names)))


def persons_rows(table: Table, subject: Subject) -> QuerySet:
    """Return the rows of a table that are a person's."""
    rows = table.model._base_manager.all()
    if table.person is None:
        return rows.none()
    wanted = Q(pk__in=())
    for path in table.user:
        wanted |= Q(**{f"{path}__in": subject.users})
    for path in table.lead:
        wanted |= Q(**{f"{path}__in": subject.leads})
    for path in table.address:
        for address in subject.addresses:
            wanted |= Q(**{f"{path}__iexact": address})
    said = wanted | _says(table.model, table.says, pattern_of(subject.addresses))
    if table.mentions:
        path = table.of_client or path_to_client(table.model)
        said |= _says(table.model, table.mentions, pattern_of(subject.addresses)) & Q(**{path: None})
    return rows.filter(said, table.when)


def _says(model: type[Model], columns: tuple[str, ...], pattern: str) -> Q:
    said = Q(pk__in=())
    for column in columns:
        said |= Q(pk__in=rows_saying(model, column, pattern).values("pk"))
    return said


def rows_saying(model: type[Model], column: str, pattern: str) -> QuerySet:
    """Return the rows of a table in a column of which a pattern is found."""
    return model._base_manager.annotate(_said=_text_of(model, column)).filter(_said__iregex=pattern)


def columns_saying(model: type[Model], pattern: str, *, but: Q | None = None) -> dict[str, int]:
    """Return of each column of text in which a pattern is found, in how many rows: one look through the table."""
    names = [column.name for column in text_columns(model)]
    rows = model._base_manager.exclude(but) if but else model._base_manager.all()
    rows = rows.annotate(**{f"_said_{name}": _text_of(model, name) for name in names})
    found = rows.aggregate(
        **{f"_in_{name}": Count("pk", filter=Q(**{f"_said_{name}__iregex": pattern})) for name in names}
    )
    return {name: found[f"_in_{name}"] for name in names if found[f"_in_{name}"]}


def _text_of(model: type[Model], column: str) -> Any:
    if isinstance(model._meta.get_field(column), BinaryField):
        return Func(F(column), Value("escape"), function="encode", output_field=TextField())
    return Cast(column, TextField())


def passes(table: Table, subject: Subject) -> Iterator[tuple[str, QuerySet, Any]]:
    """Give a table's rows of the client and those of the person, each with what becomes of them."""
    if subject.client_id is not None and table.client is not None:
        yield "client", clients_rows(table, subject), table.client
    if table.person is not None:
        yield "person", persons_rows(table, subject), table.person


def needing(fate: Anonymise, rows: QuerySet) -> QuerySet:
    """Narrow clients that are anonymised to those of whom kept rows still need a column."""
    wanted = Q(pk__in=())
    for by in fate.needed.by if fate.needed else ():
        wanted |= _needed_by(by)
    return rows.filter(wanted)


def _needed_by(by: NeededBy) -> Q:
    tables, wanted = {table.label: table.model._base_manager for table in POLICY}, Q(pk__in=())
    for label, which in by.rows.items():
        wanted |= Q(pk__in=tables[label].filter(which).values("client_id"))
    return wanted


def hold_client(subject: Subject) -> None:
    """Let no row that points to the client come in until the transaction that is open ends."""
    list(Client.objects.select_for_update(of=("self",)).filter(pk=subject.client_id).values_list("pk"))


def left_over(subject: Subject) -> list[str]:
    """Return the tables in which rows are that are to be deleted."""
    found = set()
    for table in POLICY:
        for _, rows, fate in passes(table, subject):
            if isinstance(fate, Keep) and fate.only is not None:
                rows = rows.exclude(fate.only)
            elif not isinstance(fate, Delete):
                continue
            if rows.exists():
                found.add(table.label)
    return sorted(found)


def text_columns(model: type[Model]) -> list[Field]:
    """Return the columns of a table that can say anything: keys, lists of them and closed lists of words left out."""
    kinds = (CharField, TextField, JSONField, BinaryField, FileField, ArrayField)
    columns = [
        column
        for column in model._meta.concrete_fields
        if isinstance(getattr(column, "base_field", column), kinds)  # of an array, what it is of
    ]
    return [column for column in columns if not column.choices and not column.is_relation and not column.primary_key]


# --- what forbids it, and what it would do ----------------------------------------------------------------------------


def blockers(subject: Subject, *, has_begun: bool = False) -> list[str]:
    """Say what forbids an erasure now, each with what ends that; once it `has_begun`, it tells of itself in events."""
    found = []
    for count, words in (*_obstacles(subject), *(() if has_begun else _untold(subject))):
        if count:
            found.append(f"{count} {words}")
    return found


def _untold(subject: Subject) -> Iterator[tuple[int, str]]:
    said = rows_saying(OutboxEvent, "payload", pattern_of(subject.addresses)).filter(client_id=None)
    people = Q(aggregate_id__in=subject.users | subject.leads) | Q(pk__in=said.values("pk"))
    waiting = OutboxEvent.objects.filter(people, dispatched_at=None)
    yield waiting.count(), "events of people wait for what follows from them: look again in a minute"


def _obstacles(subject: Subject) -> Iterator[tuple[int, str]]:
    tables = {table.label: table.model._base_manager for table in POLICY}
    of_client = Q(client_id=subject.client_id) if subject.client_id else Q(pk__in=())
    runs = WorkflowRun.objects.filter(of_client, state__in=("PENDING", "RUNNING", "WAITING", "COMPENSATING", "STUCK"))
    yield runs.count(), "runs are open: let them end, or cancel them"
    yield OutboxEvent.objects.filter(of_client, dispatched_at=None).count(), "events wait for what follows from them"
    unpaid = tables["billing.invoice"].filter(of_client, state__in=("ISSUED", "PARTIALLY_PAID", "OVERDUE"))
    yield unpaid.count(), "invoices are not paid: wait for the money, or credit them"
    retainers = tables["billing.retainer"].filter(of_client, state__in=("ACTIVE", "PAUSED"))
    yield retainers.count(), "retainers go on: end them"
    pages = tables["billing.checkout"].filter(of_client, state="OPEN")
    yield pages.count(), "pages for paying by card are open: wait until they expire"
    for_people = ("UNMATCHED", "REFUNDED", "DISPUTED")
    told = tables["billing.vendorevent"].filter(of_client, outcome__in=for_people, handling=None)
    yield told.count(), "payments by card wait for a person: deal with them"
    copies = tables["identity.datarequest"].filter(of_client | Q(address__in=subject.addresses), kind="EXPORT")
    yield copies.filter(state__in=("ASKED", "PREPARING")).count(), "copies are asked for: make them, or refuse them"
    files = tables["reporting.metricimport"].filter(of_client, state="RUNNING")
    yield files.count(), "files of metrics are being read: look again in a few minutes"
    posted = {"onboarding.intakeinvitation": "client_id", "retention.survey": "client_id"}
    posted |= {"billing.quoteletter": "quote__client_id", "client_review.notice": "review__client_id"}
    posted |= {"billing.reminderletter": "reminder__client_id", "reporting.reportletter": "report__client_id"}
    for label, path in posted.items():
        letters = tables[label].filter(state__in=("WAITING", "SENDING"))
        mine = letters.filter(**{path: subject.client_id}) if subject.client_id else letters.none()
        yield mine.count(), f"letters are on their way ({label})"
    mails = tables["cam.outboundemail"].filter(lead_id__in=subject.leads, state="SENDING")
    yield mails.count(), "messages are on their way: look again in a few minutes"
    staff = User.objects.filter(pk__in=subject.users, is_staff=True, is_active=True)
    yield staff.count(), "accounts of the staff are active: switch them off first"
    if subject.client_id is None:
        won = tables["cam.deal"].filter(lead_id__in=subject.leads, state="OPEN")
        yield won.count(), "deals are open: close them first"


def preview_of(subject: Subject) -> dict[str, Any]:
    """Return what an erasure would do to how many rows of which table, what is kept and why, and what forbids it."""
    tables = []
    for table in POLICY:
        for whose, rows, fate in passes(table, subject):
            if count := rows.count():
                tables.append({"table": table.label, "whose": whose, **counted(rows, fate, count)})
    return {"tables": tables, "blocked": blockers(subject)}


def counted(rows: QuerySet, fate: Any, count: int) -> dict[str, Any]:
    """Return in words and numbers what becomes of rows."""
    if isinstance(fate, Keep):
        kept = rows.filter(fate.only).count() if fate.only is not None else count
        return {"kept": kept, "deleted": count - kept, "why": fate.why, "years": fate.years, "holds": list(fate.holds)}
    if isinstance(fate, Anonymise):
        done: dict[str, Any] = {"anonymised": count}
        if fate.holds:
            return done | {"kept": count, "why": fate.why, "years": fate.years, "holds": list(fate.holds)}
        if fate.needed is not None and (kept := needing(fate, rows).count()):
            by = [each for each in fate.needed.by if rows.filter(_needed_by(each)).exists()]
            why, years = " ".join(each.why for each in by), max(each.years for each in by)
            return done | {"kept": kept, "why": why, "years": years, "holds": list(fate.needed.columns)}
        return done
    return {"deleted": count}
