"""Whether clients' people recommend us: asked by one letter, answered by its link, and followed up by a person."""

import hashlib
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from apps.identity.models import Client
from apps.retention import queries, rules
from apps.retention.api import dtos, events
from apps.retention.models import Signal, Survey
from apps.retention.services.health import note_signal
from apps.retention.services.records import demand, tell
from apps.shared.gateways import email
from apps.shared.models import snapshot
from apps.shared.post import Post, letter_of


class SurveyRefused(Exception):
    """Nobody can be asked, or nothing can be answered here any more."""


@transaction.atomic
def send_survey(client_id: UUID, *, by: UUID, at: datetime) -> int:
    """Ask each of a client's people whether they recommend us, by one letter each; return how many are asked.

    Who was asked within the last three months is left alone. Raises SurveyRefused where nobody is left.
    """
    client = Client.objects.select_for_update(no_key=True).get(pk=client_id)
    people = queries.people_to_ask(client)
    if not people:
        raise SurveyRefused("The client has no people in the portal and no contact's address. Add one of the two.")
    lately = queries.asked_lately(client_id, [address for address, *_ in people], at)
    asked = 0
    for address, name, language in people:
        if address in lately:
            continue
        letter = {"email": address, "name": name, "language": language, "expires_at": at + rules.SURVEY_OPEN_FOR}
        survey = Survey.objects.create(client=client, asked_by_id=by, **letter)
        tell(events.SurveySent, survey, client_id=client_id, by=by)
        post.bell.ring_after_commit(survey.pk)
        asked += 1
    if not asked:
        raise SurveyRefused(f"All of them were asked within {rules.ASKED_AGAIN_AFTER.days} days.")
    return asked


@transaction.atomic
def answer_survey(survey: Survey, *, score: int, comment: str, at: datetime) -> Survey:
    """Store what somebody answered, once. Raises SurveyRefused when it is answered already, or too late."""
    survey = Survey.objects.select_for_update(of=("self",)).get(pk=survey.pk)
    if not survey.is_open(at):
        raise SurveyRefused("This survey cannot be answered any more.")
    before = snapshot(survey)
    survey.score, survey.comment, survey.answered_at = score, comment.strip(), at
    survey.save(update_fields=["score", "comment", "answered_at", "updated_at"])
    told = tell(events.SurveyAnswered, survey, client_id=survey.client_id, before=before, score=score)
    facts = {"kind": Signal.Kind.SURVEY_ANSWERED.value, "about_id": survey.pk, "source_event_id": told.event_id}
    note_signal(survey.client_id, dtos.Signal(**facts, value=score, at=at))
    return survey


@transaction.atomic
def follow_up_survey(survey: Survey, *, by: UUID, reason: str, at: datetime) -> Survey:
    """Note that somebody talked to who would not recommend us, and what came of it. Raises ReasonMissing."""
    note = demand(reason, "Say what came of talking to them.")
    survey = Survey.objects.select_for_update(of=("self",)).get(pk=survey.pk)
    if survey.followed_up_at is not None:
        return survey
    before = snapshot(survey)
    survey.followed_up_at, survey.followed_up_by_id, survey.note = at, by, note
    survey.save(update_fields=["followed_up_at", "followed_up_by", "note", "updated_at"])
    tell(events.SurveyFollowedUp, survey, client_id=survey.client_id, by=by, reason=note, before=before)
    return survey


def mail_survey(survey_id: UUID, *, at: datetime) -> bool:
    """Mail a survey that waits; return whether it went out.

    Raises TransientFailure when the mail server is ill; the survey then waits for the next try.
    """
    return post.send(survey_id, at=at)


def sweep_surveys(*, at: datetime) -> int:
    """Call doubtful what a killed worker began, and mail what waits although its message got lost; return how many."""
    return post.sweep(at=at)


def hash_of(token: str) -> str:
    """Return the hash under which the secret of a link is stored."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _write(survey: Survey) -> email.Letter | None:
    """Return the letter of a survey, and keep the hash of its link: a second try writes the same one."""
    if not survey.is_open(timezone.now()):
        return None
    token = salted_hmac("retention.survey", str(survey.pk), secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()
    survey.token_hash = hash_of(token)
    facts = {
        "survey": survey,
        "last_date": survey.expires_at.date(),
        "link": settings.BASE_URL + reverse("survey", args=[token]),
    }
    return letter_of(
        "retention/mail/survey", facts, to=survey.email, key=f"survey/{survey.pk}", language=survey.language
    )


def _tell(survey: Survey) -> None:
    tell(events.SurveyMailed, survey, client_id=survey.client_id, outcome=survey.state)


post = Post(rows=Survey, write=_write, tell=_tell)
register_bell = post.bell.register
