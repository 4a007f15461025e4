"""Who may do what in the portal: the one table that `test_portal_matrix.py` walks.

A row stands for a method of an address. It says what whoever asks must have, and how the address then answers. An
address without a row, or a row without one, fails the build.
"""

from dataclasses import dataclass
from typing import Any

from apps.identity.rules import ROLES

ANYBODY = "anybody"
LOGGED_IN = "a log-in"
MEMBER = "a membership"
"""Anything else that a row needs is a scope, in its own words or IN_PERSON: a scope that a token cannot lend."""
IN_PERSON = " in person"


@dataclass(frozen=True)
class Row:
    """What an address asks for (`needs`), and how it answers (`answers`) whoever has it and sends `body`."""

    needs: str
    answers: tuple[int, ...] = (200,)
    body: Any = None
    is_form: bool = False
    is_foreign: bool = False
    """That the body names a row of acme's, so that others are told that there is none."""


@dataclass(frozen=True)
class Principal:
    """Somebody who asks: of acme, of globex or of nobody; by a session or a token; let in at all or not."""

    of: str = ""
    scopes: tuple[str, ...] = ()
    has_token: bool = False
    is_logged_in: bool = False


_APPROVER = ("read", "review", "intake", "billing", "metrics")
_VIEWER = ("read",)

PRINCIPALS: dict[str, Principal] = {
    "nobody": Principal(),
    **{f"staff: {role}": Principal(is_logged_in=True) for role in ROLES},
    "approver of acme": Principal("acme", _APPROVER, is_logged_in=True),
    "viewer of acme": Principal("acme", _VIEWER, is_logged_in=True),
    "approver of globex": Principal("globex", _APPROVER, is_logged_in=True),
    "token of an approver": Principal("acme", _APPROVER, has_token=True),
    "token of a viewer": Principal("acme", _VIEWER, has_token=True),
    "token of globex": Principal("globex", _APPROVER, has_token=True),
    **{f"token to {scope}": Principal("acme", (scope,), has_token=True) for scope in _APPROVER},
    "member who left": Principal(is_logged_in=True),
    "member switched off": Principal(),
    "token of a member switched off": Principal(),
    "token that expired": Principal(),
    "token that was revoked": Principal(),
}

_READ, _FORM = Row("read"), {"is_form": True}
_TOKEN = {"name": "ERP", "scopes": ["read"], "expires_at": "{tomorrow}"}
_POINT = {"name": "Enquiries", "value": "3", "source": "phone", "at": "2026-03-10T09:00:00Z"}
_ADDRESS = {"legal_name": "Acme Ltd", "street": "Quay 1", "city": "Cork", "country": "IE", "language": "en"}
_HOOK = {"url": "https://erp.example.com/hooks", "types": ["package.delivered"]}

TABLE: dict[str, Row] = {
    "GET /api/schema/": Row(ANYBODY),
    "GET /api/docs/": Row(ANYBODY),
    # --- the API
    "GET /api/v1/me": _READ,
    "GET /api/v1/clients": _READ,
    "GET /api/v1/clients/{pk}": _READ,
    "GET /api/v1/tokens": _READ,
    "POST /api/v1/tokens": Row("read" + IN_PERSON, (201,), _TOKEN),
    "GET /api/v1/tokens/{pk}": _READ,
    "DELETE /api/v1/tokens/{pk}": Row("read", (204,)),
    "GET /api/v1/data-requests": _READ,
    "POST /api/v1/data-requests": Row("read" + IN_PERSON, (201,), {"kind": "EXPORT", "about": "ME"}),
    "GET /api/v1/data-requests/{pk}": _READ,
    "POST /api/v1/data-requests/{pk}/link": Row("read" + IN_PERSON, (409,), {}),  # there is no copy yet
    "GET /api/v1/intakes": _READ,
    "POST /api/v1/intakes": Row("intake", (201,), {"answers": {"tone": "calm"}}),
    "GET /api/v1/intakes/{pk}": _READ,
    "PATCH /api/v1/intakes/{pk}": Row("intake", body={"answers": {"tone": "calm"}}),
    "DELETE /api/v1/intakes/{pk}": Row("intake", (204,)),
    "POST /api/v1/intakes/{pk}/submit": Row("intake", body={}),
    "GET /api/v1/intakes/{pk}/attachments": _READ,
    "POST /api/v1/intakes/{pk}/attachments": Row("intake", (201,), {"file": "{file}"}, **_FORM),
    "DELETE /api/v1/intakes/{pk}/attachments/{attachment_id}": Row("intake", (204,)),
    "GET /api/v1/intakes/{pk}/attachments/{attachment_id}/file": _READ,
    "GET /api/v1/briefs": _READ,
    "GET /api/v1/briefs/{pk}": _READ,
    "GET /api/v1/strategies": _READ,
    "GET /api/v1/strategies/{pk}": _READ,
    "POST /api/v1/strategies/{pk}/approve": Row("review", body={}),
    "POST /api/v1/strategies/{pk}/reject": Row("review", body={"reason": "Too dear."}),
    "GET /api/v1/drafts": _READ,
    "GET /api/v1/drafts/{pk}": _READ,
    "GET /api/v1/reviews": _READ,
    "GET /api/v1/reviews/{pk}": _READ,
    "POST /api/v1/reviews/{pk}/comments": Row("review", (201,), {"text": "Fine."}),
    "POST /api/v1/reviews/{pk}/decision": Row("review", body={"verdict": "APPROVED"}),
    "GET /api/v1/packages": _READ,
    "GET /api/v1/packages/{pk}": _READ,
    "GET /api/v1/artifacts": _READ,
    "GET /api/v1/artifacts/{pk}": _READ,
    "POST /api/v1/artifacts/{pk}/link": Row("read", (201,), {}),
    "GET /api/v1/files/{signed}": Row(ANYBODY),  # the address is the secret: it was given out for minutes
    "GET /api/v1/quotes": Row("billing"),
    "GET /api/v1/quotes/{pk}": Row("billing"),
    "GET /api/v1/quotes/{pk}/pdf": Row("billing"),
    "POST /api/v1/quotes/{pk}/accept": Row("review", body={"signed_name": "Anna"}),
    "POST /api/v1/quotes/{pk}/decline": Row("review", body={"reason": "Too dear."}),
    "GET /api/v1/invoices": Row("billing"),
    "GET /api/v1/invoices/{pk}": Row("billing"),
    "GET /api/v1/invoices/{pk}/pdf": Row("billing"),
    "POST /api/v1/invoices/{pk}/checkout": Row("billing", (201,), {}),
    "GET /api/v1/checkouts": Row("billing"),
    "GET /api/v1/checkouts/{pk}": Row("billing"),
    "GET /api/v1/invoices/{pk}/xml": Row("billing"),
    "GET /api/v1/credit-notes": Row("billing"),
    "GET /api/v1/credit-notes/{pk}": Row("billing"),
    "GET /api/v1/credit-notes/{pk}/pdf": Row("billing"),
    "GET /api/v1/credit-notes/{pk}/xml": Row("billing"),
    "GET /api/v1/reports": _READ,
    "GET /api/v1/reports/{pk}/pdf": _READ,
    "GET /api/v1/reports/{pk}": _READ,
    "GET /api/v1/metrics": _READ,
    "POST /api/v1/metrics": Row("metrics", (200, 201), {"points": [_POINT]}),
    "GET /api/v1/runs": _READ,
    "GET /api/v1/runs/{pk}": _READ,
    "GET /api/v1/webhooks": _READ,
    "POST /api/v1/webhooks": Row("review" + IN_PERSON, (201,), _HOOK),
    "GET /api/v1/webhooks/{pk}": _READ,
    "PATCH /api/v1/webhooks/{pk}": Row("review" + IN_PERSON, body={"description": "Ours"}),
    "DELETE /api/v1/webhooks/{pk}": Row("review" + IN_PERSON, (204,)),
    "POST /api/v1/webhooks/{pk}/rotate": Row("review" + IN_PERSON),
    "POST /api/v1/webhooks/{pk}/test": Row("review" + IN_PERSON, (202,)),
    "GET /api/v1/webhooks/{pk}/deliveries": _READ,
    "POST /api/v1/webhooks/{pk}/deliveries/{delivery_id}/redeliver": Row("review" + IN_PERSON, (202,)),
    # --- the door for leads: it knows its own keys alone
    "POST /api/acquisition/v1/leads": Row(ANYBODY, (401,), {"email": "mia@clinic.example"}),
    # --- its pages
    "GET /portal/": _READ,
    "GET /portal/reviews": _READ,
    "GET /portal/reviews/{review_id}": _READ,
    "POST /portal/reviews/{review_id}/comments": Row("review", (302,), {"text": "Fine."}, **_FORM),
    "POST /portal/reviews/{review_id}/decision": Row(
        "review", (302,), {"verdict": "APPROVED", "draft_sha256": "{sha256}"}, **_FORM
    ),
    "GET /portal/reviews/{review_id}/changes": Row("review"),
    "POST /portal/reviews/{review_id}/changes": Row(
        "review", (302,), {"change-overview": "Shorter.", "draft_sha256": "{sha256}"}, **_FORM
    ),
    "GET /portal/packages": _READ,
    "GET /portal/packages/{package_id}": _READ,
    "GET /portal/files/{artifact_id}": _READ,
    "GET /portal/quotes": Row("billing"),
    "GET /portal/quotes/{quote_id}": Row("billing"),
    "GET /portal/quotes/{quote_id}/pdf": Row("billing"),
    "POST /portal/quotes/{quote_id}/accept": Row(
        "billing", (302,), {"sha256": "{quote_sha256}", "signed_name": "Anna"}, **_FORM
    ),
    "POST /portal/quotes/{quote_id}/decline": Row(
        "billing", (302,), {"sha256": "{quote_sha256}", "reason": "Too dear."}, **_FORM
    ),
    "GET /portal/invoices": Row("billing"),
    "GET /portal/billing-address": Row("billing"),
    "POST /portal/billing-address": Row("billing", (302,), _ADDRESS, **_FORM),
    "GET /portal/invoices/{invoice_id}": Row("billing"),
    "GET /portal/invoices/{invoice_id}/pdf": Row("billing"),
    "POST /portal/invoices/{invoice_id}/pay": Row("billing", (302,), {}, **_FORM),
    "GET /portal/checkouts/{checkout_id}": Row("billing"),
    "GET /portal/invoices/{invoice_id}/xml": Row("billing"),
    "GET /portal/credit-notes/{credit_note_id}/pdf": Row("billing"),
    "GET /portal/credit-notes/{credit_note_id}/xml": Row("billing"),
    "GET /portal/reports": _READ,
    "GET /portal/reports/{report_id}": _READ,
    "GET /portal/reports/{report_id}/pdf": _READ,
    "GET /portal/strategies": _READ,
    "GET /portal/strategies/{strategy_id}": _READ,
    "POST /portal/strategies/{strategy_id}/decision": Row("review", (302,), {"verdict": "APPROVED"}, **_FORM),
    "GET /portal/intakes": _READ,
    "POST /portal/intakes/new": Row("intake", (302,), {}, **_FORM),
    "GET /portal/intakes/{intake_id}": _READ,
    "POST /portal/intakes/{intake_id}/answers": Row("intake", (302,), {}, **_FORM),
    "POST /portal/intakes/{intake_id}/discard": Row("intake", (302,), {}, **_FORM),
    "POST /portal/intakes/{intake_id}/files": Row("intake", (302,), {"file": "{file}"}, **_FORM),
    "GET /portal/intakes/{intake_id}/files/{file_id}": _READ,
    "POST /portal/intakes/{intake_id}/files/{file_id}/remove": Row("intake", (302,), {}, **_FORM),
    "GET /portal/tokens": Row("read" + IN_PERSON),
    "POST /portal/tokens": Row("read" + IN_PERSON, (200,), {"name": "ERP", "scopes": "read", "days": "30"}, **_FORM),
    "POST /portal/tokens/{token_id}/revoke": Row("read" + IN_PERSON, (302,), {}, **_FORM),
    # --- the account
    "GET /account/": Row(LOGGED_IN),
    "GET /account/log-in": Row(ANYBODY, (200, 302)),
    "POST /account/log-in": Row(ANYBODY, (200, 302), {"username": "x@y.test", "password": "wrong"}, **_FORM),
    "POST /account/log-out": Row(ANYBODY, (302,), {}, **_FORM),
    "POST /account/link": Row(ANYBODY, (200,), {"email": "x@y.test"}, **_FORM),
    "GET /account/link/{secret}": Row(ANYBODY, (410,)),
    "POST /account/link/{secret}": Row(ANYBODY, (410,), {}, **_FORM),
    "GET /account/data": Row(LOGGED_IN),
    "POST /account/data": Row(LOGGED_IN, (302,), {"about": "own", "kind": "EXPORT"}, **_FORM),
    "GET /account/data/{request_id}/{signed}": Row(LOGGED_IN, (404,)),
    "POST /account/client": Row(MEMBER, (302,), {"client": "{client}"}, is_foreign=True, **_FORM),
    "POST /account/language": Row(ANYBODY, (302,), {"language": "en"}, **_FORM),
    "GET /account/password": Row(LOGGED_IN),
    "POST /account/password": Row(LOGGED_IN, (200,), {"old": "wrong", "new": "x", "again": "y"}, **_FORM),
    "GET /account/second-factor": Row(LOGGED_IN),
    "POST /account/second-factor": Row(LOGGED_IN, (200,), {"wish": "confirm", "code": "000000"}, **_FORM),
}

ALL_SEE = {"observability_auditentry": "INSERT", "orchestration_outboxevent": "INSERT"}
"""Tables that the portal may use without a policy, and for what: it tells the audit and workers, and reads neither."""


def expected(key: str, row: Row, who: Principal) -> tuple[int, ...]:
    """Return how an address has to answer somebody who asks for acme's rows."""
    path = key.split(" ")[1]
    is_api, needed = path.startswith("/api/"), row.needs.removesuffix(IN_PERSON)
    if needed == ANYBODY:
        return row.answers
    if path.startswith("/account/"):
        if not who.is_logged_in:
            return (302,)
        return (404,) if needed == MEMBER and who.of != "acme" else row.answers
    if not who.of:
        return (401,) if is_api else (403,) if who.is_logged_in else (302,)
    if needed not in who.scopes:
        return (403,)
    if row.needs.endswith(IN_PERSON) and who.has_token:
        return (403,) if is_api else (404,)
    return (404,) if who.of == "globex" and "{" in path else row.answers
