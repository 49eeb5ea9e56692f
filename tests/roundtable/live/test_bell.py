"""The bell as browsers hear it: who may hear, what is said, and when the line is cut (real web process)."""

import asyncio
import json
from collections.abc import Callable, Iterator
from uuid import uuid4

import psycopg
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from agencies.roles import Role
from tests.roundtable.live.browsers import NO_RIGHT, Browser, opened, running
from tests.roundtable.live.county import Served, ring


@pytest.fixture(scope="module", autouse=True)
def port(world: Served) -> int:
    return world.start()


@pytest.fixture
def database(world: Served) -> Iterator["psycopg.Connection[object]"]:
    with world.connect() as connection:
        yield connection


@pytest.fixture
def browser(world: Served) -> Callable[..., Browser]:
    """A tab on the first meeting, of a case manager of the jobcenter unless told otherwise."""

    def make(session: str | None = None, meeting: int = 0, room_key: str = "") -> Browser:
        key = world.session(world.member) if session is None else session
        return Browser(world.ports, world.meetings[meeting].pk, key, room_key)

    return make


def test_every_write_rings_meeting_and_version_and_nothing_else(world, database, browser):
    tab, other = browser(), browser(meeting=1)
    meeting = world.meetings[0].pk

    async def listen():
        async with running([tab, other]):
            versions = [ring(database, meeting) for _ in range(3)]
            await tab.knows(versions[-1])
            return versions

    versions = asyncio.run(listen())

    assert set(tab.frames) <= {f'{{"meeting":"{meeting}","version":{n}}}' for n in range(versions[-1] + 1)}
    assert {json.loads(frame)["meeting"] for frame in other.frames} == {str(world.meetings[1].pk)}


def test_what_is_rolled_back_does_not_ring(world, browser):
    tab, meeting = browser(), world.meetings[0].pk

    async def listen():
        async with running([tab]):
            with world.connect(autocommit=False) as undone:
                lost = ring(undone, meeting)
                undone.rollback()
            with world.connect() as done:
                assert ring(done, meeting) == lost
                await tab.knows(lost)

    asyncio.run(listen())

    versions = [json.loads(frame)["version"] for frame in tab.frames]
    assert versions == sorted(versions)
    assert len(set(versions)) == 2


def test_two_tabs_of_one_user_hear_each_for_itself(world, database, browser):
    session = world.session(world.member)
    tabs = [browser(session), browser(session)]

    async def listen():
        async with running([tabs[1]]):
            async with running([tabs[0]]):
                pass
            await tabs[1].knows(ring(database, world.meetings[0].pk))

    asyncio.run(listen())


def answer(port: int, path: str, session: str = "", origin: str = "") -> int:
    """The status of a refused handshake, or the code with which an opened socket is closed."""

    async def ask():
        try:
            async with opened(port, path, session, origin) as socket:
                await socket.recv()
                return 0
        except InvalidStatus as error:
            return error.response.status_code
        except ConnectionClosed as error:
            return error.rcvd.code

    return asyncio.run(ask())


def test_strangers_are_sent_away_alike(world, port):
    here = f"/ws/runder-tisch/{world.meetings[0].pk}/"
    without_seat = world.session(world.member_of("sozialamt"))
    no_meetings = world.session(world.member_of("jobcenter", Role.VERWALTUNG))
    member = world.session(world.member)

    answers = {
        "nobody": answer(port, here),
        "wrong session": answer(port, here, "x" * 32),
        "no seat": answer(port, here, without_seat),
        "role": answer(port, here, no_meetings),
        "no meeting": answer(port, f"/ws/runder-tisch/{uuid4()}/", member),
        "wrong key": answer(port, f"{here}raum/{'x' * 24}/"),
        "member's session without the key": answer(port, f"{here}raum/x/", member),
        "key of another meeting": answer(port, f"{here}raum/{world.meetings[1].room_key}/"),
    }

    assert answers == dict.fromkeys(answers, NO_RIGHT)
    assert answer(port, here, member) == 0


def test_other_addresses_are_refused(world, port):
    member = world.session(world.member)

    assert [answer(port, path, member) for path in ("/ws/", "/", "/ws/runder-tisch/1/")] == [403] * 3


def test_pages_of_another_scheme_host_or_port_cannot_listen(world, port):
    path, member = f"/ws/runder-tisch/{world.meetings[0].pk}/", world.session(world.member)
    others = [
        f"https://127.0.0.1:{port}",
        f"http://127.0.0.1:{port + 1}",
        "http://127.0.0.1",
        f"http://evil.example:{port}",
        f"http://127.0.0.1.evil.example:{port}",
        "null",
        "file://",
    ]

    assert [answer(port, path, member, origin) for origin in others] == [403] * len(others)


def test_whoever_speaks_is_sent_away(world, browser):
    tab = browser()

    async def speak():
        async with running([tab]):
            await tab.socket.send("{}")
            await tab.is_sent_away()

    asyncio.run(speak())


def test_room_screen_hears_while_the_meeting_runs(world, database, browser):
    meeting = world.meetings[2]
    screen, tab = browser("", 2, meeting.room_key), browser(meeting=2)

    async def listen():
        async with running([screen, tab]):
            await screen.knows(ring(database, meeting.pk))
            database.execute(
                "UPDATE roundtable_meeting SET state = 'closed', version = version + 1 WHERE id = %s",
                [meeting.pk],
            )
            await screen.is_sent_away()
            await tab.knows(ring(database, meeting.pk))

    asyncio.run(listen())
