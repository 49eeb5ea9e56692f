"""A served county with meetings, sessions and real web processes, for tests of the live part."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY
from django.contrib.auth import SESSION_KEY as USER_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from agencies import access
from agencies.models import Membership
from agencies.roles import Role
from agencies.roundtable import actions
from agencies.roundtable.models import Meeting
from tests import database
from tests.e2e import serving
from tests.factories import County, make_county
from tests.factories.county import make_member

#: Short, so that no test waits; the heartbeat of an installation is slower.
BEAT = 1.0


def log_in(member: Membership, *, chosen: bool = True) -> str:
    """A session in which the member acts, as after the login; returns the cookie's value."""
    session = SessionStore()
    session[USER_KEY] = str(member.user_id)
    session[BACKEND_SESSION_KEY] = "agencies.adapter.PasswordBackend"
    session[HASH_SESSION_KEY] = member.user.get_session_auth_hash()
    if chosen:
        session[access.SESSION_KEY] = member.pk
    session.create()
    return str(session.session_key)


def make_meetings(by: Membership, county: County, number: int, *, seated: tuple[str, ...]) -> list[Meeting]:
    """Running meetings, each of a table of its own at which these agencies sit."""
    found = []
    with access.acting(by):
        for place in range(number):
            agencies = [county[slug] for slug in seated]
            table = actions.found(by=by, agencies=agencies, name=f"Tisch {place}")
            meeting = actions.plan(table, by=by, starts_at=timezone.now())
            actions.start(meeting, by=by)
            found.append(Meeting.objects.get(pk=meeting.pk))
    return found


@dataclass
class Served:
    """A database with its county, and what a test does to it beside the web processes."""

    name: str
    county: County
    meetings: list[Meeting]
    moderator: Membership
    member: Membership
    ports: list[int] = field(default_factory=list)
    processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def session(self, member: Membership, *, chosen: bool = True) -> str:
        with serving.connected_to(self.name):
            return log_in(member, chosen=chosen)

    def member_of(self, slug: str, role: Role = Role.FALLMANAGEMENT, *, username: str = "") -> Membership:
        """A member of the county; with a user name of its own, one more."""
        with serving.connected_to(self.name):
            if username:
                return make_member(self.county[slug], role, username=username)
            return self.county.member(slug, role)

    def connect(self, *, autocommit: bool = True) -> "psycopg.Connection[Any]":
        """As the app role, acting for the moderator of all meetings until closed."""
        address = serving._address("default", self.name)
        connection = psycopg.connect(address, autocommit=autocommit)
        connection.execute(
            "SELECT set_config('app.user', %s, false), set_config('app.agency', %s, false)",
            [str(self.moderator.user_id), str(self.moderator.agency_id)],
        )
        return connection

    def start(self, **extra: str) -> int:
        """One more web process; returns its port."""
        port = serving.free_port()
        variables = {
            "SECRET_KEY": settings.SECRET_KEY,
            "LIVE_BEAT": str(BEAT),
            "LOG_LEVEL": "WARNING",
            **extra,
        }
        command = [sys.executable, "-m", "uvicorn", "portal.asgi:application", "--port", str(port)]
        process = subprocess.Popen(
            [*command, "--log-level", "warning"],
            cwd=database.ROOT,
            env=serving.environment(self.name, port, **variables),
        )
        self.processes.append(process)
        self.ports.append(port)
        serving._wait_until_healthy(f"http://127.0.0.1:{port}", process)
        return port

    def kill(self, port: int) -> None:
        """Without warning, as when the machine has no memory left."""
        place = self.ports.index(port)
        del self.ports[place]
        process = self.processes.pop(place)
        process.kill()
        process.wait()

    def stop(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(15)
            process.kill()
            process.wait()
        self.processes.clear()
        self.ports.clear()


@contextmanager
def served(meetings: int = 20) -> Iterator[Served]:
    """A county whose jobcenter and youth office sit at every table; no process runs yet."""
    serving.collect_static()
    with serving.own_database() as name:
        with serving.connected_to(name):
            county = make_county(teams=1)
            moderator, member = county.member("jobcenter", Role.TEAMLEITUNG), county.member("jobcenter")
            rows = make_meetings(moderator, county, meetings, seated=("jobcenter", "jugendamt"))
        world = Served(name, county, rows, moderator, member)
        try:
            yield world
        finally:
            world.stop()


def ring(connection: "psycopg.Connection[Any]", meeting: UUID) -> int:
    """One write to the meeting, as any change of it makes; returns the new version."""
    row = connection.execute(
        "UPDATE roundtable_meeting SET version = version + 1 WHERE id = %s RETURNING version", [meeting]
    ).fetchone()
    assert row
    return int(row[0])
