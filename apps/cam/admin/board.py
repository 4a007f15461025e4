"""The lead board: a campaign's leads in columns by state, moved by dragging or by each card's menu."""

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils import timezone
from django_fsm import TransitionNotAllowed

from apps.cam import queries
from apps.cam.models import Campaign, Lead
from apps.cam.rules.moves import MOVE_OF, STATES, Move, move_to, moves_from
from apps.cam.services.leads import MoveRefused, advance_lead
from apps.shared.admin import ReadOnlyAdmin, badge, words
from apps.shared.desk import list_of, page_of

BY_SCRIPT = "X-Board"
"""Sent by a page that wants the board alone back; what became of the move stands in it."""


class MoveForm(forms.Form):
    """Which lead goes where, and why."""

    lead = forms.UUIDField()
    to = forms.ChoiceField(choices=[(state, state) for state in STATES])
    reason = forms.CharField(required=False, max_length=2000)


@dataclass(frozen=True)
class Card:
    """A lead on the board, and what can become of it."""

    lead: Lead
    url: str
    moves: list[Move]


@dataclass(frozen=True)
class Column:
    """The leads in one state: the first of them, how many there are, and the list of all."""

    state: str
    title: str
    label: str
    cards: list[Card]
    count: str
    url: str


@dataclass(frozen=True)
class Answer:
    """What became of a move, in words; `asks` is the lead whose menu has to be filled in first."""

    said: str = ""
    is_refused: bool = False
    asks: UUID | None = None
    to: str = ""


def show_board(page: ReadOnlyAdmin, request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a campaign's board; a POST moves a lead first, and is answered in words whether it did."""
    if not request.user.has_perms(["cam.view_campaign", "cam.view_lead"]):
        raise PermissionDenied
    campaign = get_object_or_404(page.get_queryset(request), pk=pk)
    if request.method != "POST":
        context = {**page.admin_site.each_context(request), "opts": page.opts, "title": f"{campaign}: lead board"}
        return TemplateResponse(request, "admin/cam/board_page.html", context | {"board": _board(request, campaign)})
    if not request.user.has_perm("cam.advance_lead"):
        raise PermissionDenied
    answer = _move(request, campaign)
    if BY_SCRIPT in request.headers:
        return HttpResponse(_board(request, campaign, answer))
    (messages.error if answer.is_refused else messages.success)(request, answer.said)
    return HttpResponseRedirect(request.path)


def _move(request: HttpRequest, campaign: Campaign) -> Answer:
    """Move the lead that the form names, or say why it stays where it is."""
    form = MoveForm(request.POST)
    if not form.is_valid():
        return Answer("Choose a lead and where it goes.", is_refused=True)
    to, reason = form.cleaned_data["to"], form.cleaned_data["reason"]
    try:
        with transaction.atomic():
            lead = Lead.objects.select_for_update().get(pk=form.cleaned_data["lead"], campaign=campaign)
            move = move_to(lead.state, to)
            if move is None:
                return Answer(_why_not(lead, to), is_refused=True)
            if move.asks_reason and not reason.strip():
                return Answer(f"{move.explanation} Fill in the reason on the card.", True, lead.pk, to)
            advance_lead(lead, move.verb, by=request.user.pk, reason=reason, at=timezone.now())
    except Lead.DoesNotExist:
        return Answer("This lead is not in the campaign.", is_refused=True)
    except MoveRefused as refusal:
        return Answer(str(refusal), is_refused=True)
    except TransitionNotAllowed:
        return Answer("Somebody else moved this lead in this moment. Look at it again.", is_refused=True)
    return Answer(f"{lead} is {_words(to)}.")


def _why_not(lead: Lead, to: str) -> str:
    if lead.state in MOVE_OF["win"].sources and to == MOVE_OF["win"].target:
        return f"{lead} is won by a deal: open one on the lead's page, and win it."
    legal = moves_from(lead.state, is_contactable=lead.is_contactable)
    where = f"It can become {' or '.join(_words(move.target) for move in legal)}." if legal else "It stays there."
    return f"{lead} is {_words(lead.state)} and cannot become {_words(to)}. {where}"


def _words(state: str) -> str:
    return words(state).lower()


def _board(request: HttpRequest, campaign: Campaign, answer: Answer | None = None) -> str:
    counts, cards = queries.capped_counts(campaign), queries.cards_of(campaign)
    shown = {
        "campaign": campaign,
        "answer": answer,
        "columns": [_column(campaign, state, cards[state], counts[state]) for state in STATES],
        "has_leads": any(counts.values()),
    }
    return render_to_string("admin/cam/board.html", shown, request)


def _column(campaign: Campaign, state: str, leads: list[Lead], count: int) -> Column:
    return Column(
        state=state,
        title=words(state),
        label=badge(state),
        cards=[_card(lead) for lead in leads],
        count=str(count) if count <= queries.MOST_COUNTED else f"more than {queries.MOST_COUNTED}",
        url=list_of(Lead, campaign__id__exact=campaign.pk, state__exact=state),
    )


def _card(lead: Lead) -> Card:
    return Card(lead, page_of(lead), moves_from(lead.state, is_contactable=lead.is_contactable))
