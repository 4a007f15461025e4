"""A file sent through the portal …"""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import translation

from apps.identity.models import Client
from apps.identity.tests.factories import MembershipFactory, Portal
from apps.onboarding.models import DraftAttachment
from apps.onboarding.rules.attachments import MOST_BYTES, PICTURES, AttachmentRefused
from apps.onboarding.services.attachments import keep_file
from apps.onboarding.tests import corpus
from apps.onboarding.tests.factories import IntakeFactory

pytestmark = pytest.mark.django_db

BAD, GOOD = list(corpus.bad_files()), list(corpus.good_files())


@pytest.fixture
def portal(acme: Client) -> Portal:
    return Portal(MembershipFactory(client=acme, role="APPROVER"))


@pytest.fixture
def attachments(portal: Portal) -> str:
    return f"intakes/{portal.post('intakes', {}).json()['id']}/attachments"


def files_in(media: Path) -> list[Path]:
    return [file for file in media.rglob("*") if file.is_file()]


@pytest.mark.parametrize(("name", "make"), [pytest.param(name, make, id=what) for what, name, make in BAD])
def test_is_refused_without_a_trace(
    portal: Portal, attachments: str, media: Path, name: str, make: Callable[[], bytes]
) -> None:
    answer = portal.upload(attachments, name, make())
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert [each["field"] for each in answer.json()["errors"]] == ["file"]
    assert (files_in(media), DraftAttachment.objects.count()) == ([], 0)


@pytest.mark.parametrize(("name", "make"), [pytest.param(name, make, id=what) for what, name, make in GOOD])
def test_is_taken_under_a_name_that_hurts_nobody(
    portal: Portal, attachments: str, media: Path, name: str, make: Callable[[], bytes]
) -> None:
    answer = portal.upload(attachments, name, make())
    assert answer.status_code == 201, answer.content
    attached = answer.json()
    assert not set(attached["name"]) & set("/\\\r\n\u202e\u2028")
    assert len(attached["name"]) <= 150
    (kept,) = files_in(media)
    assert kept.parent.parent == media / "intakes"
    if attached["media_type"] in PICTURES:
        assert not [hidden for hidden in corpus.HIDDEN if hidden in kept.read_bytes()]
    got = portal.get(f"{attachments}/{attached['id']}/file")
    assert (got.status_code, got.content) == (200, kept.read_bytes())
    assert got["Content-Disposition"].startswith("attachment; filename")


def test_is_tried_in_enough_ways() -> None:
    assert len(BAD) >= 90
    assert len(GOOD) >= 40


@pytest.mark.parametrize(("name", "make"), [pytest.param(name, make, id=what) for what, name, make in BAD])
def test_is_refused_in_german_too(acme: Client, media: Path, name: str, make: Callable[[], bytes]) -> None:
    with pytest.raises(AttachmentRefused) as refusal:
        keep_file(IntakeFactory(client=acme), name=name, content=make()[: MOST_BYTES + 1], by=None)
    with translation.override("de"):
        german = refusal.value.told(translation.gettext)
    assert german != str(refusal.value), "there is a German sentence for it"
    assert all(str(fact) in german for name, fact in refusal.value.facts.items() if name == "name")
