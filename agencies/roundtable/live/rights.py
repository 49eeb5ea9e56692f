"""Who may hear a meeting's bell: session, membership and seat of all sockets in one query.

A ring tells no more than that something has changed; what has, each browser fetches by HTTP, where access
is judged. Tickets are given and checked by one query for any number of them, so that nobody is let in whom
the next heartbeat would send away; it answers as ``access.may_attend`` does for one member at a time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.utils.crypto import constant_time_compare

from agencies import access
from agencies.http import MemberRequest
from agencies.models import User
from agencies.roles import Permission, permissions_of


@dataclass(slots=True)
class Ticket:
    """What a socket was let in with: a member's session, or the key of the room screen."""

    meeting: UUID
    session: str = ""
    user: int = 0
    member: int = 0
    #: The agency chosen in the session: another choice, in another tab, ends this socket.
    chosen: int | None = None
    room_key: str = ""
    #: Fingerprint of session and password as last looked into.
    seen: int = 0


#: One row for each ticket that still holds, with what only Python can look into.
_MEMBERS = """
SELECT w.number - 1, m.role, s.session_data, u.password
FROM unnest(%(sessions)s::text[], %(users)s::bigint[], %(members)s::bigint[], %(meetings)s::uuid[])
    WITH ORDINALITY AS w(session, user_id, member, meeting, number)
JOIN django_session s ON s.session_key = w.session AND s.expire_date > now()
JOIN agencies_membership m ON m.id = w.member AND m.user_id = w.user_id AND m.is_active
JOIN agencies_user u ON u.id = m.user_id AND u.is_active
JOIN agencies_agency a ON a.id = m.agency_id AND a.is_active
JOIN meeting_seats(%(meetings)s::uuid[]) seat
    ON seat.meeting = w.meeting AND seat.agency = m.agency_id
"""
_ROOMS = """
SELECT w.number - 1
FROM unnest(%(meetings)s::uuid[], %(keys)s::text[]) WITH ORDINALITY AS w(meeting, room_key, number)
JOIN LATERAL room_view(w.room_key) room ON room.meeting = w.meeting
"""


def member_ticket(user: User | AnonymousUser, session: SessionBase, meeting: UUID) -> Ticket | None:
    """A ticket for the member acting in this session; None, whether there is no session, meeting or seat."""
    request = cast(MemberRequest, SimpleNamespace(user=user, session=session))
    member = access.member_of(request)
    if member is None or not session.session_key:
        return None
    chosen = session.get(access.SESSION_KEY)
    return _checked(Ticket(meeting, session.session_key, member.user_id, member.pk, chosen))


def room_ticket(room_key: str, meeting: UUID) -> Ticket | None:
    """A ticket for the screen in the room: whoever knows the key, while the meeting runs."""
    return _checked(Ticket(meeting, room_key=room_key))


def _checked(ticket: Ticket) -> Ticket | None:
    return None if expired([ticket]) else ticket


def expired(tickets: Sequence[Ticket]) -> list[int]:
    """The places in ``tickets`` of those that do not hold (any more); one query for each of the two kinds."""
    of_members = [number for number, ticket in enumerate(tickets) if ticket.member]
    of_rooms = [number for number, ticket in enumerate(tickets) if ticket.room_key]
    holding = {of_members[place] for place in _holding_members([tickets[n] for n in of_members])}
    holding |= {of_rooms[place] for place in _holding_rooms([tickets[n] for n in of_rooms])}
    return [number for number in range(len(tickets)) if number not in holding]


def _holding_members(tickets: Sequence[Ticket]) -> Iterable[int]:
    if not tickets:
        return []
    values = {
        "sessions": [ticket.session for ticket in tickets],
        "users": [ticket.user for ticket in tickets],
        "members": [ticket.member for ticket in tickets],
        "meetings": [ticket.meeting for ticket in tickets],
    }
    return [
        place
        for place, role, data, password in _rows(_MEMBERS, values)
        if Permission.JOIN_MEETINGS in permissions_of(role)
        and _is_same_session(tickets[place], data, password)
    ]


def _holding_rooms(tickets: Sequence[Ticket]) -> Iterable[int]:
    if not tickets:
        return []
    values = {
        "meetings": [ticket.meeting for ticket in tickets],
        "keys": [ticket.room_key for ticket in tickets],
    }
    return [place for (place,) in _rows(_ROOMS, values)]


def _is_same_session(ticket: Ticket, data: str, password: str) -> bool:
    """Whether the session still acts for the same agency and was not ended by a new password."""
    fingerprint = hash((data, password))
    if fingerprint == ticket.seen:
        return True
    content = SessionStore().decode(data)
    valid = User(password=password).get_session_auth_hash()
    if not constant_time_compare(content.get(HASH_SESSION_KEY, ""), valid):
        return False
    if content.get(access.SESSION_KEY) != ticket.chosen:
        return False
    ticket.seen = fingerprint
    return True


def heads(meetings: Sequence[UUID]) -> dict[UUID, int]:
    """The versions of these meetings, as far as there are such."""
    rows = _rows("SELECT id, version FROM meeting_heads(%(meetings)s)", {"meetings": list(meetings)})
    return dict(rows)


def _rows(statement: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()
