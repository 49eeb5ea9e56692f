"""Commitments end once, by who made them; the rate counts the day first promised."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agencies import access
from agencies.errors import Conflict, Refused
from agencies.roundtable import actions, promises
from agencies.roundtable.enums import CommitmentAct, CommitmentState
from agencies.roundtable.models import Commitment, CommitmentEvent
from tests.access.rows import by_force
from tests.referrals.test_races import at_once, told
from tests.roundtable.table import Table

pytestmark = pytest.mark.django_db
TOGETHER = pytest.mark.django_db(transaction=True)
WEEK = timedelta(days=7)


@pytest.fixture
def promised(table):
    """By the adult education centre, for next week."""
    table.start()
    return make(table)


def make(table: Table) -> Commitment:
    by = table.moderator
    with access.acting(by):
        item = table.meeting.items.get(kind="commitments")
        return actions.commit(
            actions.decide(item, text="Kurs ab Mai", by=by),
            by=by,
            agency=table.county["kvhs"],
            what="Platz im Kurs",
            done_when="Anmeldung liegt vor",
            due_on=timezone.localdate() + WEEK,
        )


def acts(table: Table) -> list[str]:
    with access.acting(table.moderator):
        return list(CommitmentEvent.objects.values_list("act", flat=True))


def end(
    row: Commitment, table: Table, act: CommitmentAct = CommitmentAct.FULFILLED, slug: str = "kvhs"
) -> None:
    with access.acting(table.people[slug]):
        actions.end(row, act, text="Angemeldet", by=table.people[slug])


@TOGETHER
def test_fulfilled_and_extended_at_once_happens_once(table, promised):
    by = table.people["kvhs"]
    later = timezone.localdate() + 2 * WEEK
    found = at_once(
        (by, lambda: actions.end(promised, CommitmentAct.FULFILLED, text="Angemeldet", by=by)),
        (by, lambda: actions.end(promised, CommitmentAct.WITHDRAWN, text="Kein Kurs", by=by)),
        (by, lambda: actions.extend(promised, due_on=later, reason="Krank", by=by)),
    )
    # Extended before it ended, or not at all; ended once.
    ends = [act for act in acts(table) if act in ("fulfilled", "withdrawn")]
    assert len(ends) == 1
    assert len(told(found)) == 3 - len(acts(table)) + 1
    assert set(told(found)) == {"Die Aufgabe ist schon beendet."}


def test_ended_promise_stays_ended(table, promised):
    end(promised, table)
    for again in (CommitmentAct.FULFILLED, CommitmentAct.WITHDRAWN):
        with pytest.raises(Conflict):
            end(promised, table, again)
    with access.acting(table.people["kvhs"]), pytest.raises(Conflict):
        actions.extend(
            promised, due_on=timezone.localdate() + 2 * WEEK, reason="Krank", by=table.people["kvhs"]
        )
    assert acts(table) == ["made", "fulfilled"]


def test_others_do_not_end_it(table, promised):
    with pytest.raises(Refused, match="Nur die Stelle"):
        end(promised, table, slug="jugendamt")


@pytest.mark.parametrize("days", [-1, 0])
def test_new_day_lies_behind_the_old_one(table, promised, days):
    by = table.people["kvhs"]
    with access.acting(by), pytest.raises(Refused, match="Frist"):
        actions.extend(promised, due_on=promised.due_on + timedelta(days=days), reason="?", by=by)


@TOGETHER
def test_overdue_promise_is_not_extended_to_a_day_that_is_past(table, promised):
    overdue(promised, days=10)
    by = table.people["kvhs"]
    with access.acting(by), pytest.raises(Refused, match="Vergangenheit"):
        actions.extend(promised, due_on=timezone.localdate() - timedelta(days=1), reason="?", by=by)


def overdue(row: Commitment, *, days: int) -> None:
    day = f"current_date - {days}"
    by_force(
        f"UPDATE roundtable_commitment SET due_on = {day}, first_due_on = {day} WHERE id = '{row.pk}'",
        table="roundtable_commitment",
    )


@TOGETHER
def test_rate_counts_what_is_due_or_ended_by_the_first_day(table, promised):
    end(promised, table)  # in time
    late, missed, withdrawn, _running = (make(table) for _ in range(4))
    overdue(late, days=3)
    overdue(missed, days=1)
    end(late, table)
    end(withdrawn, table, CommitmentAct.WITHDRAWN)
    with access.acting(table.moderator):
        rates = {kept.agency.slug: (kept.judged, kept.kept, kept.percent) for kept in rates_of(table)}
        open_ones = Commitment.objects.filter(state=CommitmentState.OPEN).count()
    assert rates == dict.fromkeys(table.people, (0, 0, None)) | {"kvhs": (4, 1, 25)}
    assert open_ones == 2


def rates_of(table: Table) -> list[promises.Kept]:
    return promises.kept_rates(table.table)
