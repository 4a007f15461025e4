"""Deals, and the clients that came of them."""

from uuid import UUID

from django.db.models import QuerySet

from apps.cam.api import dtos
from apps.cam.models import Deal, Lead
from apps.identity.models import Client


def get_signed_client(deal_id: UUID) -> dtos.SignedClient:
    """Return what a won deal makes of its lead. Raises Deal.DoesNotExist for one that is not won."""
    return Deal.objects.get(pk=deal_id, state=Deal.State.WON).as_signed_client()


def find_client_of(deal: Deal) -> Client | None:
    """Return the client that came of a deal, None before it was opened."""
    return Client.objects.filter(deal_id=deal.pk).first()


def namesakes_of(deal: Deal) -> list[Client]:
    """Return the clients that are called as the deal's company is, by another deal or none; at most three."""
    return list(Client.objects.filter(name__iexact=deal.company).exclude(deal_id=deal.pk)[:3]) if deal.company else []


def deals_of(lead: Lead) -> QuerySet[Deal]:
    """Return the deals with a lead, newest first."""
    return lead.deals.order_by("-id")
