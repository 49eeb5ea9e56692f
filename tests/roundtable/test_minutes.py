"""The minutes of a closed meeting: what is in them, for whom, and what happens after."""

import json
from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from agencies import access
from agencies.cases import disclosing
from agencies.enums import AgencyKind, Category
from agencies.models import Membership, ReadLog
from agencies.roles import Role
from agencies.roundtable import actions, printing
from agencies.roundtable.enums import CurtainLevel, ItemState, TextKind
from agencies.roundtable.minutes_layout import lay_out
from agencies.roundtable.models import Item, Meeting, Minutes, MinutesPart
from tests import factories
from tests.factories import open_case, share

SUMMARY = "Kommt wegen der Kinderbetreuung nicht zum Kurs."
NOTES = "Der Schwager passt dienstags auf."
DECISION = "Kitaplatz ab Januar, dann Kurs am Vormittag."
PROMISE = "Kitaplatz suchen"


@pytest.fixture
def case(table):
    return open_case(table.people["jobcenter"], family_name="Rahimi")


@pytest.fixture
def item(table, case):
    """The youth office may know who it is, the school hears the summary, the others the question."""
    lead = table.people["jobcenter"]
    share(case, Category.IDENTITY, Category.LANGUAGE, to=table.county["jugendamt"], by=lead)
    found = table.propose(case, asks={table.county["jugendamt"]: "Gibt es einen Kitaplatz?"})
    with access.acting(lead):
        actions.write(found, TextKind.SUMMARY, SUMMARY, by=lead, expected=0)
    table.draw(found, "jugendamt", CurtainLevel.IDENTITY)
    table.draw(found, "kvhs", CurtainLevel.SUMMARY)
    return found


def close(table):
    with access.acting(table.moderator):
        actions.close(Meeting.objects.get(pk=table.meeting.pk), by=table.moderator)


@pytest.fixture
def closed(table, item):
    """The case was spoken about; the youth office promised something."""
    lead = table.people["jobcenter"]
    table.start()
    table.call(item)
    with access.acting(lead):
        actions.write(item, TextKind.NOTES, NOTES, by=lead, expected=0)
        decision = actions.decide(access.item(lead, item.pk), text=DECISION, by=lead)
        actions.commit(
            decision,
            by=lead,
            agency=table.county["jugendamt"],
            what=PROMISE,
            done_when="Der Vertrag ist unterschrieben.",
            due_on=timezone.localdate() + timedelta(days=30),
        )
    table.leave()
    close(table)
    return item


def copy_of(member, meeting):
    member = Membership.objects.get(pk=member.pk)
    with access.acting(member):
        return access.minutes_copy(member, meeting.pk)


def words(copy):
    """The text of the printed copy, without its line breaks."""
    pages = PdfReader(BytesIO(printing.pdf(copy))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_copies_differ_by_what_each_recipient_may_read(table, closed):
    found = {}
    for slug, person in table.people.items():
        entry = copy_of(person, table.meeting).entries[1]
        found[slug] = (entry.name, entry.summary, entry.notes, entry.is_covered)

    assert found == {
        "jobcenter": ("Rahimi, Mohammed", SUMMARY, NOTES, False),
        "jugendamt": ("Rahimi, Mohammed", SUMMARY, NOTES, False),
        "kvhs": ("", SUMMARY, NOTES, False),
        "sozialamt": ("", "", "", True),
        "auslaenderbehoerde": ("", "", "", True),
    }


def test_paper_and_page_say_the_same_to_each_recipient(table, closed, client):
    secrets = ["Rahimi", SUMMARY, NOTES]
    shown = {}
    for slug, person in table.people.items():
        client.force_login(person.user)
        page = client.get(reverse("roundtable:minutes", args=[table.meeting.pk])).content.decode()
        paper = client.get(reverse("roundtable:minutes_pdf", args=[table.meeting.pk]))
        assert paper["Content-Type"] == "application/pdf"
        text = " ".join(" ".join(p.extract_text() for p in PdfReader(BytesIO(paper.content)).pages).split())
        for common in (closed.pseudonym, DECISION, PROMISE, "Protokoll Nr. 1"):
            assert common in page
            assert common in text
        shown[slug] = [(secret in page, secret in text) for secret in secrets]

    both, neither = (True, True), (False, False)
    assert shown == {
        "jobcenter": [both, both, both],
        "jugendamt": [both, both, both],
        "kvhs": [neither, both, both],
        "sozialamt": [neither] * 3,
        "auslaenderbehoerde": [neither] * 3,
    }


def test_record_names_no_case(table, closed, case):
    with access.acting(table.moderator):
        minutes = Minutes.objects.get(meeting=table.meeting)
    text = json.dumps(minutes.content, ensure_ascii=False)

    for secret in ("Rahimi", "Mohammed", str(case.pk), case.reference, SUMMARY, NOTES):
        assert secret not in text
    row = minutes.content["items"][1]
    assert (row["number"], row["label"], row["state"]) == (2, closed.pseudonym, "done")
    assert row["asks"] == [{"agency": table.county["jugendamt"].name, "what": "Gibt es einen Kitaplatz?"}]
    assert row["decisions"][0]["commitments"][0]["what"] == PROMISE
    assert row["called_at"]
    assert row["left_at"]


def test_attendance_says_who_was_there_and_of_which_agency(table, item):
    with access.acting(table.people["kvhs"]):
        actions.reply(table.meeting, "declined", by=table.people["kvhs"])
    with access.acting(table.moderator):
        actions.start(table.meeting, by=table.moderator)
    close(table)

    rows = {row[0]: row[1:] for row in lay_out(copy_of(table.moderator, table.meeting)).attendance}

    lead, school = table.people["jobcenter"], table.people["kvhs"]
    assert rows[lead.agency.name] == (table.moderator.name, lead.name)
    assert rows[school.agency.name] == ("–", f"{school.name} (abgesagt)")


def test_name_is_resolved_now_and_logged_as_read(table, closed, case):
    youth = table.people["jugendamt"]
    copy_of(youth, table.meeting)
    with access.acting(youth):
        read = ReadLog.objects.get(user=youth.user, surface=ReadLog.Surface.MEETING)
    assert (read.case_ids, read.categories) == ([case.pk], [Category.IDENTITY])

    lead = table.people["jobcenter"]
    with access.acting(lead):
        disclosing.revoke(
            case.disclosures.get(recipient=table.county["jugendamt"]), by=lead, reason="Zweck erfüllt"
        )
    entry = copy_of(youth, table.meeting).entries[1]
    # What was said in the room stays in the copy; who it was is no longer theirs to know.
    assert (entry.name, entry.case_id, entry.notes) == ("", None, NOTES)


# Leaks


def test_colleague_who_was_not_there_reads_no_text(table, closed, county):
    colleague = county.member("jugendamt", Role.SACHBEARBEITUNG)
    entry = copy_of(colleague, table.meeting).entries[1]

    assert (entry.name, entry.summary, entry.notes, entry.is_covered) == ("", "", "", True)
    with access.acting(colleague):
        assert not MinutesPart.objects.exists()


def test_colleague_of_the_leading_team_reads_all(table, closed, county):
    colleague = county.member("jobcenter", Role.SACHBEARBEITUNG)
    entry = copy_of(colleague, table.meeting).entries[1]

    assert (entry.name, entry.notes) == ("Rahimi, Mohammed", NOTES)


def addresses(meeting):
    return [
        reverse(f"roundtable:{name}", args=[meeting.pk]) for name in ("minutes", "minutes_pdf", "addendum")
    ]


def test_agency_without_a_seat_finds_nothing(table, closed, county, client):
    stranger = factories.make_member(factories.make_agency(AgencyKind.EMPLOYMENT_AGENCY), Role.FALLMANAGEMENT)
    client.force_login(stranger.user)

    assert [client.get(url).status_code for url in addresses(table.meeting)] == [404] * 3
    assert table.table.name not in client.get(reverse("roundtable:minutes_list")).content.decode()


def test_agency_whose_seat_was_taken_away_finds_nothing_any_more(table, closed, client):
    school = table.people["kvhs"]
    with access.acting(table.moderator):
        left = [agency for slug, agency in ((s, table.county[s]) for s in table.people) if slug != "kvhs"]
        actions.seat(table.table, agencies=left, by=table.moderator)
    client.force_login(school.user)

    assert [client.get(url).status_code for url in addresses(table.meeting)] == [404] * 3
    with access.acting(school):
        assert not Minutes.objects.exists()
        assert not MinutesPart.objects.exists()


def test_meeting_that_is_not_closed_has_no_minutes(table, item, client):
    client.force_login(table.people["jobcenter"].user)

    assert [client.get(url).status_code for url in addresses(table.meeting)] == [404] * 3


# After


def test_deferred_case_waits_in_the_backlog_under_no_pseudonym(table, item, case):
    table.start()
    close(table)
    lead = table.people["jobcenter"]
    with access.acting(lead):
        old = Item.objects.get(pk=item.pk)
        fresh = Item.objects.get(previous=item)
        assert (old.state, old.meeting_id, old.pseudonym) == (
            ItemState.DEFERRED,
            table.meeting.pk,
            item.pseudonym,
        )
        assert (fresh.state, fresh.meeting_id, fresh.pseudonym) == (ItemState.PROPOSED, None, "")
        assert fresh.question == item.question
        assert fresh.subject.case_id == case.pk
        assert [ask.what for ask in fresh.asks.all()] == ["Gibt es einen Kitaplatz?"]
        # Nothing that was written or opened for the last meeting comes along.
        assert not fresh.texts.exists()
        assert not fresh.curtains.exists()


def test_case_that_was_proposed_again_meanwhile_waits_once(table, item, case):
    lead = table.people["jobcenter"]
    table.start()
    with access.acting(lead):
        again = actions.propose_case(table.table, case, by=lead, question="Und der Kurs im Mai?")
    close(table)

    with access.acting(lead):
        assert list(Item.objects.filter(meeting=None, subject__case=case)) == [again]


def test_item_that_is_called_while_the_meeting_closes_was_spoken_about(table, item):
    table.start()
    table.call(item)
    close(table)

    with access.acting(table.moderator):
        assert Item.objects.get(pk=item.pk).state == ItemState.DONE
        assert not Item.objects.filter(previous=item).exists()


def test_open_promises_open_the_next_minutes(table, closed):
    with access.acting(table.moderator):
        table.meeting = actions.plan(table.table, by=table.moderator, starts_at=timezone.now())
        actions.start(table.meeting, by=table.moderator)
    close(table)

    first = lay_out(copy_of(table.moderator, table.meeting)).points[0]
    assert first.heading == "1. Offene Aufgaben"
    assert [(row[1], row[4]) for row in first.promises] == [(PROMISE, "offen")]
    assert copy_of(table.moderator, table.meeting).minutes.number == 2


def test_case_file_shows_decisions_to_whoever_sees_the_case(table, closed, case, client):
    found = {}
    for slug, person in table.people.items():
        client.force_login(person.user)
        response = client.get(reverse("roundtable:of_case", args=[case.pk]), headers={"HX-Request": "true"})
        found[slug] = (response.status_code, DECISION in response.content.decode())

    assert found == {
        "jobcenter": (200, True),
        "jugendamt": (200, True),
        "sozialamt": (404, False),
        "auslaenderbehoerde": (404, False),
        "kvhs": (404, False),
    }
