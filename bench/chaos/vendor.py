"""A fake outside service: honours idempotency keys, can be made to misbehave, and keeps a ledger of its own.

POST /do/<key> does the thing once per key; POST /cancel/<key> undoes it, and keeps a key that comes later from being
done. Each call is a line: what was asked, whether it had an effect, and how the answer went wrong.
"""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from bench.chaos import ledger

MODES = {
    "hang": "never answers",
    "drip": "answers one byte a second",
    "429": "says that there were too many calls",
    "500": "says that it broke",
    "529": "says that it is overloaded",
    "cut": "does the thing, then ends the line in the middle of the answer",
    "mute": "does the thing, then ends the line without a word",
    "empty": "answers nothing, politely",
    "garbled": "answers with something that is no JSON",
    "other": "answers with JSON of another shape",
    "huge": "answers with ten megabytes",
    "refuse": "says no for good",
    "late": "does the thing at once and says so a second later",
}

Behaviour = Callable[[str, int], str]
"""Given a key and the number of the call with it (from 1), how to answer: a mode, or "" for well."""


class Vendor:
    """The service, in threads of this process, and what it knows."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.behaviour: Behaviour = lambda key, call: ""
        self.refuses_to_cancel = False
        self.latency = (0.0, 0.0)
        self.random = random.Random(0)
        self.calls: Counter[str] = Counter()
        self.done: set[str] = set()
        self.cancelled: set[str] = set()
        self.lock = threading.Lock()
        self.released = threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Answerer, self))
        self.server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self) -> "Vendor":
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.released.set()
        self.server.shutdown()
        self.server.server_close()

    def forget(self) -> None:
        """Begin anew, with an empty ledger and good manners."""
        self.released.set()  # whoever still hangs from before
        self.released = threading.Event()
        self.path.unlink(missing_ok=True)
        self.behaviour, self.latency, self.refuses_to_cancel = (lambda key, call: ""), (0.0, 0.0), False
        with self.lock:
            self.calls.clear()
            self.done.clear()
            self.cancelled.clear()

    def do(self, key: str) -> tuple[int, str]:
        """Do the thing unless it is done or cancelled; return the number of the call and how to answer it."""
        with self.lock:
            self.calls[key] += 1
            call = self.calls[key]
            mode = self.behaviour(key, call)
            works = mode in ("", "cut", "mute", "drip", "hang", "garbled", "other", "empty", "huge", "late")
            effect = works and key not in self.done and key not in self.cancelled
            if effect:
                self.done.add(key)
            ledger.note(self.path, asked="do", key=key, call=call, effect=effect, mode=mode)
        return call, mode

    def cancel(self, key: str) -> None:
        """Undo the thing, now or in advance."""
        with self.lock:
            effect = key in self.done and key not in self.cancelled
            self.cancelled.add(key)
            ledger.note(self.path, asked="cancel", key=key, effect=effect)


class _Answerer(BaseHTTPRequestHandler):
    """Answers one caller."""

    def __init__(self, vendor: Vendor, *arguments: Any) -> None:
        self.vendor = vendor
        super().__init__(*arguments)

    def do_POST(self) -> None:
        verb, _, key = self.path.strip("/").partition("/")
        with suppress(OSError):  # the caller has given up meanwhile
            if verb == "cancel" and self.vendor.refuses_to_cancel:
                self._answer(500, b"{}")
            elif verb == "cancel":
                self.vendor.cancel(key)
                self._answer(200, b"{}")
            else:
                time.sleep(self.vendor.random.uniform(*self.vendor.latency))
                self._do(*self.vendor.do(key))

    def _do(self, call: int, mode: str) -> None:
        answer = json.dumps({"call": call, "reference": f"ref-{call}"}).encode()
        bodies = {"": answer, "empty": b"", "garbled": b'{"call":', "other": b'{"ok": true}'}
        if mode == "late":
            time.sleep(1)
            mode = ""
        bodies["huge"] = b'{"call": 1, "reference": "' + b"x" * 10_000_000 + b'"}'
        if mode in bodies:
            self._answer(200, bodies[mode])
        elif mode.isdigit():
            self._answer(int(mode), b"{}")
        elif mode == "refuse":
            self._answer(422, b'{"detail": "no"}')
        else:
            self._break_off(mode, answer)

    def _break_off(self, mode: str, answer: bytes) -> None:
        self.close_connection = True
        if mode == "hang":
            self.vendor.released.wait(60)
        if mode in ("hang", "mute"):
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        if mode == "cut":
            self.wfile.write(answer[: len(answer) // 2])
            return
        for byte in answer:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            if self.vendor.released.wait(1):
                return

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  (the base's name)
        """Say nothing: the ledger tells."""
