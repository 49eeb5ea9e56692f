"""Tickets of sockets: as the one policy says, checked in one query for any number; heartbeats and origins."""

import asyncio
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies import access
from agencies.models import Membership
from agencies.roles import Role
from agencies.roundtable import actions
from agencies.roundtable.live import heartbeat, origins, rights
from agencies.roundtable.live.lines import Line, Switchboard
from agencies.roundtable.models import Meeting
from tests.factories import County, make_county
from tests.roundtable.live.county import log_in, make_meetings

SEATED = ("jobcenter", "jugendamt")


@pytest.fixture
def county(db) -> County:
    return make_county(teams=1)


@pytest.fixture
def meeting(county) -> Meeting:
    return make_meetings(county.member("jobcenter", Role.TEAMLEITUNG), county, 1, seated=SEATED)[0]


def ticket_of(member: Membership, meeting: Meeting) -> rights.Ticket | None:
    return rights.member_ticket(member.user, SessionStore(log_in(member)), meeting.pk)


def test_tickets_are_given_to_whom_the_policy_lets_attend(county, meeting):
    everybody = [county.member(slug, role) for slug in county.agencies for role in Role]

    given = {member.user.username for member in everybody if ticket_of(member, meeting)}

    allowed = set()
    for member in everybody:
        with access.acting(member):
            allowed |= {member.user.username} if access.may_attend(member, meeting.pk) else set()
    assert given == allowed
    assert 0 < len(given) < len(everybody)


def test_nobody_without_a_session_gets_a_ticket(county, meeting):
    member = county.member("jobcenter")

    assert rights.member_ticket(AnonymousUser(), SessionStore(), meeting.pk) is None
    assert rights.member_ticket(member.user, SessionStore(), meeting.pk) is None
    assert rights.member_ticket(member.user, SessionStore("x" * 32), meeting.pk) is None


def test_room_ticket_needs_the_key_of_this_running_meeting(county, meeting):
    moderator = county.member("jobcenter", Role.TEAMLEITUNG)
    with access.acting(moderator):
        draft = actions.plan(meeting.table, by=moderator, starts_at=meeting.starts_at)

    assert rights.room_ticket(meeting.room_key, meeting.pk)
    assert rights.room_ticket("", meeting.pk) is None
    assert rights.room_ticket("x" * 24, meeting.pk) is None
    assert rights.room_ticket(meeting.room_key, uuid4()) is None
    assert rights.room_ticket(draft.room_key, draft.pk) is None


def test_expired_names_the_places_of_those_that_do_not_hold(county, meeting):
    members = [
        county.member("jobcenter"),
        county.member("jugendamt"),
        county.member("jobcenter", Role.TEAMLEITUNG),
    ]
    tickets = [ticket_of(member, meeting) for member in members]
    tickets.insert(1, rights.room_ticket(meeting.room_key, meeting.pk))
    wrong = rights.Ticket(meeting.pk, tickets[0].session, members[1].user_id, members[1].pk, members[1].pk)
    Membership.objects.filter(pk=members[1].pk).update(is_active=False)

    assert rights.expired([*tickets, wrong, rights.Ticket(meeting.pk)]) == [2, 4, 5]
    assert rights.expired([]) == []


@pytest.mark.parametrize("number", [1, 3, 30])
def test_heartbeat_asks_as_often_for_many_as_for_one(county, number):
    moderator = county.member("jobcenter", Role.TEAMLEITUNG)
    meetings = make_meetings(moderator, county, number, seated=SEATED)
    tickets = [ticket_of(moderator, meeting) for meeting in meetings]
    tickets += [rights.room_ticket(meeting.room_key, meeting.pk) for meeting in meetings]

    with CaptureQueriesContext(
        connection,
    ) as queries:
        rights.heads([meeting.pk for meeting in meetings])
        rights.expired(tickets)

    assert len(queries) == 3


def test_heartbeat_reminds_and_hangs_up(monkeypatch):
    meeting, told, closed = uuid4(), [], []

    async def look(meetings, tickets):
        return {meeting: 9}, [number for number, ticket in enumerate(tickets) if not ticket.member]

    async def play():
        async def send(frame: str) -> None:
            told.append(frame)

        async def close(code: int) -> None:
            closed.append(code)

        board = Switchboard()
        for member in (1, 0):
            board.add(Line(rights.Ticket(meeting, member=member), send, close))
        await heartbeat.beat(board)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return len(board.lines)

    monkeypatch.setattr(heartbeat, "_look", look)

    assert asyncio.run(play()) == 1
    assert (told, closed) == ([f'{{"meeting":"{meeting}","version":9}}'], [4403])


def scope(origin: str, host: str, scheme: str = "ws", **headers: str) -> dict[str, object]:
    known = {"origin": origin, "host": host, **headers}
    return {"scheme": scheme, "headers": [(key.encode(), value.encode()) for key, value in known.items()]}


@pytest.mark.parametrize(
    ("is_ours", "origin", "host", "scheme"),
    [
        (True, "http://localhost:8000", "localhost:8000", "ws"),
        (True, "http://localhost", "localhost:80", "ws"),
        (True, "https://localhost", "localhost", "wss"),
        (True, "https://localhost:443", "localhost", "wss"),
        (True, "https://kreisrund.example", "localhost:8000", "ws"),
        (False, "https://kreisrund.example:8443", "localhost:8000", "ws"),
        (False, "http://kreisrund.example", "localhost:8000", "ws"),
        (False, "http://localhost:8001", "localhost:8000", "ws"),
        (False, "https://localhost:8000", "localhost:8000", "ws"),
        (False, "http://evil.example", "evil.example", "ws"),
        (False, "http://localhost:8000@evil.example", "localhost:8000", "ws"),
        (False, "http://localhost:x", "localhost:8000", "ws"),
        (False, "http://localhost:8000/path", "localhost:8000", "ws"),
        (False, "http://[", "localhost:8000", "ws"),
        (False, "null", "localhost:8000", "ws"),
        (False, "", "localhost:8000", "ws"),
        (False, "", "", "ws"),
    ],
)
def test_origin_must_match_scheme_host_and_port(settings, is_ours, origin, host, scheme):
    settings.CSRF_TRUSTED_ORIGINS = ["https://kreisrund.example"]

    assert origins.is_ours(scope(origin, host, scheme)) is is_ours


def test_scheme_behind_a_proxy_is_the_one_it_tells(settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    told = {"x-forwarded-proto": "https"}

    assert origins.is_ours(scope("https://localhost", "localhost", **told))
    assert not origins.is_ours(scope("http://localhost", "localhost", **told))


def test_two_origins_are_none():
    twice = scope("http://localhost", "localhost")
    twice["headers"].append((b"origin", b"http://evil.example"))

    assert not origins.is_ours(twice)
