"""A client that `openapi-python-client` writes from the schema of the portal's API …"""

import importlib
import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.management import call_command

from aicmo_site.tests.portal_work import work_of
from apps.client_review.models import Review
from apps.identity.models import Client
from apps.identity.tests.factories import MembershipFactory, Portal

pytestmark = pytest.mark.django_db(transaction=True)

PACKAGE = "aicmo_portal_client"


@pytest.fixture
def generated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The package, written to a folder of its own and imported."""
    schema, config = tmp_path / "schema.json", tmp_path / "config.yml"
    call_command("spectacular", "--format", "openapi-json", "--file", str(schema))
    config.write_text(json.dumps({"package_name_override": PACKAGE, "post_hooks": []}))
    options = ["generate", "--meta", "none", "--fail-on-warning", "--config", str(config), "--path", str(schema)]
    command = [str(Path(sys.executable).with_name("openapi-python-client")), *options]
    said = subprocess.run(
        [*command, "--output-path", str(tmp_path / PACKAGE)], capture_output=True, text=True, timeout=120, check=False
    )
    assert said.returncode == 0, said.stdout + said.stderr
    monkeypatch.syspath_prepend(tmp_path)
    return importlib.import_module(PACKAGE)


def module(path: str) -> Any:
    return importlib.import_module(f"{PACKAGE}.{path}")


def test_gets_from_an_intake_to_the_file_that_was_approved(
    generated: ModuleType, live_server: Any, acme: Client, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    membership = MembershipFactory(client=acme, role="APPROVER")
    token = Portal(membership).headers["Authorization"].removeprefix("Bearer ")
    access = generated.AuthenticatedClient(
        base_url=live_server.url, token=token, raise_on_unexpected_status=True, httpx_args={"trust_env": False}
    )
    with access as client:
        assert _intake(client).state == "SUBMITTED"
        work_of(acme, membership)  # what the agency does with it
        decided = _review(client)
        assert decided.state == "APPROVED"
        assert Review.objects.get(pk=decided.id).decided_by == membership.user
        assert _download(client).startswith((b"%PDF", b"PK"))
        assert _report(client).kpis[0].attainment_pct == "96.4"


def _intake(client: Any) -> Any:
    """Begin an intake, answer, attach a file and submit."""
    models, types = module("models"), module("types")
    answers = {"primary_offers": "Aligners, 2,900 EUR", "objective": "40 consultations a month by the end of Q2"}
    begun = module("api.intakes.intakes_create").sync_detailed(client=client, body=models.NewIntakeRequest())
    intake, tag = begun.parsed, begun.headers["ETag"]
    saved = module("api.intakes.intakes_partial_update").sync(
        intake.id,
        client=client,
        body=models.PatchedAnswersRequest.from_dict({"answers": answers | {"target_audience": "Adults 25-45"}}),
        if_match=tag,
    )
    assert saved.unanswered == []
    file = types.File(payload=BytesIO(b"Ask for the price list."), file_name="notes.txt")
    attached = module("api.intakes.intakes_attach_file").sync(
        intake.id, client=client, body=models.IntakesAttachFileBody(file=file)
    )
    assert attached.name == "notes.txt"
    return module("api.intakes.intakes_submit").sync(intake.id, client=client)


def _review(client: Any) -> Any:
    """Read what waits for a decision, remark, and approve the version that was read."""
    models = module("models")
    (line, *_) = module("api.reviews.reviews_list").sync(client=client, state=models.ReviewsListState.SENT).results
    shown = module("api.reviews.reviews_retrieve").sync_detailed(line.id, client=client)
    remark = models.NewCommentRequest(text="Good.", section=shown.parsed.sections[0].key)
    assert module("api.reviews.reviews_comment").sync(line.id, client=client, body=remark).side == "CLIENT"
    return module("api.reviews.reviews_decide").sync(
        line.id,
        client=client,
        body=models.DecisionRequest.from_dict({"verdict": "APPROVED"}),
        if_match=shown.headers["ETag"],
    )


def _download(client: Any) -> bytes:
    """Find the newest package and fetch its first file by a signed address."""
    (line, *_) = module("api.packages.packages_list").sync(client=client).results
    package = module("api.packages.packages_retrieve").sync(line.id, client=client)
    link = module("api.artifacts.artifacts_link").sync(package.artifacts[0].id, client=client)
    signed = unquote(link.url.rpartition("/")[2])
    return module("api.files.files_retrieve").sync(signed, client=client).payload.read()


def _report(client: Any) -> Any:
    """Find the newest report and read it."""
    (line, *_) = module("api.reports.reports_list").sync(client=client).results
    return module("api.reports.reports_retrieve").sync(line.id, client=client)
