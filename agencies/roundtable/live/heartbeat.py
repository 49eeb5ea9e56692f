"""The heartbeat: versions and rights of all sockets here, in a number of queries that never grows."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from channels.db import database_sync_to_async

from agencies.roundtable.live import rights
from agencies.roundtable.live.lines import Switchboard
from agencies.roundtable.live.rights import Ticket


@database_sync_to_async
def _look(meetings: Sequence[UUID], tickets: Sequence[Ticket]) -> tuple[dict[UUID, int], list[int]]:
    return rights.heads(meetings), rights.expired(tickets)


async def beat(board: Switchboard) -> None:
    """Close the lines of those who may not hear any more, and remind all others of the version."""
    lines = board.lines
    if not lines:
        return
    heads, expired = await _look(board.meetings, [line.ticket for line in lines])
    board.hang_up(lines[number] for number in expired)
    board.remind(heads)


async def beat_on(board: Switchboard, seconds: float) -> None:
    """A beat every so many seconds, until one fails."""
    while True:
        await asyncio.sleep(seconds)
        await beat(board)
