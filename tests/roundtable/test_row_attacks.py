"""Attempts on the round table by raw SQL as the app role, in the context of people who may act there."""

from uuid import uuid4

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction

from agencies import access
from agencies.enums import AgencyKind, Category
from agencies.roles import Role
from agencies.roundtable import actions
from agencies.roundtable.enums import CurtainLevel, TextKind
from agencies.roundtable.models import Commitment, Decision, Meeting
from tests import factories
from tests.access.rows import context, counts, denied, query, write
from tests.factories import open_case, share
from tests.roundtable.attempts import INTERNAL, MODERATORS, NEVER, refused, write_item
from tests.roundtable.table import SEATS

pytestmark = pytest.mark.django_db

#: A secret beside the round table (a member's feed), which has tests of its own.
OTHERS = {"roundtable_calendarkey"}
TABLES = sorted({model._meta.db_table for model in apps.get_app_config("roundtable").get_models()} - OTHERS)
BEHIND_THE_CURTAIN = ["roundtable_itemcase", "roundtable_itemtext", "roundtable_minutespart"]
NOW = "now() + interval '1 day', now() + interval '1 day 1 hour'"


@pytest.fixture
def case(table):
    return open_case(table.people["jobcenter"], family_name="Rahimi")


@pytest.fixture
def item(table, case):
    """Called: open to the youth office as far as categories, closed to everybody else."""
    share(
        case, Category.LANGUAGE, Category.IDENTITY, to=table.county["jugendamt"], by=table.people["jobcenter"]
    )
    found = table.propose(case, asks={table.county["kvhs"]: "Platz prüfen"})
    for kind in TextKind:
        with access.acting(table.people["jobcenter"]):
            actions.write(found, kind, f"{kind}: Rahimi", by=table.people["jobcenter"], expected=0)
    table.draw(found, "jugendamt", CurtainLevel.CATEGORIES)
    with access.acting(table.people["sozialamt"]):
        actions.ask_for(found, level=CurtainLevel.SUMMARY, reason="Wohnung", by=table.people["sozialamt"])
    table.start()
    table.call(found)
    return found


@pytest.fixture
def decision(table, item):
    with access.acting(table.moderator):
        made = actions.decide(item, text="Kurs ab Mai", by=table.moderator)
        actions.commit(
            made,
            by=table.moderator,
            agency=table.county["kvhs"],
            what="Platz im Kurs",
            done_when="Anmeldung",
            due_on=table.meeting.starts_at.date(),
        )
        return made


@pytest.fixture
def closed(table, decision):
    """The meeting is over and has minutes, to which one correction was added."""
    with access.acting(table.moderator):
        actions.close(table.meeting, by=table.moderator)
        meeting = Meeting.objects.get(pk=table.meeting.pk)
        actions.amend(meeting.record, text="Der Kurs beginnt im Juni.", by=table.moderator)
        return meeting


@pytest.fixture
def outsider(county):
    """Leads its agency's team and has no seat."""
    agency = factories.make_agency(AgencyKind.EMPLOYMENT_AGENCY, slug="arbeitsagentur")
    return factories.make_member(agency, Role.TEAMLEITUNG)


# Reading


def test_every_table_has_rows_for_the_moderator(table, closed):
    with access.acting(table.moderator):
        assert {name for name, n in counts(TABLES).items() if not n} == set()


def test_no_context_shows_no_row(table, closed):
    with context():
        assert {name: n for name, n in counts(TABLES).items() if n} == {}


def test_agency_without_a_seat_sees_no_row(closed, outsider):
    with access.acting(outsider):
        assert {name: n for name, n in counts(TABLES).items() if n} == {}


def test_seated_agency_sees_nothing_behind_the_curtain(table, closed):
    for slug in ("sozialamt", "auslaenderbehoerde", "kvhs"):
        with access.acting(table.people[slug]):
            assert counts(BEHIND_THE_CURTAIN) == dict.fromkeys(BEHIND_THE_CURTAIN, 0), slug


def test_colleague_who_was_not_there_reads_no_part_of_the_minutes(table, closed):
    colleague = factories.make_member(table.county["jugendamt"], Role.FALLMANAGEMENT)
    with access.acting(table.people["jugendamt"]):
        assert counts(BEHIND_THE_CURTAIN)["roundtable_minutespart"] == 1
    with access.acting(colleague):
        assert counts(BEHIND_THE_CURTAIN)["roundtable_minutespart"] == 0


# Seats


def test_outsider_seats_itself_nowhere(table, outsider):
    take = "INSERT INTO roundtable_seat (table_id, agency_id) VALUES (%s, %s)"
    with access.acting(outsider):
        denied(take, [table.table.pk, outsider.agency_id])
        assert refused("UPDATE roundtable_roundtable SET moderator_id = %s", [outsider.pk]) == ""


def test_only_the_agency_that_moderates_changes_seats_and_table(table, outsider):
    take = "INSERT INTO roundtable_seat (table_id, agency_id) VALUES (%s, %s)"
    with access.acting(table.people["jugendamt"]):
        denied(take, [table.table.pk, outsider.agency_id])
        assert refused("DELETE FROM roundtable_seat WHERE agency_id = %s", [table.moderator.agency_id]) == ""
        assert refused("UPDATE roundtable_roundtable SET name = 'Meiner'") == ""
        assert "permission denied" in denied(
            "UPDATE roundtable_seat SET agency_id = %s", [outsider.agency_id]
        )
        assert "permission denied" in denied("DELETE FROM roundtable_roundtable")
    with access.acting(table.moderator):
        assert write(take, [table.table.pk, outsider.agency_id]) == 1


def test_table_is_founded_in_no_other_name(table):
    new = (
        "INSERT INTO roundtable_roundtable (id, name, rhythm, duration, place, video_link, moderator_id,"
        " is_active) VALUES (gen_random_uuid(), 'Zweiter', 'none', 60, '', '', %s, true)"
    )
    with access.acting(table.people["jugendamt"]):
        denied(new, [table.moderator.pk])
        assert write(new, [table.people["jugendamt"].pk]) == 1


# Meetings


def test_who_does_not_moderate_changes_nothing_but_the_version(table, item):
    member = table.people["jugendamt"]
    with access.acting(member):
        for change in MODERATORS:
            step = "" if "version" in change else ", version = version + 1"
            assert refused(f"UPDATE roundtable_meeting SET {change.format(me=member.pk)}{step}") != "", change
        assert write("UPDATE roundtable_meeting SET version = version + 1") == 1


def test_outsider_changes_no_meeting(item, outsider):
    with access.acting(outsider):
        assert write("UPDATE roundtable_meeting SET version = version + 1") == 0


def test_only_an_item_of_the_agenda_is_called(table, item):
    with access.acting(table.people["jobcenter"]):
        waiting = actions.propose_case(
            table.table, open_case(table.people["jobcenter"]), by=table.people["jobcenter"], question="?"
        )
    with access.acting(table.moderator):
        message = refused(
            "UPDATE roundtable_meeting SET version = version + 1, current_item_id = %s", [waiting.pk]
        )
    assert "only an item of the agenda" in message


def test_meeting_is_planned_in_no_other_name_and_never_begins_running(table):
    new = (
        "INSERT INTO roundtable_meeting (id, table_id, state, starts_at, ends_at, place, video_link,"
        " moderator_id, version, room_key, sequence)"
        f" VALUES (gen_random_uuid(), %s, %s, {NOW}, '', '', %s, 1, 'k', 0)"
    )
    member = table.people["jugendamt"]
    with access.acting(member):
        denied(new, [table.table.pk, "draft", table.moderator.pk])
        denied(new, [table.table.pk, "running", member.pk])


def test_closed_meeting_does_not_begin_again(table, closed):
    with access.acting(table.moderator):
        message = refused("UPDATE roundtable_meeting SET state = 'running', version = version + 1")
    assert "once over" in message


# Who is there


def test_nobody_is_made_present_by_others(table, item):
    absent = factories.make_member(table.county["jugendamt"], Role.FALLMANAGEMENT)
    new = (
        "INSERT INTO roundtable_participant (meeting_id, member_id, reply, present_since, was_present)"
        " VALUES (%s, %s, 'none', {}, false)"
    )
    for member in (absent, table.people["kvhs"]):
        with access.acting(member):
            denied(new.format("now()"), [table.meeting.pk, absent.pk])
    with access.acting(table.moderator):
        denied(new.format("now()"), [table.meeting.pk, absent.pk])
        assert write(new.format("NULL"), [table.meeting.pk, absent.pk]) == 1
        denied("UPDATE roundtable_participant SET present_since = now() WHERE member_id = %s", [absent.pk])
    with access.acting(absent):
        come = "UPDATE roundtable_participant SET present_since = now() WHERE member_id = %s"
        assert write(come, [absent.pk]) == 1


def test_attendance_of_others_is_not_changed(table, item):
    with access.acting(table.people["kvhs"]):
        other = table.people["jugendamt"].pk
        for change in ("present_since = NULL", "reply = 'declined'", "was_present = false"):
            assert refused(f"UPDATE roundtable_participant SET {change} WHERE member_id = %s", [other]) == ""
        assert refused("DELETE FROM roundtable_participant WHERE member_id = %s", [other]) == ""


def test_own_attendance_is_not_moved_to_another_meeting(table, item):
    other = table.plan_another()
    with access.acting(table.people["kvhs"]):
        denied(
            "UPDATE roundtable_participant SET meeting_id = %s WHERE member_id = %s",
            [other.pk, table.people["kvhs"].pk],
        )


# Items and whose case they are about


def test_another_case_is_never_put_under_an_item(table, item):
    """Else its lead would lead the item, and read what was written about somebody else."""
    member = table.people["jugendamt"]
    own = open_case(member, family_name="Eigen")
    with access.acting(member):
        assert "permission denied" in denied("DELETE FROM roundtable_itemcase WHERE item_id = %s", [item.pk])
        assert "permission denied" in denied("UPDATE roundtable_itemcase SET case_id = %s", [own.pk])


def test_case_is_not_put_under_an_item_of_others(table, item):
    member = table.people["jugendamt"]
    own = open_case(member, family_name="Eigen")
    with access.acting(table.people["sozialamt"]):
        empty = write_item(table, table.people["sozialamt"])
    with access.acting(member):
        denied("INSERT INTO roundtable_itemcase (item_id, case_id) VALUES (%s, %s)", [empty, own.pk])


def test_unseen_case_is_not_proposed(table, case):
    member = table.people["sozialamt"]
    with access.acting(member):
        denied(
            "INSERT INTO roundtable_itemcase (item_id, case_id) VALUES (%s, %s)",
            [write_item(table, member), case.pk],
        )


def test_who_only_reads_a_case_may_propose_it_but_not_draw_its_curtain(table, case):
    member = table.people["jugendamt"]
    share(case, Category.IDENTITY, to=member.agency, by=table.people["jobcenter"])
    with access.acting(member):
        own = actions.propose_case(table.table, case, by=member, question="?")
        denied(
            "INSERT INTO roundtable_curtain (item_id, agency_id, level, decided_by_id, decided_at)"
            " VALUES (%s, %s, 'identity', %s, now())",
            [own.pk, table.county["kvhs"].pk, member.pk],
        )
        denied(
            "INSERT INTO roundtable_itemtext (item_id, kind, text, version, author_id, at)"
            " VALUES (%s, 'summary', 'x', 1, %s, now())",
            [own.pk, member.pk],
        )


def test_item_keeps_what_decides_who_reads_it(table, item):
    member = table.people["kvhs"]
    with access.acting(member):
        other = actions.found(by=member, agencies=[], name="Zweiter")
        for change in (
            f"table_id = '{other.pk}'",
            "kind = 'general'",
            f"proposed_agency_id = {member.agency_id}",
        ):
            assert "an item" in refused(f"UPDATE roundtable_item SET {change} WHERE kind = 'case'"), change
        assert counts(["roundtable_itemtext"]) == {"roundtable_itemtext": 0}


def test_item_once_called_stays_in_its_meeting(table, item):
    table.leave()
    other = table.plan_another()
    with access.acting(table.moderator):
        for where in (other.pk, None):
            message = refused("UPDATE roundtable_item SET meeting_id = %s WHERE id = %s", [where, item.pk])
            assert "once called, its meeting" in message
        with pytest.raises(Exception, match="schon aufgerufen"):
            actions.put_back(access.item(table.moderator, item.pk), by=table.moderator)


def test_item_of_another_table_does_not_come_onto_ones_own_agenda(table, item):
    member = table.county.member("jugendamt", Role.TEAMLEITUNG)
    with access.acting(member):
        other = actions.found(by=member, agencies=[], name="Zweiter")
        meeting = actions.plan(other, by=member, starts_at=table.meeting.starts_at)
        message = refused("UPDATE roundtable_item SET meeting_id = %s WHERE id = %s", [meeting.pk, item.pk])
    assert "its own table" in message


def test_agenda_of_a_closed_meeting_does_not_change(table, closed):
    with access.acting(table.moderator):
        assert "is over" in refused("UPDATE roundtable_item SET question = 'anders' WHERE state = 'done'")


def test_item_is_proposed_in_no_other_name(table):
    with access.acting(table.people["kvhs"]), pytest.raises(DatabaseError, match="row-level security"):
        write_item(table, table.people["jugendamt"])


# Behind the curtain


def test_what_only_the_database_writes_or_nobody_changes(table, closed, item):
    for member in (table.people["jobcenter"], table.people["kvhs"], table.moderator):
        values = {"item": item.pk, "me": member.pk, "agency": member.agency_id}
        with access.acting(member):
            for sql in NEVER:
                assert "permission denied" in denied(sql, values), sql  # type: ignore[arg-type]


def test_curtain_is_drawn_by_the_lead_in_its_own_name(table, item):
    put = (
        "INSERT INTO roundtable_curtain (item_id, agency_id, level, decided_by_id, decided_at)"
        " VALUES (%s, %s, 'identity', %s, now())"
    )
    lead, reader = table.people["jobcenter"], table.people["jugendamt"]
    for member, name in ((reader, reader), (reader, lead), (lead, reader)):
        with access.acting(member):
            denied(put, [item.pk, table.county["sozialamt"].pk, name.pk])
    with access.acting(reader):
        assert refused("UPDATE roundtable_curtain SET level = 'identity'") == ""


def test_request_is_made_for_ones_own_agency_and_answered_by_the_lead(table, item):
    ask = (
        "INSERT INTO roundtable_curtainrequest (item_id, agency_id, level, reason, by_id, at)"
        " VALUES (%s, %s, 'identity', 'x', %s, now())"
    )
    member = table.people["kvhs"]
    with access.acting(member):
        denied(ask, [item.pk, table.county["jugendamt"].pk, member.pk])
        denied(ask, [item.pk, member.agency_id, table.people["jugendamt"].pk])
        assert refused("UPDATE roundtable_curtainrequest SET answered_at = now()") == ""
    with access.acting(table.people["jobcenter"]):
        assert write("UPDATE roundtable_curtainrequest SET answered_at = now()") == 1


def test_texts_are_written_by_whom_they_are_open_to_in_their_own_name(table, item):
    change = "UPDATE roundtable_itemtext SET text = 'x', author_id = %s WHERE kind = %s"
    reader, stranger = table.people["jugendamt"], table.people["sozialamt"]
    with access.acting(stranger):
        assert refused(change, [stranger.pk, "notes"]) == ""
    with access.acting(reader):
        denied(change, [table.people["jobcenter"].pk, "notes"])
        assert refused(change, [reader.pk, "summary"]) == "", "the summary is the lead's"
        assert write(change, [reader.pk, "notes"]) == 1


def test_nothing_is_written_after_the_meeting(table, closed, item, decision):
    lead = table.people["jobcenter"]
    with access.acting(lead):
        assert refused("UPDATE roundtable_itemtext SET text = 'x', author_id = %s", [lead.pk]) == ""
        assert refused("UPDATE roundtable_decision SET text = 'x'") == ""
        assert refused("DELETE FROM roundtable_decision") == ""
        denied(
            "INSERT INTO roundtable_decision (item_id, text, by_id, at) VALUES (%s, 'x', %s, now())",
            [item.pk, lead.pk],
        )


def test_decision_and_addendum_are_signed_by_who_writes_them(table, closed):
    add = (
        "INSERT INTO roundtable_addendum (minutes_id, text, by_id, agency_id, at, sha256)"
        " SELECT id, 'x', %s, %s, now(), '' FROM roundtable_minutes"
    )
    member, other = table.people["kvhs"], table.people["jugendamt"]
    with access.acting(member):
        denied(add, [other.pk, other.agency_id])
        denied(add, [member.pk, other.agency_id])
        denied(add, [other.pk, member.agency_id])
        assert write(add, [member.pk, member.agency_id]) == 1


def test_commitment_ends_by_the_agency_that_made_it(table, decision):
    end = "UPDATE roundtable_commitment SET state = 'fulfilled', ended_at = now()"
    told = (
        "INSERT INTO roundtable_commitmentevent (commitment_id, act, text, by_id, at)"
        " SELECT id, 'fulfilled', 'x', %s, now() FROM roundtable_commitment"
    )
    for member in (table.people["jugendamt"], table.moderator):
        with access.acting(member):
            assert write(end) == 0
            denied(told, [member.pk])
    with access.acting(table.people["kvhs"]):
        assert write(end) == write(told, [table.people["kvhs"].pk]) == 1


def test_commitment_is_not_made_on_a_decision_of_another_table(table, decision):
    member = table.people["kvhs"]
    with access.acting(member):
        other = actions.found(by=member, agencies=[], name="Zweiter")
        row = Commitment.objects.get()
        row.pk, row.table = uuid4(), other
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            row.save(force_insert=True)
        assert Decision.objects.count() == 1


# Functions that look past the wall, called by hand


def test_functions_for_triggers_are_not_called_by_hand(table, item):
    values = {"meeting": table.meeting.pk, "item": item.pk, "agency": table.moderator.agency_id}
    for member in (table.people["jobcenter"], table.people["kvhs"]):
        with access.acting(member):
            for call in INTERNAL:
                assert "permission denied" in denied(f"SELECT {call}", values), call  # type: ignore[arg-type]


def test_matrix_tells_nothing_to_those_not_at_the_table(table, item, outsider):
    matrix = "SELECT agency_id, level FROM curtain_matrix(%s)"
    with access.acting(outsider):
        assert query(matrix, [[item.pk]]) == []
    with context():
        assert query(matrix, [[item.pk]]) == []
    with access.acting(table.people["kvhs"]):
        assert len(query(matrix, [[item.pk]])) == len(SEATS)


def test_minutes_are_written_by_the_moderator_once_and_after_the_meeting(table, item, outsider):
    lock = "SELECT lock_minutes(%s, '{}', %s)"
    people = [table.people["kvhs"], outsider, table.moderator]
    for member in people:
        with access.acting(member):
            assert "only the moderator" in refused(lock, [table.meeting.pk, member.pk])
    with access.acting(table.moderator):
        actions.close(table.meeting, by=table.moderator)
    for member in people:
        with access.acting(member):
            assert refused(lock, [table.meeting.pk, member.pk]) != ""
            assert refused(lock, [table.meeting.pk, table.moderator.pk]) != ""


def test_heads_and_room_tell_clocks_and_nothing_without_the_key(table, item):
    with context():
        heads = query("SELECT * FROM meeting_heads(%s)", [[table.meeting.pk, uuid4()]])
        assert [pk for pk, _ in heads] == [table.meeting.pk]
        for key in ("", "x", None, table.meeting.pk.hex, "%"):
            assert query("SELECT * FROM room_view(%s)", [key]) == []
        assert query("SELECT pseudonym FROM roundtable_item") == []
