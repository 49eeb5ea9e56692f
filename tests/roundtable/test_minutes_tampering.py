"""Locked minutes: the application cannot change them, and what the owner of the database changes is found."""

import pytest
from django.db import DatabaseError, connection, transaction

from agencies import access
from agencies.roundtable import actions
from agencies.roundtable.enums import TextKind
from agencies.roundtable.models import Addendum, Meeting, Minutes, MinutesPart
from tests import factories
from tests.access.rows import by_force
from tests.roundtable.table import Table

TABLES = {"minutes": Minutes, "minutespart": MinutesPart, "addendum": Addendum}


def hold_meeting(table):
    """One meeting with a case, a note, a decision and two addenda; returns its minutes."""
    lead = table.people["jobcenter"]
    item = table.propose(factories.open_case(lead))
    table.start()
    table.call(item)
    with access.acting(lead):
        actions.write(item, TextKind.NOTES, "Der Schwager passt auf.", by=lead, expected=0)
        actions.decide(access.item(lead, item.pk), text="Kitaplatz ab Januar.", by=lead)
    with access.acting(table.moderator):
        actions.close(Meeting.objects.get(pk=table.meeting.pk), by=table.moderator)
    with access.acting(lead):
        minutes = access.minutes(lead, table.meeting.pk)
        for text in ("Gemeint ist Februar.", "Der Kurs beginnt am 12.1."):
            actions.amend(minutes, text=text, by=lead)
    return minutes


@pytest.fixture
def table(db):
    return Table(factories.make_county())


def holds(minutes):
    with connection.cursor() as cursor:
        cursor.execute("SELECT minutes_hold(%s)", [minutes.pk])
        return cursor.fetchone()[0]


def test_untouched_minutes_hold(table):
    minutes = hold_meeting(table)

    assert holds(minutes) is True
    with access.acting(table.moderator):
        assert access.minutes_copy(table.moderator, table.meeting.pk).holds


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("verb", ["UPDATE {} SET sha256 = ''", "DELETE FROM {}"])
def test_application_neither_changes_nor_deletes(table, name, verb):
    hold_meeting(table)
    with access.acting(table.people["jobcenter"]):
        assert TABLES[name].objects.exists()
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(verb.format(f"roundtable_{name}"))


def test_application_writes_minutes_by_closing_only(table):
    hold_meeting(table)
    with access.acting(table.people["kvhs"]):
        with pytest.raises(DatabaseError, match="moderator"), transaction.atomic():
            connection.cursor().execute(
                "SELECT lock_minutes(%s, '{}', %s)", [table.meeting.pk, table.people["kvhs"].pk]
            )
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            Minutes.objects.create(
                meeting=table.meeting,
                number=9,
                content={},
                by=table.people["kvhs"],
                at=table.meeting.starts_at,
            )


def test_addendum_is_signed_with_ones_own_name_and_stamped_by_the_database(table):
    minutes = hold_meeting(table)
    school, youth = table.people["kvhs"], table.people["jugendamt"]
    with access.acting(school):
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Addendum.objects.create(
                minutes=minutes, text="x", by=youth, agency=youth.agency, at=minutes.at, sha256=""
            )
        mine = actions.amend(minutes, text="Wir waren bis 11 Uhr da.", by=school)
        mine.refresh_from_db()
    assert len(mine.sha256) == 64
    assert mine.at > minutes.at
    assert holds(minutes) is True


FORGERIES = {
    "a decision": (
        "minutes",
        "UPDATE {} SET content = jsonb_set(content, '{{items,1,decisions,0,text}}', '\"Nein.\"')",
    ),
    "the number": ("minutes", "UPDATE {} SET number = 7"),
    "the time": ("minutes", "UPDATE {} SET at = at - interval '1 day'"),
    "a note": ("minutespart", 'UPDATE {} SET content = \'{{"notes": "anders"}}\''),
    "a note with its hash": (
        "minutespart",
        'UPDATE {} SET content = \'{{"notes": "x"}}\', sha256 = part_hash(item_id, \'{{"notes": "x"}}\')',
    ),
    "a note taken out": ("minutespart", "DELETE FROM {}"),
    "an addendum": ("addendum", "UPDATE {} SET text = 'anders' WHERE id = (SELECT max(id) FROM {})"),
    "an addendum taken out": ("addendum", "DELETE FROM {} WHERE id = (SELECT min(id) FROM {})"),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", FORGERIES)
def test_forgery_by_the_owner_of_the_database_is_found(what):
    table = Table(factories.make_county())
    minutes = hold_meeting(table)
    assert holds(minutes) is True
    name, sql = FORGERIES[what]

    by_force(sql.format(f"roundtable_{name}", f"roundtable_{name}"), table=f"roundtable_{name}")

    assert holds(minutes) is False
    with access.acting(table.moderator):
        assert not access.minutes_copy(table.moderator, table.meeting.pk).holds


@pytest.mark.django_db(transaction=True)
def test_minutes_forged_with_their_hash_break_the_next_ones():
    table = Table(factories.make_county())
    first = hold_meeting(table)
    with access.acting(table.moderator):
        table.meeting = actions.plan(table.table, by=table.moderator, starts_at=table.meeting.starts_at)
        actions.start(table.meeting, by=table.moderator)
        actions.close(Meeting.objects.get(pk=table.meeting.pk), by=table.moderator)
        second = access.minutes(table.moderator, table.meeting.pk)
    assert (second.number, second.before) == (2, first.sha256)
    assert holds(second) is True

    by_force(
        "UPDATE roundtable_minutes SET sha256 = minutes_hash(content, 'x', '{}') WHERE number = 1",
        table="roundtable_minutes",
    )

    assert holds(second) is False
