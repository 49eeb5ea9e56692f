"""The round table's bell: from commit to frame beside a bare server, and the memory of idle sockets."""

import asyncio
import os
import resource
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from uuid import UUID

import psutil
import psycopg
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY
from django.contrib.auth import SESSION_KEY as USER_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from agencies import access
from agencies.models import Membership
from agencies.roundtable import actions
from agencies.roundtable.models import Meeting, RoundTable
from portal.bench import bare, bare_bell, sockets
from portal.bench.measuring import Figure, percentile
from portal.launch import WEB_OPTIONS

MEETINGS, CLIENTS, ROUNDS, WARM_UP = 20, 15, 40, 3
IDLE = 1000
TABLE = "Benchmark"
START_SECONDS = 60


def bench_meetings(member: Membership) -> list[UUID]:
    """Meetings of a table that exists for this alone, kept for the next run."""
    with access.acting(member):
        table = RoundTable.objects.filter(name=TABLE).first()
        table = table or actions.found(by=member, agencies=[], name=TABLE)
        known = list(Meeting.objects.filter(table=table).values_list("pk", flat=True)[:MEETINGS])
        missing = range(MEETINGS - len(known))
        return known + [actions.plan(table, by=member, starts_at=timezone.now()).pk for _ in missing]


def bench_session(member: Membership) -> str:
    """A session as the login makes one."""
    session = SessionStore()
    session[USER_KEY] = str(member.user_id)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = member.user.get_session_auth_hash()
    session[access.SESSION_KEY] = member.pk
    session.create()
    return str(session.session_key)


@contextmanager
def running(*command: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A Python program beside this one; stopped at the end."""
    process = subprocess.Popen([sys.executable, "-m", *command], env={**os.environ, "LIVE_BEAT": "8"})
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def web_process() -> Iterator[tuple[int, psutil.Process]]:
    """A real uvicorn with the portal, as in production."""
    port = free_port()
    with running("uvicorn", "portal.asgi:application", "--port", str(port), *WEB_OPTIONS) as process:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and not _answers(port):
            time.sleep(0.05)
        yield port, psutil.Process(process.pid)


@contextmanager
def bare_server() -> Iterator[int]:
    port = free_port()
    with bare.connect() as connection:
        conninfo = connection.info.dsn
    with running("portal.bench.bare_bell", str(port), conninfo):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        yield port


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False


class Side:
    """One of the two servers: its clients, how its bell is rung, and how long each frame took."""

    def __init__(self, port: int, statement: str) -> None:
        self.port = port
        self.statement = statement
        self.milliseconds: list[float] = []
        self._sockets: list[sockets.Socket] = []
        self._last: list[bytes] = []
        self._rung: dict[bytes, float] = {}
        self._missing = 0
        self._all_here = asyncio.Event()

    async def connect(self, meetings: Sequence[UUID], sessions: Sequence[str]) -> None:
        for meeting in meetings:
            places = range(len(self._last), len(self._last) + len(sessions))
            self._last += [b""] * len(sessions)
            self._sockets += await asyncio.gather(
                *(
                    sockets.connect(self.port, meeting, session, partial(self._take, place))
                    for place, session in zip(places, sessions, strict=True)
                )
            )

    def _take(self, place: int, frame: bytes, now: float) -> None:
        # A heartbeat's reminder was not rung for in this round, or comes a second time.
        begun = self._rung.get(frame)
        if begun is None or self._last[place] == frame:
            return
        self._last[place] = frame
        self.milliseconds.append((now - begun) * 1000)
        self._missing -= 1
        if not self._missing:
            self._all_here.set()

    async def ring_all(self, writer: "psycopg.AsyncConnection[tuple[int]]", meetings: Sequence[UUID]) -> None:
        """Change every meeting once, one commit each, and wait until every client knows."""
        self._rung.clear()
        self._all_here.clear()
        self._missing = len(self._sockets)
        for meeting in meetings:
            async with writer.transaction():
                cursor = await writer.execute(self.statement, {"meeting": meeting})
                row = await cursor.fetchone()
                assert row
                frame = bare_bell.frame_of(f"{meeting}:{row[0]}").encode()
                self._rung[frame] = time.perf_counter()
        await asyncio.wait_for(self._all_here.wait(), 30)

    def close(self) -> None:
        for client in self._sockets:
            client.transport.abort()


OURS = "UPDATE roundtable_meeting SET version = version + 1 WHERE id = %(meeting)s RETURNING version"
BARE = (
    "WITH next AS (SELECT nextval('bench_bell') AS version)"
    " SELECT version, pg_notify('bare_meeting', %(meeting)s::text || ':' || version) FROM next"
)


def commit_to_frame(member: Membership) -> dict[str, Figure]:
    """p95 over all frames of 20 meetings with 15 sockets each, changed one after another; in turns.

    Without waiting for the disk at commit, which would make both sides slower and so look more alike.
    """
    _allow_many_files()
    meetings, session_keys = bench_meetings(member), [bench_session(member) for _ in range(CLIENTS)]
    with bare.connect() as connection:
        connection.execute("CREATE SEQUENCE IF NOT EXISTS bench_bell")
        conninfo = connection.info.dsn
    with web_process() as (port, _), bare_server() as bare_port:
        ours, theirs = asyncio.run(_in_turns(conninfo, (port, bare_port), meetings, session_keys))
    mine, base = percentile(ours, 0.95), percentile(theirs, 0.95)
    note = f"bare {base:.1f} ms; half of all frames within {percentile(ours, 0.5):.1f} ms"
    return {
        "live_commit_to_frame": Figure(mine, "ms (p95)", 3, mine / base, note=note),
        "live_commit_to_frame_ms": Figure(mine, "ms (p95)", 100),
    }


async def _in_turns(
    conninfo: str, ports: tuple[int, int], meetings: Sequence[UUID], session_keys: Sequence[str]
) -> tuple[list[float], list[float]]:
    sides = [Side(port, statement) for port, statement in zip(ports, (OURS, BARE), strict=True)]
    for side in sides:
        await side.connect(meetings, session_keys)
    async with await psycopg.AsyncConnection.connect(conninfo) as writer:
        await writer.execute("SET synchronous_commit = off")
        await writer.commit()
        for number in range(WARM_UP + ROUNDS):
            for side in sides:
                await side.ring_all(writer, meetings)
                if number < WARM_UP:
                    side.milliseconds.clear()
    for side in sides:
        side.close()
    return sides[0].milliseconds, sides[1].milliseconds


def idle_memory(member: Membership) -> Figure:
    """What 1,000 sockets that only wait add to one web process, once the heartbeat has looked at them."""
    _allow_many_files()
    meetings = bench_meetings(member)
    session_keys = [bench_session(member) for _ in range(IDLE // MEETINGS)]
    with web_process() as (port, process):
        before = process.memory_info().rss
        asyncio.run(_hold(port, meetings, session_keys))
        return Figure(
            (_peak(process) - before) / 1e6, "MB", 150, note=f"{IDLE} sockets, start {before / 1e6:.0f} MB"
        )


async def _hold(port: int, meetings: Sequence[UUID], session_keys: Sequence[str]) -> None:
    """Connect them all and keep them until each has heard a heartbeat after the last one came."""
    frames = 0
    heard = asyncio.Event()

    def count(frame: bytes, now: float) -> None:
        nonlocal frames
        frames += 1
        if frames >= wanted:
            heard.set()

    wanted = sys.maxsize
    clients = []
    for meeting in meetings:
        clients += await asyncio.gather(*(sockets.connect(port, meeting, key, count) for key in session_keys))
    wanted = frames + len(clients)
    await asyncio.wait_for(heard.wait(), 60)
    for client in clients:
        client.transport.abort()


def _peak(process: psutil.Process) -> int:
    """The most memory the process has ever held, while the sockets were open."""
    with open(f"/proc/{process.pid}/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))


def _allow_many_files() -> None:
    """Sockets are files; children inherit the limit."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
