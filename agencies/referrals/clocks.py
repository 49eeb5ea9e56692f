"""Working days of a Land, and the clock of whoever's turn it is on a referral."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays
from django.db import connection
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from agencies.referrals.enums import UNANSWERED, Side, State
from agencies.referrals.models import Referral

#: Working days after acceptance without a start until the recipient is reminded.
STALL_DAYS = 10
SATURDAY = 5


@lru_cache(maxsize=32)
def _holidays_of(land: str) -> holidays.HolidayBase:
    """Public holidays of a Land; years are filled in as they are asked for."""
    return holidays.country_holidays("DE", subdiv=land)


def is_working_day(day: date, land: str) -> bool:
    return day.weekday() < SATURDAY and day not in _holidays_of(land)


def add_working_days(start: date, days: int, land: str) -> date:
    """The day that is ``days`` working days after ``start``; ``start`` itself does not count."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day, land)
    return day


def working_days_between(start: date, end: date, land: str) -> int:
    """Working days after ``start`` up to and including ``end``; negative when ``end`` is earlier."""
    if end < start:
        return -working_days_between(end, start, land)
    span = (end - start).days
    return sum(is_working_day(start + timedelta(days=n), land) for n in range(1, span + 1))


def restart(referral: Referral, today: date | None = None) -> None:
    """Start the clock for the state a referral has just entered; the caller saves.

    The days and holidays are those of the agency whose turn it is.
    """
    today = today or timezone.localdate()
    referral.remind_on = referral.escalate_on = referral.expires_on = None
    referral.reminded_at = referral.escalated_at = None
    agency = agency_in_turn(referral)
    if agency is None:
        return
    if referral.state in UNANSWERED:
        referral.remind_on = add_working_days(today, agency.reminder_days, agency.land)
        referral.escalate_on = add_working_days(today, agency.escalation_days, agency.land)
        expiry = add_working_days(today, agency.expiry_days, agency.land)
        referral.expires_on = min(expiry, referral.valid_until + timedelta(days=1))
    elif referral.state == State.ACCEPTED:
        referral.remind_on = add_working_days(today, STALL_DAYS, agency.land)
    elif referral.state in {State.OUTCOME, State.DROPPED_OUT}:
        referral.remind_on = add_working_days(today, agency.reminder_days, agency.land)
        referral.escalate_on = add_working_days(today, agency.escalation_days, agency.land)
    elif referral.state in {State.DECLINED, State.REROUTED, State.EXPIRED}:
        soon = add_working_days(today, agency.reminder_days, agency.land)
        referral.remind_on = referral.parked_until or soon


def agency_in_turn(referral: Referral) -> Agency | None:
    """The agency that is to act next."""
    if referral.turn is None:
        return None
    return referral.sender if referral.turn == Side.SENDER else referral.recipient


class DueState(TextChoices):
    NONE = "none", _("keine Frist")
    ON_TIME = "on_time", _("in der Frist")
    DUE = "due", _("fällig")
    OVERDUE = "overdue", _("überfällig")


@dataclass(frozen=True)
class Due:
    """How a clock stands: for lists, start page and reminders."""

    state: DueState
    side: Side | None = None
    on: date | None = None
    working_days: int = 0  # left until ``on``; negative when it has passed


def due_state(referral: Referral, today: date | None = None) -> Due:
    """How urgent a referral is today. ``on`` is the next date at which something happens by itself.

    Due: the reminder's day has come. Overdue: the escalation's day has come.
    """
    today = today or timezone.localdate()
    dates = [referral.remind_on, referral.escalate_on, referral.expires_on]
    running = [day for day in dates if day]
    agency = agency_in_turn(referral)
    if not running or agency is None:
        return Due(DueState.NONE)
    on = next((day for day in running if day > today), running[-1])
    if referral.escalate_on and referral.escalate_on <= today:
        state = DueState.OVERDUE
    elif referral.remind_on and referral.remind_on <= today:
        state = DueState.DUE
    else:
        state = DueState.ON_TIME
    return Due(state, referral.turn, on, working_days_between(today, on, agency.land))


def disclosure_is_active(referral: Referral) -> bool:
    """Whether the data of a referral may still be used: not revoked, not expired."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT referral_is_covered(%s)", [referral.pk])
        return bool(cursor.fetchone()[0])
