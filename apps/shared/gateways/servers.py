"""Addresses of mail servers: `smtp://user:password@host:587/?tls=1`, told apart and checked."""

from dataclasses import dataclass, field
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

_PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True)
class MailServer:
    """A mail server and how to log in. `is_tls`: from the first byte; `starts_tls`: by STARTTLS."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    is_tls: bool
    starts_tls: bool

    @classmethod
    def of(cls, url: str, variable: str) -> Self:
        """Return the server of an address. Raises ValueError that names the variable it came from, and no password."""
        wrong = f"{variable} is smtp://user:password@host:587/?tls=1, or smtps://user:password@host:465"
        try:
            parts = urlsplit(url)
            wishes, port = parse_qs(parts.query), parts.port
        except ValueError:
            raise ValueError(wrong) from None
        if parts.scheme not in _PORTS or not parts.hostname or wishes.keys() - {"tls"}:
            raise ValueError(wrong)
        is_tls = parts.scheme == "smtps"
        return cls(
            host=parts.hostname,
            port=port or _PORTS[parts.scheme],
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            is_tls=is_tls,
            starts_tls=not is_tls and wishes.get("tls") == ["1"],
        )
