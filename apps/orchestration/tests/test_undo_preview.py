"""The dialog of a button that takes a run back …"""

import html
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.db import models
from django.db.models import JSONField, Value
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from apps.delivery.api import ports as delivery
from apps.identity.tests.factories import UserFactory
from apps.onboarding import services as onboarding_services
from apps.onboarding.api import ports as onboarding
from apps.onboarding.models import Brief, Intake, IntakeAttachment
from apps.orchestration.models import ControlFlag, WorkflowRun
from apps.orchestration.queries.undo import preview_undo
from apps.orchestration.services import advance, commands, control
from apps.orchestration.services.intake import submit_intake
from apps.orchestration.tests.conftest import finish
from apps.production import services as production
from apps.production.models import BundleAsset, Draft
from apps.shared.testing import send_dialog
from apps.strategy.models import Strategy
from bench.probe.models import ProbeRow

Run = Callable[..., WorkflowRun]
Rows = dict[str, set[Any]]
SAMPLES = Path(__file__).resolve().parents[3] / "samples"
RECORDS = {"orchestration", "observability"}
"""What tells of the run: it grows when the run is taken back."""


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Path) -> Path:
    """Everything that runs write outside the database lies below one folder."""
    settings.PUBLISH_FOLDER, settings.PROOF_FOLDER = tmp_path / "published", tmp_path / "proofs"
    return tmp_path


@pytest.fixture
def desk(transactional_db: None) -> Browser:
    browser = Browser()
    browser.force_login(UserFactory(is_superuser=True))
    return browser


@pytest.fixture
def deliver(shipped: None) -> Callable[[str], WorkflowRun]:
    """Run the main job to its end, with assets and a published copy."""

    def deliver(sample: str) -> WorkflowRun:
        submission = onboarding.read_submission(data=json.loads((SAMPLES / f"intake_{sample}.json").read_text()))
        wishes = {"workflow": "client_to_delivery", "pack": "quick_social_basic", "key": sample}
        run = finish(submit_intake(submission, **wishes, at=timezone.now()))
        production.assemble_bundle(Draft.objects.get(run_id=run.pk))
        package = delivery.find_package_of_run(run_id=run.pk)
        delivery.publish_package(package_id=package.id, destination="FOLDER", key=sample)
        return run

    return deliver


def button_of(run: WorkflowRun, name: str) -> str:
    return reverse(f"admin:orchestration_workflowrun_{name}", args=[run.pk])


def dialog_of(desk: Browser, run: WorkflowRun, name: str) -> str:
    """Return a dialog as a browser gets it, each run of white space as one space."""
    return " ".join(desk.get(button_of(run, name), headers={"HX-Request": "true"}).content.decode().split())


def rows() -> Rows:
    """Return the keys of all rows of the modules, by table, those that tell of runs left out."""
    return {
        model._meta.label_lower: set(model._base_manager.values_list("pk", flat=True)) for model in business_models()
    }


def business_models() -> Iterator[type[models.Model]]:
    ours = (
        config for config in apps.get_app_configs() if config.name.startswith("apps.") and config.label not in RECORDS
    )
    return (model for config in ours for model in config.get_models())


def files(root: Path) -> set[Path]:
    return {path for path in root.rglob("*") if path.is_file()}


def listed_rows(run: WorkflowRun) -> Rows:
    """Return the rows that the preview lists, by table."""
    listed: Rows = {}
    for part in preview_undo(run).parts:
        for each in part.rows:
            listed.setdefault(each.model._meta.label_lower, set()).update(each.ids)
    return listed


def listed_files(run: WorkflowRun, media: Path) -> set[Path]:
    """Return the files that the preview lists; those of the media storage are named by their keys."""
    return {media / file.path for file in preview_undo(run).files}


def test_lists_exactly_what_then_disappears(deliver: Callable, desk: Browser, folders: Path, media: Path) -> None:
    deliver("b2b_saas")
    run = deliver("dental_clinic")
    going, files_going = listed_rows(run), listed_files(run, media)
    rows_before, files_before = rows(), files(folders)
    send_dialog(desk, button_of(run, "compensate_run"), reason="wrong client")
    assert finish(run).state == "CANCELLED"
    rows_after, files_after = rows(), files(folders)
    gone = {table: before - rows_after[table] for table, before in rows_before.items() if before - rows_after[table]}
    assert gone == going
    assert {"delivery.publication", "production.bundleasset", "strategy.kpi", "qc.qcreport"} < going.keys()
    assert files_before - files_after == files_going
    assert (len(files_going), files_after - files_before) == (14, set())
    assert files_after, "the other run's files must be there still"


def test_lists_exactly_what_then_disappears_of_a_run_that_is_stopped_on_its_way(
    start_probe: Run, desk: Browser
) -> None:
    other, run = finish(start_probe("probe_wait")), finish(start_probe("probe_rounds", label="99"))
    before = set(ProbeRow.objects.values_list("pk", flat=True))
    going = listed_rows(run)
    send_dialog(desk, button_of(run, "cancel"), reason="never mind")
    finish(run)
    assert going == {"probe.proberow": before - set(ProbeRow.objects.values_list("pk", flat=True))}
    assert len(going["probe.proberow"]) == 7
    assert ProbeRow.objects.of_run(other.pk).count() == 1


def test_lists_it_in_the_order_of_the_compensation(deliver: Callable) -> None:
    run = deliver("dental_clinic")
    told = [(part.module, part.steps) for part in preview_undo(run).parts]
    assert told == [
        ("delivery", ("create_package",)),
        ("qc", ("evaluate_draft",)),
        ("production", ("generate_draft",)),
        ("strategy", ("generate_strategy",)),
        ("onboarding", ("normalize_brief",)),
    ]


def test_links_to_every_row_and_names_every_file(deliver: Callable, desk: Browser) -> None:
    run = deliver("dental_clinic")
    undo, dialog = preview_undo(run), dialog_of(desk, run, "compensate_run")
    for row in (
        Strategy.objects.get(run_id=run.pk),
        Brief.objects.get(run_id=run.pk),
        Draft.objects.get(run_id=run.pk),
    ):
        assert reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk]) in dialog
    assert all(str(pk)[-6:] in dialog for part in undo.parts for each in part.rows for pk in each.ids)
    assert all(html.escape(file.path) in dialog for file in undo.files)
    assert f"{undo.row_count} rows and 14 files would go (list {undo.digest})." in dialog


def test_says_that_published_files_may_be_elsewhere_too(deliver: Callable, desk: Browser) -> None:
    dialog = dialog_of(desk, deliver("dental_clinic"), "compensate_run")
    assert "What cannot be taken back" in dialog
    assert "Published files may have been copied" in dialog


def test_says_which_uploads_stay(deliver: Callable, media: Path) -> None:
    run = deliver("dental_clinic")
    asset = BundleAsset.objects.filter(bundle__run_id=run.pk).first()
    asset.file.save("visual.png", ContentFile(b"x"))
    assert [one.what for one in preview_undo(run).left][-1] == f"The file {asset.file.name} stays in the storage."
    commands.compensate_run(run, by=UserFactory().pk, reason="wrong")
    finish(run)
    assert (media / asset.file.name).exists()


def test_lists_proofs_among_the_files(deliver: Callable, media: Path, folders: Path) -> None:
    person = UserFactory()
    control.set_flag(ControlFlag.Name.PROOF, is_on=True, by=person.pk, reason="try it", at=timezone.now())
    run = deliver("dental_clinic")
    places = [file.place for file in preview_undo(run).files]
    assert (places.count("PROOF"), places.count("PUBLISHED")) == (14, 0)  # each with its record
    files_before, going = files(folders), listed_files(run, media)
    commands.compensate_run(run, by=person.pk, reason="wrong")
    finish(run)
    assert files_before - files(folders) == going


def test_says_what_a_step_may_have_sent_out_of_the_house(start_probe: Run, desk: Browser) -> None:
    run = finish(start_probe("probe_rounds"))
    assert run.state == "COMPLETED"
    assert "Send letter: something of it may be out of the house." in dialog_of(desk, run, "compensate_run")


def test_says_that_there_is_nothing_to_take_back(start_probe: Run, desk: Browser) -> None:
    assert "There is nothing to take back." in dialog_of(desk, start_probe(), "cancel")


def test_lists_only_what_is_left_of_a_run_that_is_stuck(run_probe: Run, desk: Browser) -> None:
    run = run_probe()
    run.step_runs.filter(name__in=("five", "four")).update(state="COMPENSATED")
    ProbeRow.objects.of_run(run.pk).filter(step__in=("five", "four")).delete()
    WorkflowRun.objects.filter(pk=run.pk).update(state="STUCK", finished_at=None)
    dialog = dialog_of(desk, run, "retry_compensation")
    assert "3 rows and 0 files would go" in dialog
    assert "(Three, Two, One)" in dialog


def test_counts_a_step_that_only_prepared_something(start_probe: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run = start_probe("probe_prepared")
    advance.run_link(run.pk, 0)
    monkeypatch.setattr("apps.orchestration.services.advance._prepare", lambda *_: 1 / 0)
    advance.run_link(run.pk, 1)
    assert [part.steps for part in preview_undo(run).parts] == [("one", "prepared_two")]


def test_tells_of_rows_that_no_step_takes_back(start_probe: Run, desk: Browser) -> None:
    run = finish(start_probe("probe_wait"))
    run.step_runs.filter(name="one").update(state="SKIPPED")
    dialog = dialog_of(desk, run, "cancel")
    assert "No step takes these back" in dialog
    assert [(rows.model, len(rows.ids)) for rows in preview_undo(run).stays] == [(ProbeRow, 1)]


def test_tells_what_holds_to_a_row_that_should_go(deliver: Callable, desk: Browser) -> None:
    run = deliver("dental_clinic")
    intake = Brief.objects.get(run_id=run.pk).intake
    attachment = onboarding_services.attach_file(intake.pk, name="notes.txt", content=b"Ask.", by=None)
    Intake.objects.filter(pk=intake.pk).update(run_id=run.pk)
    (part,) = (part for part in preview_undo(run).parts if part.module == "onboarding")
    assert [(rows.model, rows.ids) for rows in part.held_by] == [(IntakeAttachment, (attachment.pk,))]
    assert "Cannot go as long as these hold to it: 1 intake attachment" in dialog_of(desk, run, "compensate_run")


def test_repeats_what_an_earlier_step_back_has_left(start_probe: Run) -> None:
    run = finish(start_probe("probe_rounds"))
    left = {"what": "A letter was sent.", "todo": "Write again."}
    run.step_runs.filter(name="send_letter").update(state="COMPENSATED", irreversible=[left])
    run.step_runs.filter(name="one").update(irreversible=Value(None, JSONField()))
    assert [one.model_dump() for one in preview_undo(run).left] == [left]


def test_opens_when_nobody_knows_the_workflow_any_more(start_probe: Run, desk: Browser) -> None:
    run = finish(start_probe("probe_wait"))
    WorkflowRun.objects.filter(pk=run.pk).update(version=99)
    assert "There is nothing to take back." not in dialog_of(desk, run, "cancel")
    assert "No release running here knows what would go." in dialog_of(desk, run, "cancel")


def test_takes_back_nothing_else_than_was_listed(deliver: Callable, desk: Browser) -> None:
    run = deliver("dental_clinic")
    seen = html.unescape(re.search(r'name="seen"[^>]*value="([^"]+)"', dialog_of(desk, run, "compensate_run"))[1])
    package = delivery.find_package_of_run(run_id=run.pk)
    delivery.publish_package(package_id=package.id, destination="FOLDER", key="later")
    answer = send_dialog(desk, button_of(run, "compensate_run"), reason="wrong", seen=seen).content.decode()
    assert "What would be removed has changed since you opened this." in answer
    assert f"(list {preview_undo(run).digest})" in answer, "it is not shown again"
    run.refresh_from_db()
    assert run.state == "COMPLETED"


def test_shows_nothing_to_who_may_not_take_back(run_probe: Run, strategist: Any) -> None:
    strategist.user_permissions.set(Permission.objects.filter(codename="view_workflowrun"))
    browser = Browser()
    browser.force_login(strategist)
    assert browser.get(button_of(run_probe(), "compensate_run")).status_code == 403
