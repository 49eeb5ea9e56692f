"""Round tables with a past, a meeting that runs and one that is coming, through the acts of the screens."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import cycle, islice
from random import Random
from unittest.mock import patch

from django.utils import timezone

from agencies import access
from agencies.cases.enums import CaseStatus
from agencies.models import Membership
from agencies.roles import Permission, Role
from agencies.roundtable import actions, tasks
from agencies.roundtable.enums import CurtainLevel, ItemState, Reply, TextKind, Trigger
from agencies.roundtable.models import Commitment, Item, Meeting, RoundTable
from portal.demo.clock import at
from portal.demo.filing import Opened
from portal.demo.promising import keep_or_break
from portal.demo.round_table_plans import PLANS, Plan
from portal.demo.round_table_texts import TOPICS, WISHES, Matter, Promise
from portal.demo.staffing import County

#: Who speaks for an agency at the table: somebody who sees all its teams, and one who works on cases.
SPEAKERS = (Role.FALLMANAGEMENT, Role.SACHBEARBEITUNG, Role.KURSBUERO, Role.FACHDIENST)
LEVELS = (CurtainLevel.SUMMARY, CurtainLevel.IDENTITY, CurtainLevel.CATEGORIES, CurtainLevel.PSEUDONYM)
#: How many days a promise gets, in turn.
TERMS = (10, 14, 20, 12, 45)


@dataclass
class Sitting:
    """A table in the making: its people by agency, the cases to come, what has been promised."""

    rng: Random
    county: County
    plan: Plan
    table: RoundTable
    people: dict[str, list[Membership]]
    cases: Iterator[Opened]
    share: float
    matters: Iterator[Matter]
    terms: Iterator[int] = field(default_factory=lambda: cycle(TERMS))
    promised: list[tuple[Commitment, Promise]] = field(default_factory=list)
    taken: int = 0

    @property
    def moderator(self) -> Membership:
        return self.people[self.plan.moderator][0]

    @property
    def everyone(self) -> list[Membership]:
        return [member for members in self.people.values() for member in members]

    def draw(self, cases: int) -> list[Opened]:
        """So many of the cases to come, scaled to the size of the county; every agenda keeps one."""
        found = list(islice(self.cases, max(1, round(cases * self.share)) if cases else 0))
        self.taken += len(found)
        return found


def seat_all(rng: Random, county: County, opened: Sequence[Opened], today: date, count: int) -> int:
    """Hold the meetings of all tables with about ``count`` cases; returns how many cases came up."""
    # Invitations and minutes of invented days would only fill the worker's queue.
    with patch("agencies.roundtable.mails._queue"), patch("agencies.roundtable.minutes_mails.tell"):
        share = count / sum(plan.cases for plan in PLANS)
        done = sum(_hold_all(rng, county, plan, opened, share) for plan in PLANS)
        tasks.run_triggers(today, county.agencies.values())
    return done


def _hold_all(rng: Random, county: County, plan: Plan, opened: Sequence[Opened], share: float) -> int:
    people = {slug: speakers(county, slug) for slug in plan.seats}
    moderator, now = people[plan.moderator][0], timezone.now()
    with access.acting(moderator), at(now - timedelta(days=90)):
        table = actions.found(
            by=moderator,
            agencies=[county.agencies[slug] for slug in plan.seats],
            name=plan.name,
            rhythm=plan.rhythm,
            duration=plan.duration,
            place=plan.place,
            video_link=plan.video_link,
        )
    cases = [row for row in opened if _may_come(plan, row)]
    rng.shuffle(cases)
    sitting = Sitting(rng, county, plan, table, people, iter(cases), share, cycle(plan.matters))
    for days, number in plan.past:
        _past(sitting, _hour(now - timedelta(days=days)), number)
    if plan.past:
        _cancelled(sitting, now)
    keep_or_break(sitting.promised, people, now)
    if plan.running:
        _running(sitting, now - timedelta(minutes=25))
    _coming(sitting, now)
    return sitting.taken


def speakers(county: County, slug: str) -> list[Membership]:
    """The head who moderates and sees all, and whoever works on cases there; both may attend."""
    able = county.staff(slug, Permission.JOIN_MEETINGS)
    heads = [member for member in able if member.may(Permission.MODERATE_MEETINGS)]
    others = sorted(
        (member for member in able if member.role in SPEAKERS), key=lambda row: SPEAKERS.index(Role(row.role))
    )
    return [*heads[:1], *others[:1]]


def _may_come(plan: Plan, row: Opened) -> bool:
    """Cases long under way, led by an agency of the table; each for one table, by the digit of its number."""
    file, case, manager = row
    parity = int(case.reference[-1]) % len(PLANS) == PLANS.index(plan)
    is_old = file.opened_on < timezone.localdate() - timedelta(days=75)
    is_open = is_old and case.status in (CaseStatus.NEW, CaseStatus.ACTIVE)
    return parity and is_open and file.lead in plan.seats and manager.may(Permission.JOIN_MEETINGS)


def _hour(moment: datetime) -> datetime:
    """At two in the afternoon of the working day before or at the moment."""
    day = timezone.localtime(moment).date()
    day -= timedelta(days=max(0, day.weekday() - 4))
    return timezone.make_aware(datetime.combine(day, time(14)))


def _plan(sitting: Sitting, starts_at: datetime) -> Meeting:
    with access.acting(sitting.moderator):
        return actions.plan(sitting.table, by=sitting.moderator, starts_at=starts_at)


def _invite(sitting: Sitting, meeting: Meeting, *, declined: int = 1) -> None:
    """Everybody is invited; most say yes, the last ones no, one is not sure."""
    with access.acting(sitting.moderator):
        actions.invite(meeting, members=sitting.everyone, by=sitting.moderator)
    guests = [member for member in sitting.everyone if member != sitting.moderator]
    answers = (
        [Reply.ACCEPTED] * (len(guests) - declined - 1) + [Reply.TENTATIVE] + [Reply.DECLINED] * declined
    )
    for member, answer in zip(guests, answers, strict=False):
        with access.acting(member):
            actions.reply(meeting, answer, by=member)


def _propose(sitting: Sitting, row: Opened, meeting: Meeting | None) -> tuple[Item, Matter]:
    """By who works on the case, with summary and curtain; the moderator takes it on the agenda."""
    _, case, manager = row
    matter = next(sitting.matters)
    asks = {sitting.county.agencies[slug]: what for slug, what in matter.asks.items()}
    with access.acting(manager):
        item = actions.propose_case(sitting.table, case, by=manager, question=matter.question, asks=asks)
        actions.write(item, TextKind.SUMMARY, matter.summary, by=manager, expected=0)
        for slug in sitting.plan.seats:
            agency = sitting.county.agencies[slug]
            level = sitting.rng.choice(LEVELS if agency.may_browse else LEVELS[::3])
            if agency.pk != manager.agency_id and level != CurtainLevel.PSEUDONYM:
                actions.set_curtain(item, agency=agency, level=level, by=manager)
    if meeting:
        with access.acting(sitting.moderator):
            actions.take(item, meeting=meeting, by=sitting.moderator)
            item = access.item(sitting.moderator, item.pk)
    return item, matter


def _past(sitting: Sitting, begun: datetime, cases: int) -> None:
    """A whole meeting, closed with its minutes; the last case was put off."""
    with at(begun - timedelta(days=10)):
        meeting = _plan(sitting, begun)
        agenda = [(*_propose(sitting, row, meeting), row) for row in sitting.draw(cases)]
        _invite(sitting, meeting)
    with at(begun):
        _open(sitting, meeting)
    _call_first(sitting, meeting, begun + timedelta(minutes=1))
    for number, (item, matter, row) in enumerate(agenda, 1):
        is_last = number == len(agenda) > 1
        moment = begun + timedelta(minutes=5 * number)
        _discuss(sitting, meeting, item, None if is_last else matter, row[2], moment)
    with access.acting(sitting.moderator), at(begun + timedelta(minutes=sitting.plan.duration)):
        actions.close(_now(meeting), by=sitting.moderator)


def _open(sitting: Sitting, meeting: Meeting) -> None:
    with access.acting(sitting.moderator):
        actions.start(_now(meeting), by=sitting.moderator)
    for member in sitting.everyone[:-1]:
        if member != sitting.moderator:
            with access.acting(member):
                actions.come(_now(meeting), by=member)


def _call_first(sitting: Sitting, meeting: Meeting, moment: datetime) -> None:
    """The promises of earlier meetings open the agenda."""
    with access.acting(sitting.moderator), at(moment):
        _call(sitting, meeting, _now(meeting).items.order_by("position", "created_at").first())  # type: ignore[arg-type]
        _leave(sitting, meeting)


def _call(sitting: Sitting, meeting: Meeting, item: Item) -> None:
    now = _now(meeting)
    actions.call(now, item, by=sitting.moderator, seen=now.current_item_id)


def _leave(sitting: Sitting, meeting: Meeting, *, deferred: bool = False) -> None:
    now = _now(meeting)
    actions.leave(now, by=sitting.moderator, seen=now.current_item_id, deferred=deferred)


def _discuss(
    sitting: Sitting, meeting: Meeting, item: Item, matter: Matter | None, lead: Membership, moment: datetime
) -> None:
    """Call a case, take notes, decide and promise; without a matter it is put off."""
    with access.acting(sitting.moderator), at(moment):
        _call(sitting, meeting, item)
    if matter:
        if matter.notes:
            with access.acting(lead), at(moment + timedelta(minutes=1)):
                actions.write(access.item(lead, item.pk), TextKind.NOTES, matter.notes, by=lead, expected=0)
        with access.acting(sitting.moderator), at(moment + timedelta(minutes=2)):
            _decide(sitting, item, matter)
    with access.acting(sitting.moderator), at(moment + timedelta(minutes=4)):
        _leave(sitting, meeting, deferred=matter is None)


def _decide(sitting: Sitting, item: Item, matter: Matter) -> None:
    by = sitting.moderator
    decision = actions.decide(access.item(by, item.pk), text=matter.decision, by=by)
    for promise in matter.promises:
        made = actions.commit(
            decision,
            by=by,
            agency=sitting.county.agencies[promise.slug],
            person=sitting.people[promise.slug][-1] if sitting.rng.random() < 0.8 else None,
            what=promise.what,
            done_when=promise.done_when,
            due_on=timezone.localdate() + timedelta(days=next(sitting.terms)),
        )
        sitting.promised.append((made, promise))


def _cancelled(sitting: Sitting, now: datetime) -> None:
    """One that fell ill."""
    with at(now - timedelta(days=20)):
        meeting = _plan(sitting, _hour(now - timedelta(days=12)))
        _invite(sitting, meeting)
    with access.acting(sitting.moderator), at(now - timedelta(days=13)):
        actions.cancel(_now(meeting), by=sitting.moderator)


def _running(sitting: Sitting, begun: datetime) -> None:
    """Three cases are done, the fourth is being spoken about, the rest waits."""
    with at(begun - timedelta(days=9)):
        meeting = _plan(sitting, begun)
        agenda = [(*_propose(sitting, row, meeting), row) for row in sitting.draw(sitting.plan.running)]
        _invite(sitting, meeting)
    with at(begun):
        _open(sitting, meeting)
    _call_first(sitting, meeting, begun + timedelta(minutes=1))
    for number, (item, matter, row) in enumerate(agenda[:-1][:3], 1):
        _discuss(sitting, meeting, item, matter, row[2], begun + timedelta(minutes=6 * number))
    if agenda:
        with access.acting(sitting.moderator), at(begun + timedelta(minutes=23)):
            _call(sitting, meeting, agenda[:4][-1][0])


def _coming(sitting: Sitting, now: datetime) -> None:
    """One is invited, one in preparation, the rest waits in the backlog; some proposals were turned down."""
    plan = sitting.plan
    with at(now - timedelta(days=5)):
        invited = _plan(sitting, _hour(now + timedelta(days=plan.invited[0])))
        agenda = [_propose(sitting, row, invited)[0] for row in sitting.draw(plan.invited[1])]
        with access.acting(sitting.moderator):
            for title, question in TOPICS:
                actions.add_topic(_now(invited), by=sitting.moderator, title=title, question=question)
        _invite(sitting, invited, declined=2)
        _wish(sitting, agenda)
    with at(now - timedelta(days=2)):
        draft = _plan(sitting, _hour(now + timedelta(days=plan.draft[0])))
        for row in sitting.draw(plan.draft[1]):
            _propose(sitting, row, draft)
        for row in sitting.draw(plan.backlog):
            _propose(sitting, row, None)
    with access.acting(sitting.moderator), at(now - timedelta(days=1)):
        waiting = Item.objects.filter(table=sitting.table, meeting=None, state=ItemState.PROPOSED)
        if len(waiting) > 1:
            actions.reject(
                waiting.filter(trigger=Trigger.BY_HAND).order_by("created_at")[0], by=sitting.moderator
            )


def _wish(sitting: Sitting, agenda: Sequence[Item]) -> None:
    """Some agencies ask the lead to see more."""
    asking = [people[-1] for people in sitting.people.values() if people[-1].agency.may_browse]
    for item, wish in zip(agenda, WISHES, strict=False):
        member = next((row for row in asking if row.agency_id != item.proposed_agency_id), None)
        if member:
            with access.acting(member):
                found = access.item(member, item.pk)
                actions.ask_for(found, level=CurtainLevel.CATEGORIES, reason=wish, by=member)


def _now(meeting: Meeting) -> Meeting:
    return Meeting.objects.get(pk=meeting.pk)
