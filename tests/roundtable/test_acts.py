"""Acts at the table that meet each other or come too late: one wins, the other is told, no text is lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agencies import access
from agencies.cases import disclosing
from agencies.enums import Category, LegalBasis
from agencies.errors import Conflict, Refused
from agencies.models import Membership
from agencies.roles import Role
from agencies.roundtable import actions, pseudonyms
from agencies.roundtable.enums import CurtainLevel, ItemState, TextKind
from agencies.roundtable.models import Item, ItemText, Meeting, MinutesPart, Opening
from agencies.roundtable.speaking import TextConflict
from tests import factories
from tests.access.rows import by_force, query
from tests.factories import open_case, share
from tests.referrals.test_races import at_once, told
from tests.roundtable.table import Table

pytestmark = pytest.mark.django_db
TOGETHER = pytest.mark.django_db(transaction=True)


@pytest.fixture
def item(table):
    """A case of the jobcenter on the agenda, as far as its summary for the youth office."""
    found = table.propose(open_case(table.people["jobcenter"]))
    table.draw(found, "jugendamt", CurtainLevel.SUMMARY)
    return found


def write(item: Item, by: Membership, text: str, expected: int, kind: TextKind = TextKind.NOTES) -> ItemText:
    return actions.write(item, kind, text, by=by, expected=expected)


def as_now(table: Table, item: Item) -> Item:
    with access.acting(table.moderator):
        return access.item(table.moderator, item.pk)


# At once


@TOGETHER
def test_two_calls_at_once_open_one_item(table, item):
    other = table.propose(open_case(table.people["jobcenter"]))
    table.draw(other, "jugendamt", CurtainLevel.SUMMARY)
    table.start()
    by = table.moderator

    def call(wanted: Item) -> object:
        return actions.call(table.meeting, wanted, by=by, seen=None)

    found = at_once((by, lambda: call(item)), (by, lambda: call(other)))
    assert told(found) == ["Inzwischen wurde ein anderer Punkt aufgerufen."]
    with access.acting(by):
        current = Meeting.objects.get(pk=table.meeting.pk).current_item_id
        assert set(Opening.objects.now().values_list("item_id", flat=True)) == {current}


@TOGETHER
@pytest.mark.parametrize("expected", [0, 1])
def test_two_writers_of_one_text_lose_nothing(table, item, expected):
    table.start()
    table.call(item)
    lead, guest = table.people["jobcenter"], table.people["jugendamt"]
    if expected:
        with access.acting(lead):
            write(item, lead, "Anfang", 0)
    item = as_now(table, item)
    found = at_once(
        (lead, lambda: write(item, lead, "Vom Jobcenter", expected)),
        (guest, lambda: write(item, guest, "Vom Jugendamt", expected)),
    )

    (saved,) = [one for one in found if isinstance(one, ItemText)]
    (late,) = [one for one in found if isinstance(one, TextConflict)]
    assert late.now.text == saved.text
    with access.acting(lead):
        assert ItemText.objects.get(item=item).text == saved.text


@TOGETHER
def test_two_first_writers_in_the_backlog_lose_nothing(table):
    lead = table.people["jobcenter"]
    case = open_case(lead)
    with access.acting(lead):
        item = actions.propose_case(table.table, case, by=lead, question="?")
    found = at_once(
        *((lead, lambda text=text: write(item, lead, text, 0, TextKind.SUMMARY)) for text in ("Eins", "Zwei"))
    )
    assert {type(one) for one in found} == {ItemText, TextConflict}


@TOGETHER
def test_proposal_taken_into_two_meetings_stands_on_one_agenda(table):
    lead, by = table.people["jobcenter"], table.moderator
    other = table.plan_another()
    case = open_case(lead)
    with access.acting(lead):
        item = actions.propose_case(table.table, case, by=lead, question="?")
    found = at_once(
        (by, lambda: actions.take(item, meeting=table.meeting, by=by)),
        (by, lambda: actions.take(item, meeting=other, by=by)),
    )
    assert told(found) == ["Der Punkt steht schon auf einer Tagesordnung."]


@TOGETHER
def test_text_written_while_the_meeting_closes_is_in_the_minutes_or_handed_back(table, item):
    table.start()
    table.call(item)
    item, guest, by = as_now(table, item), table.people["jugendamt"], table.moderator
    found = at_once(
        (guest, lambda: write(item, guest, "Letzter Satz", 0)),
        (by, lambda: actions.close(table.meeting, by=by)),
    )
    problems = [one for one in found if isinstance(one, Exception)]
    with access.acting(by):
        assert not Opening.objects.filter(closed_at=None).exists()
        parts = [part.content for part in MinutesPart.objects.all()]
    if problems:
        assert [type(one) for one in problems] == [Conflict]
        assert parts == []
    else:
        assert parts == [{"notes": "Letzter Satz"}]


# Too late


def test_first_notes_after_the_curtain_closed_are_a_conflict_not_an_error(table, item):
    table.start()
    table.call(item)
    table.leave()
    guest = table.people["jugendamt"]
    with access.acting(guest), pytest.raises(Conflict, match="nicht mehr offen"):
        write(as_now(table, item), guest, "Zu spät", 0)


def test_summary_is_the_leads_to_write(table, item):
    table.start()
    table.call(item)
    guest = table.people["jugendamt"]
    with access.acting(guest), pytest.raises(Conflict, match="nicht mehr offen"):
        write(as_now(table, item), guest, "Von anderen", 0, TextKind.SUMMARY)


def test_writing_to_a_topic_removed_meanwhile_is_a_conflict(table):
    by, guest = table.moderator, table.people["kvhs"]
    with access.acting(by):
        topic = actions.add_topic(table.meeting, by=by, title="Räume")
    with access.acting(guest):
        open_form = access.item(guest, topic.pk)
        write(open_form, guest, "Für alle am Tisch", 0)
    with access.acting(table.people["sozialamt"]):
        assert ItemText.objects.get().text == "Für alle am Tisch"
    table.start()
    with access.acting(by):
        removed = actions.add_topic(table.meeting, by=by, title="Doch nicht")
        old = access.item(guest, removed.pk)
        actions.put_back(removed, by=by)
    with access.acting(guest), pytest.raises(Conflict, match="nicht mehr auf dieser Tagesordnung"):
        write(old, guest, "Zu spät", 0)
    with access.acting(guest), pytest.raises(Conflict, match="nicht mehr auf dieser Tagesordnung"):
        actions.decide(old, text="Zu spät", by=guest)


def test_nothing_is_written_or_promised_after_closing(table, item):
    table.start()
    table.call(item)
    lead = table.people["jobcenter"]
    with access.acting(lead):
        decision = actions.decide(as_now(table, item), text="Kurs", by=lead)
    with access.acting(table.moderator):
        actions.close(table.meeting, by=table.moderator)
    late = as_now(table, item)
    with access.acting(lead):
        for act in (
            lambda: write(late, lead, "Nachtrag", 0),
            lambda: actions.decide(late, text="Nachtrag", by=lead),
            lambda: promise(table, decision),
        ):
            with pytest.raises(Conflict):
                act()


def promise(table: Table, decision: object) -> object:
    return actions.commit(
        decision,  # type: ignore[arg-type]
        by=table.people["jobcenter"],
        agency=table.county["kvhs"],
        what="Platz",
        done_when="Anmeldung",
        due_on=timezone.localdate() + timedelta(days=7),
    )


# Rights that change in the meeting


def test_lead_handed_over_in_the_meeting_takes_the_case_along(table, item):
    table.start()
    table.call(item)
    lead = table.people["jobcenter"]
    with access.acting(lead):
        case = access.case(lead, access.seen(lead, [item])[0].case_id)
        disclosing.move_lead(
            case,
            team=table.county.team("jugendamt"),
            categories=list(Category),
            legal_basis=LegalBasis.CONSENT,
            necessity="Umzug",
            by=lead,
        )
    assert {slug: table.seen(item, slug).level.value for slug in ("jobcenter", "jugendamt")} == {
        "jobcenter": "pseudonym",
        "jugendamt": "identity",
    }
    with access.acting(table.moderator):
        levels = set(Opening.objects.now().values_list("agency__slug", "level"))
    assert levels == {("jugendamt", "identity")}


@TOGETHER
def test_disclosure_that_ends_by_time_closes_the_curtain_without_a_write(table):
    lead, guest = table.people["jobcenter"], table.people["jugendamt"]
    case = open_case(lead)
    share(case, Category.IDENTITY, to=guest.agency, by=lead, days=1)
    item = table.propose(case)
    with access.acting(lead):
        write(item, lead, "Zusammenfassung", 0, TextKind.SUMMARY)
    table.draw(item, "jugendamt", CurtainLevel.IDENTITY)
    table.start()
    table.call(item)
    assert table.seen(item, "jugendamt").level == CurtainLevel.IDENTITY

    past = "- interval '1 day 1 minute'"
    by_force(
        f"UPDATE cases_casegrant SET valid_until = valid_until {past} WHERE valid_until IS NOT NULL",
        table="cases_casegrant",
    )
    by_force(
        f"UPDATE roundtable_opening SET ends_at = ends_at {past}, opened_at = opened_at {past}",
        table="roundtable_opening",
    )
    with access.acting(guest):
        version = Meeting.objects.get(pk=table.meeting.pk).version
        assert not ItemText.objects.exists(), "nobody wrote, and yet it is closed"
        (ended,) = Opening.objects.filter(member=guest).values_list("ends_at", flat=True)
    assert table.seen(item, "jugendamt").level == CurtainLevel.PSEUDONYM
    heads = query("SELECT version FROM meeting_heads(%s)", [[table.meeting.pk]])

    assert heads == [(version + 1,)]
    assert query("SELECT version FROM meeting_heads(%s)", [[table.meeting.pk]]) == heads
    assert table.seen(item, "jugendamt").level == CurtainLevel.SUMMARY
    with access.acting(table.moderator):
        closed = Opening.objects.get(member=guest, level=CurtainLevel.IDENTITY)
    assert closed.closed_at == ended, "the record names the moment it ended, not the one it was noticed"


def test_team_login_agency_and_seat_that_end_close_the_curtain(table, item):
    guest = table.people["jugendamt"]
    table.start()
    table.call(item)

    def still() -> bool:
        with access.acting(table.moderator):
            return Opening.objects.filter(member=guest, closed_at=None).exists()

    for model, pk in ((type(guest.user), guest.user_id), (type(guest.agency), guest.agency_id)):
        assert still()
        model.objects.filter(pk=pk).update(is_active=False)
        assert not still(), model
        model.objects.filter(pk=pk).update(is_active=True)
    Membership.objects.filter(pk=guest.pk).update(role=Role.VERWALTUNG)
    assert not still(), "this role attends no meetings"
    Membership.objects.filter(pk=guest.pk).update(role=Role.FALLMANAGEMENT)
    assert still()
    with access.acting(table.moderator):
        others = [agency for slug, agency in table.county.agencies.items() if slug != "jugendamt"]
        actions.seat(table.table, agencies=others, by=table.moderator)
    assert not still()


def test_person_of_two_agencies_sees_for_each_what_it_may(table, item):
    guest = table.people["jugendamt"]
    second = factories.make_member(table.county["sozialamt"], Role.FALLMANAGEMENT)
    Membership.objects.filter(pk=second.pk).update(user_id=guest.user_id)
    second = Membership.objects.get(pk=second.pk)
    with access.acting(table.moderator):
        actions.invite(table.meeting, members=[second], by=table.moderator)
    table.start()
    with access.acting(second):
        actions.come(table.meeting, by=second)
    table.call(item)
    with access.acting(table.people["jobcenter"]):
        write(as_now(table, item), table.people["jobcenter"], "Notiz", 0)

    seen = {}
    for member in (guest, second):
        with access.acting(member):
            seen[member.agency.slug] = (
                access.seen(member, [item])[0].level.value,
                ItemText.objects.count(),
            )
    assert seen == {"jugendamt": ("summary", 1), "sozialamt": ("pseudonym", 0)}


def test_nobody_sends_others_out_but_the_moderator(table, item):
    table.start()
    guest, other = table.people["kvhs"], table.people["jugendamt"]
    with access.acting(guest), pytest.raises(Refused, match="die Moderation"):
        actions.go(table.meeting, by=guest, member=other)
    with access.acting(table.moderator):
        actions.go(table.meeting, by=table.moderator, member=other)
        gone = table.meeting.participants.get(member=other)
    assert gone.present_since is None


def test_take_over_makes_present_and_moderator(table, item):
    table.start()
    deputy = table.county.member("sozialamt", Role.TEAMLEITUNG)
    with access.acting(deputy):
        actions.take_over(table.meeting, by=deputy)
        actions.call(Meeting.objects.get(pk=table.meeting.pk), item, by=deputy, seen=None)
        actions.close(table.meeting, by=deputy)


def test_item_once_called_is_not_put_back(table, item):
    table.start()
    table.call(item)
    table.leave()
    with access.acting(table.moderator), pytest.raises(Refused, match="schon aufgerufen"):
        actions.put_back(as_now(table, item), by=table.moderator)


def test_what_was_deferred_comes_back_as_another_item_without_its_texts(table, item):
    table.start()
    table.call(item)
    with access.acting(table.people["jobcenter"]):
        write(as_now(table, item), table.people["jobcenter"], "Notiz", 0)
    with access.acting(table.moderator):
        actions.leave(table.meeting, by=table.moderator, seen=item.pk, deferred=True)
        actions.close(table.meeting, by=table.moderator)
    again = table.plan_another()
    with access.acting(table.moderator):
        fresh = Item.objects.get(previous=item.pk)
        actions.take(fresh, meeting=again, by=table.moderator)
        assert (fresh.state, fresh.pk == item.pk) == (ItemState.PROPOSED, False)
        assert not fresh.texts.exists()
        assert not fresh.curtains.exists()


def test_agency_with_open_promises_keeps_its_seat(table, item):
    table.start()
    with access.acting(table.people["jobcenter"]):
        decision = actions.decide(as_now(table, item), text="Kurs", by=table.people["jobcenter"])
        promise(table, decision)
    with access.acting(table.moderator), pytest.raises(Refused, match="noch offene Aufgaben"):
        actions.seat(table.table, agencies=[], by=table.moderator)


def test_seventy_cases_have_seventy_names():
    taken: list[str] = []
    for _ in range(150):
        taken.append(pseudonyms.draw(taken))
    assert len(set(taken)) == 150
    assert max(map(len, taken)) <= Item._meta.get_field("pseudonym").max_length
