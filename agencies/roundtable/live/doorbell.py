"""Hears PostgreSQL's bell for this process on one connection of its own, and rings the lines here."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg
from django.db import connections
from psycopg import AsyncConnection

from agencies.roundtable.live.lines import Switchboard

logger = logging.getLogger(__name__)

#: Seconds until a server that does not answer counts as gone.
PATIENCE = 5
#: The kernel asks too, so that a network that swallows everything is noticed.
KEEPALIVES: dict[str, Any] = {
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
}

News = Callable[[UUID, int], None]


def heard(payload: str) -> tuple[UUID, int] | None:
    """Meeting and version of a ring; None for what is none."""
    meeting, _, version = payload.partition(":")
    try:
        return UUID(meeting), int(version)
    except ValueError:
        logger.warning("A ring of %d characters is none", len(payload))
        return None


def address() -> dict[str, Any]:
    """Where the database is, in libpq's own words: Django's settings know others beside."""
    known = {option.keyword.decode() for option in psycopg.pq.Conninfo.get_defaults()}
    params = connections["default"].get_connection_params()
    return {name: value for name, value in params.items() if name in known}


async def listen(board: Switchboard, beat: float, *, tell: News) -> None:
    """Ring the board for what PostgreSQL tells, until the connection fails.

    :param beat: seconds of silence after which the connection is tried
    :param tell: is told all news as well
    """
    connecting = AsyncConnection.connect(
        **address(),
        **KEEPALIVES,
        connect_timeout=PATIENCE,
        autocommit=True,
        application_name="kreisrund bell",
    )
    async with await connecting as connection:
        await connection.execute("LISTEN meeting")
        await _catch_up(connection, board)
        while True:
            async for notice in connection.notifies(timeout=beat):
                if news := heard(notice.payload):
                    board.ring(*news)
                    tell(*news)
            await asyncio.wait_for(connection.execute("SELECT 1"), PATIENCE)


async def _catch_up(connection: AsyncConnection[Any], board: Switchboard) -> None:
    """What rang while nobody listened."""
    if meetings := board.meetings:
        cursor = await connection.execute("SELECT id, version FROM meeting_heads(%s)", [meetings])
        for meeting, version in await cursor.fetchall():
            board.ring(meeting, version)
