"""Retrieving context …"""

from datetime import UTC, datetime
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from apps.identity.models import Client, User
from apps.learning import services
from apps.learning.api import ports
from apps.learning.api.dtos import ArtifactText, ContextQuery
from apps.learning.models import StoredArtifact
from apps.learning.tests.factories import StoredArtifactFactory
from apps.shared.events import Event

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LONG = "{0} answers every question with the price, in plain words. " * 8


def found(client: Client, text: str, **narrowed: Any) -> list[str]:
    context = ports.retrieve_context(query=ContextQuery(text=text, **narrowed), client_id=client.pk)
    return [match.artifact.text for match in context.matches]


def keep(client: Client, text: str, **changes: Any) -> Any:
    wish = {"kind": "overview", "text": text, "tags": ("quick",), "source_id": uuid7()} | changes
    return ports.store_artifact(artifact=ArtifactText(**wish), client_id=client.pk, at=AT)


def test_finds_words_with_any_ending_in_english_and_german_best_first(acme: Client) -> None:
    often, once = "Prices, price, priced.", "One price and many other words stand here."
    german = "Die Öffnungszeiten der Praxen am Abend."
    for text in (once, often, german):
        StoredArtifactFactory(client=acme, text=text)
    assert found(acme, "price") == [often, once]
    assert found(acme, "pri") == [often, once]
    assert found(acme, "Abende Öffnung") == [german]
    assert found(acme, "price evening") == []


KEPT = (
    "Implants for patients who chew on one side only.",
    "Appointments in the evening, booked on the telephone.",
    "Whitening costs the same at both practices.",
    "Die Behandlung dauert eine Stunde, die Betäubung wirkt länger.",
    "Emergency treatment on Saturdays, without waiting.",
)
WRONGLY = {
    "implnats": 0,
    "patiens": 0,
    "apointments": 1,
    "telphone": 1,
    "whitning": 2,
    "practises costs": 2,
    "Behandlng": 3,
    "Betaubung": 3,
    "emergancy": 4,
    "tretment saturdays": 4,
}


@pytest.mark.parametrize(("query", "place"), WRONGLY.items())
def test_finds_what_is_written_wrongly_by_words_like_it(acme: Client, query: str, place: int) -> None:
    for text in KEPT:
        StoredArtifactFactory(client=acme, text=text)
    assert found(acme, query) == [KEPT[place]]


def test_compares_with_no_other_client_s_words_and_guesses_nothing_far_off(acme: Client, globex: Client) -> None:
    StoredArtifactFactory(client=globex, text=KEPT[0])
    StoredArtifactFactory(client=acme, text=KEPT[1])
    assert found(acme, "implnats") == []
    assert found(acme, "zeppelin evening") == []
    assert found(acme, "evening | '); DROP -- apointments") == []
    assert found(acme, "evening apointments") == [KEPT[1]]
    assert found(acme, "by apointments") == [KEPT[1]]


def test_is_empty_for_a_query_without_a_word_in_it(acme: Client) -> None:
    StoredArtifactFactory(client=acme)
    assert found(acme, " '; -- & | ! ") == []


def test_is_narrowed_by_kind_tags_and_number(acme: Client) -> None:
    for kind, tag in (("overview", "a"), ("channel_plan", "a"), ("overview", "b")):
        StoredArtifactFactory(client=acme, text=f"evening {kind} {tag}", kind=kind, tags=[tag])
    assert found(acme, "evening", kinds=("channel_plan",)) == ["evening channel_plan a"]
    assert found(acme, "evening", tags=("b",)) == ["evening overview b"]
    assert len(found(acme, "evening", limit=2)) == 2


def test_never_offers_a_text_to_another_client_until_a_person_found_it_free(
    acme: Client, globex: Client, strategist: User, told: list[Event]
) -> None:
    kept = StoredArtifactFactory(client=acme, text="evening hours")
    assert (found(acme, "evening"), found(globex, "evening")) == (["evening hours"], [])
    with pytest.raises(ValueError, match="reason is empty"):
        services.release_artifact(kept, by=strategist.pk, reason=" ")
    services.release_artifact(kept, by=strategist.pk, reason="No name, no number.")
    assert found(globex, "evening") == ["evening hours"]
    services.withhold_artifact(kept, by=strategist.pk)
    assert found(globex, "evening") == []
    assert [each.name for each in told] == ["ArtifactReleased", "ArtifactWithheld"]


def test_knows_only_texts_that_the_gate_let_through_each_once(acme: Client, told: list[Event]) -> None:
    text, source = LONG.format(acme.name), uuid7()
    kept = keep(acme, text, source_id=source)
    assert (kept.text, kept.client_id, kept.tags) == (text, acme.pk, ("quick",))
    assert keep(acme, text, source_id=source).id == kept.id
    assert keep(acme, LONG.format("Somebody")) is None
    assert StoredArtifact.objects.count() == 1
    assert [each.name for each in told] == ["ArtifactStored"]
