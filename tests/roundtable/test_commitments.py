"""Promises of the table: who sees them, how they end, what reminds of them, and how many were kept."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from agencies import access
from agencies.models import Membership
from agencies.roles import Role
from agencies.roundtable import actions, mails, promises, tasks
from agencies.roundtable.enums import CommitmentAct
from agencies.roundtable.models import Commitment, Decision, Seat
from tests.factories import open_case

pytestmark = pytest.mark.django_db

LIST = "/runder-tisch/aufgaben/"
TODAY = timezone.localdate


class Promises:
    """A running meeting with a decision about one case, and promises made there."""

    def __init__(self, table: Any) -> None:
        self.table = table
        case = open_case(table.people["jobcenter"], family_name="Geheimnis", given_name="Samira")
        self.item = table.propose(case)
        table.start()
        table.call(self.item)
        with access.acting(table.moderator):
            self.decision: Decision = actions.decide(
                self.item, text="Die KVHS reserviert einen Platz.", by=table.moderator
            )

    def make(
        self, slug: str = "kvhs", *, days: int = 7, person: bool = True, what: str = "Platz"
    ) -> Commitment:
        table = self.table
        with access.acting(table.moderator):
            made = actions.commit(
                self.decision,
                by=table.moderator,
                agency=table.county[slug],
                what=what,
                done_when="Bestätigung liegt vor",
                due_on=TODAY() + timedelta(days=max(days, 0)),
                person=table.people[slug] if person else None,
            )
        if days < 0:
            self.age(made, days)
        return made

    def age(self, row: Commitment, days: int) -> None:
        """Its day has come and gone."""
        with access.acting_for(row.agency):
            Commitment.objects.filter(pk=row.pk).update(due_on=TODAY() + timedelta(days=days))

    def now(self, row: Commitment) -> Commitment:
        with access.acting_for(row.agency):
            return Commitment.objects.get(pk=row.pk)


@pytest.fixture
def made(table: Any) -> Promises:
    return Promises(table)


def desk(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user, backend="agencies.adapter.PasswordBackend")
    return client


def shown(member: Membership, query: str = "") -> list[str]:
    return [row.what for row in desk(member).get(LIST + query).context["page"].object_list]


# Lists


def test_list_shows_the_own_agencys_open_promises_overdue_first(made):
    made.make(days=9, what="später")
    made.make(days=-2, what="überfällig")
    made.make("jugendamt", what="der anderen")

    assert shown(made.table.people["kvhs"]) == ["überfällig", "später"]


def test_filters_narrow_and_widen(made, county):
    person = made.table.people["kvhs"]
    made.make(what="meine")
    made.make(person=False, what="keiner")
    made.make("jugendamt", what="andere")
    late, done = made.make(days=-2, what="spät"), made.make(what="fertig")
    with access.acting(person):
        actions.end(done, CommitmentAct.FULFILLED, text="Erledigt", by=person)
    assert late.pk

    assert {query: set(shown(person, query)) for query in ("?whose=me", "?whose=all", "?state=overdue")} == {
        "?whose=me": {"meine", "spät"},
        "?whose=all": {"meine", "keiner", "andere", "spät"},
        "?state=overdue": {"spät"},
    }
    assert shown(person, "?state=fulfilled") == ["fertig"]


def test_strangers_see_none_and_find_none(made, county):
    from agencies.enums import AgencyKind
    from tests.factories import make_agency, make_member

    row = made.make()
    stranger = make_member(make_agency(AgencyKind.TRAINING_PROVIDER), Role.TEAMLEITUNG)
    client = desk(stranger)

    assert shown(stranger, "?whose=all&state=all") == []
    assert {client.get(f"{LIST}{row.pk}/{act}").status_code for act in ("", "erledigt/")} == {404}


def test_agency_that_left_the_table_keeps_its_promise_and_loses_sight_of_the_decision(made):
    row, person = made.make(), made.table.people["kvhs"]
    with access.acting(made.table.moderator):
        Seat.objects.filter(agency=person.agency).delete()
    page = desk(person).get(f"{LIST}{row.pk}/")

    assert shown(person) == ["Platz"]
    assert page.status_code == 200
    assert "reserviert" not in page.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_as_much_for_many_as_for_one(made, count, django_assert_num_queries):
    for number in range(count):
        made.make(what=f"Aufgabe {number}")
    client = desk(made.table.people["kvhs"])
    client.get(LIST)
    with django_assert_num_queries(16):
        assert len(client.get(LIST).context["page"].object_list) == count


def test_panel_shows_mine_and_nobodys(made):
    colleague = made.table.county.member("kvhs", Role.FACHDIENST)
    made.make(what="meine")
    made.make(person=False, what="keiner")
    mine = desk(made.table.people["kvhs"]).get(f"{LIST}faellig/").content.decode()
    theirs = desk(colleague).get(f"{LIST}faellig/").content.decode()

    assert [("meine" in page, "keiner" in page) for page in (mine, theirs)] == [(True, True), (False, True)]


# Ends


ENDS = [("erledigt", "fulfilled"), ("zuruecknehmen", "withdrawn")]


@pytest.mark.parametrize(("act", "state"), ENDS)
def test_promise_ends_with_a_word(made, act, state):
    row, person = made.make(), made.table.people["kvhs"]
    empty = desk(person).post(f"{LIST}{row.pk}/{act}/", {"text": ""})
    answer = desk(person).post(f"{LIST}{row.pk}/{act}/", {"text": "Bestätigung vom Montag"})

    assert (empty.status_code, answer.status_code) == (200, 302)
    assert made.now(row).state == state
    with access.acting(person):
        assert list(row.events.values_list("act", "text")) == [
            ("made", "Platz"),
            (state, "Bestätigung vom Montag"),
        ]


def test_extending_needs_a_later_day_and_a_reason_and_keeps_the_first_day(made):
    row, client = made.make(), desk(made.table.people["kvhs"])
    url = f"{LIST}{row.pk}/verlaengern/"
    later = TODAY() + timedelta(days=20)
    earlier = client.post(url, {"due_on": TODAY().strftime("%d.%m.%Y"), "reason": "Krank"})
    answer = client.post(url, {"due_on": later.strftime("%d.%m.%Y"), "reason": "Krank"})

    assert (earlier.status_code, answer.status_code) == (200, 302)
    assert (made.now(row).due_on, made.now(row).first_due_on) == (later, row.first_due_on)


def test_another_agency_may_look_and_not_act(made):
    row, client = made.make(), desk(made.table.people["jugendamt"])

    assert client.get(f"{LIST}{row.pk}/").status_code == 200
    assert {client.post(f"{LIST}{row.pk}/{act}/", {"text": "x"}).status_code for act, _ in ENDS} == {403}


def test_who_comes_late_is_told_and_keeps_the_text(made):
    row, person = made.make(), made.table.people["kvhs"]
    with access.acting(person):
        actions.end(row, CommitmentAct.WITHDRAWN, text="Doch nicht", by=person)
    answer = desk(person).post(f"{LIST}{row.pk}/erledigt/", {"text": "Mein langer Text"})

    assert answer.status_code == 409
    assert "Mein langer Text" in answer.content.decode()


def test_names_the_writer_may_know_are_refused(made):
    row, lead = made.make("jobcenter"), made.table.people["jobcenter"]
    answer = desk(lead).post(f"{LIST}{row.pk}/erledigt/", {"text": "Frau Geheimnis war da."})

    assert answer.status_code == 200
    assert "ohne Namen" in answer.content.decode()
    assert made.now(row).state == "open"


# Reminders


def remind(day: date) -> list[mail.EmailMessage]:
    """Run the morning's job and its mails; returns what went out."""
    mail.outbox.clear()
    tasks.run_reminders(day)
    for job in ProcrastinateJob.objects.filter(task_name=mails.REMINDER).order_by("pk"):
        tasks.send_reminder(**job.args)
    return list(mail.outbox)


def test_reminder_comes_before_the_day_once_and_again_after_an_extension(made):
    row, person = made.make(days=7), made.table.people["kvhs"]
    due = [tasks.run_reminders(TODAY() + timedelta(days=days)) for days in (3, 4, 5)]
    with access.acting(person):
        actions.extend(row, due_on=TODAY() + timedelta(days=30), reason="Krank", by=person)
    again = tasks.run_reminders(TODAY() + timedelta(days=27))

    assert (due, again) == ([[], [row.pk], []], [row.pk])


def test_reminder_counts_and_names_nobody(made):
    made.make(days=1, what="Frau Geheimnis einladen")
    made.make(days=-2)
    (message,) = remind(TODAY())

    assert message.to == [made.table.people["kvhs"].user.email]
    assert "2 Aufgaben" in message.body
    assert "1 überfällig" in message.body
    people = {row.user.last_name for row in Membership.objects.select_related("user")}
    secrets = people | {"Geheimnis", "Samira", made.item.pseudonym, "Platz", "reserviert"}
    text = f"{message.subject}\n{message.body}".casefold()
    assert [word for word in secrets if word.casefold() in text] == []


@pytest.mark.parametrize("mailbox", ["kvhs@example.org", ""])
def test_promise_of_nobody_in_particular_reminds_the_agency(made, mailbox):
    agency = made.table.county["kvhs"]
    agency.email = mailbox
    agency.save()
    head = made.table.county.member("kvhs", Role.TEAMLEITUNG)
    made.make(days=1, person=False)
    (message,) = remind(TODAY())

    assert message.to == [mailbox or head.user.email]


def test_promise_ended_before_the_mail_went_out_makes_none(made):
    row, person = made.make(days=1), made.table.people["kvhs"]
    tasks.run_reminders(TODAY())
    with access.acting(person):
        actions.end(row, CommitmentAct.FULFILLED, text="Erledigt", by=person)

    assert remind(TODAY()) == []


# Kept promises


def test_rates_are_the_tables_whoever_of_it_asks(made):
    person = made.table.people["kvhs"]
    kept, late, gone = made.make(), made.make(), made.make()
    with access.acting(person):
        actions.end(kept, CommitmentAct.FULFILLED, text="Erledigt", by=person)
        actions.end(late, CommitmentAct.WITHDRAWN, text="Doch nicht", by=person)
    made.make("jugendamt")
    assert gone.pk
    found = {}
    for slug, member in made.table.people.items():
        with access.acting(member):
            rates = promises.kept_rates(made.table.table)
            found[slug] = {rate.agency.slug: (rate.kept, rate.judged) for rate in rates}

    wanted = dict.fromkeys(made.table.people, (0, 0)) | {"kvhs": (1, 2)}
    assert found == dict.fromkeys(made.table.people, wanted)


def test_rates_are_hidden_from_those_who_do_not_sit_there(made):
    from agencies.enums import AgencyKind
    from tests.factories import make_agency, make_member

    stranger = make_member(make_agency(AgencyKind.TRAINING_PROVIDER), Role.TEAMLEITUNG)
    url = f"/runder-tisch/tische/{made.table.table.pk}/zusagen/"

    assert desk(stranger).get(url).status_code == 404
    assert "1 von" not in desk(made.table.people["kvhs"]).get(url).content.decode()
