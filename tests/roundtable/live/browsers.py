"""Browsers of the live part: they connect, take versions, and connect again when cut off, as a page does."""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from uuid import UUID

import websockets
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as open_socket
from websockets.exceptions import WebSocketException

NO_RIGHT = 4403
#: Seconds for what a busy machine may take; nothing is measured by it.
PATIENCE = 60.0


class Browser:
    """One tab that shows one meeting. ``ports`` are the web processes that a load balancer would offer."""

    def __init__(self, ports: list[int], meeting: UUID, session: str = "", room_key: str = "") -> None:
        self.ports = ports
        self.meeting = meeting
        self.session = session
        self.path = f"/ws/runder-tisch/{meeting}/" + (f"raum/{room_key}/" if room_key else "")
        self.version = 0
        self.frames: list[str] = []
        self.code = 0
        self.news = asyncio.Event()
        self.socket: ClientConnection | None = None

    async def run(self) -> None:
        """Stay connected until the server says that there is no right to."""
        while self.code != NO_RIGHT:
            with suppress(OSError, TimeoutError, WebSocketException):
                await self._listen(random.choice(self.ports))
            self.news.set()
            await asyncio.sleep(random.uniform(0.05, 0.2))  # as the page's module does, only shorter

    async def _listen(self, port: int) -> None:
        async with opened(port, self.path, self.session) as socket:
            self.socket = socket
            try:
                async for frame in socket:
                    self.frames.append(str(frame))
                    self.version = max(self.version, json.loads(frame)["version"])
                    self.news.set()
            finally:
                self.socket = None
                self.code = socket.close_code or 0

    def cut(self) -> None:
        """The network goes, without a word to either side."""
        if self.socket:
            self.socket.transport.abort()

    def pause(self) -> None:
        """The tab takes nothing off the line."""
        if self.socket:
            self.socket.transport.pause_reading()

    def resume(self) -> None:
        if self.socket:
            self.socket.transport.resume_reading()

    async def until(self, condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Wait for a frame or the end of the connection after which the condition holds."""
        async with asyncio.timeout(seconds):
            while not condition():
                self.news.clear()
                await self.news.wait()

    async def knows(self, version: int, seconds: float = PATIENCE) -> None:
        await self.until(lambda: self.version >= version, seconds)

    async def is_sent_away(self) -> None:
        await self.until(lambda: self.code == NO_RIGHT)


def opened(port: int, path: str, session: str = "", origin: str = "") -> websockets.asyncio.client.connect:
    return open_socket(
        f"ws://127.0.0.1:{port}{path}",
        origin=origin or f"http://127.0.0.1:{port}",  # type: ignore[arg-type]
        additional_headers={"Cookie": f"kreisrund_session={session}"},
        proxy=None,
        ping_interval=None,
        open_timeout=PATIENCE,
    )


@asynccontextmanager
async def running(browsers: Iterable[Browser]) -> AsyncIterator[None]:
    """Keep them connected within the block; it begins when each has heard its first version."""
    browsers = list(browsers)
    tasks = [asyncio.create_task(browser.run()) for browser in browsers]
    try:
        await asyncio.gather(*(browser.knows(1) for browser in browsers))
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
