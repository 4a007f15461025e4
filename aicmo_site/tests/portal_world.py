"""Two clients with work of every kind, and everybody who may ask for it; globex's rows are marked throughout."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from uuid_utils.compat import uuid7

from aicmo_site.tests.factories import a_data_request
from aicmo_site.tests.portal_table import PRINCIPALS, TABLE
from aicmo_site.tests.portal_work import work_of
from apps.billing.models import CreditNote, Refund
from apps.billing.services import quote_letters, reminders, retainers
from apps.billing.services.reversals import reverse_payment
from apps.billing.tests.factories import AT, a_retainer, address_of, pay
from apps.client_review.models import RevisionPlan
from apps.delivery.services.links import make_link
from apps.identity import services
from apps.identity.models import ApiToken, Client, Membership, StoredAnswer, User
from apps.identity.rules import ROLES
from apps.identity.tests.factories import ClientFactory, MembershipFactory, UserFactory
from apps.onboarding.models import Intake
from apps.onboarding.tests.factories import DiscoveryNoteFactory, IntakeInvitationFactory, WorkspaceFactory
from apps.orchestration.models import StepRun
from apps.reporting.services import letters
from apps.shared.scope import path_to_client

PREFIXES = ("api/", "portal/", "account/")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")


def addresses() -> Iterator[str]:
    """Give every address of the portal that the site knows, with its parts in braces."""

    def walk(found: list[URLPattern | URLResolver], before: str) -> Iterator[str]:
        for each in found:
            route = before + str(each.pattern)
            if isinstance(each, URLResolver):
                yield from walk(each.url_patterns, route)
            elif route.startswith(PREFIXES):
                yield "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)

    return walk(get_resolver().url_patterns, "")


def clients_models() -> list[tuple[type[Model], str]]:
    """Return every model whose rows belong to a client, and the way to it."""
    found = [(kind, path_to_client(kind)) for kind in apps.get_models() if kind.__module__.startswith("apps.")]
    return [(kind, path) for kind, path in found if path]


def fingerprint(client: Client) -> dict[str, str]:
    """Return a hash of each table's rows of a client."""
    return {
        kind._meta.db_table: hashlib.sha256(
            repr(list(kind._base_manager.filter(**{path: client.pk}).order_by("pk").values_list())).encode()
        ).hexdigest()
        for kind, path in clients_models()
    }


@dataclass
class World:
    """Everybody, and the ids of acme's and globex's work by the names of their addresses."""

    ways: dict[str, tuple[dict[str, str], dict[str, str]]] = field(default_factory=dict)
    """Of each principal, the cookies and the headers that it sends."""
    clients: dict[str, Client] = field(default_factory=dict)
    ids: dict[str, dict[str, Any]] = field(default_factory=dict)
    own: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Of each principal, the ids that are its own beside its client's: a token belongs to one membership."""
    tags: dict[str, str] = field(default_factory=dict)

    def path(self, key: str, ids: dict[str, Any]) -> str:
        """Return the address of a row of the table with ids in it."""
        path = key.split(" ")[1]
        return re.sub(r"{(\w+)}", lambda found: str(named(path, ids)[found[1]]), path)

    def ask(self, who: str, key: str, ids: dict[str, Any], query: dict[str, str] | None = None) -> HttpResponse:
        """Ask as somebody, with the body that the table gives."""
        cookies, headers = self.ways[who]
        browser, (method, path) = Browser(raise_request_exception=False), key.split(" ")
        browser.cookies.load(cookies)
        row, options = TABLE.get(key), {}
        if tag := self.tags.get("/".join(path.split("/")[:4]) + str(named(path, ids).get("pk", ""))):
            headers = headers | {"If-Match": tag}
        if row and row.body is not None:
            options = {"data": self._body(row.body, ids)}
            options |= {} if row.is_form else {"content_type": "application/json"}
        send = getattr(browser, method.lower())
        address = self.path(key, ids) + ("?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else "")
        return send(address, headers=headers, **options)

    def _body(self, body: dict[str, Any], ids: dict[str, Any]) -> dict[str, Any]:
        given = {
            "{tomorrow}": (timezone.now() + timedelta(days=1)).isoformat(),
            "{client}": str(ids["clients"]),
            "{sha256}": ids["sha256"],
            "{quote_sha256}": ids["quote_sha256"],
        }
        filled = {name: given.get(value, value) if isinstance(value, str) else value for name, value in body.items()}
        if filled.get("file") == "{file}":
            filled["file"] = SimpleUploadedFile("more.txt", b"more words")
        return filled


OF_PAGES = {
    "review_id": "reviews",
    "package_id": "packages",
    "artifact_id": "artifacts",
    "invoice_id": "invoices",
    "checkout_id": "checkouts",
    "credit_note_id": "credit-notes",
    "quote_id": "quotes",
    "report_id": "reports",
    "token_id": "tokens",
    "strategy_id": "strategies",
    "intake_id": "intakes",
    "file_id": "attachment_id",
    "request_id": "data-requests",
}
"""The parts that the pages' addresses have, and whose ids they are."""


def named(path: str, ids: dict[str, Any]) -> dict[str, Any]:
    """Return the ids by the names that the parts of an address have."""
    resource = path.split("/")[3] if path.startswith("/api/v1/") else ""
    return {**ids, "pk": ids.get(resource, ""), "secret": "x", **{name: ids[kind] for name, kind in OF_PAGES.items()}}


KEPT = ("signed", "sha256", "quote_sha256")


def missing(ids: dict[str, Any]) -> dict[str, Any]:
    """Return ids that are nowhere."""
    return {name: ids[name] if name in KEPT else uuid7() for name in ids}


def made() -> World:
    """Make both clients, their work, and everybody."""
    world = World()
    for name in ("acme", "globex"):
        client = ClientFactory(name=name.title(), slug=name, approves_strategies=True)
        world.clients[name] = client
        approver, viewer = (MembershipFactory(client=client, role=role) for role in ("APPROVER", "VIEWER"))
        token, secret = _token(approver, "read", "review", "intake", "billing", "metrics")
        world.ids[name] = ids = work_of(client, approver)
        signed, _ = make_link(artifact_id=ids["artifacts"], client_id=client.pk, at=timezone.now())
        sha256 = apps.get_model("client_review", "Review").objects.get(pk=ids["reviews"]).draft_sha256
        quote_sha256 = apps.get_model("billing", "Quote").objects.get(pk=ids["quotes"]).sha256
        ids |= {"signed": signed, "sha256": sha256, "quote_sha256": quote_sha256, "tokens": token.pk}
        world.ways[f"token of {name}"] = ({}, secret)
        world.ways[f"approver of {name}"] = _session(approver.user)
        world.own[f"token of {name}"] = world.own[f"approver of {name}"] = {"tokens": token.pk}
        _rest_of_work(client, ids)
        if name == "acme":
            _people_of(world, approver, viewer)
    _strangers(world)
    for name in ("acme", "globex"):
        for resource in ("intakes", "strategies", "reviews", "quotes"):
            shown = world.ask(f"token of {name}", f"GET /api/v1/{resource}/{{pk}}", world.ids[name])
            world.tags[f"/api/v1/{resource}{world.ids[name][resource]}"] = shown["ETag"]
    return world


def _rest_of_work(client: Client, ids: dict[str, Any]) -> None:
    """Make one row in every table that a client's work fills, but the API does not show by itself."""
    DiscoveryNoteFactory(intake=Intake.objects.get(pk=ids["submitted"]))
    WorkspaceFactory(client=client)
    IntakeInvitationFactory(client=client)
    RevisionPlan.objects.create(review_id=ids["reviews"], draft_id=ids["drafts"], estimated_hours=2, beyond_included=0)
    StepRun.objects.create(run_id=ids["runs"], position=1, name="brief", state="SUCCEEDED")
    quote_letters.request_letters(ids["quotes"])
    address_of(client)
    overpaid = pay(CreditNote.objects.get(pk=ids["credit-notes"]).invoice, 200)
    Refund.objects.create(payment=overpaid, amount=50, refunded_at=AT)
    reverse_payment(pay(overpaid.invoice, 5).pk, kind="RETURNED", reason="Bounced.", by=UserFactory().pk, at=AT)
    late = AT + timedelta(days=90)
    reminders.remind_now(ids["invoices"], by=None, at=late)
    reminders.hold_reminders(client, invoice_id=None, until_date=None, reason="They call.", by=None, at=late)
    a_retainer(client, start_date=AT.date())
    retainers.draft_due(at=AT + timedelta(days=31))
    letters.request_letters(ids["reports"])
    ids["data-requests"] = a_data_request(client).pk
    answer = {"key": "a", "request_sha256": "0" * 64, "status": 200, "body": b'{"said": "words"}'}
    StoredAnswer.objects.create(membership=Membership.objects.filter(client=client).first(), client=client, **answer)


def _token(membership: Membership, *scopes: str) -> tuple[ApiToken, dict[str, str]]:
    now = timezone.now()
    wish = {"name": "Tests", "scopes": scopes, "expires_at": now + timedelta(days=9)}
    token, secret = services.make_token(membership, **wish, at=now, by=membership.user_id)
    return token, {"Authorization": f"Bearer {secret}"}


def _session(user: User) -> tuple[dict[str, str], dict[str, str]]:
    browser = Browser()
    browser.force_login(user)
    return {settings.SESSION_COOKIE_NAME: browser.cookies[settings.SESSION_COOKIE_NAME].value}, {}


def _people_of(world: World, approver: Membership, viewer: Membership) -> None:
    world.ways["token of an approver"] = world.ways["token of acme"]
    world.own["token of an approver"] = world.own["token of acme"]
    token, secret = _token(viewer, "read")
    world.ways["token of a viewer"], world.ways["viewer of acme"] = ({}, secret), _session(viewer.user)
    wish = {"kind": "ERASURE", "client": None, "asked_in": viewer.client_id, "by": viewer.user}
    own = {"tokens": token.pk, "data-requests": services.ask_for_data(**wish, at=timezone.now()).pk}
    world.own["token of a viewer"] = world.own["viewer of acme"] = own
    for scope in ("read", "review", "intake", "billing", "metrics"):
        token, secret = _token(approver, scope)
        world.ways[f"token to {scope}"] = ({}, secret)
    for end in ("expired", "was revoked"):
        token, secret = _token(approver, "read", "review", "intake", "billing", "metrics")
        at = timezone.now() - timedelta(seconds=1)
        ApiToken.objects.filter(pk=token.pk).update(**{"expires_at" if end == "expired" else "revoked_at": at})
        world.ways[f"token that {end}"] = ({}, secret)


def _strangers(world: World) -> None:
    world.ways["nobody"] = ({}, {})
    for role in ROLES:
        user = UserFactory(is_superuser=role == "Owner")
        user.groups.add(Group.objects.get_or_create(name=role)[0])
        world.ways[f"staff: {role}"] = _session(user)
    off, left = (MembershipFactory(client=world.clients["acme"]) for _ in range(2))
    _, secret = _token(off, "read", "review", "intake", "billing", "metrics")
    world.ways["token of a member switched off"] = ({}, secret)
    world.ways["member switched off"], world.ways["member who left"] = _session(off.user), _session(left.user)
    User.objects.filter(pk=off.user_id).update(is_active=False)
    services.revoke_membership(left, by=left.user_id)
    assert set(PRINCIPALS) <= set(world.ways)


def told(answer: HttpResponse) -> str:
    """Return all that an answer says: its status, headers and body, without what differs from one to the next."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    passing = ("RateLimit", "X-Request-ID", "X-Request-Id", "Server-Timing", "Set-Cookie", "Date")
    headers = {name: value for name, value in answer.items() if name not in passing}
    said = f"{answer.status_code}\n{json.dumps(headers, sort_keys=True)}\n{body.decode('utf-8', 'replace')}"
    return re.sub(r"[A-Za-z0-9]{64}|[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}", "…", said)
