"""After any sequence of acts the curtain, the raw rows and the record of openings agree with an oracle."""

import os
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from agencies import access
from agencies.cases import disclosing
from agencies.cases.models import Case, Disclosure
from agencies.enums import Category, LegalBasis
from agencies.models import Membership
from agencies.roles import Role
from agencies.roundtable import actions
from agencies.roundtable.enums import CurtainLevel, TextKind
from agencies.roundtable.models import Item, ItemText, Meeting, Opening
from tests import factories
from tests.access.oracle import File, Person, Share
from tests.access.rows import as_owner, by_force, query
from tests.factories.county import make_member
from tests.roundtable.oracle import Point, Sitting

AGENCIES = ("jobcenter", "jugendamt", "kvhs")
TEAMS = (1, 2)
MODERATOR = "jc-chief"
STARTING = {
    MODERATOR: ("jobcenter", Role.TEAMLEITUNG, {1}),
    "jc-one": ("jobcenter", Role.FALLMANAGEMENT, {1}),
    "ja-one": ("jugendamt", Role.FALLMANAGEMENT, {1}),
    "ja-two": ("jugendamt", Role.FALLMANAGEMENT, {2}),
    "kvhs-one": ("kvhs", Role.FALLMANAGEMENT, {1, 2}),
}
OTHERS = st.sampled_from(sorted(set(STARTING) - {MODERATOR}))
SHARED = st.frozensets(st.sampled_from(["identity", "language", "work"]), min_size=1)
MAX_ITEMS = 3


def build() -> SimpleNamespace:
    county = factories.make_county()
    members = {
        name: make_member(
            county[slug], role, teams=[county.team(slug, n) for n in sorted(teams)], username=name
        )
        for name, (slug, role, teams) in STARTING.items()
    }
    teams = {(slug, number): county.team(slug, number) for slug in AGENCIES for number in TEAMS}
    return SimpleNamespace(members=members, teams=teams, agencies=county.agencies)


class Curtains(RuleBasedStateMachine):
    """Acts go through the actions of the portal and, in the same words, into the oracle."""

    county: SimpleNamespace

    def __init__(self) -> None:
        super().__init__()
        as_owner("TRUNCATE cases_case, roundtable_roundtable CASCADE")
        self.world = Sitting({})
        self.cases: list[Case] = []
        self.items: list[Any] = []
        self.disclosures: list[Disclosure] = []
        self.past: list[tuple[datetime, dict[tuple[int, str], str]]] = []
        for name, (slug, role, teams) in STARTING.items():
            member = self.county.members[name]
            Membership.objects.filter(pk=member.pk).update(is_active=True)
            member.teams.set([self.county.teams[slug, number] for number in teams])
            self.world.people[name] = Person(slug, role.value, frozenset(teams))
        self.world.seats = set(AGENCIES)
        with access.acting(self.moderator):
            self.table = actions.found(
                by=self.moderator, agencies=[self.county.agencies[slug] for slug in AGENCIES], name="Tisch"
            )
        self.meet()

    @property
    def moderator(self) -> Membership:
        return self.member(MODERATOR)  # type: ignore[return-value]

    def member(self, name: str) -> Membership | None:
        """The member as the next request would find it."""
        wanted = self.county.members[name]
        return access.memberships_of(wanted.user_id).filter(pk=wanted.pk).first()

    def leader(self, number: int) -> Membership | None:
        """Somebody who leads the case of this item."""
        file = self.world.points[number].file
        return next((self.member(name) for name in STARTING if self.world.leads(name, file)), None)

    def meet(self) -> None:
        """A new meeting begins, with what earlier ones have left in the backlog."""
        by = self.moderator
        with access.acting(by):
            starts_at = timezone.now() + timedelta(hours=1)
            self.meeting = actions.plan(self.table, by=by, starts_at=starts_at)
            actions.invite(
                self.meeting,
                members=[m for m in self.county.members.values() if m.agency.slug in self.world.seats],
                by=by,
            )
            for item in Item.objects.filter(table=self.table, meeting=None, kind="case"):
                actions.take(item, meeting=self.meeting, by=by)
                before = next(n for n, known in enumerate(self.items) if known == item.previous_id)
                self.items.append(item.pk)
                self.world.points.append(Point(self.world.points[before].file))
            actions.start(self.meeting, by=by)
        self.world.invited = {
            n for n, person in self.world.people.items() if person.agency in self.world.seats
        }
        self.world.present = {MODERATOR}

    def now(self) -> Meeting:
        return Meeting.objects.get(pk=self.meeting.pk)

    # Acts

    @precondition(lambda self: len(self.items) < MAX_ITEMS)
    @rule(name=st.sampled_from(["jc-one", "ja-one"]))
    def propose(self, name: str) -> None:
        person, by = self.world.people[name], self.member(name)
        if by is None or person.agency not in self.world.seats or not person.teams:
            return
        team = min(person.teams)
        case = factories.open_case(by, team=self.county.teams[person.agency, team])
        with access.acting(by):
            item = actions.propose_case(self.table, case, by=by, question="Wie weiter?")
            actions.write(item, TextKind.SUMMARY, "Zusammenfassung", by=by, expected=0)
        with access.acting(self.moderator):
            actions.take(item, meeting=self.meeting, by=self.moderator)
        self.cases.append(case)
        self.items.append(item.pk)
        self.world.files.append(File(person.agency, team, frozenset(Category.values)))
        self.world.points.append(Point(len(self.cases) - 1, has_text=True))

    @precondition(lambda self: self.world.on_agenda)
    @rule(data=st.data())
    def call(self, data: Any) -> None:
        number = data.draw(st.sampled_from(self.world.on_agenda))
        with access.acting(self.moderator):
            now, item = self.now(), access.item(self.moderator, self.items[number])
            actions.call(now, item, by=self.moderator, seen=now.current_item_id)
        self.world.call(number)

    @precondition(lambda self: self.world.current is not None)
    @rule(deferred=st.booleans())
    def leave(self, deferred: bool) -> None:
        with access.acting(self.moderator):
            now = self.now()
            actions.leave(now, by=self.moderator, seen=now.current_item_id, deferred=deferred)
        self.world.current = None

    @rule(name=OTHERS, there=st.booleans())
    def come_or_go(self, name: str, there: bool) -> None:
        by = self.member(name)
        if by is None or name not in self.world.invited or by.agency.slug not in self.world.seats:
            return
        with access.acting(by):
            (actions.come if there else actions.go)(self.meeting, by=by)
        (self.world.present.add if there else self.world.present.discard)(name)

    @precondition(lambda self: self.items)
    @rule(data=st.data(), slug=st.sampled_from(AGENCIES), level=st.sampled_from(list(CurtainLevel)))
    def set_curtain(self, data: Any, slug: str, level: CurtainLevel) -> None:
        number = data.draw(st.sampled_from(self.world.on_agenda or [0]))
        by = self.leader(number)
        if by is None or number not in self.world.on_agenda or by.agency.slug not in self.world.seats:
            return
        wanted = min(level, CurtainLevel.SUMMARY, key=lambda one: one.reach) if slug == "kvhs" else level
        with access.acting(by):
            item = access.led_item(by, self.items[number])
            actions.set_curtain(item, agency=self.county.agencies[slug], level=wanted, by=by)
        self.world.points[number].wanted[slug] = wanted.value

    @precondition(lambda self: self.items)
    @rule(
        data=st.data(),
        to=st.sampled_from(AGENCIES),
        team=st.sampled_from([None, *TEAMS]),
        categories=SHARED,
        days=st.integers(1, 4),
    )
    def disclose(self, data: Any, to: str, team: int | None, categories: frozenset[str], days: int) -> None:
        number = data.draw(st.integers(0, len(self.items) - 1))
        file, by = self.world.points[number].file, self.leader(number)
        if by is None or by.agency.slug == to:
            return
        given = factories.share(
            self.cases[file],
            *map(Category, categories),
            to=self.county.agencies[to],
            team=self.county.teams[to, team] if team else None,
            by=by,
            days=days,
        )
        self.disclosures.append(given)
        self.world.shares.append(Share(file, to, team, categories, self.world.day + days - 0.5))

    @precondition(lambda self: self.disclosures)
    @rule(data=st.data())
    def revoke(self, data: Any) -> None:
        number = data.draw(st.integers(0, len(self.disclosures) - 1))
        share = self.world.shares[number]
        point = next(n for n, point in enumerate(self.world.points) if point.file == share.file)
        by = self.leader(point)
        if by is None or share.revoked or share.ends <= self.world.day:
            return
        with access.acting(by):
            row = Disclosure.objects.get(pk=self.disclosures[number].pk)
            disclosing.revoke(row, reason="beendet", by=by)
        share.revoked = True

    @rule(days=st.integers(1, 3))
    def days_pass(self, days: int) -> None:
        """Nobody writes anything: at first those whose time is over see less, then a heartbeat settles it."""
        step = timedelta(days=days)
        past = f"- interval '{days} days'"
        by_force(
            f"UPDATE cases_disclosure SET valid_from = valid_from {past}, valid_until = valid_until {past},"
            f" revoked_at = revoked_at {past}",
            table="cases_disclosure",
        )
        by_force(f"UPDATE cases_casegrant SET valid_until = valid_until {past}", table="cases_casegrant")
        by_force(
            f"UPDATE roundtable_opening SET opened_at = opened_at {past}, closed_at = closed_at {past},"
            f" ends_at = ends_at {past}",
            table="roundtable_opening",
        )
        self.past = [(moment - step, seen) for moment, seen in self.past]
        self.world.day += days
        self._check(settled=False)
        query("SELECT * FROM meeting_heads(%s)", [[self.meeting.pk]])

    @precondition(lambda self: self.items)
    @rule(data=st.data(), to=st.sampled_from(["jobcenter", "jugendamt"]), team=st.sampled_from(TEAMS))
    def move_lead(self, data: Any, to: str, team: int) -> None:
        number = data.draw(st.integers(0, len(self.items) - 1))
        file, by = self.world.points[number].file, self.leader(number)
        if by is None or by.agency.slug == to:
            return
        with access.acting(by):
            disclosing.move_lead(
                access.case(by, self.cases[file].pk),
                team=self.county.teams[to, team],
                categories=list(Category),
                legal_basis=LegalBasis.CONSENT,
                necessity="Zuständigkeit gewechselt.",
                by=by,
            )
        self.world.hand_over(file, to, team, frozenset(Category.values))
        for point in self.world.points:
            if point.file == file:
                point.handed_to.add(to)

    @rule(name=OTHERS, active=st.booleans())
    def open_or_close_access(self, name: str, active: bool) -> None:
        Membership.objects.filter(pk=self.county.members[name].pk).update(is_active=active)
        self.world.people[name].active = active

    @rule(name=OTHERS, teams=st.frozensets(st.sampled_from(TEAMS)))
    def change_teams(self, name: str, teams: frozenset[int]) -> None:
        member = self.county.members[name]
        member.teams.set([self.county.teams[member.agency.slug, number] for number in teams])
        self.world.people[name].teams = teams

    @rule(slugs=st.frozensets(st.sampled_from(AGENCIES)))
    def change_seats(self, slugs: frozenset[str]) -> None:
        wanted = slugs | {"jobcenter"}
        with access.acting(self.moderator):
            actions.seat(self.table, agencies=[self.county.agencies[s] for s in wanted], by=self.moderator)
        self.world.seats = set(wanted)

    @rule()
    def close_and_meet_again(self) -> None:
        with access.acting(self.moderator):
            actions.close(self.meeting, by=self.moderator)
        self.world.close()
        self._check()
        self.meet()

    # What must hold after each

    @invariant()
    def curtain_rows_and_record_agree_with_the_oracle(self) -> None:
        self._check()

    def _check(self, *, settled: bool = True) -> None:
        for name in self.world.people:
            member = self.member(name)
            assert (member is not None) == self.world.works(name), name
            if member is None:
                continue
            expected = {pk: self.world.level(name, n) for n, pk in enumerate(self.items)}
            with access.acting(member):
                shown = {one.item.pk: one.level.value for one in access.seen(member, self._items())}
                texts = set(ItemText.objects.values_list("item_id", flat=True))
            readable = {pk for n, pk in enumerate(self.items) if self.world.reads_text(name, n)}
            if settled:
                assert shown == expected, name
                assert texts == readable, name
            else:
                for pk, level in shown.items():
                    assert level in ("pseudonym", expected[pk]), name
                assert texts <= readable, name
        if settled:
            self._check_record()

    def _items(self) -> list[Item]:
        """All items as the page would have them, in reach of this member or not."""
        return [Item(pk=pk, kind="case") for pk in self.items]

    def _check_record(self) -> None:
        """Who could see what, at this and at every past moment."""
        [(moment,)] = query("SELECT clock_timestamp()")
        names = {member.pk: name for name, member in self.county.members.items()}
        numbers = {pk: number for number, pk in enumerate(self.items)}
        self.past.append((moment, self.world.open_now()))
        with access.acting(self.moderator):
            for then, expected in self.past:
                rows = Opening.objects.at(then).values_list("item_id", "member_id", "level")
                assert {(numbers[i], names[m]): level for i, m, level in rows} == expected


@pytest.mark.django_db(transaction=True)
def test_curtain_agrees_with_the_oracle_after_any_sequence_of_acts():
    machine = type("TableCurtains", (Curtains,), {"county": build()})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=int(os.environ.get("CURTAIN_EXAMPLES", "20")),
            stateful_step_count=14,
            deadline=None,
            derandomize=bool(os.environ.get("CI")),
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
