"""Proposing lessons …"""

from datetime import UTC, datetime

import pytest

from apps.identity.models import Client, User
from apps.learning import services
from apps.learning.models import Lesson
from apps.learning.tests.conftest import at_once
from apps.learning.tests.factories import judged
from apps.observability.api import ports as observability
from apps.shared.events import Event

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def propose(client: Client) -> list[Lesson]:
    return services.propose_lessons(client.pk, at=AT)


def test_stores_the_claim_with_its_figures_and_every_section_it_stands_on(acme: Client, told: list[Event]) -> None:
    judged(acme, refused=8, accepted=30, false_alarms=1)
    (lesson,) = propose(acme)
    assert (lesson.subject, lesson.version, lesson.state) == ("synergy", 1, "PROPOSED")
    assert (lesson.sample_size, lesson.refused, lesson.named, lesson.caught, lesson.false_alarms) == (39, 8, 8, 8, 1)
    assert sorted(lesson.evidence.values_list("kind", flat=True)) == ["FALSE_ALARM", *["NAMED"] * 8]
    assert [(each.name, each.client_id, each.claim) for each in told] == [("LessonProposed", acme.pk, lesson.claim)]
    (entry,) = observability.list_entries(object_type="learning.lesson", object_id=lesson.pk)
    assert entry.facts["sample_size"] == 39


def test_says_nothing_twice(acme: Client) -> None:
    judged(acme, refused=6, accepted=30)
    assert len(propose(acme)) == 1
    judged(acme, refused=9)
    assert propose(acme) == []


def test_says_nothing_of_another_client(acme: Client, globex: Client) -> None:
    judged(acme, refused=6, accepted=30)
    judged(globex, refused=2, accepted=30)
    assert services.propose_all(at=AT) == 1
    assert Lesson.objects.get().client == acme


def test_brings_what_was_dismissed_again_by_new_objections_alone(acme: Client, strategist: User) -> None:
    judged(acme, refused=6, accepted=30)
    (lesson,) = propose(acme)
    services.dismiss_lesson(lesson, by=strategist.pk, at=AT, reason="They like it by now.")
    judged(acme, refused=4)
    assert propose(acme) == []
    judged(acme, refused=1)
    (again,) = propose(acme)
    assert (again.subject, again.version) == ("synergy", 2)


@pytest.mark.django_db(transaction=True)
def test_proposes_once_when_two_do_at_the_same_moment(acme: Client) -> None:
    judged(acme, refused=6, accepted=30)
    assert sorted(at_once(2, lambda: len(propose(acme)))) == [0, 1]
