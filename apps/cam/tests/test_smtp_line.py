"""The line to a mail server …"""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.db import transaction

from apps.cam.gateways import smtp
from apps.cam.gateways.letters import Letter
from apps.cam.gateways.smtp import Line, LineRefused, ServerUnknown
from apps.cam.tests.post_office import PostOffice, open_post_office
from apps.shared.gateways.servers import MailServer
from apps.shared.resilience import BreakerOpen, breaker

LETTER = Letter("nora@agency.example", "mia@clinic.example", b"Subject: Hi\n\n.\n..two\nend")


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate of localhost that this process trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "localhost.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


@pytest.fixture(autouse=True)
def _well() -> Iterator[None]:
    yield
    for name in [name for name in breaker.BREAKERS if name.startswith("smtp-")]:
        breaker.BREAKERS[name].close()


def urls(office: PostOffice, template: str) -> dict[str, str]:
    return {"AICMO_MAILBOX_NORA_SMTP_URL": template.format(port=office.port)}


def carried(line: Line) -> smtp.Answer:
    try:
        line.be_ready()
        return line.carry(LETTER)
    finally:
        line.close()


@pytest.mark.usefixtures("db")
def test_carries_a_letter_as_it_is(office: PostOffice) -> None:
    answer = carried(Line("NORA"))
    assert (answer.outcome, answer.stage, answer.code, answer.words) == ("TAKEN", "END", 250, "2.0.0 OK")
    assert office.raw == [b"Subject: Hi\r\n\r\n.\r\n..two\r\nend\r\n"]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_speaks_tls_by_starttls_with_who_it_meant_to_and_nobody_else(
    certificate: ssl.SSLContext, settings: Any, host: str
) -> None:
    with open_post_office(tls_context=certificate, require_starttls=True) as office:
        settings.MAILBOX_URLS = urls(office, "smtp://nora:p%40ss@" + host + ":{port}/?tls=1")
        if host == "localhost":
            assert carried(Line("NORA")).outcome == "TAKEN"
            return
        with pytest.raises(LineRefused, match="certificate verify failed"):  # it is localhost's, not 127.0.0.1's
            carried(Line("NORA"))
        assert office.mails == []


def test_trusts_no_certificate_that_anybody_may_make(
    certificate: ssl.SSLContext, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.pem"
    empty.touch()
    monkeypatch.setenv("SSL_CERT_FILE", str(empty))
    with open_post_office(tls_context=certificate, require_starttls=True) as office:
        settings.MAILBOX_URLS = urls(office, "smtp://nora:p%40ss@localhost:{port}/?tls=1")
        with pytest.raises(LineRefused, match="certificate verify failed"):
            carried(Line("NORA"))


def test_speaks_tls_from_the_first_byte(certificate: ssl.SSLContext, settings: Any) -> None:
    with open_post_office(ssl_context=certificate) as office:
        settings.MAILBOX_URLS = urls(office, "smtps://nora:p%40ss@localhost:{port}")
        assert carried(Line("NORA")).outcome == "TAKEN"


def test_sends_no_password_where_the_server_cannot_speak_tls(settings: Any) -> None:
    with open_post_office() as office:
        settings.MAILBOX_URLS = urls(office, "smtp://nora:p%40ss@localhost:{port}/?tls=1")
        with pytest.raises(LineRefused, match="STARTTLS"):
            carried(Line("NORA"))


@pytest.mark.parametrize(
    ("url", "says"),
    [(None, "AICMO_MAILBOX_NORA_SMTP_URL is not set"), ("http://x:geheim@y", "AICMO_MAILBOX_NORA_SMTP_URL is smtp://")],
)
def test_names_the_variable_to_set_and_no_password(settings: Any, url: str | None, says: str) -> None:
    settings.MAILBOX_URLS = {"AICMO_MAILBOX_NORA_SMTP_URL": url} if url else {}
    with pytest.raises(ServerUnknown, match=says) as refusal:
        Line("NORA").be_ready()
    assert "geheim" not in str(refusal.value)


def test_keeps_its_password_to_itself() -> None:
    assert "geheim" not in repr(MailServer.of("smtp://u:geheim@h", "X"))


@pytest.mark.usefixtures("db")
def test_is_opened_anew_when_the_server_has_hung_up(office: PostOffice) -> None:
    line = Line("NORA")
    line.be_ready()
    office.fates["mia@clinic.example"] = "drop-before-data"
    assert line.carry(LETTER).outcome == "LATER"
    assert not line.is_open
    office.fates.clear()
    assert carried(line).outcome == "TAKEN"
    assert office.connections == 2


@pytest.mark.usefixtures("db")
def test_goes_on_after_a_refusal(office: PostOffice) -> None:
    line = Line("NORA")
    office.fates["mia@clinic.example"] = "RCPT 550 5.1.1 Nobody"
    line.be_ready()
    assert line.carry(LETTER).outcome == "REFUSED"
    office.fates.clear()
    assert carried(line).outcome == "TAKEN"
    assert office.connections == 1


def test_is_left_alone_after_it_failed_too_often(settings: Any) -> None:
    settings.MAILBOX_URLS = {"AICMO_MAILBOX_NORA_SMTP_URL": "smtp://127.0.0.1:1"}
    for _ in range(5):
        with pytest.raises(LineRefused):
            Line("NORA").be_ready()
    with pytest.raises(BreakerOpen):
        Line("NORA").be_ready()


@pytest.mark.django_db(transaction=True)
def test_is_not_used_inside_a_transaction(office: PostOffice) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="inside a database transaction"):
        Line("NORA").be_ready()
