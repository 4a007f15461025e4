"""Work from what a person edited …"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from apps.delivery.models import Package
from apps.identity.models import User
from apps.identity.tests.factories import UserFactory
from apps.observability.models import AuditEntry
from apps.onboarding.models import Brief
from apps.onboarding.rules.revision import wording_of
from apps.onboarding.services import revise_brief
from apps.orchestration.models import WorkflowRun
from apps.orchestration.queries import invariants
from apps.orchestration.services import outbox
from apps.orchestration.services.commands import cancel, compensate_run
from apps.orchestration.services.edits import NothingToWorkFrom, deliver_draft, work_from_brief
from apps.orchestration.tests.conftest import Submit, browser_of, finish
from apps.orchestration.tests.test_client_to_delivery import files, rows_of
from apps.production import services as production
from apps.production.api.dtos import SectionChange
from apps.production.models import Draft
from apps.qc.models import QcReport
from apps.strategy.models import Strategy
from apps.strategy.services import approve_strategy

pytestmark = pytest.mark.django_db

PACK = "quick_social_basic"


@pytest.fixture
def done(submit: Submit) -> WorkflowRun:
    """A run of the main job, done."""
    return finish(submit())


@pytest.fixture
def corrected(done: WorkflowRun) -> Brief:
    """The second version of the run's brief, which a person made."""
    first = Brief.objects.get(run_id=done.pk)
    wanted = replace(wording_of(first.as_dto()), timeline_weeks_min=5, timeline_weeks_max=5)
    return revise_brief(first, wanted, reason="They are in a hurry.", by=UserFactory().pk)


@pytest.fixture
def edited(done: WorkflowRun) -> Draft:
    """The second round of the run's draft, which a person made."""
    return edit(Draft.objects.get(run_id=done.pk), "It opens at nine.")


def edit(draft: Draft, more: str) -> Draft:
    text = draft.sections.get(key="overview").markdown + f"\n{more}\n"
    change = SectionChange(key="overview", markdown=text)
    return production.revise_draft(draft, [change], reason="New hours.", by=UserFactory().pk)


def from_brief(brief: Brief, pack: str = PACK) -> WorkflowRun:
    return work_from_brief(brief.pk, pack=pack, at=timezone.now(), by=UserFactory().pk).run


def from_draft(draft: Draft) -> WorkflowRun:
    return deliver_draft(draft.pk, at=timezone.now(), by=UserFactory().pk).run


def dialog(row: Any) -> str:
    name = "work_from_brief" if isinstance(row, Brief) else "deliver_draft"
    return reverse(f"admin:orchestration_workflowrun_{name}", args=[row.pk])


def page(browser: Browser, row: Any) -> str:
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return browser.get(reverse(name, args=[row.pk])).content.decode()


def press(browser: Browser, row: Any) -> HttpResponse:
    return browser.post(dialog(row), {"_form_submitted": "True", "pack": PACK})


def test_makes_a_package_of_a_corrected_brief(corrected: Brief) -> None:
    run = finish(from_brief(corrected))
    assert (run.state, run.error, run.client) == ("COMPLETED", "", corrected.client)
    strategy = Strategy.objects.get(run_id=run.pk)
    draft = Draft.objects.get(run_id=run.pk)
    assert (strategy.brief_id, draft.strategy_id, draft.pack) == (corrected.pk, strategy.pk, PACK)
    assert strategy.end_date < Strategy.objects.exclude(pk=strategy.pk).get().end_date
    assert Package.objects.get(run_id=run.pk).draft_id == draft.pk
    assert Package.objects.count() == 2
    audit = invariants.audit_runs()
    assert (audit.orphans, audit.violations) == (0, [])


def test_makes_a_package_of_an_edited_draft(edited: Draft) -> None:
    run = finish(from_draft(edited))
    assert (run.state, run.error) == ("COMPLETED", "")
    assert QcReport.objects.get(run_id=run.pk).draft_id == edited.pk
    assert Package.objects.get(run_id=run.pk).draft_id == edited.pk
    assert Draft.objects.count() == 2
    audit = invariants.audit_runs()
    assert (audit.orphans, audit.violations) == (0, [])


def test_takes_back_exactly_what_it_made_and_leaves_what_it_began_with(
    corrected: Brief, edited: Draft, refused_at: Callable
) -> None:
    before = (Brief.objects.count(), Strategy.objects.count(), Draft.objects.count(), QcReport.objects.count())
    packages, kept = set(Package.objects.values_list("pk", flat=True)), sorted(files())
    for run in (from_brief(corrected), from_draft(edited)):
        refused_at("create_package", run)
        assert finish(run).state == "COMPENSATED"
        assert rows_of(run) == 0
    assert before == (
        Brief.objects.count(),
        Strategy.objects.count(),
        Draft.objects.count(),
        QcReport.objects.count(),
    )
    assert (set(Package.objects.values_list("pk", flat=True)), sorted(files())) == (packages, kept)
    assert invariants.audit_runs().violations == []


def test_is_refused_by_quality_control_with_the_verdict_where_the_edit_breaks_a_rule(edited: Draft) -> None:
    spoiled = edit(edited, "It is painless.")
    run = finish(from_draft(spoiled))
    assert run.state in ("FAILED", "COMPENSATED")
    assert run.step_runs.get(name="evaluate_draft").outcome["verdict"] == "FAIL"
    assert Draft.objects.filter(pk=spoiled.pk, state="READY").exists()


def test_is_one_run_however_often_it_is_asked_for(corrected: Brief, edited: Draft) -> None:
    for ask, row in ((from_brief, corrected), (from_draft, edited)):
        first = ask(row)
        assert ask(row) == first
        assert finish(first).state == "COMPLETED"
        assert ask(row) == first
    for plan in Strategy.objects.all():  # approved, it would be another input
        approve_strategy(plan, by=UserFactory().pk, at=timezone.now())
    assert from_draft(edited) == WorkflowRun.objects.get(workflow="draft_to_delivery")
    assert from_brief(corrected, "strategy_campaign_standard").inputs["PackChoice"] != {"pack": PACK}


def test_works_from_one_brief_for_one_pack_at_a_time(corrected: Brief) -> None:
    first = from_brief(corrected)
    assert from_brief(corrected, "strategy_campaign_standard") == first


def test_is_refused_for_what_nobody_edited_or_somebody_edited_again(corrected: Brief, edited: Draft) -> None:
    first_brief, first_draft = Brief.objects.get(version=1), Draft.objects.get(round=1)
    with pytest.raises(NothingToWorkFrom, match="Version 2 has replaced version 1"):
        from_brief(first_brief)
    with pytest.raises(NothingToWorkFrom, match="Round 1 was replaced"):
        from_draft(first_draft)
    Draft.objects.filter(pk=edited.pk).update(author=None)
    with pytest.raises(NothingToWorkFrom, match="Nobody has edited round 2"):
        from_draft(edited)
    Brief.objects.filter(pk=corrected.pk).delete()
    with pytest.raises(NothingToWorkFrom, match="Nobody has corrected this brief"):
        from_brief(first_brief)
    with pytest.raises(NothingToWorkFrom, match="is gone"):
        from_brief(corrected)


def test_is_refused_once_the_run_was_taken_back_that_the_draft_was_written_for(
    done: WorkflowRun, edited: Draft
) -> None:
    compensate_run(done, by=UserFactory().pk, reason="The client has left.")
    finish(done)
    with pytest.raises(NothingToWorkFrom, match="was taken back"):
        from_draft(edited)


def test_is_offered_on_the_page_of_the_newest_version_alone(corrected: Brief, edited: Draft) -> None:
    manager = browser_of("Account manager")
    for row in (corrected, edited):
        assert dialog(row) in page(manager, row)
    for row in (Brief.objects.get(version=1), Draft.objects.get(round=1)):
        assert dialog(row) not in page(manager, row)
        assert "What to do next" not in page(manager, row)


def test_is_offered_by_few_queries(corrected: Brief, edited: Draft, django_assert_max_num_queries: Callable) -> None:
    manager = browser_of("Account manager")
    for row in (corrected, edited):
        with django_assert_max_num_queries(16):
            page(manager, row)


def test_is_told_instead_of_offered_while_it_is_under_way(corrected: Brief, edited: Draft) -> None:
    manager = browser_of("Account manager")
    for ask, row in ((from_brief, corrected), (from_draft, edited)):
        run = ask(row)
        shown = page(manager, row)
        assert dialog(row) not in shown
        assert "works from this version" in shown
        cancel(run, by=UserFactory().pk, reason="too early")
        finish(run)
        shown = page(manager, row)
        assert dialog(row) in shown
        assert "did so before" in shown


def test_begins_by_a_dialog_and_leads_to_the_run_which_two_clicks_share(corrected: Brief, edited: Draft) -> None:
    manager = browser_of("Account manager")
    for row, workflow in ((corrected, "brief_to_delivery"), (edited, "draft_to_delivery")):
        asked = manager.get(dialog(row)).content.decode()
        assert 'id="dialog"' in asked
        assert ("quick_social_basic" in asked) is (row is corrected)
        told = []
        for _ in range(2):
            answer = press(manager, row)
            run = WorkflowRun.objects.get(workflow=workflow)
            assert answer["HX-Redirect"] == reverse("admin:orchestration_workflowrun_change", args=[run.pk])
            told.append(manager.get(answer["HX-Redirect"]).content.decode())
        assert "The run has begun" in told[0]
        assert "This was asked for before" in told[1]
        assert run.started_by.groups.get().name == "Account manager"


def test_leads_back_with_why_where_it_cannot_begin(edited: Draft) -> None:
    manager = browser_of("Account manager")
    edit(edited, "Or at ten.")
    answer = press(manager, edited)
    assert answer["HX-Redirect"] == reverse("admin:production_draft_change", args=[edited.pk])
    assert "Not possible: Round 2 was replaced" in manager.get(answer["HX-Redirect"]).content.decode()
    assert not WorkflowRun.objects.filter(workflow="draft_to_delivery").exists()


@pytest.mark.parametrize("role", ["Producer", "QC reviewer", "Finance", "Sales"])
def test_is_for_those_who_start_runs(corrected: Brief, edited: Draft, role: str) -> None:
    browser = browser_of(role)
    for row in (corrected, edited):
        assert dialog(row) not in page(browser, row)
        assert (browser.get(dialog(row)).status_code, press(browser, row).status_code) == (403, 403)
    assert WorkflowRun.objects.count() == 1


def test_is_for_those_who_see_the_client(corrected: Brief, edited: Draft, settings: Any) -> None:
    settings.OWN_CLIENTS_ONLY = True
    manager = browser_of("Account manager")
    for row in (corrected, edited):
        assert press(manager, row).status_code == 404
    assert WorkflowRun.objects.count() == 1


def test_is_asked_of_the_reviewer_until_it_was_checked(edited: Draft) -> None:
    reviewer, home = browser_of("QC reviewer"), reverse("admin:index")
    need = "Drafts edited after their last check"
    assert need in [worklist.title for worklist in reviewer.get(home).context["worklists"]]
    listed = reviewer.get(reverse("admin:production_draft_changelist"), {"needs": "edited"})
    assert list(listed.context["cl"].result_list) == [edited]
    assert "Edited after its last check" in page(reviewer, edited)
    run = finish(from_draft(edited))
    outbox.dispatch_events()
    assert need not in [worklist.title for worklist in reviewer.get(home).context["worklists"]]
    assert "Edited after its last check" not in page(reviewer, edited)
    assert AuditEntry.objects.filter(action="DraftChecked", object_id=edited.pk).count() == 1
    compensate_run(run, by=User.objects.first().pk, reason="The check was too kind.")
    finish(run)
    outbox.dispatch_events()
    assert "Edited after its last check" in page(reviewer, edited)


def test_counts_as_checked_when_quality_control_refused_it(edited: Draft) -> None:
    spoiled = edit(edited, "It is painless.")
    finish(from_draft(spoiled))
    outbox.dispatch_events()
    spoiled.refresh_from_db()
    assert spoiled.checked_at is not None
    assert spoiled.run_id is None


def test_leaves_a_draft_that_a_run_wrote_as_it_is(done: WorkflowRun) -> None:
    outbox.dispatch_events()
    draft = Draft.objects.get()
    assert (draft.checked_at, draft.is_edited_and_unchecked) == (None, False)
    assert not AuditEntry.objects.filter(action="DraftChecked").exists()
