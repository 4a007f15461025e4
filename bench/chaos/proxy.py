"""A TCP proxy before a server, that can delay, cut, swallow or refuse: the network's part in a fault."""

import asyncio
import random
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Self

CHUNK = 65536


class LoopbackServer:
    """Listens on a port of loopback, in a thread of its own; what becomes of a connection says `_accept`."""

    def __init__(self) -> None:
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *error: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._accept, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        open_lines = asyncio.all_tasks(self._loop)
        for line in open_lines:
            line.cancel()
        self._loop.run_until_complete(asyncio.gather(*open_lines, return_exceptions=True))
        self._loop.close()

    async def _accept(self, from_client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        raise NotImplementedError


class Proxy(LoopbackServer):
    """Passes bytes on to a server's port.

    `delay` seconds are added to each chunk. A `silent` proxy swallows bytes without a word, as a half-open line does. A
    `refusing` one takes no connections. `cut_after(text)` ends the next line on which the client said it, once the
    server has got it and before the answer comes back: the outcome of a COMMIT becomes unknown.
    """

    def __init__(self, target_port: int) -> None:
        super().__init__()
        self.target_port = target_port
        self.delay = 0.0
        self.silent = False
        self.refusing = False
        self.cuts = 0
        self._cut_after: list[bytes] = []
        self._lines: set[asyncio.StreamWriter] = set()

    def __exit__(self, *error: object) -> None:
        self.cut()
        super().__exit__(*error)

    def cut(self, share: float = 1.0, choose: random.Random | None = None) -> int:
        """End connections at once with a reset, all or a share of them; return how many sides were hit."""
        choose = choose or random.Random(0)
        return self._call(lambda: self._abort([line for line in list(self._lines) if choose.random() < share]))

    def cut_after(self, text: bytes, times: int = 1) -> None:
        """Plan to end that many lines right after the client said something."""
        self._cut_after += [text] * times

    def heal(self) -> None:
        """Pass everything on again; lines that were silent are ended, since what they swallowed is lost."""
        self._cut_after.clear()
        was_silent, self.delay, self.silent, self.refusing = self.silent, 0.0, False, False
        if was_silent:
            self._call(lambda: self._abort(list(self._lines)))

    def planned_left(self) -> int:
        """Return how many planned cuts have not come to pass."""
        return len(self._cut_after)

    def _call(self, function: Callable[[], Any]) -> Any:
        """Run something in the proxy's thread and return what it gives."""

        async def run() -> Any:
            return function()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(5)

    def _abort(self, lines: list[asyncio.StreamWriter]) -> int:
        for line in lines:
            line.transport.abort()
        self.cuts += len(lines)
        return len(lines)

    async def _accept(self, from_client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        if self.refusing:
            to_client.transport.abort()
            return
        try:
            from_server, to_server = await asyncio.open_connection("127.0.0.1", self.target_port)
        except OSError:
            to_client.transport.abort()
            return
        pair = {to_client, to_server}
        self._lines |= pair
        try:
            await asyncio.gather(
                self._pass_on(from_client, to_server, pair, from_client=True),
                self._pass_on(from_server, to_client, pair),
            )
        finally:
            self._lines -= pair
            for line in pair:
                line.close()

    async def _pass_on(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        pair: set[asyncio.StreamWriter],
        *,
        from_client: bool = False,
    ) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            while data := await reader.read(CHUNK):
                if self.delay:
                    await asyncio.sleep(self.delay)
                if self.silent:
                    continue
                writer.write(data)
                await writer.drain()
                if from_client and self._is_planned(data):
                    await asyncio.sleep(0.02)  # the server has it now
                    self.cuts += 1
                    self._abort(list(pair))
        for line in pair:
            line.close()

    def _is_planned(self, data: bytes) -> bool:
        for text in self._cut_after:
            if text in data:
                self._cut_after.remove(text)
                return True
        return False
