"""In-box and out-box as lists: filter, order, pages, and what each row says about time."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from agencies import access
from agencies.models import Membership
from agencies.referrals import clocks, wording
from agencies.referrals.enums import OPEN_STATES, UNANSWERED, Side, State
from agencies.referrals.forms.filtering import EVERYTHING
from agencies.referrals.models import Referral
from agencies.roles import Permission

PAGE_SIZE = 50
EXPORT_LIMIT = 10_000

#: The clock's next day; for a draft that waits for a decision the day it was submitted.
_URGENT = Coalesce("remind_on", TruncDate("submitted_at"))
SORTS: dict[str, tuple[Any, ...]] = {
    "due": (_URGENT.asc(nulls_last=True), F("state_since").desc()),
    "-due": (_URGENT.desc(nulls_last=True), F("state_since").desc()),
    "state": (F("state").asc(), F("state_since").asc()),
    "-state": (F("state").desc(), F("state_since").desc()),
    "since": (F("state_since").asc(),),
    "-since": (F("state_since").desc(),),
}
DEFAULT_SORT = "due"
#: Over, but the sender still owes the person a next step.
UNANSWERED_FOR = (State.DECLINED, State.REROUTED, State.EXPIRED)


def box(member: Membership, side: Side) -> Any:
    """Everything the member may see on one side, with the names a row shows."""
    return access.referrals(member, "in" if side == Side.RECIPIENT else "out")


def unfinished(found: QuerySet[Referral]) -> QuerySet[Referral]:
    """What is not over: drafts, open referrals, and refusals nobody has drawn a consequence from."""
    begun = Q(state__in=[State.DRAFT, *OPEN_STATES])
    return found.filter(begun | Q(state__in=UNANSWERED_FOR, followed_up_at=None))


def to_decide(member: Membership) -> QuerySet[Referral]:
    """The drafts that colleagues have laid before the member, oldest first; none for who may not decide."""
    found = box(member, Side.SENDER).to_decide().order_by("submitted_at", "pk")
    return found if member.may(Permission.DISCLOSE_IMMIGRATION) else found.none()


def tab_count(member: Membership, side: Side) -> int:
    """The number at a tab: new ones in the in-box, as at the badge; in the out-box what is not over."""
    found = box(member, side).order_by()
    return found.new().count() if side == Side.RECIPIENT else narrowed(found, {}, member, side).count()


def narrowed(
    found: QuerySet[Referral], wanted: Mapping[str, Any], member: Membership, side: Side
) -> QuerySet[Referral]:
    """The rows that fit a cleaned filter; without a state, those that are not over."""
    incoming = side == Side.RECIPIENT
    state = wanted.get("state") or ""
    if state not in {"", EVERYTHING}:
        found = found.filter(state=state)
    elif not state:
        found = found.filter(state__in=OPEN_STATES) if incoming else unfinished(found)
    if team := wanted.get("team"):
        found = found.filter(**{"recipient_team" if incoming else "sender_team": team})
    if agency := wanted.get("agency"):
        found = found.filter(**{"sender" if incoming else "recipient": agency})
    if holder := wanted.get("holder"):
        person = "assigned_to" if incoming else "sender_member"
        found = found.filter(**{person: member if holder == "me" else None})
    if wanted.get("overdue"):
        found = found.filter(remind_on__lte=timezone.localdate())
    return found


def page_of(
    member: Membership, side: Side, wanted: Mapping[str, Any], *, sort: str, number: str | None
) -> Page[Referral]:
    """One page of a box, named and logged; the same queries for any length."""
    found = narrowed(box(member, side), wanted, member, side)
    found = ordered(found, sort)
    page = Paginator(found, PAGE_SIZE).get_page(number)
    page.object_list = rows(member, page.object_list)
    return page


def ordered(found: QuerySet[Referral], sort: str) -> QuerySet[Referral]:
    """In one of the orders a list offers, the most urgent first by default."""
    return found.order_by(*SORTS.get(sort, SORTS[DEFAULT_SORT]), "pk")


def rows(member: Membership, found: Iterable[Referral], **how: Any) -> list[Referral]:
    """Referrals with what a row shows beside their fields: name (logged), colour, clock."""
    shown = list(found)
    access.name_referrals(member, shown, **how)
    for referral in shown:
        with_clock(referral, member)
    return shown


def with_clock(referral: Referral, member: Membership) -> Referral:
    """Sets ``standing``, ``level``, and one of ``wait`` (working days unanswered), ``due_on``, ``at_sender``.

    The recipient is not shown the sender's clock, only that it is the sender's turn.
    """
    values: dict[str, Any] = {"wait": None, "due_on": None}
    values["standing"], values["level"] = wording.standing(referral, member)
    theirs = referral.turn == Side.SENDER and referral.sender_id != member.agency_id
    values["at_sender"] = theirs and referral.is_open
    agency = clocks.agency_in_turn(referral)
    if agency and referral.remind_on and not theirs:
        values["due_on"] = referral.remind_on
        if referral.state in UNANSWERED:
            left = clocks.working_days_between(timezone.localdate(), referral.remind_on, agency.land)
            values |= {"wait": max(agency.reminder_days - left, 0), "due_on": None}
            values |= {"warn": agency.reminder_days, "alarm": agency.escalation_days}
    for name, value in values.items():
        setattr(referral, name, value)
    return referral
