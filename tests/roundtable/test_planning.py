"""Planning screens: tables, meetings, invitations, agenda and backlog, and in how many queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies import access
from agencies.models import Membership
from agencies.roles import Role
from agencies.roundtable import actions
from agencies.roundtable.enums import ItemState, MeetingState
from agencies.roundtable.models import Ask, Item, Meeting, RoundTable
from tests.factories import open_case
from tests.factories.county import make_member

QUESTION = "Wie kommt der Kurs zustande?"


def login(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


@pytest.fixture
def case(table):
    return open_case(table.people["jobcenter"], family_name="Rahimi")


@pytest.fixture
def moderator(table):
    return login(table.moderator)


def agenda(table) -> list[str]:
    with access.acting(table.moderator):
        rows = Item.objects.filter(meeting=table.meeting).order_by("position", "created_at")
        return [str(row) for row in rows]


def topic(table, title: str) -> Item:
    with access.acting(table.moderator):
        return actions.add_topic(table.meeting, by=table.moderator, title=title)


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as counted:
        assert client.get(address).status_code == 200
    return len(counted)


# Tables and meetings


def test_founding_gives_the_ticked_agencies_and_the_own_one_a_seat(table, moderator):
    seats = [table.county["kvhs"].pk]
    data = {"name": "Tisch Nord", "rhythm": "monthly", "duration": "45", "agencies": seats}
    moderator.post(reverse("roundtable:found"), data)

    with access.acting(table.moderator):
        found = RoundTable.objects.get(name="Tisch Nord")
        seats = set(found.agencies.values_list("slug", flat=True))
    assert seats == {"jobcenter", "kvhs"}
    assert (found.duration, found.moderator) == (45, table.moderator)


def test_two_tables_of_one_name_are_refused_at_the_field(table, moderator):
    data = {"name": table.table.name, "rhythm": "monthly", "duration": "45", "agencies": []}
    answer = moderator.post(reverse("roundtable:found"), data)

    assert set(answer.context["form"].errors) == {"name", "agencies"}


def test_changing_a_table_keeps_its_meetings_and_sets_its_seats(table, moderator):
    address = reverse("roundtable:edit_table", args=[table.table.pk])
    assert moderator.get(address).status_code == 200
    data = {"name": "Neu", "rhythm": "weekly", "duration": "30", "agencies": [table.county["kvhs"].pk]}
    moderator.post(address, data)

    with access.acting(table.moderator):
        found = RoundTable.objects.get(pk=table.table.pk)
        seats = set(found.agencies.values_list("slug", flat=True))
        assert found.meetings.count() == 1
    assert (found.name, found.rhythm, found.duration) == ("Neu", "weekly", 30)
    assert seats == {"jobcenter", "kvhs"}


def test_planning_takes_the_length_of_the_table(table, moderator):
    day = timezone.localdate() + timedelta(days=30)
    data = {"day": f"{day:%d.%m.%Y}", "begins": "9.30", "place": "Rathaus"}
    moderator.post(reverse("roundtable:plan", args=[table.table.pk]), data)

    with access.acting(table.moderator):
        made = Meeting.objects.exclude(pk=table.meeting.pk).get()
    begins = timezone.localtime(made.starts_at)
    assert (begins.date(), f"{begins:%H:%M}", made.place) == (day, "09:30", "Rathaus")
    assert made.ends_at - made.starts_at == timedelta(minutes=60)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"day": "01.02.2020"}, "day"), ({"begins": "halb zehn"}, "begins"), ({"ends": "08:00"}, "ends")],
)
def test_moving_names_what_is_wrong(table, moderator, wrong, field):
    day = timezone.localdate() + timedelta(days=3)
    data = {"day": f"{day:%d.%m.%Y}", "begins": "9:00", "ends": "10:00"} | wrong
    answer = moderator.post(reverse("roundtable:move", args=[table.meeting.pk]), data)

    assert set(answer.context["form"].errors) == {field}


def test_moving_asks_everybody_anew(table, moderator):
    person = table.people["kvhs"]
    with access.acting(person):
        actions.reply(table.meeting, "accepted", by=person)
    day = timezone.localdate() + timedelta(days=3)
    data = {"day": f"{day:%d.%m.%Y}", "begins": "9:00", "ends": "10:15", "place": "Kreishaus"}
    moderator.post(reverse("roundtable:move", args=[table.meeting.pk]), data)

    with access.acting(table.moderator):
        moved = Meeting.objects.get(pk=table.meeting.pk)
        assert moved.participants.get(member=person).reply == "none"
    assert (moved.place, moved.sequence, moved.ends_at - moved.starts_at) == (
        "Kreishaus",
        1,
        timedelta(minutes=75),
    )


def test_cancelling_sends_the_items_back_to_the_backlog(table, moderator, case):
    item = table.propose(case)
    moderator.post(reverse("roundtable:cancel", args=[table.meeting.pk]))

    with access.acting(table.moderator):
        assert Meeting.objects.get(pk=table.meeting.pk).state == MeetingState.CANCELLED
        back = Item.objects.get(pk=item.pk)
    assert (back.meeting_id, back.pseudonym, back.state) == (None, "", ItemState.PROPOSED)


def test_inviting_offers_those_at_the_table_who_may_come_and_are_not_invited(table, moderator):
    slug = table.county["kvhs"]
    fresh = make_member(slug, Role.KURSBUERO)
    for role in (Role.LEITUNG, Role.REDAKTION, Role.VERWALTUNG, Role.DATENSCHUTZ):
        make_member(slug, role)
    address = reverse("roundtable:invite", args=[table.meeting.pk])
    offered = moderator.get(address).context["form"].fields["members"].queryset

    assert set(offered) == {fresh}
    moderator.post(address, {"members": [fresh.pk]})
    with access.acting(table.moderator):
        assert table.meeting.participants.filter(member=fresh).exists()


def test_starting_opens_the_meeting(table, moderator):
    moderator.post(reverse("roundtable:start", args=[table.meeting.pk]))

    with access.acting(table.moderator):
        assert Meeting.objects.get(pk=table.meeting.pk).state == MeetingState.RUNNING


def test_what_came_too_late_is_told_with_409_and_keeps_what_was_typed(table, moderator):
    with access.acting(table.moderator):
        actions.start(table.meeting, by=table.moderator)
    day = timezone.localdate() + timedelta(days=3)
    data = {"day": f"{day:%d.%m.%Y}", "begins": "9:00", "ends": "10:15", "place": "Kreishaus"}
    answer = moderator.post(reverse("roundtable:move", args=[table.meeting.pk]), data)

    assert answer.status_code == 409
    assert 'value="Kreishaus"' in answer.content.decode()


def test_list_shows_running_meetings_first_and_past_ones_apart(table, moderator):
    with access.acting(table.moderator):
        other = actions.found(by=table.moderator, agencies=[], name="Zweiter Tisch")
        later = actions.plan(other, by=table.moderator, starts_at=timezone.now() + timedelta(days=9))
        past = actions.plan(other, by=table.moderator, starts_at=timezone.now() + timedelta(days=1))
        actions.cancel(past, by=table.moderator)
        actions.start(later, by=table.moderator)
    context = moderator.get(reverse("roundtable:list")).context

    assert [row.pk for row in context["ahead"]] == [later.pk, table.meeting.pk]
    assert [row.pk for row in context["page"]] == [past.pk]


# Agenda and backlog


def test_agenda_is_ordered_by_button_and_by_dragging(table, moderator):
    first, second, third = (topic(table, title) for title in ("Eins", "Zwei", "Drei"))
    moderator.post(reverse("roundtable:order", args=[table.meeting.pk]), {"up": third.pk})
    assert agenda(table) == ["Offene Aufgaben", "Eins", "Drei", "Zwei"]

    wanted = [str(one.pk) for one in (second, third, first)]
    moderator.post(reverse("roundtable:order", args=[table.meeting.pk]), {"item": wanted})
    assert agenda(table) == ["Offene Aufgaben", "Zwei", "Drei", "Eins"]


@pytest.mark.parametrize("data", [{"item": ["x"]}, {"up": "x"}])
def test_order_takes_only_ids(table, moderator, data):
    answer = moderator.post(reverse("roundtable:order", args=[table.meeting.pk]), data)

    assert answer.status_code == 400


def test_htmx_gets_the_list_in_its_new_order_and_a_word(table, moderator):
    item = topic(table, "Eins")
    topic(table, "Zwei")
    address = reverse("roundtable:order", args=[table.meeting.pk])
    answer = moderator.post(address, {"down": item.pk}, headers={"HX-Request": "true"})
    text = answer.content.decode()

    assert text.index("Zwei") < text.index("Eins")
    assert "<html" not in text
    assert "toast" in answer.headers["HX-Trigger"]


def test_time_boxes_are_counted_against_the_length(table, moderator):
    with access.acting(table.moderator):
        actions.add_topic(table.meeting, by=table.moderator, title="Lang", minutes=70)
    shown = moderator.get(table.meeting.get_absolute_url()).context["programme"]

    assert (shown.planned, shown.available, shown.over, shown.left) == (75, 60, 15, 0)
    assert [(line.ends - line.begins).seconds // 60 for line in shown.lines] == [5, 70]


def test_case_is_proposed_taken_worded_and_put_back(table, moderator, case):
    school = table.county["kvhs"]
    clerk = login(table.people["jobcenter"])
    data = {"question": QUESTION, f"ask_{school.pk}": "Platz freihalten"}
    clerk.post(reverse("roundtable:propose", args=[case.pk]), data)
    with access.acting(table.moderator):
        item = Item.objects.get(question=QUESTION)
        assert list(Ask.objects.values_list("agency", "what")) == [(school.pk, "Platz freihalten")]

    moderator.post(reverse("roundtable:take", args=[table.meeting.pk, item.pk]))
    assert len(agenda(table)) == 2
    answer = clerk.get(reverse("roundtable:word", args=[item.pk]))
    assert answer.context["form"].initial[f"ask_{school.pk}"] == "Platz freihalten"
    clerk.post(reverse("roundtable:word", args=[item.pk]), {"question": "Anders?", "minutes": "15"})
    with access.acting(table.moderator):
        now = Item.objects.get(pk=item.pk)
        assert (now.question, now.minutes, now.asks.count()) == ("Anders?", 15, 0)

    moderator.post(reverse("roundtable:put_back", args=[item.pk]))
    moderator.post(reverse("roundtable:reject", args=[table.meeting.pk, item.pk]))
    with access.acting(table.moderator):
        assert Item.objects.get(pk=item.pk).state == ItemState.REJECTED
    assert agenda(table) == ["Offene Aufgaben"]


@pytest.mark.parametrize("text", ["Wie hilft man Frau Rahimi?", "RAHIMI: was nun?", "Rahimis Kurs"])
def test_question_with_the_name_of_the_person_is_refused(table, case, text):
    clerk = login(table.people["jobcenter"])
    answer = clerk.post(reverse("roundtable:propose", args=[case.pk]), {"question": text})

    assert set(answer.context["form"].errors) == {"question"}
    with access.acting(table.moderator):
        assert not Item.objects.filter(kind="case").exists()


def test_several_tables_are_asked_for_first(table, case):
    with access.acting(table.moderator):
        other = actions.found(by=table.moderator, agencies=[], name="Zweiter Tisch")
    clerk = login(table.people["jobcenter"])
    address = reverse("roundtable:propose", args=[case.pk])

    assert clerk.get(address).context["tables"] == [table.table, other]
    clerk.post(f"{address}?tisch={other.pk}", {"question": QUESTION})
    with access.acting(table.moderator):
        assert Item.objects.get(question=QUESTION).table == other


def test_proposals_of_another_table_are_not_taken(table, moderator, case):
    with access.acting(table.moderator):
        other = actions.found(by=table.moderator, agencies=[], name="Zweiter Tisch")
        item = actions.propose_case(other, case, by=table.moderator, question=QUESTION)
    for name in ("take", "reject"):
        answer = moderator.post(reverse(f"roundtable:{name}", args=[table.meeting.pk, item.pk]))
        assert answer.status_code == 404


@pytest.mark.parametrize("state", ["agenda", "backlog"])
@pytest.mark.parametrize("page", ["meeting", "curtains", "table"])
def test_pages_take_the_same_queries_for_one_item_and_three(table, page, state):
    client = login(table.people["jobcenter"])
    pk = table.table.pk if page == "table" else table.meeting.pk
    address, counts = reverse(f"roundtable:{page}", args=[pk]), []
    client.get(address)
    for number in (1, 2):
        for one in range(number):
            case = open_case(table.people["jobcenter"], family_name=f"Rahimi{number}{one}")
            asks = {table.county["kvhs"]: "Platz"}
            item = table.propose(case, asks=asks)
            if state == "backlog":
                with access.acting(table.moderator):
                    actions.put_back(access.item(table.moderator, item.pk), by=table.moderator)
        counts.append(queries(client, address))

    assert counts[0] == counts[1]


def test_list_takes_the_same_queries_for_one_meeting_and_three(table, moderator):
    address, counts = reverse("roundtable:list"), []
    moderator.get(address)
    for _round in range(2):
        counts.append(queries(moderator, address))
        with access.acting(table.moderator):
            for number in range(2):
                name = f"Tisch {RoundTable.objects.count()}"
                other = actions.found(by=table.moderator, agencies=[table.county["kvhs"]], name=name)
                starts_at = timezone.now() + timedelta(days=number + 1)
                actions.plan(other, by=table.moderator, starts_at=starts_at)

    assert counts[0] == counts[1]
