"""A staff role …"""

import importlib

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import connection

from apps.identity.models import User
from apps.identity.rules import ROLES, may
from apps.identity.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def member_of(role: str) -> User:
    user = UserFactory()
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.mark.parametrize("role", ROLES)
def test_exists_after_migrating(role: str) -> None:
    assert Group.objects.filter(name=role).exists()


@pytest.mark.parametrize(
    ("role", "permission", "allowed"),
    [
        ("Owner", "identity.add_user", True),
        ("Owner", "observability.view_auditentry", True),
        ("Account manager", "identity.change_client", True),
        ("Account manager", "identity.view_user", False),
        ("Strategist", "identity.view_client", True),
        ("Strategist", "identity.change_client", False),
        ("Finance", "observability.view_auditentry", False),
        ("Strategist", "auth.change_group", False),
        ("Account manager", "identity.invite_membership", True),
        ("Account manager", "identity.revoke_apitoken", True),
        ("Account manager", "identity.reset_second_factor", False),
        ("Owner", "identity.reset_second_factor", True),
        ("Sales", "identity.view_apitoken", True),
        ("Sales", "identity.revoke_apitoken", False),
    ],
)
def test_holds_what_it_is_shipped_with(role: str, permission: str, allowed: bool) -> None:
    assert member_of(role).has_perm(permission) is allowed


@pytest.mark.parametrize(
    ("role", "app_label", "codename", "allowed"),
    [
        ("Strategist", "strategy", "approve_strategy", True),
        ("Strategist", "qc", "change_qcreport", False),
        ("Strategist", "qc", "view_qcreport", True),
        ("Producer", "production", "revise_draft", True),
        ("Strategist", "production", "revise_draft", False),
        ("Account manager", "onboarding", "revise_brief", True),
        ("Strategist", "onboarding", "revise_brief", True),
        ("Producer", "onboarding", "revise_brief", False),
        ("Account manager", "onboarding", "import_intakes", True),
        ("Strategist", "onboarding", "import_intakes", True),
        ("Sales", "onboarding", "import_intakes", False),
        ("Producer", "billing", "view_invoice", False),
        ("Account manager", "billing", "view_invoice", True),
        ("Finance", "billing", "issue_invoice", True),
        ("Sales", "cam", "change_lead", True),
        ("Sales", "orchestration", "view_workflowrun", True),
        ("Sales", "orchestration", "change_controlflag", False),
        ("Owner", "orchestration", "change_controlflag", True),
        ("Owner", "orchestration", "set_control_flag", True),
        ("Account manager", "orchestration", "set_control_flag", False),
        ("Account manager", "orchestration", "compensate_run", True),
        ("Account manager", "orchestration", "skip_step", True),
        ("Account manager", "orchestration", "retry_compensation", False),
        ("Strategist", "orchestration", "decide_round", True),
        ("Producer", "orchestration", "retry_step", True),
        ("QC reviewer", "orchestration", "resume_run", True),
        ("QC reviewer", "orchestration", "cancel_run", False),
        ("Finance", "orchestration", "decide_round", False),
    ],
)
def test_may_work_in_its_modules_and_look_elsewhere(role: str, app_label: str, codename: str, allowed: bool) -> None:
    assert may(role, app_label, codename) is allowed


def test_of_the_owner_holds_every_permission_of_every_module() -> None:
    ours = Permission.objects.filter(content_type__app_label__in=[app.label for app in apps.get_app_configs()])
    assert set(Group.objects.get(name="Owner").permissions.all()) == set(ours)


def test_goes_when_its_migration_is_taken_back_and_groups_of_others_stay() -> None:
    migration = importlib.import_module("apps.identity.migrations.0002_staff_roles")
    Group.objects.create(name="Night shift")
    with connection.schema_editor() as editor:
        migration.remove_roles(apps, editor)
        left = list(Group.objects.values_list("name", flat=True))
        migration.add_roles(apps, editor)
    assert left == ["Night shift"]
    assert Group.objects.filter(name__in=ROLES).count() == len(ROLES)
