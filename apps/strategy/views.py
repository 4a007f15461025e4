"""The portal's page of a strategy: read by clients, and decided on by those whose contract says so."""

from typing import Any
from uuid import UUID

from babel.numbers import format_currency
from django.contrib import messages
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_fsm import ConcurrentTransition, TransitionNotAllowed

from apps.shared.dtos import Money
from apps.shared.portal import Card, page
from apps.shared.rest.views import of_client
from apps.strategy import queries, services
from apps.strategy.models import Strategy

LONGEST_REASON = 2000
ON_A_PAGE = 50
STATES = {
    "DRAFT": gettext_noop("Waits for your decision"),
    "APPROVED": gettext_noop("Approved"),
    "REJECTED": gettext_noop("Rejected"),
    "SUPERSEDED": gettext_noop("A newer version holds"),
}
LAYERS = {
    "business_reality": gettext_noop("Where the business stands"),
    "market_truth": gettext_noop("Where the market stands"),
    "audience_psychology": gettext_noop("What goes on in the buyer's head"),
    "value_architecture": gettext_noop("What is promised"),
    "narrative": gettext_noop("The story that is told"),
    "channel_strategy": gettext_noop("Where it is told"),
    "constraints": gettext_noop("What may not be said or done"),
    "measurement": gettext_noop("How we know that it works"),
}


def cards(request: HttpRequest) -> list[Card]:
    """Return the strategies that wait for the client's approval, for the portal's first page."""
    return [
        Card(
            section="decide",
            title=_("Your strategy, version %(version)s") % {"version": strategy.version},
            text=_("We write by it once you have approved it."),
            url=reverse("portal-strategy", args=[strategy.pk]),
            at=strategy.created_at,
        )
        for strategy in _of(request).undecided()
    ]


def _of(request: HttpRequest) -> QuerySet[Strategy]:
    rows = Strategy.objects.filter(Q(state__in=("APPROVED", "SUPERSEDED")) | Q(client__approves_strategies=True))
    return of_client(rows.select_related("client"), request.access.client_id)


@require_safe
@page()
def strategies(request: HttpRequest) -> HttpResponse:
    """List the strategies that the client may see, the newest first."""
    rows = _of(request).defer("layers", "executive_summary")[:ON_A_PAGE]
    found = [{"row": each, "state": _(STATES[each.state])} for each in rows]
    return render(request, "portal/strategies.html", {"strategies": found})


@require_safe
@page()
def strategy(request: HttpRequest, strategy_id: UUID) -> HttpResponse:
    """Show one version, whole."""
    return _page(request, get_object_or_404(queries.with_parts(_of(request)), pk=strategy_id))


def _page(request: HttpRequest, found: Strategy, *, refusal: str = "", status: int = 200) -> HttpResponse:
    dto = queries.to_dto(found)
    context = {
        "strategy": found,
        "state": _(STATES[found.state]),
        "layers": [(_(title), _lines(getattr(dto.layers, name))) for name, title in LAYERS.items()],
        "budget": _money(dto.budget),
        "channels": [(each, _money(each.budget)) for each in dto.channels],
        "kpis": dto.kpis,
        "milestones": dto.milestones,
        "may_decide": _may_decide(request, found),
        "refusal": refusal,
    }
    return render(request, "portal/strategy.html", context, status=status)


def _may_decide(request: HttpRequest, found: Strategy) -> bool:
    waits = found.state == Strategy.State.DRAFT and found.client.approves_strategies
    return waits and "review" in request.access.scopes


def _lines(layer: Any) -> list[tuple[str, tuple[str, ...]]]:
    """Return what a layer says, by the names of its parts, which are in the language of the text itself."""
    said = ((name.replace("_", " ").capitalize(), value) for name, value in layer)
    return [(name, (value,) if isinstance(value, str) else value) for name, value in said if value]


def _money(money: Money | None) -> str:
    return format_currency(money.amount, money.currency, locale=get_language() or "en") if money else ""


@require_POST
@page("review")
def decide(request: HttpRequest, strategy_id: UUID) -> HttpResponse:
    """Approve the version that was read, or reject it and say why."""
    found = get_object_or_404(queries.with_parts(_of(request)), pk=strategy_id)
    if not found.client.approves_strategies:
        return _page(request, found, refusal=_("By your contract we approve strategies ourselves."), status=403)
    reason, is_rejected = request.POST.get("reason", "").strip(), request.POST.get("verdict") == "REJECTED"
    if is_rejected and not reason:
        return _page(request, found, refusal=_("Say why you reject it, so that the next one is better."), status=400)
    if len(reason) > LONGEST_REASON:
        return _page(request, found, refusal=_("This is too long."), status=400)
    verb = services.reject_strategy if is_rejected else services.approve_strategy
    try:
        with transaction.atomic():
            verb(found, by=request.access.user.pk, reason=reason, at=timezone.now())
    except (TransitionNotAllowed, ConcurrentTransition):
        again = queries.with_parts(_of(request)).get(pk=found.pk)
        return _page(request, again, refusal=_("This cannot be decided any more. Below is how it stands."), status=409)
    messages.success(
        request,
        _("You have rejected this version. We will be in touch.")
        if is_rejected
        else _("Thank you: you have approved this version. We go on from here."),
    )
    return HttpResponseRedirect(reverse("portal-strategy", args=[found.pk]))
