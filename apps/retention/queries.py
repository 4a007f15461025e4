"""Reads of retention: what was measured of a client, and what is shown of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Max, QuerySet

from apps.identity.models import Client, Membership
from apps.retention import rules
from apps.retention.api import dtos
from apps.retention.models import ENGAGEMENTS, HealthScore, Lifecycle, Opportunity, Play, Renewal, Signal, Survey
from apps.shared.dtos import Money

Kind = Signal.Kind
NEVER_SENT = (Survey.State.PROOF, Survey.State.REFUSED, Survey.State.DROPPED)


def inputs_of(client: Client, at: datetime) -> dict[str, Decimal | None]:
    """Return what each factor of the score sees of a client at a moment; None where nothing was measured."""
    signals = Signal.objects.filter(client=client, at__lte=at)
    taken_back = signals.filter(kind=Kind.TAKEN_BACK).values("about_id")
    recent = signals.filter(at__gt=at - rules.WINDOW).exclude(about_id__in=taken_back)
    checks = list(recent.filter(kind__in=(Kind.QC_PASSED, Kind.QC_FAILED)).values_list("kind", flat=True))
    rounds = list(recent.filter(kind__in=(Kind.REVIEW_DECIDED, Kind.ROUND_PLANNED)).values_list("value", flat=True))
    engaged_at = last_engagement_of(signals)
    end = client.contract_end_date
    return {
        "DAYS_SINCE_ENGAGEMENT": None if engaged_at is None else Decimal((at - engaged_at).days),
        "QC_FAILS": Decimal(checks.count(Kind.QC_FAILED)) if checks else None,
        "ROUNDS_BEYOND_INCLUDED": Decimal(sum(1 for beyond in rounds if beyond)) if rounds else None,
        "OVERDUE_INVOICES": _overdue(signals, taken_back),
        "KPI_ATTAINMENT": _newest_value(signals.filter(kind=Kind.REPORT_PUBLISHED)),
        "NPS": _newest_value(signals.filter(kind=Kind.SURVEY_ANSWERED, at__gt=at - rules.ANSWERS_COUNT_FOR)),
        "DAYS_TO_CONTRACT_END": None if end is None else Decimal((end - rules.day_of(at)).days),
    }


def _overdue(signals: QuerySet[Signal], taken_back: QuerySet) -> Decimal | None:
    """Return how many invoices are overdue and not settled; None for a client who was never sent one."""
    invoices = signals.filter(kind__in=(Kind.INVOICE_ISSUED, Kind.INVOICE_OVERDUE)).exclude(about_id__in=taken_back)
    if not invoices.exists():
        return None
    settled = signals.filter(kind=Kind.INVOICE_SETTLED).values("about_id")
    overdue = invoices.filter(kind=Kind.INVOICE_OVERDUE).exclude(about_id__in=settled)
    return Decimal(overdue.values("about_id").distinct().count())


def _newest_value(signals: QuerySet[Signal]) -> Decimal | None:
    return signals.order_by("-at", "-pk").values_list("value", flat=True).first()


def last_engagement_of(signals: QuerySet[Signal]) -> datetime | None:
    """Return when somebody of the client's did something last."""
    return signals.filter(kind__in=ENGAGEMENTS).aggregate(last=Max("at"))["last"]


def find_level_before(client_id: UUID, week_start_date: date) -> str:
    """Return the level that was known last before a week; empty where none ever was."""
    known = HealthScore.objects.filter(client_id=client_id, week_start_date__lt=week_start_date)
    known = known.exclude(level=HealthScore.Level.UNMEASURED).order_by("-week_start_date")
    return known.values_list("level", flat=True).first() or ""


def recomputed(row: HealthScore) -> rules.Assessment:
    """Return what the formula of a frozen score says of its frozen inputs and weights."""
    inputs = {name: None if value is None else Decimal(value) for name, value in row.inputs.items()}
    weights = {name: Decimal(weight) for name, weight in row.weights.items()}
    return rules.assess(inputs, weights, row.formula_version)


def score_of(row: HealthScore) -> dtos.HealthScore:
    """Return a frozen score as others see it."""
    names = set(dtos.HealthScore.model_fields) - {"factors"}
    return dtos.HealthScore(factors=recomputed(row).factors, **{name: getattr(row, name) for name in names})


def scores_of(client_id: UUID, most: int = 26) -> list[HealthScore]:
    """Return a client's scores of the last half year, the newest first."""
    return list(HealthScore.objects.filter(client_id=client_id).order_by("-week_start_date")[:most])


def get_lifecycle(client_id: UUID) -> dtos.Lifecycle:
    """Return where a client stands. Raises Lifecycle.DoesNotExist for one that is not looked after."""
    row = Lifecycle.objects.select_related("client").get(client_id=client_id)
    return dtos.Lifecycle(
        client_id=row.client_id,
        stage=row.stage,
        contract_end_date=row.client.contract_end_date,
        last_engagement_at=last_engagement_of(Signal.objects.filter(client_id=client_id)),
    )


def unwatched_clients() -> list[UUID]:
    """List the clients we work for who are not looked after yet."""
    known = Lifecycle.objects.values("client_id")
    clients = Client.objects.filter(status=Client.Status.ACTIVE).exclude(pk__in=known)
    return list(clients.order_by("pk").values_list("pk", flat=True))


def clients_without_score(at: datetime) -> list[UUID]:
    """List the clients who are with us and have no score of this week yet."""
    scored = HealthScore.objects.filter(week_start_date=rules.week_of(at)).values("client_id")
    watched = Lifecycle.objects.watched().exclude(client_id__in=scored)
    return list(watched.order_by("pk").values_list("client_id", flat=True))


def clients_whose_contract_ends(at: datetime) -> list[UUID]:
    """List the clients who are with us and whose contract ends within the first mark, or ended lately."""
    today = rules.day_of(at)
    span = (today - rules.STILL_OPENED, today + timedelta(days=rules.MARKS[0]))
    watched = Lifecycle.objects.watched().filter(client__contract_end_date__range=span)
    return list(watched.order_by("client__contract_end_date", "pk").values_list("client_id", flat=True))


def watched_clients() -> list[UUID]:
    """List the clients who are with us."""
    return list(Lifecycle.objects.watched().order_by("pk").values_list("client_id", flat=True))


def suggestions_for(client: Client, at: datetime) -> list[rules.Suggestion]:
    """Return what more a client could buy; of each kind only what was seen since a person decided on it last."""
    signals = Signal.objects.filter(client=client, at__gt=at - rules.ANSWERS_COUNT_FOR, at__lte=at)
    signals = signals.exclude(about_id__in=signals.filter(kind=Kind.TAKEN_BACK).values("about_id"))
    rows = signals.filter(kind__in=rules.SEEN).order_by("-at", "-pk").values(*rules.Seen.__dataclass_fields__)
    about = {"has_contract": client.contract_end_date is not None, "currency": client.currency}
    found = rules.suggest([rules.Seen(**row) for row in rows], **about, at=at)
    decided = Opportunity.objects.filter(client=client, decided_at__isnull=False).values_list("kind")
    last = dict(decided.annotate(last=Max("decided_at")))
    return [each for each in found if each.kind not in last or _is_new(each, last[each.kind], at)]


def _is_new(suggestion: rules.Suggestion, decided_at: datetime, at: datetime) -> bool:
    return decided_at + rules.SUGGESTED_AGAIN_AFTER < at and suggestion.newest_at > decided_at


def opportunity_of(row: Opportunity) -> dtos.Opportunity:
    """Return an opportunity as others see it."""
    same = {name: getattr(row, name) for name in ("id", "client_id", "kind", "confidence", "evidence", "why")}
    value = None if row.value is None else Money(amount=row.value, currency=row.currency)
    return dtos.Opportunity(value=value, **same)


def opportunities_of(client_id: UUID, most: int = 10) -> list[Opportunity]:
    """Return what more a client could buy or could have bought, the newest first."""
    return list(Opportunity.objects.filter(client_id=client_id).order_by("-pk")[:most])


def signals_behind(row: Opportunity) -> list[Signal]:
    """Return what an opportunity was read from, the newest first."""
    return list(Signal.objects.filter(pk__in=row.evidence).order_by("-at", "-pk"))


def plays_of(client_id: UUID, most: int = 10) -> list[Play]:
    """Return a client's playbooks with what is to be done, the newest first."""
    rows = Play.objects.filter(client_id=client_id).select_related("score_before", "score_after", "client")
    return list(rows.with_open_tasks().order_by("-pk")[:most])


def newest_score_of(client_id: UUID) -> HealthScore | None:
    """Return a client's newest score."""
    return HealthScore.objects.filter(client_id=client_id).order_by("-week_start_date").first()


def advised_for(score: HealthScore | None) -> list[str]:
    """Return the playbooks that answer what weighs most in a score, the heaviest first."""
    if score is None:
        return []
    worst = sorted(recomputed(score).factors, key=lambda each: each.contribution, reverse=True)
    return rules.advised(each.name for each in worst if each.contribution)


def people_to_ask(client: Client) -> list[tuple[str, str, str]]:
    """Return the addresses, names and languages of a client's people; its contact's where it has no people."""
    members = Membership.objects.filter(client=client, user__is_active=True).select_related("user").order_by("pk")
    people = [(each.user.email, each.user.full_name, each.user.language) for each in members]
    return people or ([(client.contact_email, "", "")] if client.contact_email else [])


def asked_lately(client_id: UUID, addresses: Iterable[str], at: datetime) -> set[str]:
    """Return which of some addresses were asked for this client lately; a letter that never went out asked nobody."""
    surveys = Survey.objects.filter(client_id=client_id, email__in=addresses).exclude(state__in=NEVER_SENT)
    since = at - rules.ASKED_AGAIN_AFTER
    return set(surveys.filter(created_at__gt=since).values_list("email", flat=True))


@dataclass(frozen=True)
class Backtest:
    """A renewal that was decided, and what the frozen scores of the half year before had said of it.

    `warned_on` is the first week of HIGH among them; `differing` counts scores that their frozen inputs do not give.
    """

    renewal: Renewal
    weeks: int
    medium_on: date | None
    warned_on: date | None
    differing: int

    @property
    def verdict(self) -> str:
        """Whether the score would have told, in a word."""
        if not self.weeks:
            return "UNSCORED"
        is_lost = self.renewal.state == Renewal.State.LOST
        if self.warned_on is None:
            return "MISSED" if is_lost else "QUIET"
        return "WARNED" if is_lost else "FALSE_ALARM"

    @property
    def days_before(self) -> int | None:
        """How many days before the decision it warned."""
        return self.warned_on and (self.renewal.decided_at.date() - self.warned_on).days


def backtest(renewals: QuerySet[Renewal], most: int = 50) -> list[Backtest]:
    """Return what the frozen scores had said before renewals were decided, the newest first; each is computed again."""
    decided = renewals.filter(decided_at__isnull=False).select_related("client").order_by("-decided_at")
    rows = list(decided[:most])
    scores: dict[UUID, list[HealthScore]] = {}
    for score in HealthScore.objects.filter(client_id__in={row.client_id for row in rows}).order_by("week_start_date"):
        scores.setdefault(score.client_id, []).append(score)
    return [_tried(row, scores.get(row.client_id, [])) for row in rows]


def _tried(renewal: Renewal, scores: list[HealthScore]) -> Backtest:
    day = renewal.decided_at.date()
    before = [each for each in scores if day - rules.LOOKED_BACK < each.week_start_date <= day]
    found = [(each.week_start_date, recomputed(each)) for each in before]
    return Backtest(
        renewal=renewal,
        weeks=len(before),
        medium_on=next((week for week, said in found if said.level in ("MEDIUM", "HIGH")), None),
        warned_on=next((week for week, said in found if said.level == "HIGH"), None),
        differing=sum(each.score != said.score for each, (_, said) in zip(before, found, strict=True)),
    )


def find_survey(token_hash: str) -> Survey | None:
    """Return the survey whose link holds a secret of this hash."""
    return Survey.objects.select_related("client").filter(token_hash=token_hash).first() if token_hash else None


def surveys_of(client_id: UUID, most: int = 10) -> list[Survey]:
    """Return whom of a client's we asked last, and what they said."""
    return list(Survey.objects.filter(client_id=client_id).order_by("-pk")[:most])


def renewals_of(client_id: UUID) -> list[Renewal]:
    """Return a client's renewals with what is to be done, the newest first."""
    rows = Renewal.objects.filter(client_id=client_id).select_related("owner").with_open_tasks()
    return list(rows.order_by("-contract_end_date")[:10])
