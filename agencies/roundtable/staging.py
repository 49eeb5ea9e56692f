"""What the page of a running meeting shows one viewer: everything here has passed the curtain."""

from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Prefetch
from django.http import Http404
from django.utils import timezone

from agencies import access
from agencies.access import Seen
from agencies.enums import Category
from agencies.models import Agency, Membership, ReadLog
from agencies.referrals import presenting
from agencies.referrals.presenting import Part
from agencies.roles import Permission
from agencies.roundtable import agenda
from agencies.roundtable.enums import CommitmentState, CurtainLevel, ItemKind, ItemState
from agencies.roundtable.models import Ask, Commitment, Decision, Item, Meeting, Participant

PROMISED_BY = ("agency", "person__user")


@dataclass(frozen=True)
class Point:
    """An item of the agenda with its number, as the viewer sees it."""

    number: int
    seen: Seen
    is_current: bool

    @property
    def item(self) -> Item:
        return self.seen.item

    @property
    def is_waiting(self) -> bool:
        return self.item.state == ItemState.PLANNED and not self.is_current


@dataclass(frozen=True)
class Stage:
    """One moment of a running meeting, for one viewer."""

    meeting: Meeting
    member: Membership
    points: list[Point]
    people: list[Participant]
    parts: list[Part] = field(default_factory=list)
    promises: list[Commitment] = field(default_factory=list)
    #: To whom the lead may refer the case from a decision.
    referable: list[Agency] = field(default_factory=list)

    @cached_property
    def current(self) -> Point | None:
        return next((point for point in self.points if point.is_current), None)

    @cached_property
    def upcoming(self) -> Point | None:
        """The next item nobody has spoken about yet: after the current one, else from the top."""
        here = self.current.number if self.current else 0
        waiting = [point for point in self.points if point.is_waiting]
        later = [point for point in waiting if point.number > here]
        return next(iter(later or waiting), None)

    @cached_property
    def me(self) -> Participant | None:
        return next((person for person in self.people if person.member_id == self.member.pk), None)

    @property
    def is_present(self) -> bool:
        return self.me is not None and self.me.present_since is not None

    @property
    def is_moderator(self) -> bool:
        return self.meeting.moderator_id == self.member.pk

    @property
    def may_take_over(self) -> bool:
        return self.member.may(Permission.MODERATE_MEETINGS) and not self.is_moderator

    @property
    def may_write_notes(self) -> bool:
        return self.current is not None and self.current.seen.is_open and self.is_present

    @property
    def may_write_summary(self) -> bool:
        return self.current is not None and self.current.seen.is_led

    @property
    def elapsed(self) -> int:
        """Seconds since the current item was called, by the server's clock."""
        since = self.meeting.current_since
        return max(0, round((timezone.now() - since).total_seconds())) if since else 0

    @property
    def clock(self) -> str:
        return minutes_and_seconds(self.elapsed)

    @property
    def limit(self) -> int:
        """The current item's time box in seconds."""
        return self.current.item.minutes * 60 if self.current else 0


def minutes_and_seconds(seconds: int) -> str:
    """As a clock shows it: 9:05."""
    return f"{seconds // 60}:{seconds % 60:02}"


def stage_of(meeting: Meeting, member: Membership) -> Stage:
    """The stage as the member sees it now; a number of queries that neither people nor items change."""
    items = list(_items(meeting))
    numbers = agenda.numbers(items)
    points = [
        Point(numbers[seen.item.pk], seen, seen.item.pk == meeting.current_item_id)
        for seen in access.seen(member, items)
    ]
    current = next((point for point in points if point.is_current), None)
    return Stage(
        meeting=meeting,
        member=member,
        points=points,
        people=_people(meeting),
        parts=_parts(member, current.seen) if current else [],
        promises=_promises(meeting) if current and current.item.kind == ItemKind.COMMITMENTS else [],
        referable=_referable(meeting, member) if current and current.seen.is_led else [],
    )


def _items(meeting: Meeting) -> list[Item]:
    made = Commitment.objects.select_related(*PROMISED_BY).order_by("made_at", "pk")
    decisions = Decision.objects.select_related("by__user", "by__agency")
    found = meeting.items.order_by("position", "created_at").select_related("proposed_agency")
    return list(
        found.prefetch_related(
            Prefetch("asks", Ask.objects.select_related("agency").order_by("agency__name")),
            Prefetch("decisions", decisions.prefetch_related(Prefetch("commitments", made))),
        )
    )


def _people(meeting: Meeting) -> list[Participant]:
    found = meeting.participants.select_related("member__user", "member__agency")
    return list(found.order_by("member__agency__name", "member__user__last_name", "pk"))


def _parts(member: Membership, seen: Seen) -> list[Part]:
    """The shared parts of the case, as far as the curtain is open; the lead has its own file."""
    if seen.case_id is None or seen.is_led or seen.level.reach < CurtainLevel.CATEGORIES.reach:
        return []
    try:
        case = access.case(member, seen.case_id, surface=ReadLog.Surface.MEETING)
    except Http404:  # the disclosure has ended since the curtain opened
        return []
    hidden = set() if seen.level == CurtainLevel.IDENTITY else {Category.IDENTITY}
    return presenting.preview(case, member.agency, set(case.levels) - hidden)


def _promises(meeting: Meeting) -> list[Commitment]:
    """The table's open commitments, which open the agenda."""
    found = Commitment.objects.filter(table=meeting.table_id, state=CommitmentState.OPEN)
    return list(found.select_related(*PROMISED_BY, "decision__item").order_by("due_on", "made_at"))


def _referable(meeting: Meeting, member: Membership) -> list[Agency]:
    """The other agencies at the table, to whom the lead may prepare a referral."""
    if not (member.may(Permission.SEND_REFERRALS) and member.may(Permission.DISCLOSE)):
        return []
    others = Agency.objects.filter(seats__table=meeting.table_id, is_active=True).exclude(pk=member.agency_id)
    return list(others.order_by("name"))
