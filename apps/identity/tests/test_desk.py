"""At the desk, an owner …"""

import pytest
from django.contrib.auth.models import Group
from django.test import Client as Browser
from django.urls import reverse

from apps.identity.models import Client, Membership, User
from apps.identity.tests.factories import MembershipFactory, UserFactory
from apps.observability.api.ports import list_entries

PASSWORD = "a long enough secret 7"


@pytest.fixture
def owner(db: None) -> User:
    return UserFactory(is_superuser=True)


@pytest.fixture
def desk(owner: User) -> Browser:
    browser = Browser()
    browser.force_login(owner)
    return browser


def change_page(row: object) -> str:
    return reverse(f"admin:identity_{type(row).__name__.lower()}_change", args=[row.pk])  # type: ignore[attr-defined]


def form_of(desk: Browser, row: object) -> dict[str, object]:
    form = desk.get(change_page(row)).context["adminform"].form
    values = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    return {name: value for name, value in values.items() if value not in (None, False)}


def test_opens_a_client(desk: Browser, owner: User) -> None:
    fields = {"name": "Initech", "country": "IE", "currency": "EUR", "time_zone": "Europe/Dublin", "contact_email": ""}
    desk.post(reverse("admin:identity_client_add"), fields)
    client = Client.objects.get(slug="initech")
    (entry,) = list_entries(object_type="identity.client", object_id=client.id)
    assert (entry.action, entry.actor_id) == ("ClientOpened", owner.id)


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("name", "ACME", "A client of this name exists."),
        ("time_zone", "Moon", "is no time zone"),
        ("country", "ie", "pattern"),
    ],
)
def test_is_refused_a_client_that_cannot_be(
    desk: Browser, acme: Client, field: str, value: str, complaint: str
) -> None:
    fields = {"name": "Initech", "country": "IE", "currency": "EUR", "time_zone": "Europe/Dublin"} | {field: value}
    page = desk.post(reverse("admin:identity_client_add"), fields)
    assert complaint in str(page.context["adminform"].form.errors[field])
    assert Client.objects.count() == 1


def test_changes_a_client_and_the_audit_keeps_what_it_was(desk: Browser, acme: Client) -> None:
    desk.post(change_page(acme), form_of(desk, acme) | {"strict_qc": "on"})
    acme.refresh_from_db()
    (entry,) = list_entries(object_type="identity.client", object_id=acme.id)
    assert acme.strict_qc
    assert (entry.before["strict_qc"], entry.after["strict_qc"]) == ("False", "True")
    assert entry.facts == {"fields": ["strict_qc"]}


def test_saves_a_client_unchanged_without_a_word(desk: Browser, acme: Client) -> None:
    desk.post(change_page(acme), form_of(desk, acme))
    assert list_entries(object_type="identity.client", object_id=acme.id) == ()


def test_adds_a_person_who_can_log_in(desk: Browser) -> None:
    fields = {"email": "New.Person@Aicmo.test", "full_name": "New Person", "is_staff": "on"}
    fields |= {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    desk.post(reverse("admin:identity_user_add"), fields)
    person = User.objects.get(email="new.person@aicmo.test")
    (entry,) = list_entries(object_type="identity.user", object_id=person.id)
    assert person.check_password(PASSWORD)
    assert entry.action == "UserAdded"
    assert "password" not in entry.after


def test_gives_a_person_a_role(desk: Browser, strategist: User) -> None:
    role = Group.objects.get(name="Strategist")
    desk.post(change_page(strategist), form_of(desk, strategist) | {"groups": [role.pk], "user_permissions": []})
    (entry,) = list_entries(object_type="identity.user", object_id=strategist.id)
    assert (entry.before["groups"], entry.after["groups"]) == ([], ["Strategist"])


@pytest.mark.parametrize(("zone", "is_saved"), [("Asia/Tokyo", True), ("Moon", False), ("Europe", False)])
def test_gives_a_person_a_time_zone_that_there_is(desk: Browser, strategist: User, zone: str, is_saved: bool) -> None:
    fields = form_of(desk, strategist) | {"groups": [], "user_permissions": [], "time_zone": zone}
    assert desk.post(change_page(strategist), fields).status_code == (302 if is_saved else 200)
    strategist.refresh_from_db()
    assert (strategist.time_zone == zone) is is_saved


def test_switches_an_account_off(desk: Browser, strategist: User) -> None:
    fields = form_of(desk, strategist) | {"groups": [], "user_permissions": []}
    del fields["is_active"]
    desk.post(change_page(strategist), fields)
    strategist.refresh_from_db()
    (entry,) = list_entries(object_type="identity.user", object_id=strategist.id)
    assert not strategist.is_active
    assert entry.facts == {"fields": ["is_active"]}


def test_sets_a_password_that_the_audit_does_not_show(desk: Browser, strategist: User, owner: User) -> None:
    page = reverse("admin:auth_user_password_change", args=[strategist.pk])
    desk.post(page, {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD})
    strategist.refresh_from_db()
    (entry,) = list_entries(object_type="identity.user", object_id=strategist.id)
    assert strategist.check_password(PASSWORD)
    assert (entry.action, entry.actor_id, entry.after) == ("PasswordChanged", owner.id, None)


def test_gives_access_to_a_client_and_takes_it_away(desk: Browser, acme: Client) -> None:
    person = UserFactory(is_staff=False)
    fields = {"user": person.pk, "client": acme.pk, "role": "VIEWER"}
    desk.post(reverse("admin:identity_membership_add"), fields)
    membership = Membership.objects.get()
    desk.post(reverse("admin:identity_membership_delete", args=[membership.pk]), {"post": "yes"})
    entries = list_entries(object_type="identity.membership", object_id=membership.id)
    assert [entry.action for entry in entries] == ["MembershipGranted", "MembershipRevoked"]
    assert entries[1].before["role"] == "VIEWER"
    assert not Membership.objects.exists()


def test_takes_access_away_from_many_at_once(desk: Browser, acme: Client) -> None:
    rows = [MembershipFactory(client=acme) for _ in range(2)]
    fields = {"action": "delete_selected", "_selected_action": [row.pk for row in rows], "post": "yes"}
    desk.post(reverse("admin:identity_membership_changelist"), fields)
    left = [list_entries(object_type="identity.membership", object_id=row.id) for row in rows]
    assert [entry.action for entries in left for entry in entries] == ["MembershipRevoked"] * 2


@pytest.mark.parametrize("row", ["acme", "strategist"])
def test_deletes_neither_clients_nor_people(desk: Browser, row: str, request: pytest.FixtureRequest) -> None:
    target = request.getfixturevalue(row)
    page = change_page(target).replace("/change/", "/delete/")
    assert desk.post(page, {"post": "yes"}).status_code == 403
    assert type(target).objects.filter(pk=target.pk).exists()
