"""Rights that end while somebody listens: the line is cut with the next heartbeat, and nobody else's."""

import asyncio

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore

from agencies import access
from tests.roundtable.live.browsers import Browser, running
from tests.roundtable.live.county import Served, ring


@pytest.fixture(scope="module", autouse=True)
def port(world: Served) -> int:
    return world.start()


#: What happens elsewhere, as statements on the member who listens; %(…)s are their ids.
ENDS = {
    "membership removed": "UPDATE agencies_membership SET is_active = false WHERE id = %(member)s",
    "role without meetings": "UPDATE agencies_membership SET role = 'verwaltung' WHERE id = %(member)s",
    "account closed": "UPDATE agencies_user SET is_active = false WHERE id = %(user)s",
    "session ended": "DELETE FROM django_session WHERE session_key = %(session)s",
    "session expired": "UPDATE django_session SET expire_date = now() WHERE session_key = %(session)s",
    "new password": "UPDATE agencies_user SET password = %(password)s WHERE id = %(user)s",
    "seat given up": "DELETE FROM roundtable_seat WHERE agency_id = %(agency)s AND table_id = %(table)s",
    "agency deactivated": "UPDATE agencies_agency SET is_active = false WHERE id = %(agency)s",
}


@pytest.mark.parametrize("end", ENDS)
def test_line_is_cut_when_the_right_ends(world, end):
    meeting = world.meetings[list(ENDS).index(end)]
    leaver = world.member_of("jugendamt", username=f"leaver-{list(ENDS).index(end)}")
    session, colleague = world.session(leaver), world.session(world.member)
    values = {
        "member": leaver.pk,
        "user": leaver.user_id,
        "agency": leaver.agency_id,
        "table": meeting.table_id,
        "session": session,
        "password": make_password("another"),
    }

    async def listen():
        leaving = Browser(world.ports, meeting.pk, session)
        staying = Browser(world.ports, meeting.pk, colleague)
        async with running([leaving, staying]):
            with world.connect() as database:
                database.execute(ENDS[end], values)
                await leaving.is_sent_away()
                await staying.knows(ring(database, meeting.pk))

    try:
        asyncio.run(listen())
    finally:
        with world.connect() as database:
            database.execute("UPDATE agencies_agency SET is_active = true")


def test_another_agency_chosen_in_another_tab_ends_this_one(world):
    member = world.member_of("jobcenter", username="two-agencies")
    session, meeting = world.session(member), world.meetings[0].pk

    async def listen():
        tab = Browser(world.ports, meeting, session)
        async with running([tab]):
            switch(world, session, member.pk + 1)
            await tab.is_sent_away()

    asyncio.run(listen())


def test_notes_in_the_session_cut_nobody_off(world):
    session, meeting = world.session(world.member), world.meetings[0].pk

    async def listen():
        tab = Browser(world.ports, meeting, session)
        async with running([tab]):
            switch(world, session, world.member.pk, _messages="[]")
            heard = len(tab.frames)
            # Reminders of two heartbeats, at least one of which has looked into the session.
            await tab.until(lambda: len(tab.frames) >= heard + 3)
        assert tab.code != 4403

    asyncio.run(listen())


def switch(world: Served, key: str, member: int, **more: str) -> None:
    """Write into a session as a request in another tab does."""
    store = SessionStore()
    with world.connect() as database:
        (data,) = database.execute(
            "SELECT session_data FROM django_session WHERE session_key = %s", [key]
        ).fetchone()
        content = store.decode(data) | {access.SESSION_KEY: member, **more}
        database.execute(
            "UPDATE django_session SET session_data = %s WHERE session_key = %s", [store.encode(content), key]
        )
