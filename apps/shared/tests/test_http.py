"""A body that is posted to an address somebody else named …"""

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from apps.shared.gateways import http
from apps.shared.gateways.http import Answer, NotAnswered, UrlRefused, checked_url, is_public
from apps.shared.tests.receiver import Receiver, listening, self_signed

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as running:
        yield running


@pytest.fixture(autouse=True)
def _for_real(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "is_proof_mode", lambda: False)


@pytest.fixture
def private(settings: Any) -> None:
    """Loopback is allowed, as in development."""
    settings.WEBHOOK_PRIVATE = True


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What would end in ten seconds ends in half of one: long before a receiver that lets us wait for a minute."""
    monkeypatch.setattr(http, "TOTAL_SECONDS", 0.5)


@pytest.fixture(autouse=True)
def _reads_briefly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "BODY_SECONDS", 0.3)


def post(url: str) -> Answer:
    return http.post(url, body=b"{}", headers={"webhook-id": "1"}, key="1", at=NOW)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Let every name stand for these addresses, one list a look-up; returns the names that were looked up."""

    def stand_for(*answers: list[str] | Exception) -> list[str]:
        asked: list[str] = []

        def look_up(host: str, port: int, **_: Any) -> list[tuple]:
            answer = answers[min(len(asked), len(answers) - 1)]
            asked.append(host)
            if isinstance(answer, Exception):
                raise answer
            families = {4: socket.AF_INET, 6: socket.AF_INET6}
            return [(families[ip_address(each).version], socket.SOCK_STREAM, 6, "", (each, port)) for each in answer]

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        return asked

    return stand_for


# --- what we do not send to -------------------------------------------------------------------------------------------

HOSTS = (
    "127.0.0.1",
    "127.1",
    "127.0.0.1.",
    "0",
    "0.0.0.0",
    "2130706433",
    "0x7f.1",
    "0x7f000001",
    "017700000001",
    "0177.0.0.1",
    "①②⑦.⓪.⓪.①",
    "１２７.０.０.１",
    "127。0。0。1",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "localhost.localdomain",
    "printer.local",
    "db.internal",
    "a.localhost",
    "intranet",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:0:0:1]",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "[fd00:ec2::254]",
    "[fe80::1]",
    "[fe80::1%25eth0]",
    "100.64.0.1",
    "100.100.100.200",
    "192.0.0.192",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "168.63.129.16",
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::1]",
    "[2002:7f00:1::]",
    "[fec0::1]",
    "[::127.0.0.1]",
    "[ff02::1]",
    "[2001::1]",
    "[2001:db8::1]",
    "[v1.x]",
)
SHAPES = (
    *("http://user@{}/", "http://user:pass@{}/", "http://{}\\@example.com/", "http://exam\tple.com@{}/"),
    *("http://{}/\r\nX: y", " http://{}/", "http://{}/#x", "file://{}/etc/passwd", "gopher://{}/", "ftp://{}/"),
    *("dict://{}/", "data:text/plain,{}", "//{}/", "{}", "http:///x", "http://"),
)
PORTS = (22, 25, 80, 443, 5432, 6379, 0, 65536, -1)


def bad_urls(port: int) -> list[str]:
    """Give the addresses of the list, those of hosts once at our canary's port and once at an allowed one."""
    named = [f"http://{host}:{at}/" for host in HOSTS for at in (port, 80)]
    shaped = [shape.format(f"127.0.0.1:{port}") for shape in SHAPES]
    ported = [f"http://example.com:{other}/" for other in PORTS if other not in http.PORTS]
    return [*named, *shaped, *ported, "http://example.com/" + "a" * 1_000_000]


def test_never_leaves_for_our_own_network(receiver: Receiver) -> None:
    urls = bad_urls(int(receiver.url.split(":")[2].split("/")[0]))
    assert len(urls) > 120
    sent = []
    for url in urls:
        try:
            sent.append((url, post(url)))
        except UrlRefused:
            continue
    assert sent == []
    assert receiver.requests == []


def literals() -> Iterator[str]:
    """Give the addresses among the hosts, as a look-up would answer them."""
    for host in HOSTS:
        with suppress(ValueError):
            yield str(ip_address(host.strip("[]")))


def test_is_refused_when_any_address_of_a_name_is_private(
    names: Callable, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(receiver.url.split(":")[2].split("/")[0])
    monkeypatch.setattr(http, "PORTS", {port})
    private = list(literals())
    assert len(private) > 25
    for address in private:
        for answer in ([address], ["93.184.215.14", address]):
            names(answer)
            with pytest.raises(UrlRefused, match="public internet alone"):
                post(f"http://erp.example.com:{port}/")
    assert receiver.requests == []


def test_is_looked_up_once_and_sent_to_what_was_judged(
    names: Callable, private: None, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rebinding: the second answer would be another one, and nobody asks for it."""
    port = receiver.url.split(":")[2].split("/")[0]
    asked = names(["127.0.0.1"], ["10.0.0.1"])
    assert post(f"http://rebind.example.com:{port}/hooks").status == 200
    assert asked == ["rebind.example.com"]
    assert receiver.requests[0].headers["host"] == f"rebind.example.com:{port}"


def test_does_not_try_again_when_the_first_look_up_fails(names: Callable) -> None:
    asked = names(socket.gaierror("SERVFAIL"), ["127.0.0.1"])
    with pytest.raises(UrlRefused):
        post("https://later.example.com/")
    assert asked == ["later.example.com"]


def test_says_the_same_of_a_name_of_ours_and_of_none(names: Callable) -> None:
    said = set()
    for answer in (["10.0.0.5"], socket.gaierror("NXDOMAIN")):
        names(answer)
        with pytest.raises(UrlRefused) as refusal:
            post("https://billing.example.com/")
        said.add(str(refusal.value))
    assert len(said) == 1


def test_waits_for_no_name_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "CONNECT_SECONDS", 0.1)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(60))
    began = time.monotonic()
    with pytest.raises(UrlRefused):
        post("https://slow.example.com/")
    assert time.monotonic() - began < 30


def test_asks_no_proxy(private: None, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    with listening() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        assert post(receiver.url).status == 200
        assert proxy.requests == []


def test_is_not_sent_inside_a_transaction(db: None, private: None, receiver: Receiver) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="transaction"):
        post(receiver.url)
    assert receiver.requests == []


PUBLIC = (
    "8.8.8.8",
    "1.1.1.1",
    "93.184.215.14",
    "223.255.255.254",
    "2606:4700:4700::1111",
    "2a00:1450:4001:80b::200e",
    "2001:200::1",
)


@pytest.mark.parametrize("address", PUBLIC)
def test_may_go_to_the_public_internet(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("https://erp.example.com", "https://erp.example.com/"),
        ("HTTPS://ERP.Example.com:443/a b", None),
        ("https://erp.example.com:443/a?b=c&d=%20", "https://erp.example.com/a?b=c&d=%20"),
        ("https://erp.example.com:8443/ä", "https://erp.example.com:8443/%C3%A4"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://erp。example。com/", "https://erp.example.com/"),
        ("https://straße.example/", None),
        ("https://8.8.8.8/", "https://8.8.8.8/"),
        ("https://[2606:4700:4700::1111]/", "https://[2606:4700:4700::1111]/"),
    ],
)
def test_goes_to_an_address_as_it_is_written_in_ascii(given: str, used: str | None) -> None:
    if used is None:
        with pytest.raises(UrlRefused):
            checked_url(given)
    else:
        assert checked_url(given) == used == checked_url(used)


# --- what may come back -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [200, 204, 400, 410, 500])
def test_brings_back_what_was_answered(private: None, receiver: Receiver, status: int) -> None:
    receiver.answer = lambda request: status
    answer = post(receiver.url + "?a=b")
    assert answer.status == status
    assert receiver.requests[0].path == "/hooks?a=b"
    assert receiver.requests[0].headers["webhook-id"] == "1"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_follows_no_redirect(private: None, receiver: Receiver, status: int) -> None:
    with listening() as canary:
        receiver.answer = lambda request: (status, {"Location": canary.url})
        assert post(receiver.url).status == status
        assert canary.requests == []


@pytest.mark.parametrize("misdeed", ["hang", "drip_headers"])
def test_ends_at_its_deadline(private: None, impatient: None, receiver: Receiver, misdeed: str) -> None:
    receiver.answer = lambda request: misdeed
    began = time.monotonic()
    with pytest.raises(NotAnswered, match="not there within"):
        post(receiver.url)
    assert time.monotonic() - began < 30


@pytest.mark.parametrize("misdeed", ["drip_body", "huge", "bomb", "wrong_length"])
def test_takes_a_status_and_little_of_what_follows(private: None, receiver: Receiver, misdeed: str) -> None:
    receiver.answer = lambda request: misdeed
    began = time.monotonic()
    answer = post(receiver.url)
    assert answer.status == 200
    assert len(answer.excerpt) <= http.MOST_READ
    assert time.monotonic() - began < 30


@pytest.mark.parametrize("misdeed", ["endless_headers", "nonsense", "cut"])
def test_is_not_answered_by_nonsense(private: None, receiver: Receiver, misdeed: str) -> None:
    receiver.answer = lambda request: misdeed
    with pytest.raises(NotAnswered, match="connection broke"):
        post(receiver.url)


def test_is_not_answered_where_nobody_listens(private: None, receiver: Receiver) -> None:
    with listening() as gone:
        url = gone.url
    with pytest.raises(NotAnswered, match="takes no connection"):
        post(url)


@pytest.mark.parametrize(
    ("header", "seconds"), [("120", 120.0), ("Sun, 01 Mar 2026 00:00:00 GMT", 0.0), ("soon", None), ("-5", None)]
)
def test_brings_back_when_to_come_again(private: None, receiver: Receiver, header: str, seconds: float | None) -> None:
    receiver.answer = lambda request: (503, {"Retry-After": header})
    assert post(receiver.url).retry_after == seconds


def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


def test_is_sent_to_nobody_whose_certificate_is_not_valid(private: None, tmp_path: Path) -> None:
    with listening(self_signed(tmp_path / "own.pem")) as receiver:
        with pytest.raises(NotAnswered, match="certificate is not valid"):
            post(receiver.url)
        assert receiver.requests == []


@pytest.mark.parametrize(("named", "is_sent"), [("127.0.0.1", True), ("127.0.0.2", False)])
def test_is_sent_to_whom_the_certificate_names(
    private: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str, is_sent: bool
) -> None:
    certificate = self_signed(tmp_path / "own.pem", named)
    monkeypatch.setattr(http, "_tls", lambda: trusting(certificate))
    with listening(certificate) as receiver:
        if is_sent:
            assert post(receiver.url).status == 200
        else:
            with pytest.raises(NotAnswered, match="certificate is not valid"):
                post(receiver.url)
        assert len(receiver.requests) == is_sent


def test_becomes_a_file_while_proof_mode_is_on(
    private: None, receiver: Receiver, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PROOF_FOLDER = tmp_path
    monkeypatch.setattr(http, "is_proof_mode", lambda: True)
    assert post(receiver.url).status is None
    assert (tmp_path / "webhook" / "1").read_bytes() == b"{}"
    assert receiver.requests == []
