"""A proxy …"""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from bench.chaos.proxy import Proxy


@pytest.fixture
def echo() -> Iterator[int]:
    """A server that says again what it hears; its port."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                line, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=repeat, args=(line,), daemon=True).start()

    def repeat(line: socket.socket) -> None:
        with line:
            while heard := line.recv(1000):
                line.sendall(heard)

    threading.Thread(target=serve, daemon=True).start()
    yield server.getsockname()[1]
    server.close()


@pytest.fixture
def proxy(echo: int) -> Iterator[Proxy]:
    with Proxy(echo) as proxy:
        yield proxy


def say(line: socket.socket, words: bytes) -> bytes:
    """Say something and return what comes back, nothing where the line is broken."""
    try:
        line.sendall(words)
        return line.recv(1000)
    except ConnectionError:
        return b""


def connect(proxy: Proxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", proxy.port), timeout=2)


def test_passes_bytes_on_and_back(proxy: Proxy) -> None:
    with connect(proxy) as line:
        assert say(line, b"hello") == b"hello"


def test_ends_lines_that_are_cut(proxy: Proxy) -> None:
    with connect(proxy) as line:
        say(line, b"hello")
        assert proxy.cut() > 0
        assert say(line, b"again") == b""


def test_ends_a_line_after_the_planned_words_and_before_their_answer(proxy: Proxy) -> None:
    proxy.cut_after(b"COMMIT")
    with connect(proxy) as line, connect(proxy) as other:
        assert say(line, b"BEGIN") == b"BEGIN"
        assert say(line, b"COMMIT") in (b"", b"COMMIT")
        assert say(line, b"BEGIN") == b""
        assert say(other, b"COMMIT") == b"COMMIT"
    assert proxy.planned_left() == 0


def test_swallows_bytes_while_it_is_silent_and_ends_the_line_when_healed(proxy: Proxy) -> None:
    with connect(proxy) as line:
        say(line, b"hello")
        proxy.silent = True
        line.settimeout(0.3)
        with pytest.raises(TimeoutError):
            say(line, b"anybody?")
        proxy.heal()
        assert say(line, b"again") == b""
    with connect(proxy) as line:
        assert say(line, b"hello") == b"hello"


def test_refuses_connections_when_told_to(proxy: Proxy) -> None:
    proxy.refusing = True
    with connect(proxy) as line:
        assert say(line, b"hello") == b""


def test_delays_what_it_passes_on(proxy: Proxy) -> None:
    proxy.delay = 0.1
    began = time.monotonic()
    with connect(proxy) as line:
        say(line, b"hello")
    assert time.monotonic() - began >= 0.2  # there and back
