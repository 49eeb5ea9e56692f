"""Working days, and what happens by itself: reminder, escalation, expiry; each once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from agencies import access
from agencies.cases.models import CaseGrant
from agencies.models import AuditEntry
from agencies.referrals import clocks, overdue, tasks
from agencies.referrals.clocks import DueState, add_working_days, due_state, working_days_between
from agencies.referrals.enums import Act, Side, State
from agencies.referrals.models import Referral, ReferralEvent
from tests.referrals.loop import Loop

FRIDAY = date(2026, 10, 30)
DAYS = st.dates(min_value=date(2024, 1, 1), max_value=date(2030, 12, 31))
LAENDER = st.sampled_from(["NI", "BY", "BE", "SN", "HE"])


@pytest.mark.parametrize(
    ("start", "days", "land", "end"),
    [
        (date(2026, 11, 20), 1, "NI", date(2026, 11, 23)),  # Friday to Monday
        (date(2025, 10, 30), 1, "NI", date(2025, 11, 3)),  # Reformation Day, a Friday, and a weekend
        (date(2025, 10, 30), 1, "HE", date(2025, 10, 31)),  # no holiday in Hessen
        (date(2027, 10, 29), 1, "BY", date(2027, 11, 2)),  # All Saints' Day, a Monday
        (date(2027, 10, 29), 1, "NI", date(2027, 11, 1)),
        (date(2026, 12, 23), 2, "NI", date(2026, 12, 28)),  # Christmas
        (date(2025, 11, 18), 1, "SN", date(2025, 11, 20)),  # Day of Repentance only in Sachsen
        (date(2026, 5, 13), 1, "NI", date(2026, 5, 15)),  # Ascension Day
        (date(2026, 11, 21), 0, "NI", date(2026, 11, 21)),
    ],
)
def test_working_days_follow_the_land(start: date, days: int, land: str, end: date) -> None:
    assert add_working_days(start, days, land) == end


@given(start=DAYS, days=st.integers(0, 60), land=LAENDER)
def test_counting_undoes_adding(start: date, days: int, land: str) -> None:
    end = add_working_days(start, days, land)
    assert working_days_between(start, end, land) == days
    assert days == 0 or clocks.is_working_day(end, land)
    assert working_days_between(end, start, land) == -days


def test_clock_runs_for_whose_turn_it_is(loop: Loop) -> None:
    """Days and holidays are those of the agency in turn; a question stops one clock and starts the other."""
    loop.agency.reminder_days, loop.agency.escalation_days, loop.agency.expiry_days = 2, 4, 6
    loop.agency.save()
    today = timezone.localdate()
    sent = loop.at(State.SENT)
    dates = [add_working_days(today, days, "NI") for days in (2, 4, 6)]
    assert [sent.remind_on, sent.escalate_on, sent.expires_on] == dates
    asked = loop.do(Act.ASK, sent, loop.recipient)
    assert asked.turn == Side.SENDER
    assert asked.remind_on == add_working_days(today, 5, "NI")
    accepted = loop.do(Act.ACCEPT, asked, loop.recipient)
    assert [accepted.remind_on, accepted.escalate_on, accepted.expires_on] == [
        add_working_days(today, clocks.STALL_DAYS, "NI"),
        None,
        None,
    ]
    started = loop.do(Act.START, accepted, loop.recipient)
    assert due_state(started).state == DueState.NONE


def test_data_end_before_the_clock(loop: Loop) -> None:
    until = timezone.localdate() + timedelta(days=3)
    assert loop.at(State.SENT, valid_until=until).expires_on == until + timedelta(days=1)


def test_due_state_of_a_day(loop: Loop) -> None:
    sent = loop.at(State.SENT)
    assert sent.remind_on
    assert sent.escalate_on
    before = due_state(sent, sent.remind_on - timedelta(days=1))
    assert (before.state, before.side, before.on) == (DueState.ON_TIME, Side.RECIPIENT, sent.remind_on)
    assert due_state(sent, sent.remind_on).state == DueState.DUE
    late = due_state(sent, sent.escalate_on)
    assert (late.state, late.on) == (DueState.OVERDUE, sent.expires_on)


def test_each_thing_happens_once_on_its_day(loop: Loop) -> None:
    sent = loop.at(State.SENT)
    assert sent.remind_on
    assert sent.escalate_on
    assert sent.expires_on
    done = {
        "before": tasks.run_clocks(sent.remind_on - timedelta(days=1)),
        "reminder": tasks.run_clocks(sent.remind_on),
        "again": tasks.run_clocks(sent.remind_on),
        "escalation": tasks.run_clocks(sent.escalate_on),
        "once more": tasks.run_clocks(sent.escalate_on),
        "expiry": tasks.run_clocks(sent.expires_on),
        "after": tasks.run_clocks(sent.expires_on + timedelta(days=400)),
        "years later": tasks.run_clocks(sent.expires_on + timedelta(days=800)),
    }
    assert done == {
        "before": [],
        "reminder": [Act.REMIND],
        "again": [],
        "escalation": [Act.ESCALATE],
        "once more": [],
        "expiry": [Act.EXPIRE],
        "after": [Act.REMIND],  # the sender, that it needs a next step
        "years later": [],
    }
    with access.acting(loop.recipient):
        assert Referral.objects.get().state == State.EXPIRED
        assert not CaseGrant.objects.filter(content_object=loop.case).exists()
        (event,) = ReferralEvent.objects.filter(act=Act.EXPIRE)
        assert event.by is None
        verbs = AuditEntry.objects.filter(user=None).values_list("verb", flat=True)
        assert sorted(verbs) == ["referral.escalate", "referral.expire", "referral.remind"]


def test_worker_that_was_away_escalates_without_reminding(loop: Loop) -> None:
    sent = loop.at(State.SENT)
    assert sent.escalate_on
    assert tasks.run_clocks(sent.escalate_on) == [Act.ESCALATE]
    assert tasks.run_clocks(sent.escalate_on) == []


def test_parked_referral_comes_back_to_the_sender(loop: Loop) -> None:
    parked = loop.do(Act.PARK, loop.at(State.DECLINED), loop.sender)
    assert parked.parked_until
    assert tasks.run_clocks(parked.parked_until - timedelta(days=1)) == []
    assert tasks.run_clocks(parked.parked_until) == [Act.REMIND]


def test_end_of_data_under_way_is_told_once(loop: Loop) -> None:
    started = loop.at(State.STARTED)
    after = started.valid_until + timedelta(days=1)
    assert tasks.run_clocks(started.valid_until) == []
    assert tasks.run_clocks(after) == [Act.LAPSE]
    assert tasks.run_clocks(after) == []


def test_job_learns_ids_only(loop: Loop) -> None:
    sent = loop.at(State.SENT)
    assert sent.expires_on
    assert overdue.due(sent.expires_on) == [(sent.pk, loop.agency.pk)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM due_referrals(%s)", [sent.expires_on])
        assert [column.name for column in cursor.description] == ["referral_id", "agency_id"]
    assert not Referral.objects.exists()


def test_broken_row_stops_nobody_else(loop: Loop, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import DatabaseError

    sent = loop.at(State.SENT)
    assert sent.remind_on

    def fail(*args: object, **kwargs: object) -> None:
        raise DatabaseError

    with monkeypatch.context() as broken:
        broken.setattr(overdue, "act", fail)
        assert tasks.run_clocks(sent.remind_on) == []
    assert tasks.run_clocks(sent.remind_on) == [Act.REMIND]


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_everything_once(loop: Loop) -> None:
    sent = loop.at(State.SENT)
    assert sent.expires_on

    def work(day: date) -> list[Act]:
        try:
            return tasks.run_clocks(day)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        done = [act for acts in pool.map(work, [sent.expires_on] * 8) for act in acts]
    assert done == [Act.EXPIRE]
    with access.acting(loop.sender):
        assert ReferralEvent.objects.filter(act=Act.EXPIRE).count() == 1
