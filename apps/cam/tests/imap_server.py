"""A real IMAP server on loopback: pymap with its mailboxes in memory, as a process of its own."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from imap_tools import MailBoxUnencrypted

USER, PASSWORD = "nora", "correct horse"
WAITS = 15.0


@dataclass
class ImapServer:
    """Where it listens; `deliver` puts a mail into its folder as a mail system would."""

    port: int
    process: subprocess.Popen[bytes]
    folder: str = "INBOX"

    @property
    def url(self) -> str:
        """The address of its folder, as the environment names it."""
        return f"imap://{USER}:{PASSWORD.replace(' ', '%20')}@127.0.0.1:{self.port}/{self.folder}"

    def deliver(self, *mails: bytes) -> None:
        """Put mails into the folder."""
        if not mails:  # logging in takes longer than most of what is tested
            return
        with MailBoxUnencrypted("127.0.0.1", self.port).login(USER, PASSWORD) as folder:
            for mail in mails:
                folder.append(mail, self.folder)

    def unseen(self) -> int:
        """Return how many mails nobody has marked as seen."""
        with MailBoxUnencrypted("127.0.0.1", self.port).login(USER, PASSWORD) as folder:
            return folder.folder.status(self.folder)["UNSEEN"]

    def remove(self, uid: str) -> None:
        """Remove a mail, as somebody with a mail program does."""
        with MailBoxUnencrypted("127.0.0.1", self.port).login(USER, PASSWORD, self.folder) as folder:
            folder.delete([uid])

    def make_folder(self, name: str) -> None:
        """Work with a new folder from now on; one of that name is removed first, and gets another UIDVALIDITY."""
        with MailBoxUnencrypted("127.0.0.1", self.port).login(USER, PASSWORD) as folder:
            if folder.folder.exists(name):
                folder.folder.delete(name)
            folder.folder.create(name)
        self.folder = name

    def stop(self) -> None:
        """End it, with all its mails."""
        self.process.kill()
        self.process.wait()

    @classmethod
    def start(cls) -> Self:
        """Start one with an empty folder."""
        port = _free_port()
        program = Path(sys.executable).with_name("pymap")
        command = [program, "--host", "127.0.0.1", "--port", str(port), "--no-tls"]
        command += ["--no-service", "admin", "--no-service", "managesieve"]
        command += ["dict", "--demo-user", USER, "--demo-password", PASSWORD]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        server = cls(port, process)
        server._wait()
        return server

    def _wait(self) -> None:
        ends = time.monotonic() + WAITS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.5).close()
            except OSError:
                if time.monotonic() > ends or self.process.poll() is not None:
                    raise
                time.sleep(0.05)
            else:
                return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def an_imap_server() -> Iterator[ImapServer]:
    """Start a server, and end it afterwards."""
    server = ImapServer.start()
    try:
        yield server
    finally:
        server.stop()
