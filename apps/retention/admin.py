"""The account manager's desk: who may leave and why, whose contract ends, and who would not recommend us."""

from datetime import UTC, date, datetime
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_fsm import ConcurrentTransition, TransitionNotAllowed
from unfold.contrib.filters.admin import RangeDateFilter, RangeDateTimeFilter

from apps.retention import queries, services
from apps.retention.models import HealthScore, Lifecycle, Renewal, RenewalTask, Signal, Survey
from apps.retention.rules import LEAST_MEASURED
from apps.shared.admin import (
    CLIENT_FILTER,
    CREATED_FILTER,
    NOTHING,
    Button,
    DocumentAdmin,
    ReadOnlyAdmin,
    ReadOnlyTabularInline,
    TransitionAdmin,
    admin_link,
    badge,
    client_link,
    state_column,
    words,
)
from apps.shared.desk import Entry, Need, needs_filter, page_link

REFUSED = (TransitionNotAllowed, ConcurrentTransition, services.ReasonMissing, services.SurveyRefused)
TAB = "Retention"
CLIENTS = ("Clients", "admin:identity_client_changelist", "identity.view_client")


def _now(service: Any, row: Any, **arguments: Any) -> Any:
    return service(row, at=timezone.now(), **arguments)


def _assess(row: Lifecycle, *, by: UUID, reason: str) -> HealthScore:
    return services.assess_renewal_risk(row.client_id, by=by, at=timezone.now())


def _send_survey(row: Lifecycle, *, by: UUID, reason: str) -> int:
    return services.send_survey(row.client_id, by=by, at=timezone.now())


def _take(row: Renewal, *, by: UUID, reason: str) -> Renewal:
    return services.take_renewal(row, by=by)


def _today() -> date:
    return timezone.now().astimezone(UTC).date()


def _button(name: str, label: str, service: Any, offered: Any, explanation: str, **options: Any) -> Button:
    """Make a button of retention, whose permission has the same name."""
    known = {"permission": f"retention.{name}", "refusals": REFUSED}
    return Button(name=name, label=label, service=service, offered=offered, explanation=explanation, **known | options)


def percent(score: Any) -> str:
    """Return a risk from 0 to 1 as people read it."""
    return NOTHING if score is None else f"{score * 100:.0f} %"


def factors_of(row: HealthScore | None) -> dict[str, Any]:
    """Return what the table of a score's factors shows, the heaviest first; what was not measured comes last."""
    if row is None:
        return {"score_row": None}
    found = queries.recomputed(row)
    ordered = sorted(found.factors, key=lambda each: (each.risk is None, -each.contribution, -each.weight))
    return {
        "score_row": row,
        "score": percent(row.score),
        "level": badge(row.level),
        "measured": percent(row.measured_weight),
        "least": percent(LEAST_MEASURED),
        "factors": [
            {
                "name": words(each.name.lower()),
                "said": each.explanation,
                "risk": None if each.risk is None else f"{each.risk:f}",
                "percent": percent(each.risk),
                "weight": percent(each.weight),
                "adds": NOTHING if each.risk is None else f"{each.contribution * 100:.1f}",
            }
            for each in ordered
        ],
    }


# --- clients ----------------------------------------------------------------------------------------------------------


@admin.display(description="risk")
def newest_score(row: Lifecycle) -> str:
    """Show the newest score of a client."""
    return percent(row.score)


@admin.display(description="level")
def newest_level(row: Lifecycle) -> SafeString | str:
    """Show the level of the newest score of a client."""
    return badge(row.level) if row.level else NOTHING


@admin.display(description="contract ends", ordering="client__contract_end_date")
def contract_end(row: Lifecycle) -> date | None:
    """Show when the client's contract ends."""
    return row.client.contract_end_date


@admin.register(Lifecycle)
class LifecycleAdmin(DocumentAdmin, TransitionAdmin):
    empty_says = (
        "A client is looked after from the day it is opened; the daily check finds those that were there before."
    )
    empty_leads_to = CLIENTS
    list_display = (client_link, state_column("stage"), newest_level, newest_score, contract_end, "advanced_at")
    client_tab = TAB
    list_filter = ("stage", ("client__contract_end_date", RangeDateFilter), CLIENT_FILTER)
    list_select_related = ("client",)
    search_fields = ("client__name",)
    id_fields = ("pk", "client_id")
    change_form_before_template = "admin/retention/lifecycle.html"
    fieldsets = (("Stage", {"fields": (client_link, "reason", "advanced_at", "created_at", "updated_at")}),)
    buttons: ClassVar = (
        _button(
            "assess_renewal_risk",
            "Assess now",
            _assess,
            lambda row: row.stage != Lifecycle.Stage.CHURNED,
            "Freezes this week's score of the client, unless it is frozen already: then that one stays.",
            outcome=lambda score: f"{score.level.lower()}, {percent(score.score)}.",
        ),
        _button(
            "send_survey",
            "Ask for a recommendation",
            _send_survey,
            lambda row: row.stage != Lifecycle.Stage.CHURNED,
            "Each of the client's people who was not asked within three months gets one letter, with a link that "
            "can be answered for thirty days.",
            outcome=lambda count: f"{count} asked.",
        ),
        _button(
            "activate_lifecycle",
            "End the onboarding",
            partial(_now, services.activate_lifecycle),
            lambda row: row.stage == Lifecycle.Stage.ONBOARDING,
            "The first delivery does it by itself; press this where the work began elsewhere.",
            asks_reason=True,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).with_newest()

    def page(self, request: HttpRequest, row: Lifecycle) -> dict[str, Any]:
        """Show the newest score factor by factor, the weeks before it, renewals and what people said."""
        scores = queries.scores_of(row.client_id)
        today = _today()
        return {
            "lifecycle": row,
            "stage": badge(row.stage),
            "weeks": [(page_link(each, f"{each.week_start_date:%d %b %Y}"), each, _said(each)) for each in scores],
            "renewals": [
                (page_link(each, f"{each.contract_end_date:%d %b %Y}"), each, badge(each.state), each.days_left(today))
                for each in queries.renewals_of(row.client_id)
            ],
            "surveys": [(page_link(each, each.email), each) for each in queries.surveys_of(row.client_id)],
            **factors_of(scores[0] if scores else None),
        }


def _said(row: HealthScore) -> SafeString:
    return format_html("{} {}", badge(row.level), percent(row.score))


# --- scores -----------------------------------------------------------------------------------------------------------


def _why_it_rose(row: HealthScore) -> str:
    worst = max(queries.recomputed(row).factors, key=lambda each: each.contribution)
    return f"{row.level_before or 'Not known'} to {row.level}, {percent(row.score)}. {worst.explanation}"


MOVERS = Need(
    key="risen",
    title="Clients who became likelier to leave",
    permissions=("retention.assess_renewal_risk",),
    narrow=lambda scores: scores.movers(timezone.now()).select_related("client"),
    name=lambda row: f"Week of {row.week_start_date:%d %b %Y}",
    why=_why_it_rose,
    since=lambda row: row.assessed_at,
)


@admin.display(description="risk", ordering="score")
def shown_score(row: HealthScore) -> str:
    """Show a score as a share."""
    return percent(row.score)


@admin.display(description="measured", ordering="measured_weight")
def shown_measured(row: HealthScore) -> str:
    """Show how much of the score's weight was measured."""
    return percent(row.measured_weight)


@admin.register(HealthScore)
class HealthScoreAdmin(DocumentAdmin):
    empty_says = "The daily check freezes one for each client and week."
    empty_leads_to = CLIENTS
    list_display = ("week_start_date", client_link, state_column("level"), shown_score, shown_measured, "assessed_at")
    needs = (MOVERS,)
    client_tab = TAB
    list_filter = ("level", needs_filter(needs), ("week_start_date", RangeDateFilter), CLIENT_FILTER)
    list_select_related = ("client",)
    search_fields = ("client__name",)
    id_fields = ("pk", "client_id")
    change_form_before_template = "admin/retention/score.html"
    fieldsets = (
        (
            "Frozen",
            {
                "fields": (
                    client_link,
                    "week_start_date",
                    "level_before",
                    "formula_version",
                    "assessed_at",
                    "created_at",
                )
            },
        ),
    )

    def page(self, request: HttpRequest, row: HealthScore) -> dict[str, Any]:
        """Show what each factor saw and what it adds."""
        return factors_of(row)


@admin.register(Signal)
class SignalAdmin(ReadOnlyAdmin):
    empty_says = "They come with what clients decide and say, and with what is checked, delivered, billed and reported."
    list_display = ("__str__", client_link, "value", "at")
    list_filter = ("kind", ("at", RangeDateTimeFilter), CLIENT_FILTER)
    list_select_related = ("client",)
    search_fields = ("client__name",)
    id_fields = ("pk", "client_id", "about_id", "source_event_id")
    fields = ("kind", client_link, "value", "about_id", "source_event_id", "at")


# --- renewals ---------------------------------------------------------------------------------------------------------


def _is_open(row: Renewal) -> bool:
    return row.state == Renewal.State.OPEN


def _how_long(row: Renewal) -> str:
    days = row.days_left(_today())
    return f"Ends in {days} days" if days >= 0 else f"Ended {-days} days ago"


def _why_due(row: Renewal) -> str:
    to_do = row.open_tasks[0].title if row.open_tasks else "Record whether the client stays"
    return f"{_how_long(row)}. {to_do}. Seen to by {queries.name_of(row.owner)}."


DUE = Need(
    key="due",
    title="Contracts that end",
    permissions=("retention.renew_renewal",),
    narrow=lambda rows: (
        rows.undecided().select_related("client", "owner").with_open_tasks().order_by("contract_end_date", "pk")
    ),
    name=lambda row: f"{row.contract_end_date:%d %b %Y}",
    why=_why_due,
)


class TaskInline(ReadOnlyTabularInline):
    model = RenewalTask
    fields = ("mark", "title", "completed_at", "completed_by", "note")
    ordering = ("-mark",)
    show_change_link = True


@admin.display(description="ends in days")
def days_left(row: Renewal) -> str:
    """Say how many days a contract has left."""
    return _how_long(row)


@admin.register(Renewal)
class RenewalAdmin(TransitionAdmin):
    empty_says = "One is opened ninety days before the contract of a client ends. The end stands on the client's page."
    empty_leads_to = CLIENTS
    list_display = ("contract_end_date", client_link, state_column(), "owner", days_left, "decided_at")
    needs = (DUE,)
    client_tab = TAB
    list_filter = ("state", needs_filter(needs), ("contract_end_date", RangeDateFilter), CLIENT_FILTER)
    list_select_related = ("client", "owner")
    search_fields = ("client__name",)
    id_fields = ("pk", "client_id")
    inlines = (TaskInline,)
    fieldsets = (
        (None, {"fields": (client_link, "contract_end_date", days_left, state_column(), "owner")}),
        ("Outcome", {"fields": ("reason", "decided_by", "decided_at", "created_at", "updated_at")}),
    )
    buttons: ClassVar = (
        _button(
            "renew_renewal",
            "Renewed",
            partial(_now, services.renew_renewal),
            _is_open,
            "The client goes on with us. Write the new end of the contract on the client's page afterwards.",
            asks_reason=True,
            question="What was agreed, and why do they stay?",
        ),
        _button(
            "lose_renewal",
            "Lost",
            partial(_now, services.lose_renewal),
            _is_open,
            "The client leaves. Nothing is assessed of it from now on.",
            asks_reason=True,
            question="Why do they leave?",
        ),
        _button(
            "take_renewal",
            "See to it",
            _take,
            _is_open,
            "The renewal is yours to see to from now on.",
        ),
    )

    def desk_next(self, request: HttpRequest) -> Entry | None:
        """Return the contract that ends next."""
        rows = self.get_queryset(request).undecided().filter(contract_end_date__gte=_today()).select_related("client")
        row = rows.order_by("contract_end_date", "pk").first()
        if row is None:
            return None
        ends = timezone.make_aware(datetime.combine(row.contract_end_date, datetime.min.time()))
        return Entry(page_link(row, f"{row.contract_end_date:%d %b %Y}"), client_link(row), "The contract ends.", ends)


@admin.display(description="renewal")
def renewal_link(row: RenewalTask) -> str:
    """Link to the renewal of a task, which the page's query has loaded along."""
    return admin_link("retention.renewal", row.renewal_id, str(row.renewal))


@admin.register(RenewalTask)
class RenewalTaskAdmin(TransitionAdmin):
    empty_says = "They come with renewals, at 90, 60 and 30 days."
    empty_leads_to = ("Renewals", "admin:retention_renewal_changelist", "retention.view_renewal")
    list_display = ("title", renewal_link, "mark", "completed_at", "completed_by")
    list_filter = (("completed_at", RangeDateTimeFilter), CREATED_FILTER)
    list_select_related = ("renewal__client", "completed_by")
    search_fields = ("title", "renewal__client__name")
    id_fields = ("pk", "renewal_id")
    fields = ("title", renewal_link, "mark", "completed_at", "completed_by", "note", "created_at")
    buttons: ClassVar = (
        _button(
            "complete_renewaltask",
            "Done",
            partial(_now, services.complete_task),
            lambda row: row.completed_at is None,
            "The task is done. What came of it stays with the renewal.",
            asks_reason=True,
            question="What came of it?",
        ),
    )


# --- surveys ----------------------------------------------------------------------------------------------------------

UNHEARD = Need(
    key="unheard",
    title="Who would not recommend us",
    permissions=("retention.follow_up_survey",),
    narrow=lambda rows: rows.unheard().select_related("client").order_by("answered_at", "pk"),
    name=lambda row: row.name or row.email,
    why=lambda row: f"{row.score} of 10. {row.comment[:200] or 'Nothing was said beside it.'}",
    since=lambda row: row.answered_at,
)


@admin.register(Survey)
class SurveyAdmin(TransitionAdmin):
    empty_says = "They are sent from a client's page of retention."
    empty_leads_to = ("Clients", "admin:retention_lifecycle_changelist", "retention.send_survey")
    list_display = ("email", client_link, "score", "answered_at", state_column(), "followed_up_at")
    needs = (UNHEARD,)
    client_tab = TAB
    list_filter = ("state", needs_filter(needs), ("answered_at", RangeDateTimeFilter), CLIENT_FILTER, CREATED_FILTER)
    list_select_related = ("client",)
    search_fields = ("email", "client__name")
    id_fields = ("pk", "client_id")
    fieldsets = (
        (None, {"fields": (client_link, "email", "name", "score", "comment", "answered_at")}),
        ("Talked to", {"fields": ("followed_up_at", "followed_up_by", "note")}),
        ("Letter", {"fields": (state_column(), "begun_at", "ended_at", "expires_at", "asked_by", "created_at")}),
    )
    buttons: ClassVar = (
        _button(
            "follow_up_survey",
            "Talked to them",
            partial(_now, services.follow_up_survey),
            lambda row: row.answered_at is not None and row.followed_up_at is None,
            "Closes the loop: somebody talked to the person who answered.",
            asks_reason=True,
            question="What came of it?",
        ),
    )
