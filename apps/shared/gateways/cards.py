"""The card service (Stripe): a page on which an amount is paid, and what the service tells us of afterwards.

No card number ever comes here: a client types it on the service's own page. No setting, no call. The package is an
extra (requirements-cards.txt), imported with the first call; its requests go by our own connection, which follows no
redirect, asks no proxy and has one deadline. What is behind all of it: docs/decisions/0018.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from importlib.util import find_spec
from typing import Any, Literal
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core import checks

from apps.shared.gateways import http
from apps.shared.gateways.proof import is_proof_mode
from apps.shared.resilience import VendorIll, outside
from apps.shared.workflow import RetryPolicy

PROVIDER = "STRIPE"
TOLERANCE_SECONDS = 300
MOST_BYTES = 256 * 1024
"""Of an event, and of an answer."""
TOTAL_SECONDS = 15
NOT_BEFORE = 300.0
"""Seconds for which nobody asks again where the settings are wrong."""
_RETRY = RetryPolicy(attempts=2, first_seconds=0.5, most_seconds=2.0)

# https://docs.stripe.com/currencies: what one unit of its amounts is, which is not always the currency's own coin.
_WHOLE = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]
)
_THOUSANDTHS = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])
_MOST_UNITS = 10**13
"""The service takes no more than twelve digits of any currency."""


class CardsRefused(Exception):
    """The service will not do this, now or later; nobody should ask again with the same."""


class CardsBroke(VendorIll):
    """The service broke over it, and keeps that answer under the key for a day: ask with another one."""


class SignatureWrong(Exception):
    """What came in is not signed by the service, or not of these five minutes."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be paid on a page: `key` makes asking again give the same page."""

    key: UUID
    invoice_id: UUID
    name: str
    amount: Decimal
    currency: str
    success_url: str
    cancel_url: str


@dataclass(frozen=True, slots=True)
class PaymentPage:
    """A page on which an order is paid, until it expires."""

    id: str
    url: str
    expires_at: datetime


Kind = Literal["PAID", "WAITING", "FAILED", "REFUNDED", "DISPUTED", "REINSTATED", "EXPIRED", "OTHER", "UNREAD"]


@dataclass(frozen=True, slots=True)
class CardEvent:
    """What the service tells of; `type` is its own word for it, and `transaction_id` what it calls the payment.

    `checkout_id` and `invoice_id` are ours, as it was given them. Nothing of who paid is kept. UNREAD is of a kind that
    we act on, in a shape that we do not know.
    """

    event_id: str
    type: str
    kind: Kind
    occurred_at: datetime
    transaction_id: str = ""
    amount: Decimal | None = None
    currency: str = ""
    checkout_id: UUID | None = None
    invoice_id: UUID | None = None
    is_card: bool = True
    reason: str = ""


def is_configured() -> bool:
    """Tell whether there is a service to pay with."""
    return bool(settings.STRIPE_KEY)


def say_what_is_missing(app_configs: Any, **options: Any) -> list[checks.CheckMessage]:
    """Refuse to start where the service is set and the package that speaks with it is not installed."""
    if not is_configured() or find_spec("stripe"):
        return []
    hint = "Run `pip install -r requirements-cards.txt`, or unset AICMO_STRIPE_KEY."
    return [checks.Error("AICMO_STRIPE_KEY is set, but stripe is not installed.", hint=hint, id="shared.E002")]


# --- amounts ----------------------------------------------------------------------------------------------------------


def _places(currency: str) -> int:
    return 0 if currency in _WHOLE else 3 if currency in _THOUSANDTHS else 2


def in_units(amount: Decimal, currency: str) -> int:
    """Return an amount in the service's units: 1250 of 12.50 EUR, 1250 of 1250 JPY. Raises CardsRefused.

    Of the dinars' thousandths it takes tens alone.
    """
    units = amount.scaleb(_places(currency))
    if units != units.to_integral_value() or (currency in _THOUSANDTHS and units % 10):
        raise CardsRefused(f"{amount.normalize():f} {currency} cannot be paid by card: it has too many decimals.")
    return int(units)


def of_units(units: int, currency: str) -> Decimal:
    """Return the amount of so many of the service's units."""
    return Decimal(units).scaleb(-_places(currency))


# --- a page to pay on -------------------------------------------------------------------------------------------------


def open_page(order: Order) -> PaymentPage:
    """Have the service make the page of an order, the same one however often it is asked within a day.

    Raises CardsRefused, VendorIll (or another TransientFailure) when it may be asked again later, CardsBroke, and
    RuntimeError inside a transaction. While proof mode is on nothing is asked: CardsRefused.
    """
    if is_proof_mode():
        raise CardsRefused("Proof mode is on: nothing leaves the house.")
    return _asked(order)


@outside("cards", deadline=TOTAL_SECONDS, retry=_RETRY)
def _asked(order: Order) -> PaymentPage:
    """Ask for a page. No error of ours carries words of the service's: they may hold the key."""
    import stripe

    options: Any = {"idempotency_key": f"checkout-{order.key}"}
    service = stripe.StripeClient(
        settings.STRIPE_KEY or "",
        base_addresses={"api": settings.STRIPE_URL},
        http_client=_connection(),
        max_network_retries=0,
    )
    try:
        made = service.v1.checkout.sessions.create(params=_said(order), options=options)
    except stripe.StripeError as error:
        raise _failure(error.http_status) from None
    except http.NotAnswered as error:
        raise VendorIll(f"The card service does not answer: {error}") from None
    except http.UrlRefused as error:
        raise CardsRefused(f"AICMO_STRIPE_URL: {error}") from None
    return _page(made)


def _said(order: Order) -> Any:
    ours = {"invoice_id": str(order.invoice_id), "checkout_id": str(order.key)}
    price = {
        "currency": order.currency.lower(),
        "unit_amount": in_units(order.amount, order.currency),
        "product_data": {"name": order.name},
    }
    return {
        "mode": "payment",
        "payment_method_types": ["card"],
        "line_items": [{"quantity": 1, "price_data": price}],
        "client_reference_id": str(order.key),
        "metadata": ours,
        "payment_intent_data": {"metadata": ours},
        "success_url": order.success_url,
        "cancel_url": order.cancel_url,
    }


def _page(made: Any) -> PaymentPage:
    """Return the page that was made; one elsewhere than on the service's own site is none."""
    try:
        place = urlsplit(made.url)
        page = PaymentPage(made.id, made.url, datetime.fromtimestamp(made.expires_at, UTC))
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
        raise CardsRefused("What came back is no page to pay on.") from None
    if f"{place.scheme}://{place.netloc}" != settings.STRIPE_PAGES:
        raise CardsRefused("The page to pay on is not on AICMO_STRIPE_PAGES.")
    return page


def _failure(status: int | None) -> Exception:
    """Return what a status means: later, never, or that our settings are wrong, which somebody mends in time."""
    if status is None or status in (409, 429) or status < 400:
        return VendorIll(f"The card service says {status or 'nothing'}.")
    if status >= 500:
        return CardsBroke(f"The card service says {status}.")
    if status in (401, 403):
        words = f"The card service says {status}: is AICMO_STRIPE_KEY right?"
        return VendorIll(words, retry_after=NOT_BEFORE)
    return CardsRefused(f"The card service refuses it: {status}.")


def _connection() -> Any:
    """Return what the package sends its requests by: our own connection instead of one that follows redirects."""
    import stripe

    stripe.enable_telemetry = False

    class Connection(stripe.HTTPClient):
        name = "aicmo"

        def request(self, method: str, url: str, headers: Any, post_data: Any = None) -> tuple[str, int, Any]:
            got = http.fetch(url, headers=headers, most=MOST_BYTES, body=(post_data or "").encode())
            return got.body.decode("utf-8", "replace"), got.status, {}

        def close(self) -> None:
            """Do nothing: a connection ends with its answer."""

    return Connection()


# --- what the service tells -------------------------------------------------------------------------------------------


def read_event(body: bytes, signature: str, *, at: datetime) -> CardEvent:
    """Return what the service tells, which has signed these very bytes with one of our secrets within five minutes.

    Raises SignatureWrong; and ValueError for what is signed and is no event.
    """
    import stripe

    if not any(
        _is_signed(stripe.WebhookSignature, body, signature, secret) for secret in settings.STRIPE_WEBHOOK_SECRETS
    ):
        raise SignatureWrong
    signed_at, _ = stripe.WebhookSignature._get_timestamp_and_signatures(signature, "v1")
    if signed_at > at.timestamp() + TOLERANCE_SECONDS:  # of the future the package takes everything
        raise SignatureWrong
    try:
        return _event(json.loads(body))
    except _MISSHAPEN as error:
        raise ValueError(f"This is no event: {type(error).__name__}") from None


def _is_signed(scheme: Any, body: bytes, signature: str, secret: str) -> bool:
    import stripe

    try:
        return scheme.verify_header(body, signature, secret, TOLERANCE_SECONDS)
    except (stripe.SignatureVerificationError, ValueError, TypeError):  # bytes that are no text, a header that is none
        return False


def _event(told: Mapping[str, Any]) -> CardEvent:
    kind = _text(told["type"], 100)
    known = {
        "event_id": _text(told["id"], 255),
        "type": kind,
        "occurred_at": datetime.fromtimestamp(told["created"], UTC),
    }
    if kind not in _FACTS:
        return CardEvent(kind="OTHER", **known)
    try:
        about = told["data"]["object"]
        ours = about.get("metadata") or {}
        ids = {name: _uuid(ours.get(name)) for name in ("checkout_id", "invoice_id")}
        return CardEvent(**known, **ids, **_FACTS[kind](about))
    except _MISSHAPEN:
        return CardEvent(kind="UNREAD", **known)


def _session(about: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is said of a page: that it was paid, or that the money is on its way."""
    is_paid = about["payment_status"] == "paid"
    is_card = about.get("payment_method_types") == ["card"]
    return _sum(about, "amount_total") | {"kind": "PAID" if is_paid else "WAITING", "is_card": is_card}


def _failed_session(about: Mapping[str, Any]) -> dict[str, Any]:
    return _sum(about, "amount_total") | {"kind": "FAILED", "reason": "The payment did not go through."}


def _failed_payment(about: Mapping[str, Any]) -> dict[str, Any]:
    said = about.get("last_payment_error") or {}
    code = str(said.get("decline_code") or said.get("code") or "")
    reason = code.replace("_", " ") if re.fullmatch(r"[a-z0-9_]{1,60}", code) else "no reason given"
    return _sum(about, "amount") | {"kind": "FAILED", "transaction_id": _text(about["id"], 200), "reason": reason}


def _refunded(about: Mapping[str, Any]) -> dict[str, Any]:
    return _sum(about, "amount_refunded") | {"kind": "REFUNDED"}


def _disputed(about: Mapping[str, Any]) -> dict[str, Any]:
    return _sum(about, "amount") | {"kind": "DISPUTED"}


def _reinstated(about: Mapping[str, Any]) -> dict[str, Any]:
    """Return what came again of a dispute that was won: money of its own, by the name of the dispute."""
    return _sum(about, "amount") | {"kind": "REINSTATED", "transaction_id": _text(about["id"], 200)}


def _expired(about: Mapping[str, Any]) -> dict[str, Any]:
    return {"kind": "EXPIRED"}


def _sum(about: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return what an amount is, and of which payment: of a page that has none, of the page."""
    currency, units = _text(about["currency"], 3).upper(), about[name]
    if type(units) is not int or not 0 <= units < _MOST_UNITS or not re.fullmatch("[A-Z]{3}", currency):
        raise ValueError("This is no amount.")
    transaction = about.get("payment_intent") or about["id"]
    return {
        "amount": of_units(units, currency),
        "currency": currency,
        "transaction_id": _text(transaction, 200),
    }


_FACTS = {
    "checkout.session.completed": _session,
    "checkout.session.async_payment_succeeded": _session,
    "checkout.session.async_payment_failed": _failed_session,
    "checkout.session.expired": _expired,
    "payment_intent.payment_failed": _failed_payment,
    "charge.refunded": _refunded,
    "charge.dispute.funds_withdrawn": _disputed,
    "charge.dispute.funds_reinstated": _reinstated,
}
"""What is read of which kind of event; all others are only noted."""
_MISSHAPEN = (AttributeError, KeyError, TypeError, ValueError, OverflowError, RecursionError, OSError)


def _text(value: Any, most: int) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= most or "\0" in value:
        raise ValueError("This is no event: a name is none.")
    return value


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None
