"""What a web process runs for its sockets: begun by the first of them, ended with the process."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings

from agencies.roundtable.live import doorbell, heartbeat
from agencies.roundtable.live.bridge import Bridge
from agencies.roundtable.live.lines import Switchboard
from agencies.roundtable.live.persistence import keep_up

Message = dict[str, Any]


def _nobody(meeting: UUID, version: int) -> None:
    """Without a bridge there is nobody else to tell."""


class Station:
    """Switchboard, doorbell, heartbeat and bridge of one process, all in its event loop."""

    def __init__(self) -> None:
        self.board = Switchboard()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to listen; nothing happens when it has begun."""
        if self._tasks:
            return
        beat, tell = settings.LIVE_BEAT, _nobody
        work: dict[str, Callable[[], Awaitable[None]]] = {}
        if settings.REDIS_URL:
            bridge = Bridge(settings.REDIS_URL, self.board)
            tell = bridge.tell
            work |= {"Listening to Redis": bridge.listen, "Telling Redis": bridge.speak}
        work["Listening to PostgreSQL"] = partial(doorbell.listen, self.board, beat, tell=tell)
        work["Heartbeat"] = partial(heartbeat.beat_on, self.board, beat)
        self._tasks = [asyncio.create_task(keep_up(name, act), name=name) for name, act in work.items()]

    async def stop(self) -> None:
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


#: The one of this process.
station = Station()


async def lifespan(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """ASGI's lifespan protocol: what the station has begun ends before the server goes."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await station.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return
