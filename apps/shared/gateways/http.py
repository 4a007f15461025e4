"""POST to an address that somebody else named, or read from it: to the internet alone, never into our own network.

The addresses of a name are looked up once, every one of them has to be public, and the connection is made to the very
address that was judged, so that a name which changes its mind in between gains nothing. Redirects are answers like any
other, no proxy is asked, and all of it together has one deadline. What else should stand in the way of a server that
names our own network: a firewall, or an egress proxy, in front of the workers.

Python's own `is_global` is no judge: it takes 6to4, NAT64, site-local and multicast addresses for public ones. Why no
library does all this for us: docs/decisions/0010.
"""

import io
import queue
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from http.client import HTTPException, HTTPResponse
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import SplitResult, quote, urlsplit

from django.conf import settings

from apps.shared.gateways.proof import is_proof_mode, write_proof
from apps.shared.resilience import refuse_inside_a_transaction

LONGEST_URL = 2048
PORTS = frozenset({80, 443, 8443})
TOTAL_SECONDS = 10.0
CONNECT_SECONDS = 3.0
MOST_READ = 64 * 1024
BODY_SECONDS = 2.0
"""Whoever has said a status has said what counts; the rest is for people to read."""

_DEFAULT_PORTS = {"http": 80, "https": 443}
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")
_DEVIATING = re.compile("[\xdf\u03c2\u200c\u200d]")
"""Characters that two generations of domain names map to different names."""
_NAME = re.compile(r"(?=.{4,253}\Z)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_OF_THE_HOUSE = (".localhost", ".local", ".localdomain", ".internal", ".intranet", ".lan", ".home.arpa", ".corp")

_NOT_PUBLIC_V4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's metadata, at an address like any other
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    )
)
_PUBLIC_V6 = IPv6Network("2000::/3")
_NOT_PUBLIC_V6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))
# https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry. NAT64, site-local, unique
# local, link-local, IPv4-mapped and IPv4-compatible addresses lie outside of 2000::/3; Teredo and 6to4 are named.


class UrlRefused(Exception):
    """We do not send to this address; the message says what to change."""


class NotAnswered(Exception):
    """There was no answer, or none in time; the message says why, in words that tell nothing of our network."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said: its status (None: a proof was written instead), and how its body begins."""

    status: int | None
    excerpt: str
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """All of what the other side answered."""

    status: int
    body: bytes
    retry_after: float | None = None


def checked_url(url: str) -> str:
    """Return an address as we use it: its host in ASCII, the rest as sent. Raises UrlRefused; looks nothing up."""
    parts = _split(url)
    host = _host(parts)
    port = _port(parts)
    shown = f"[{host}]" if ":" in host else host
    if port != _DEFAULT_PORTS[parts.scheme]:
        shown += f":{port}"
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    return f"{parts.scheme}://{shown}{path}" + (f"?{query}" if query else "")


def post(url: str, *, body: bytes, headers: Mapping[str, str], key: str, at: datetime) -> Answer:
    """Send a body, and return what the other side answers within ten seconds, whatever its status.

    While proof mode is on the body is written to a file named by `key` instead. Raises UrlRefused without a connection
    when the address, or one of those its name stands for, is not public; NotAnswered; ProofModeUnknown; and
    RuntimeError inside a transaction, which would stay open as long.
    """
    refuse_inside_a_transaction("another's server")
    url = checked_url(url)
    if is_proof_mode():
        proof = write_proof(kind="webhook", key=key, content=body, at=at)
        return Answer(None, f"Proof mode was on: {proof.sha256}")
    return _exchanged("POST", url, body, headers, _read)


def fetch(url: str, *, headers: Mapping[str, str], most: int, body: bytes | None = None) -> Fetched:
    """Return the answer to a GET, or a POST of a body; raises as `post` does, and NotAnswered for over `most` bytes."""
    refuse_inside_a_transaction("another's server")
    url, method = checked_url(url), "GET" if body is None else "POST"
    return _exchanged(method, url, body or b"", headers, lambda link, deadline: _whole(link, deadline, most))


def _exchanged(method: str, url: str, body: bytes, headers: Mapping[str, str], read: Callable[..., Any]) -> Any:
    deadline = _Deadline(TOTAL_SECONDS)
    try:
        with closing(_connected(urlsplit(url), deadline)) as link:
            link.settimeout(deadline.left())
            link.sendall(_request(method, url, body, headers))
            return read(link, deadline)
    except TimeoutError as error:
        raise NotAnswered("The whole answer was not there within 10 seconds.") from error
    except ssl.SSLCertVerificationError as error:
        raise NotAnswered(f"Its certificate is not valid: {error.verify_message}.") from error
    except (OSError, HTTPException, ValueError) as error:
        raise NotAnswered(f"The connection broke: {type(error).__name__}.") from error


# --- which addresses --------------------------------------------------------------------------------------------------


def _split(url: str) -> SplitResult:
    if len(url) > LONGEST_URL:
        raise UrlRefused(f"Give an address of at most {LONGEST_URL} characters.")
    if _UNSAFE.search(url):
        raise UrlRefused("Leave out spaces, line breaks, control characters and backslashes.")
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise UrlRefused("This is no address.") from error
    if parts.scheme not in _DEFAULT_PORTS:
        raise UrlRefused("Give an address that begins with https:// (or http://).")
    if "@" in parts.netloc:
        raise UrlRefused("Leave user name and password out of the address.")
    if parts.fragment:
        raise UrlRefused("Leave out what follows the #.")
    return parts


def _port(parts: SplitResult) -> int:
    try:
        port = parts.port
    except ValueError as error:
        raise UrlRefused("The port is no number from 1 to 65535.") from error
    if port is None:
        return _DEFAULT_PORTS[parts.scheme]
    if port not in PORTS and not settings.WEBHOOK_PRIVATE:
        raise UrlRefused(f"Choose one of the ports {', '.join(map(str, sorted(PORTS)))}.")
    return port


def _host(parts: SplitResult) -> str:
    """Return the host as it will be looked up: an address, or a name in ASCII."""
    given = parts.hostname or ""
    if (given.startswith("v") and "[" in parts.netloc) or "%" in given:
        raise UrlRefused("Give a host by its name.")
    if literal := _literal(given):
        if not _may_reach(literal):
            raise UrlRefused("This address is not on the public internet.")
        return str(literal)
    if _DEVIATING.search(given):
        raise UrlRefused("Give the host's name as the registry writes it: xn--…")
    try:
        name = given.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError as error:
        raise UrlRefused("The host is no name.") from error
    if settings.WEBHOOK_PRIVATE and name == "localhost":
        return name
    if not _NAME.fullmatch(name) or name.endswith(_OF_THE_HOUSE):
        raise UrlRefused("Give the full name of a host on the public internet.")
    return name


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Tell whether an address lies on the public internet."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_V4)
    return address in _PUBLIC_V6 and not any(address in network for network in _NOT_PUBLIC_V6)


def _may_reach(address: IPv4Address | IPv6Address) -> bool:
    return is_public(address) or (settings.WEBHOOK_PRIVATE and address.is_loopback)


# --- the connection ---------------------------------------------------------------------------------------------------


class _Deadline:
    def __init__(self, seconds: float) -> None:
        self.ends = time.monotonic() + seconds

    def shorten(self, seconds: float) -> None:
        """Let no more than these seconds be left."""
        self.ends = min(self.ends, time.monotonic() + seconds)

    def left(self) -> float:
        """Return the seconds that are left. Raises TimeoutError when none are."""
        left = self.ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def _connected(url: SplitResult, deadline: _Deadline) -> socket.socket:
    """Return a connection to a public address of the URL's host, over TLS where the URL says so."""
    host, port = url.hostname or "", url.port or _DEFAULT_PORTS[url.scheme]
    link = _reached(_addresses(host, port), _Deadline(min(CONNECT_SECONDS, deadline.left())))
    if url.scheme == "http":
        return link
    try:
        link.settimeout(deadline.left())
        return _tls().wrap_socket(link, server_hostname=host)
    except BaseException:
        link.close()
        raise


def _reached(addresses: list[tuple], within: _Deadline) -> socket.socket:
    """Connect to the first of the addresses that takes a connection: to the numbers that were judged, not to a name."""
    failure: OSError = TimeoutError()
    for family, place in addresses:
        link = socket.socket(family, socket.SOCK_STREAM)
        try:
            link.settimeout(within.left())
            link.connect(place)
        except OSError as error:
            link.close()
            failure = error
        else:
            return link
    raise NotAnswered("It takes no connection.") from failure


def _addresses(host: str, port: int) -> list[tuple]:
    """Look a host up, once, and judge everything it stands for. Raises UrlRefused, which tells nothing of our names."""
    refusal = UrlRefused("The host's name does not lead to the public internet alone.")
    try:
        found = _in_time(lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM), CONNECT_SECONDS)
    except (OSError, UnicodeError) as error:
        raise refusal from error
    places = [(family, place) for family, _, _, _, place in found]
    known = [_literal(place[0]) for _, place in places]
    if not known or not all(address is not None and _may_reach(address) for address in known):
        raise refusal
    return places


def _in_time(look_up: Callable[[], list], seconds: float) -> list:
    """Return what a call gives within some seconds: the resolver has no limit that we could set."""
    answers: queue.SimpleQueue = queue.SimpleQueue()

    def look() -> None:
        try:
            answers.put((look_up(), None))
        except Exception as error:  # noqa: BLE001  (raised below, where somebody waits for it)
            answers.put((None, error))

    threading.Thread(target=look, daemon=True).start()
    try:
        found, error = answers.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError from None
    if error:
        raise error
    return found


@cache
def _tls() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


# --- what is said -----------------------------------------------------------------------------------------------------


def _request(method: str, url: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    lines = {
        "Host": parts.netloc,
        "User-Agent": "AICMO/1" if method == "GET" else "AICMO-Webhooks/1",
        "Accept-Encoding": "identity",  # what is not packed cannot unpack to a gigabyte
        "Connection": "close",
        **({} if method == "GET" else {"Content-Length": str(len(body))}),
        **headers,
    }
    if any(_UNSAFE.search(name) or "\r" in value or "\n" in value for name, value in lines.items()):
        raise ValueError("a header would end the header")
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {target} HTTP/1.1\r\n{head}\r\n".encode("ascii") + body


class _TimedReader(io.RawIOBase):
    """Reads from a connection as long as there is time: a limit for each read alone is none for who drips bytes."""

    def __init__(self, link: socket.socket, deadline: _Deadline) -> None:
        self.link, self.deadline = link, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        self.link.settimeout(self.deadline.left())
        return self.link.recv_into(buffer)


class _Link:
    """As much of a socket as HTTPResponse asks for."""

    def __init__(self, link: socket.socket, deadline: _Deadline) -> None:
        self.reader = io.BufferedReader(_TimedReader(link, deadline))

    def makefile(self, mode: str) -> io.BufferedReader:
        return self.reader


def _read(link: socket.socket, deadline: _Deadline) -> Answer:
    response = HTTPResponse(_Link(link, deadline), method="POST")  # type: ignore[arg-type]
    response.begin()
    deadline.shorten(BODY_SECONDS)
    said = _beginning(response)
    wait = _seconds(response.getheader("Retry-After"))
    return Answer(response.status, said.decode("utf-8", "replace").replace("\0", "\ufffd"), wait)


def _whole(link: socket.socket, deadline: _Deadline, most: int) -> Fetched:
    response = HTTPResponse(_Link(link, deadline), method="GET")  # type: ignore[arg-type]
    response.begin()
    said = response.read(most + 1)
    if len(said) > most or response.length:
        raise NotAnswered(f"It answers more than {most} bytes, or broke off.")
    return Fetched(response.status, said, _seconds(response.getheader("Retry-After")))


def _beginning(response: HTTPResponse) -> bytes:
    """Read the body up to the limit; once there is a status, a body that breaks off or takes too long is cut there."""
    said = b""
    try:
        while len(said) < MOST_READ and (more := response.read1(MOST_READ - len(said))):
            said += more
    except (OSError, HTTPException, ValueError):
        pass
    return said


def _seconds(header: str | None) -> float | None:
    """Return the seconds that a Retry-After asks for, given as a number or a date."""
    if header is None:
        return None
    if header.isascii() and header.isdigit():
        return float(header[:9])
    try:
        asked = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max((asked.replace(tzinfo=asked.tzinfo or UTC) - datetime.now(UTC)).total_seconds(), 0.0)
