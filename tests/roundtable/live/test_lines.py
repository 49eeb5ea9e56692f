"""Lines and switchboard alone: slow readers, old news, gone browsers; and Redis between two of them."""

import asyncio
from contextlib import suppress
from uuid import UUID, uuid4

from agencies.roundtable.live.bridge import Bridge
from agencies.roundtable.live.doorbell import heard
from agencies.roundtable.live.lines import NO_RIGHT, Line, Switchboard, frame_of
from agencies.roundtable.live.rights import Ticket

MEETING = UUID("0b7c6a4e-0000-4000-8000-000000000001")
PATIENCE = 10


class Recorder:
    """Stands for a browser: takes frames while its gate is open."""

    def __init__(self) -> None:
        self.frames: list[str] = []
        self.code = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.news = asyncio.Event()
        self.line = Line(Ticket(MEETING), self.send, self.close)

    async def send(self, frame: str) -> None:
        await self.gate.wait()
        self.frames.append(frame)
        self.news.set()

    async def close(self, code: int) -> None:
        await self.gate.wait()
        self.code = code
        self.news.set()

    async def hears(self, version: int) -> None:
        async with asyncio.timeout(PATIENCE):
            while frame_of(MEETING, version) not in self.frames:
                self.news.clear()
                await self.news.wait()


def test_who_reads_slowly_skips_versions_and_holds_up_nobody():
    async def play():
        board, slow, quick = Switchboard(), Recorder(), Recorder()
        for browser in (slow, quick):
            board.add(browser.line)
        slow.gate.clear()
        for version in range(1, 101):
            board.ring(MEETING, version)
            await quick.hears(version)
        slow.gate.set()
        await slow.hears(100)
        return slow.frames, quick.frames

    slow, quick = asyncio.run(play())

    assert slow == [frame_of(MEETING, 1), frame_of(MEETING, 100)]
    assert quick == [frame_of(MEETING, version) for version in range(1, 101)]


def test_old_news_and_other_meetings_do_not_ring():
    async def play():
        board, browser = Switchboard(), Recorder()
        board.add(browser.line)
        for meeting, version in [(MEETING, 7), (MEETING, 7), (MEETING, 6), (uuid4(), 9), (MEETING, 8)]:
            board.ring(meeting, version)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        await browser.hears(8)
        return browser.frames

    assert asyncio.run(play()) == [frame_of(MEETING, 7), frame_of(MEETING, 8)]


def test_reminder_repeats_the_newest_version_even_when_it_was_read_earlier():
    async def play():
        board, browser = Switchboard(), Recorder()
        board.add(browser.line)
        board.ring(MEETING, 5)
        await browser.hears(5)
        browser.frames.clear()
        board.remind({MEETING: 4, uuid4(): 9})
        await browser.hears(5)
        return browser.frames

    assert asyncio.run(play()) == [frame_of(MEETING, 5)]


def test_whoever_comes_later_is_told_the_version_at_once():
    async def play():
        board, first, second = Switchboard(), Recorder(), Recorder()
        known = [board.add(first.line)]
        board.ring(MEETING, 3)
        known.append(board.add(second.line))
        await second.hears(3)
        board.remove(first.line)
        board.remove(second.line)
        return known, board.meetings, board.add(Recorder().line)

    assert asyncio.run(play()) == ([False, True], [], False)


def test_line_without_a_right_is_closed_behind_the_frame_on_its_way():
    async def play():
        board, slow = Switchboard(), Recorder()
        board.add(slow.line)
        slow.gate.clear()
        board.ring(MEETING, 1)
        await asyncio.sleep(0)
        board.ring(MEETING, 2)
        board.hang_up([slow.line])
        slow.gate.set()
        async with asyncio.timeout(PATIENCE):
            while not slow.code:
                slow.news.clear()
                await slow.news.wait()
        return slow.frames, slow.code, board.lines

    assert asyncio.run(play()) == ([frame_of(MEETING, 1)], NO_RIGHT, [])


def test_browser_that_has_gone_disturbs_nobody():
    async def play():
        board, gone, there = Switchboard(), Recorder(), Recorder()

        async def fail(frame: str) -> None:
            raise OSError

        gone.line = Line(Ticket(MEETING), fail, gone.close)
        board.add(gone.line)
        board.add(there.line)
        for version in (1, 2, 3):
            board.ring(MEETING, version)
            await there.hears(version)

    asyncio.run(play())


def test_payloads_that_are_no_rings_are_passed_over(caplog):
    odd = ["", "x", f"{MEETING}", f"{MEETING}:", f"{MEETING}:x", "1:2", f"{MEETING}:1:2"]

    assert [heard(payload) for payload in odd] == [None] * len(odd)
    assert heard(f"{MEETING}:17") == (MEETING, 17)


def test_redis_rings_the_other_process_also_after_a_restart(redis_server):
    async def play():
        board, browser = Switchboard(), Recorder()
        board.add(browser.line)
        here, there = Bridge(redis_server.url, Switchboard()), Bridge(redis_server.url, board)
        await tell(here, there, browser, 1)
        redis_server.stop()
        redis_server.start()
        await tell(here, there, browser, 100)

    asyncio.run(play())


async def tell(here: Bridge, there: Bridge, browser: Recorder, version: int) -> None:
    """Both ends run; the news is repeated, since Redis forgets what nobody listens to."""
    tasks = [asyncio.create_task(work) for work in (there.listen(), here.speak())]
    try:
        async with asyncio.timeout(PATIENCE):
            while frame_of(MEETING, version) not in browser.frames:
                here.tell(MEETING, version)
                browser.news.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(browser.news.wait(), 0.05)
    finally:
        for task in tasks:
            task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(end) for end in ends] == [asyncio.CancelledError] * 2
