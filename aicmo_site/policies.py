"""What a browser may load on which pages, and how an address of a mail server becomes settings."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from pydantic import BaseModel, ConfigDict

from apps.shared.gateways.servers import MailServer

_OURS = "script-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
_NOBODYS = "base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
STRICT = f"default-src 'none'; style-src 'self'; manifest-src 'self'; {_OURS}{_NOBODYS}"
STYLED = STRICT.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
DESK = STYLED.replace("script-src 'self'", "script-src 'self' 'unsafe-eval'").replace(
    "default-src 'none'", "default-src 'self'"
)
NOTHING = f"default-src 'none'; form-action 'none'; {_NOBODYS}"

CONTENT_SECURITY = (
    ("/admin/", DESK),
    ("/api/docs/", STYLED),
    ("/portal/", STRICT),
    ("/account/", STRICT),
    ("/u/", STRICT),
    ("/forms/", STRICT),
    ("/survey/", STRICT),
)
"""Where pages are. The desk's theme evaluates expressions of its own pages (Alpine), and both it and the page of the
API carry styles inline. What no prefix names is no page and loads nothing."""

_MAILBOX_URL = re.compile(r"AICMO_MAILBOX_[A-Z][A-Z0-9_]*_(SMTP|IMAP)_URL")


def content_security(
    path: str, *, is_framed: bool = False, framed_by: Sequence[str] = (), leads_to: Sequence[str] = ()
) -> str:
    """Return the Content-Security-Policy of a path, of what pages of ours show in a frame where `is_framed`.

    `framed_by` are other sites whose pages may show it, as `https://www.example.org`, and `leads_to` those that one of
    its forms ends at: a browser asks about every redirect on the way.
    """
    policy = next((policy for prefix, policy in CONTENT_SECURITY if path.startswith(prefix)), NOTHING)
    if leads_to:
        policy = policy.replace("form-action 'self'", " ".join(["form-action 'self'", *leads_to]))
    if not is_framed and not framed_by:
        return policy
    return policy.replace("frame-ancestors 'none'", " ".join(["frame-ancestors 'self'", *framed_by]))


class HostSecret(BaseModel):
    """A secret, and the one host that it is sent to: else it would go wherever somebody at the desk says."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    host: str
    secret: str


def mail_server(url: str | None, folder: Path) -> dict[str, Any]:
    """Return Django's settings of the mail server at `smtp://user:password@host:587/?tls=1`; of a folder without one.

    `smtps://` speaks TLS from the first byte, `?tls=1` begins it by STARTTLS. Raises ValueError for anything else.
    """
    if url is None:
        return {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend", "EMAIL_FILE_PATH": str(folder)}
    server = MailServer.of(url, "AICMO_EMAIL_URL")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": server.host,
        "EMAIL_PORT": server.port,
        "EMAIL_HOST_USER": server.user,
        "EMAIL_HOST_PASSWORD": server.password,
        "EMAIL_USE_SSL": server.is_tls,
        "EMAIL_USE_TLS": server.starts_tls,
        "EMAIL_TIMEOUT": 15,
    }


def mailbox_urls(environment: Mapping[str, str | None]) -> dict[str, str]:
    """Return the addresses of the servers of cam's mailboxes, by the names of their variables."""
    return {name: url for name, url in environment.items() if url and _MAILBOX_URL.fullmatch(name)}


def passwords_in(urls: Iterable[str]) -> list[str]:
    """Return the passwords in some addresses, as written and as meant."""
    found = (re.match(r"[a-z]+://[^:/@]*:([^@]*)@", url) for url in urls)
    return [password for match in found if match and match[1] for password in {match[1], unquote(match[1])}]
