"""Faults of the live part, made for real: 20 meetings with 15 browsers each, and nobody stale afterwards."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import psycopg
import pytest

from tests.roundtable.live.browsers import Browser, running
from tests.roundtable.live.conftest import RedisServer
from tests.roundtable.live.county import Served, ring

CLIENTS = 15
STALE_AFTER = 15
#: Connections of one web process at most, beside the one that listens.
POOL = 3
#: No heartbeat while these tests run: what was missed must be made good by whoever connects again.
ALONE = {"LIVE_BEAT": "600", "DATABASE_POOL": str(POOL)}
#: Connections of web processes, by what they are for; those of this test have names of their own.
CONNECTIONS = """
SELECT pid, application_name = 'kreisrund bell' FROM pg_stat_activity
WHERE datname = current_database() AND usename = current_user AND application_name <> 'test'
"""


@pytest.fixture
def two(world: Served) -> Iterator[list[int]]:
    """Two web processes without Redis, as on one machine."""
    world.start(**ALONE)
    world.start(**ALONE)
    yield world.ports
    world.stop()


@pytest.fixture
def database(world: Served) -> Iterator["psycopg.Connection[object]"]:
    with world.connect() as connection:
        connection.execute("SET application_name = 'test'")
        yield connection


@pytest.fixture(scope="module")
def sessions(world: Served) -> list[str]:
    return [world.session(world.member) for _ in range(CLIENTS)]


def bells(database: "psycopg.Connection[object]") -> list[int]:
    """The server processes behind the connections that listen."""
    return [pid for pid, is_bell in database.execute(CONNECTIONS).fetchall() if is_bell]


def kill(database: "psycopg.Connection[object]", pids: list[int]) -> None:
    database.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) AS k(pid)", [pids])


def heads(database: "psycopg.Connection[object]") -> dict[object, int]:
    return dict(database.execute("SELECT id, version FROM roundtable_meeting").fetchall())


@asynccontextmanager
async def audience(world: Served, sessions: list[str]) -> AsyncIterator[list[Browser]]:
    """Everyone at every table, spread over the web processes."""
    browsers = [
        Browser(world.ports, meeting.pk, session) for meeting in world.meetings for session in sessions
    ]
    async with running(browsers):
        yield browsers


async def all_fresh(browsers: list[Browser], versions: dict[object, int]) -> None:
    """Everyone knows the version before a screen counts as stale."""
    await asyncio.gather(*(browser.knows(versions[browser.meeting], STALE_AFTER) for browser in browsers))


def ring_all(world: Served, database: "psycopg.Connection[object]") -> dict[object, int]:
    return {meeting.pk: ring(database, meeting.pk) for meeting in world.meetings}


def test_killed_listener_leaves_nobody_stale(world, two, database, sessions):
    async def play():
        async with audience(world, sessions) as browsers:
            before = bells(database)
            assert len(before) == len(two)
            kill(database, before)
            # Rung while nobody listens.
            await all_fresh(browsers, ring_all(world, database))
            await all_fresh(browsers, ring_all(world, database))
            assert set(bells(database)).isdisjoint(before)
            assert len(bells(database)) == len(two)

    asyncio.run(play())


def test_connections_stay_within_processes_and_pools(world, two, database, sessions):
    async def play():
        async with audience(world, sessions) as browsers:
            for _ in range(3):
                kill(database, bells(database))
                for browser in browsers:
                    browser.cut()
                await all_fresh(browsers, ring_all(world, database))
                kinds = [is_bell for _, is_bell in database.execute(CONNECTIONS).fetchall()]
                assert kinds.count(True) <= len(two)
                assert kinds.count(False) <= len(two) * POOL

    asyncio.run(play())


def test_killed_web_process_leaves_nobody_stale(world, two, database, sessions):
    async def play():
        async with audience(world, sessions) as browsers:
            world.kill(two[0])
            await all_fresh(browsers, ring_all(world, database))
            assert all(browser.socket for browser in browsers)

    asyncio.run(play())


def test_network_gone_and_back_leaves_nobody_stale(world, two, database, sessions):
    async def play():
        async with audience(world, sessions) as browsers:
            ports = list(two)
            two.clear()
            two.append(9)  # nobody listens there: the machines are out of reach
            for browser in browsers:
                browser.cut()
            missed = ring_all(world, database)
            two[:] = ports
            await all_fresh(browsers, missed)

    asyncio.run(play())


def test_browser_that_does_not_read_holds_up_nobody(world, two, database, sessions):
    async def play():
        async with audience(world, sessions) as browsers:
            stuck = browsers[::CLIENTS]
            for browser in stuck:
                browser.pause()
            others = [browser for browser in browsers if browser not in stuck]
            for _ in range(20):
                await all_fresh(others, ring_all(world, database))
            for browser in stuck:
                browser.resume()
            await all_fresh(browsers, heads(database))

    asyncio.run(play())


def test_with_redis_and_without_it_again_nobody_is_stale(
    world: Served, redis_server: RedisServer, database, sessions
):
    world.start(REDIS_URL=redis_server.url, **ALONE)
    world.start(REDIS_URL=redis_server.url, **ALONE)

    async def play():
        async with audience(world, sessions) as browsers:
            await all_fresh(browsers, ring_all(world, database))
            redis_server.stop()
            await all_fresh(browsers, ring_all(world, database))
            redis_server.start()
            kill(database, bells(database))
            await all_fresh(browsers, ring_all(world, database))

    try:
        asyncio.run(play())
    finally:
        world.stop()


class Schedule:
    """A random order of writes and faults."""

    def __init__(self, seed: int, world: Served, database, browsers: list[Browser]) -> None:
        self.rng = random.Random(seed)
        self.world, self.database, self.browsers = world, database, browsers
        self.played: list[str] = []

    async def play(self, steps: int) -> None:
        acts = ("write", "write", "write", "wait", "kill_bells", "cut", "pause", "kill_web", "start_web")
        for _ in range(steps):
            act = self.rng.choice(acts)
            self.played.append(act)
            await getattr(self, act)()

    async def write(self) -> None:
        for meeting in self.rng.choices(self.world.meetings, k=10):
            ring(self.database, meeting.pk)

    async def wait(self) -> None:
        """Let one of them come up to date; the others may or may not be."""
        browser = self.rng.choice(self.browsers)
        browser.resume()
        await browser.knows(heads(self.database)[browser.meeting])

    async def kill_bells(self) -> None:
        kill(self.database, bells(self.database))

    async def cut(self) -> None:
        for browser in self.rng.choices(self.browsers, k=40):
            browser.cut()

    async def pause(self) -> None:
        for browser in self.rng.choices(self.browsers, k=20):
            browser.pause()

    async def kill_web(self) -> None:
        if len(self.world.ports) > 1:
            self.world.kill(self.rng.choice(self.world.ports))

    async def start_web(self) -> None:
        if len(self.world.ports) < 2:
            await asyncio.to_thread(self.world.start, **ALONE)


@pytest.mark.parametrize("seed", range(3))
def test_after_any_order_of_faults_everyone_is_fresh(world, two, database, sessions, seed):
    async def play():
        async with audience(world, sessions) as browsers:
            schedule = Schedule(seed, world, database, browsers)
            await schedule.play(30)
            for browser in browsers:
                browser.resume()
            await all_fresh(browsers, heads(database))
            assert "write" in schedule.played
            assert {b.meeting: b.version for b in browsers} == heads(database)

    asyncio.run(play())
