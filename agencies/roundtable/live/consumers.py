"""The sockets: let in by session and seat, or by the room's key; they are told versions and say nothing."""

from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import Error as DatabaseError

from agencies.roundtable.live import rights
from agencies.roundtable.live.lines import NO_RIGHT, TRY_LATER, Line
from agencies.roundtable.live.rights import Ticket
from agencies.roundtable.live.station import station


class MeetingConsumer(AsyncWebsocketConsumer):
    """One browser of a member that shows one meeting."""

    line: Line | None = None

    async def connect(self) -> None:
        # Accepted first: before that a browser could not tell "no right" from "no network".
        await self.accept()
        try:
            await self._join()
        except DatabaseError:
            await self.close(TRY_LATER)

    async def _join(self) -> None:
        ticket = await self.ticket()
        if ticket is None:
            await self.close(NO_RIGHT)
            return
        self.line = Line(ticket, self.send, self.close)
        station.start()
        if not station.board.add(self.line):
            # On the board before the version is asked for: what rings meanwhile is not missed.
            for meeting, version in (await database_sync_to_async(rights.heads)([ticket.meeting])).items():
                station.board.ring(meeting, version)

    async def ticket(self) -> Ticket | None:
        values = self.scope["user"], self.scope["session"], self.scope["url_route"]["kwargs"]["meeting"]
        return await database_sync_to_async(rights.member_ticket)(*values)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """A browser has nothing to say here."""
        await self.close(NO_RIGHT)

    async def disconnect(self, code: int) -> None:
        if self.line:
            station.board.remove(self.line)


class RoomConsumer(MeetingConsumer):
    """The screen in the room: no login, a key in the address, only while the meeting runs."""

    async def ticket(self) -> Ticket | None:
        known: dict[str, Any] = self.scope["url_route"]["kwargs"]
        return await database_sync_to_async(rights.room_ticket)(known["room_key"], known["meeting"])


class NowhereConsumer(AsyncWebsocketConsumer):
    """Any other address: refused, and nothing in the log."""

    async def connect(self) -> None:
        await self.close()
