"""What a language model's opinions are worth: whether people said the same."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q

from apps.cam.models import InboundEmail, ReplyOpinion

JUDGED_WITHIN = timedelta(days=90)


@dataclass(frozen=True)
class Agreement:
    """Of how many opinions people have said what the reply means, and how often that was the same."""

    judged: int
    agreed: int


def find_opinion(reply: InboundEmail) -> ReplyOpinion | None:
    """Return what a language model says of a reply, or why it says nothing; None where it was not asked."""
    return ReplyOpinion.objects.filter(reply=reply).exclude(outcome="ASKING").first()


def agreement(*, at: datetime) -> Agreement:
    """Return how often people agreed with the model of late. Where it can tell nothing it claims nothing."""
    judged = ReplyOpinion.objects.filter(outcome="GIVEN", settled_at__gte=at - JUDGED_WITHIN).exclude(kind="NEUTRAL")
    counts = judged.order_by().aggregate(judged=Count("pk"), agreed=Count("pk", filter=Q(settled_as=F("kind"))))
    return Agreement(**counts)
