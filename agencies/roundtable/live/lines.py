"""The sockets of this process by meeting: each is told the newest version, and a slow one holds up nobody."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from uuid import UUID

from agencies.roundtable.live.rights import Ticket

#: Close codes: without (any more) a right to hear; the database cannot be asked right now.
NO_RIGHT = 4403
TRY_LATER = 1013


def frame_of(meeting: UUID, version: int) -> str:
    """All a socket is ever told."""
    return f'{{"meeting":"{meeting}","version":{version}}}'


class Line:
    """One socket. Holds the newest frame only: whoever reads slowly skips versions and needs no queue."""

    __slots__ = ("_close", "_code", "_frame", "_send", "_task", "ticket")

    def __init__(
        self,
        ticket: Ticket,
        send: Callable[[str], Awaitable[None]],
        close: Callable[[int], Awaitable[None]],
    ) -> None:
        self.ticket = ticket
        self._send = send
        self._close = close
        self._frame = ""
        self._code = 0
        self._task: asyncio.Task[None] | None = None

    def tell(self, frame: str) -> None:
        """Send the frame as soon as the one on its way is out; it replaces one that waits."""
        self._frame = frame
        self._work()

    def hang_up(self, code: int) -> None:
        """Close the socket in place of whatever it was about to be told."""
        self._code = code
        self._work()

    def drop(self) -> None:
        """The socket is closed: nothing more is sent."""
        if self._task:
            self._task.cancel()

    def _work(self) -> None:
        if self._task is None:
            self._task = asyncio.create_task(self._deliver())

    async def _deliver(self) -> None:
        try:
            while self._frame and not self._code:
                frame, self._frame = self._frame, ""
                await self._send(frame)
            if self._code:
                await self._close(self._code)
        except (OSError, RuntimeError):
            pass  # the browser has gone; its disconnect is on the way to the consumer
        finally:
            self._task = None


class Switchboard:
    """The lines of this process and the newest version known of each of their meetings."""

    def __init__(self) -> None:
        self._lines: dict[UUID, set[Line]] = {}
        self._heads: dict[UUID, int] = {}

    @property
    def meetings(self) -> list[UUID]:
        return list(self._lines)

    @property
    def lines(self) -> list[Line]:
        return [line for lines in self._lines.values() for line in lines]

    def add(self, line: Line) -> bool:
        """Connect a line and tell it the version, if known; False when the version must be asked for."""
        meeting = line.ticket.meeting
        self._lines.setdefault(meeting, set()).add(line)
        if head := self._heads.get(meeting):
            line.tell(frame_of(meeting, head))
        return head is not None

    def remove(self, line: Line) -> None:
        line.drop()
        self._disconnect(line)

    def hang_up(self, lines: Iterable[Line]) -> None:
        """Close the sockets of those who have no right to hear any more."""
        for line in lines:
            self._disconnect(line)
            line.hang_up(NO_RIGHT)

    def _disconnect(self, line: Line) -> None:
        meeting = line.ticket.meeting
        here = self._lines.get(meeting)
        if here is None:
            return
        here.discard(line)
        if not here:
            del self._lines[meeting]
            self._heads.pop(meeting, None)

    def ring(self, meeting: UUID, version: int) -> None:
        """Tell all lines of the meeting a version that is news here; the same news twice rings once."""
        lines = self._lines.get(meeting)
        if not lines or version <= self._heads.get(meeting, 0):
            return
        self._heads[meeting] = version
        frame = frame_of(meeting, version)
        for line in lines:
            line.tell(frame)

    def remind(self, heads: Mapping[UUID, int]) -> None:
        """Tell every line its meeting's version, news or not: silence then means that the line is dead."""
        for meeting, version in heads.items():
            if lines := self._lines.get(meeting):
                head = self._heads[meeting] = max(version, self._heads.get(meeting, 0))
                frame = frame_of(meeting, head)
                for line in lines:
                    line.tell(frame)
