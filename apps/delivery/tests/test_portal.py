"""A package in the portal …"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.signing import Signer
from django.test import Client as Browser
from uuid_utils.compat import uuid7

from apps.delivery.models import Artifact, Package
from apps.delivery.services import links, packages
from apps.delivery.tests.factories import job_for, staged_package
from apps.identity.models import Client
from apps.identity.tests.factories import MembershipFactory, Portal
from apps.shared import row_security

pytestmark = pytest.mark.django_db


def package_of(client: Client, *, is_promoted: bool = True) -> Package:
    job = job_for(client.pk)
    rendered = staged_package(job.run)
    package = packages.create_package(draft=job.draft, rendered=rendered, run=job.run)
    if is_promoted:
        packages.promote_package(package.pk, rendered.staged_prefix, at=datetime.now(UTC))
    return package


@pytest.fixture
def portal(acme: Client) -> Portal:
    return Portal(MembershipFactory(client=acme, role="VIEWER"))


@pytest.fixture
def artifact(acme: Client) -> Artifact:
    return package_of(acme).artifacts.get(format="PDF")


def link_to(portal: Portal, artifact: Artifact) -> str:
    made = portal.post(f"artifacts/{artifact.pk}/link")
    assert made.status_code == 201
    return made.json()["url"]


def fetch(url: str, **headers: str) -> object:
    return Browser().get(url.removeprefix("http://testserver"), headers=headers)


def test_lists_its_files_with_their_hashes(portal: Portal, artifact: Artifact) -> None:
    (listed,) = portal.get("packages").json()["results"]
    shown = portal.get(f"packages/{listed['id']}").json()
    assert [each["sha256"] for each in shown["artifacts"]] == [each.sha256 for each in artifact.package.artifacts.all()]
    assert shown["manifest_sha256"] == artifact.package.manifest_sha256
    assert not {"manifest", "staged_prefix", "run_id", "key"} & {*shown, *shown["artifacts"][0]}
    found = portal.get(f"artifacts?format=PDF&package_id={listed['id']}").json()["results"]
    assert [each["id"] for each in found] == [str(artifact.pk)]


def test_is_not_there_before_its_files_are(portal: Portal, acme: Client) -> None:
    package = package_of(acme, is_promoted=False)
    assert portal.get(f"packages/{package.pk}").status_code == 404
    assert portal.get("artifacts").json()["results"] == []


def test_gives_a_file_to_whoever_has_its_address(portal: Portal, artifact: Artifact) -> None:
    got = fetch(link_to(portal, artifact))
    assert (got.status_code, got.content) == (200, b"%PDF-1.7 small")
    assert got["Content-Disposition"] == 'attachment; filename="strategy-report.pdf"'
    assert got["Content-Type"] == "application/pdf"
    assert (got["X-Content-Type-Options"], got["Content-Security-Policy"]) == ("nosniff", "sandbox; default-src 'none'")
    assert got["Cache-Control"] == "private, no-store"
    assert fetch(link_to(portal, artifact), Authorization="Bearer aicmo_nothing").status_code == 200


def test_gives_a_file_to_somebody_logged_in_elsewhere(portal: Portal, artifact: Artifact, globex: Client) -> None:
    other = Portal(MembershipFactory(client=globex))
    assert fetch(link_to(portal, artifact), **other.headers).status_code == 200
    assert other.get("clients").json()["results"][0]["name"] == "Globex"


def test_gives_no_file_after_five_minutes(portal: Portal, artifact: Artifact) -> None:
    url = link_to(portal, artifact)
    with patch("apps.delivery.rest.timezone.now", return_value=datetime.now(UTC) + timedelta(minutes=4, seconds=50)):
        assert fetch(url).status_code == 200
    with patch("apps.delivery.rest.timezone.now", return_value=datetime.now(UTC) + timedelta(minutes=5, seconds=1)):
        late = fetch(url)
    assert (late.status_code, late["Content-Type"]) == (410, "application/problem+json")


def test_gives_no_file_for_an_address_of_somebodys_making(portal: Portal, artifact: Artifact, globex: Client) -> None:
    url = link_to(portal, artifact)
    signed = url.rpartition("/")[2]
    told = [artifact.pk.hex, globex.pk.hex, int(datetime.now(UTC).timestamp()) + 60]
    theirs = package_of(globex).artifacts.first()
    made_up = [
        *(signed[:-1] + ("A" if signed[-1] != "A" else "B"), signed[1:], signed + "A", "x", ":", "a:b", signed.upper()),
        Signer(key="another", salt="delivery.link").sign_object(told),
        Signer(salt="another").sign_object(told),
        Signer(salt="delivery.link").sign_object(told),  # a file of acme's, signed for globex
        Signer(salt="delivery.link").sign_object([uuid7().hex, *told[1:]]),
        links.make_link(artifact_id=theirs.pk, client_id=artifact.package.client_id, at=datetime.now(UTC))[0],
    ]
    for each in made_up:
        answer = fetch(f"/api/v1/files/{each}")
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json"), each


def test_asks_for_a_file_as_the_client_of_its_address(portal: Portal, artifact: Artifact) -> None:
    url, asked = link_to(portal, artifact), []
    act_for = row_security.act_for
    with patch.object(row_security, "act_for", lambda client: (asked.append(client), act_for(client))):
        fetch(url)
    assert asked == [artifact.package.client_id]
    assert Client.objects.exists()  # and it is the owner of the tables again who asks


def test_gives_no_file_that_was_changed_or_is_gone(portal: Portal, artifact: Artifact, media: Path) -> None:
    url = link_to(portal, artifact)
    (media / artifact.key).write_bytes(b"%PDF-1.7 other")
    assert fetch(url).status_code == 404
    (media / artifact.key).unlink()
    gone = fetch(url)
    assert gone.status_code == 404
    assert artifact.key not in gone.content.decode()


def test_of_another_client_does_not_exist(portal: Portal, globex: Client) -> None:
    theirs = package_of(globex)
    file = theirs.artifacts.first()
    for method, path, own in (
        ("GET", f"packages/{theirs.pk}", theirs.pk),
        ("GET", f"artifacts/{file.pk}", file.pk),
        ("POST", f"artifacts/{file.pk}/link", file.pk),
    ):
        foreign, missing = (portal.send(method, each) for each in (path, path.replace(str(own), str(uuid7()))))
        assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content)
    assert portal.get(f"artifacts?package_id={theirs.pk}").json()["results"] == []
