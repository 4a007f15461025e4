"""A card service on this machine that speaks Stripe's protocol, as far as it is used: sessions, keys, signed events."""

import hashlib
import hmac
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

KEY, SECRET = "sk_test_of_the_card_service", "whsec_of_the_card_service"
PAGE = """<!doctype html><html lang="en"><title>Card service</title><h1>{name}</h1><p>{amount} {currency}</p>
<form method="post"><button>Pay now</button></form>"""


@dataclass
class CardService:
    """Its sessions by id, what it answered under which key, and what it was asked."""

    url: str = ""
    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: dict[str, tuple[str, int, dict[str, Any]]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    breaks: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    """Statuses and headers that it answers next instead of doing anything."""

    def create(self, key: str, said: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Make a session, or give the answer that was given under this key; with other words that is refused."""
        digest = json.dumps(said, sort_keys=True)
        if key in self.answers:
            before, status, answer = self.answers[key]
            if before != digest:
                return 400, _error("idempotency_error", "Keys for idempotent requests can only be used with the same.")
            return status, answer
        status, answer = self._create(said)
        self.answers[key] = (digest, status, answer)
        return status, answer

    def _create(self, said: dict[str, str]) -> tuple[int, dict[str, Any]]:
        price = "line_items[0][price_data]"
        missing = [each for each in ("mode", "success_url", f"{price}[currency]") if not said.get(each)]
        if missing or not said.get(f"{price}[unit_amount]", "").isdigit():
            return 400, _error("invalid_request_error", f"Missing required param: {missing}.")
        if said["mode"] != "payment" or re.fullmatch("[a-z]{3}", said[f"{price}[currency]"]) is None:
            return 400, _error("invalid_request_error", "Invalid mode or currency.")
        name = f"cs_test_{uuid4().hex}"
        self.sessions[name] = {
            "id": name,
            "object": "checkout.session",
            "amount_total": int(said[f"{price}[unit_amount]"]) * int(said["line_items[0][quantity]"]),
            "currency": said[f"{price}[currency]"],
            "client_reference_id": said.get("client_reference_id"),
            "expires_at": int((datetime.now(UTC) + timedelta(days=1)).timestamp()),
            "metadata": _within("metadata", said),
            "mode": "payment",
            "payment_intent": None,
            "payment_method_types": ["card"],
            "payment_status": "unpaid",
            "status": "open",
            "success_url": said["success_url"],
            "cancel_url": said.get("cancel_url"),
            "url": f"{self.url}/c/pay/{name}",
        }
        return 200, self.sessions[name]

    def pay(self, name: str) -> dict[str, Any]:
        """Let somebody pay on a session's page, once."""
        session = self.sessions[name]
        if session["status"] == "open":
            session |= {"status": "complete", "payment_status": "paid", "payment_intent": f"pi_{uuid4().hex}"}
        return session


def event(kind: str, about: dict[str, Any], *, at: datetime, name: str = "") -> bytes:
    """Return the body of an event of the service."""
    told = {
        "id": name or f"evt_{uuid4().hex}",
        "object": "event",
        "api_version": "2026-10-28",
        "created": int(at.timestamp()),
        "data": {"object": about},
        "livemode": False,
        "pending_webhooks": 1,
        "type": kind,
    }
    return json.dumps(told, indent=2).encode()


def signature(body: bytes, *, at: datetime, secret: str = SECRET) -> str:
    """Return the header that signs a body, reckoned by the scheme's own description and not by the package."""
    stamp = int(at.timestamp())
    digest = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={stamp},v1={digest},v0={'0' * 64}"


def paid_session(invoice: Any, **fields: Any) -> dict[str, Any]:
    """Return what the service says of a session on which an invoice of two decimals was paid in full."""
    about = {
        "id": f"cs_test_{uuid4().hex}",
        "object": "checkout.session",
        "amount_total": int(invoice.still_open * 100),
        "currency": invoice.currency.lower(),
        "metadata": {"invoice_id": str(invoice.pk)},
        "payment_intent": f"pi_{uuid4().hex}",
        "payment_method_types": ["card"],
        "payment_status": "paid",
    }
    return about | fields


@contextmanager
def running() -> Iterator[CardService]:
    """Run a card service on a free port of this machine."""
    service = CardService()
    server = _Server(("127.0.0.1", 0), _Handler)
    server.service = service
    service.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    service: CardService


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        said = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if self.path.startswith("/c/pay/"):
            session = self.server.service.pay(self.path.rsplit("/", 1)[1])
            return self._send(303, b"", {"Location": session["success_url"]})
        self.server.service.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        if self.server.service.breaks:
            status, headers = self.server.service.breaks.pop(0)
            return self._send(status, json.dumps(_error("api_error", "broken")).encode(), headers)
        if self.headers.get("Authorization") != f"Bearer {KEY}":
            return self._json(401, _error("invalid_request_error", "Invalid API Key provided: sk_test_****"))
        if self.path != "/v1/checkout/sessions":
            return self._json(404, _error("invalid_request_error", "Unrecognized request URL."))
        params = {name: values[0] for name, values in parse_qs(said, keep_blank_values=True).items()}
        return self._json(*self.server.service.create(self.headers.get("Idempotency-Key") or uuid4().hex, params))

    def do_GET(self) -> None:
        if self.path == "/favicon.ico":
            return self._send(204, b"", {})
        session = self.server.service.sessions.get(self.path.rsplit("/", 1)[1])
        if session is None:
            return self._send(404, b"", {})
        shown = {"name": session["id"], "amount": session["amount_total"], "currency": session["currency"]}
        return self._send(200, PAGE.format(**shown).encode(), {"Content-Type": "text/html"})

    def _json(self, status: int, said: dict[str, Any]) -> None:
        self._send(status, json.dumps(said).encode(), {"Content-Type": "application/json"})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


def _within(name: str, said: dict[str, str]) -> dict[str, str]:
    return {key[len(name) + 1 : -1]: value for key, value in said.items() if key.startswith(f"{name}[")}


def _error(kind: str, words: str) -> dict[str, Any]:
    return {"error": {"type": kind, "message": words}}
