"""A real HTTP server on loopback that answers as a test wants, and keeps what it was sent."""

import gzip
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

BOMB = gzip.compress(b"x" * 20_000_000)


@dataclass(frozen=True)
class Request:
    """What came in."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """The server: `answer(request)` returns a status, a body, or the name of a misdeed of `Handler`."""

    url: str = ""
    answer: Callable[[Request], Any] = lambda request: 200
    requests: list[Request] = field(default_factory=list)

    @property
    def ids(self) -> list[str]:
        return [request.headers["webhook-id"] for request in self.requests]


class Handler(BaseHTTPRequestHandler):
    receiver: Receiver
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        request = Request(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        self.receiver.requests.append(request)
        answer = self.receiver.answer(request)
        self.close_connection = True
        if isinstance(answer, str):
            with suppress(OSError):  # the other side hangs up, as it should
                getattr(self, answer)()
            return
        if isinstance(answer, bytes):
            self.say(200, answer)
            return
        status, headers = answer if isinstance(answer, tuple) else (answer, {})
        self.say(status, b'{"said": "<b>no</b>"}', **headers)

    do_GET = do_POST  # noqa: N815  (as http.server calls it)

    def say(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def hang(self) -> None:
        time.sleep(60)

    def drip_headers(self) -> None:
        for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 1000:
            self.wfile.write(bytes([byte]))
            time.sleep(0.05)

    def drip_body(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _ in range(1000):
            self.wfile.write(b"x")
            time.sleep(0.05)

    def huge(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(10**9))
        self.end_headers()
        for _ in range(1000):
            self.wfile.write(b"x" * 1_000_000)

    def endless_headers(self) -> None:
        self.send_response(200)
        for number in range(1000):
            self.send_header(f"X-{number}", "x" * 100)
        self.end_headers()

    def bomb(self) -> None:
        self.say(200, BOMB, Content_Encoding="gzip")

    def wrong_length(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "5000")
        self.end_headers()
        self.wfile.write(b"short")

    def nonsense(self) -> None:
        self.wfile.write(b"SSH-2.0-OpenSSH_9.6\r\n")

    def cut(self) -> None:
        pass

    def log_message(self, *_: Any) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: Any) -> None:
        pass


@contextmanager
def listening(certificate: Path | None = None, handler: type[Handler] = Handler) -> Iterator[Receiver]:
    """Run a receiver as long as the block does."""
    receiver = Receiver()
    with Server(("127.0.0.1", 0), type("Handled", (handler,), {"receiver": receiver})) as server:
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        receiver.url = f"{'https' if certificate else 'http'}://127.0.0.1:{server.server_address[1]}/hooks"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield receiver
        finally:
            server.shutdown()


def self_signed(path: Path, address: str = "127.0.0.1") -> Path:
    """Write a certificate for an address, and its key, that nobody but the test trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "receiver")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(private + certificate.public_bytes(pem))
    return path
