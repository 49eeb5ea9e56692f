"""The second bridge between web processes: Redis or Valkey hands on what one of them has heard (optional).

With it a process whose own connection to PostgreSQL is broken rings all the same. Everything works without.
"""

import asyncio
from uuid import UUID

from redis.asyncio import Redis

from agencies.roundtable.live.doorbell import PATIENCE, heard
from agencies.roundtable.live.lines import Switchboard

TOPIC = "kreisrund:meeting"


class Bridge:
    """One connection that listens and one that tells; news that cannot be told now is not kept for later."""

    def __init__(self, address: str, board: Switchboard) -> None:
        self._address = address
        self._board = board
        self._news: dict[UUID, int] = {}
        self._is_news = asyncio.Event()

    def tell(self, meeting: UUID, version: int) -> None:
        """Hand on, without waiting: of many versions of a meeting only the newest is sent."""
        self._news[meeting] = version
        self._is_news.set()

    def _client(self) -> Redis:
        return Redis.from_url(
            self._address,
            decode_responses=True,
            socket_connect_timeout=PATIENCE,
            health_check_interval=PATIENCE,
        )

    async def listen(self) -> None:
        """Ring the board for what other processes tell, until the connection fails."""
        async with self._client() as client, client.pubsub(ignore_subscribe_messages=True) as topics:
            await topics.subscribe(TOPIC)
            while True:
                message = await topics.get_message(timeout=PATIENCE)
                if message and (news := heard(message["data"])):
                    self._board.ring(*news)

    async def speak(self) -> None:
        """Tell what is new, until the connection fails; what rang meanwhile the heartbeat makes good."""
        self._news.clear()
        async with self._client() as client:
            while True:
                await self._is_news.wait()
                self._is_news.clear()
                news, self._news = self._news, {}
                for meeting, version in news.items():
                    await asyncio.wait_for(client.publish(TOPIC, f"{meeting}:{version}"), PATIENCE)
