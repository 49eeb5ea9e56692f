"""After any sequence of acts list, count, detail, search, raw rows and the oracle agree for everyone."""

import json
import os
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import Http404
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
from agencies import actions as people
from agencies.cases import actions, disclosing
from agencies.cases.models import SECTIONS, Case, Disclosure
from agencies.enums import Category, LegalBasis, Purpose
from agencies.errors import Conflict, Refused
from agencies.models import Agency, Membership
from agencies.roles import Role
from tests import factories
from tests.access.oracle import DISCLOSES, OPENS, SEES_CASES, File, Person, Share, World
from tests.access.rows import SECTION_TABLES, as_owner, by_force, query
from tests.factories.county import make_member

TEAMS = (1, 2)
AGENCIES = ("jobcenter", "jugendamt", "kvhs")
CATEGORIES = st.frozensets(st.sampled_from(Category.values), min_size=1, max_size=5)
STARTING = {
    "jc-one": ("jobcenter", Role.FALLMANAGEMENT, {1}),
    "jc-two": ("jobcenter", Role.FALLMANAGEMENT, {2}),
    "jc-chief": ("jobcenter", Role.TEAMLEITUNG, {1}),
    "ja-one": ("jugendamt", Role.FALLMANAGEMENT, {1}),
    "ja-intake": ("jugendamt", Role.EINGANG, {2}),
    "kvhs-one": ("kvhs", Role.FALLMANAGEMENT, {1, 2}),
}
#: Categories the machine writes into, and the field it changes.
WRITTEN = {"contact": "street", "debts": "note", "family": "childcare_note"}
ADMINS = {slug: f"{slug}-admin" for slug in AGENCIES}
MAX_FILES = 3


def build() -> SimpleNamespace:
    """The county that all examples share; every example starts from its first state."""
    county = factories.make_county()
    members = {}
    for name, (slug, role, teams) in STARTING.items():
        placed = [county.team(slug, number) for number in sorted(teams)]
        members[name] = make_member(county[slug], role, teams=placed, username=name)
    for slug, name in ADMINS.items():
        members[name] = make_member(county[slug], Role.VERWALTUNG, teams=[], username=name)
    teams = {(slug, number): county.team(slug, number) for slug in AGENCIES for number in TEAMS}
    return SimpleNamespace(members=members, teams=teams, agencies=county.agencies)


class Access(RuleBasedStateMachine):
    """Acts go through the actions of the portal and, in the same words, into the oracle."""

    county: SimpleNamespace

    def __init__(self) -> None:
        super().__init__()
        as_owner("TRUNCATE cases_case CASCADE")
        Agency.objects.filter(is_active=False).update(is_active=True)
        self.world = World({})
        self.cases: list[Case] = []
        self.disclosures: list[Disclosure] = []
        self.written = 0
        for name, (slug, role, teams) in STARTING.items():
            member = self.county.members[name]
            Membership.objects.filter(pk=member.pk).update(role=role, is_active=True)
            type(member.user).objects.filter(pk=member.user_id).update(is_active=True)
            member.teams.set([self.county.teams[slug, number] for number in teams])
            self.world.people[name] = Person(slug, role.value, frozenset(teams))

    def member(self, name: str) -> Membership | None:
        """The member as the next request would find it."""
        wanted = self.county.members[name]
        return access.memberships_of(wanted.user_id).filter(pk=wanted.pk).first()

    def leader(self, number: int) -> Membership | None:
        """Somebody who leads the case and may disclose."""
        for name, person in self.world.people.items():
            if self.world.leads(name, number) and person.role in DISCLOSES:
                return self.member(name)
        return None

    # Acts

    @precondition(lambda self: len(self.cases) < MAX_FILES)
    @rule(name=st.sampled_from(sorted(STARTING)), team=st.sampled_from(TEAMS))
    def open_case(self, name: str, team: int) -> None:
        person = self.world.people[name]
        if not self.world.works(name) or person.role not in OPENS or team not in person.teams:
            return
        by = self.member(name)
        assert by is not None
        placed = self.county.teams[person.agency, team]
        self.cases.append(factories.open_case(by, team=placed, family_name=f"Person{len(self.cases)}"))
        self.world.files.append(File(person.agency, team, frozenset(Category.values)))

    @precondition(lambda self: self.cases)
    @rule(
        data=st.data(),
        to=st.sampled_from(AGENCIES),
        team=st.sampled_from([None, *TEAMS]),
        categories=CATEGORIES,
        days=st.integers(1, 9),
    )
    def disclose(self, data: Any, to: str, team: int | None, categories: frozenset[str], days: int) -> None:
        number = data.draw(st.integers(0, len(self.cases) - 1))
        file, by = self.world.files[number], self.leader(number)
        wanted = categories & file.held
        if by is None or file.agency == to or not wanted:
            return
        self.disclosures.append(self._disclose(number, by, to, team, wanted, days))
        self.world.shares.append(Share(number, to, team, wanted, self.world.day + days + 0.5))

    def _disclose(
        self, number: int, by: Membership, to: str, team: int | None, wanted: frozenset[str], days: int
    ) -> Disclosure:
        with access.acting(by):
            return disclosing.disclose(
                access.case(by, self.cases[number].pk),
                recipient=self.county.agencies[to],
                team=self.county.teams[to, team] if team else None,
                purpose=Purpose.ADVICE,
                legal_basis=LegalBasis.CONSENT,
                categories=[Category(category) for category in wanted],
                necessity="Für die Beratung.",
                beyond_reason="Vereinbart.",
                valid_until=timezone.now() + timedelta(days=days, hours=12),
                by=by,
            )

    @precondition(lambda self: self.cases)
    @rule(data=st.data(), name=st.sampled_from(sorted(STARTING)), to=st.sampled_from(AGENCIES))
    def disclose_without_leading(self, data: Any, name: str, to: str) -> None:
        number = data.draw(st.integers(0, len(self.cases) - 1))
        by = self.member(name)
        if by is None or by.agency.slug == to or self.world.leads(name, number):
            return
        with pytest.raises((DatabaseError, Refused, Http404, PermissionDenied)):
            self._disclose(number, by, to, None, frozenset({"identity"}), 9)

    @precondition(lambda self: self.disclosures)
    @rule(data=st.data())
    def revoke(self, data: Any) -> None:
        index = data.draw(st.integers(0, len(self.disclosures) - 1))
        share = self.world.shares[index]
        by = self.leader(share.file)
        if by is None or share.revoked:
            return
        with access.acting(by):
            row = Disclosure.objects.get(pk=self.disclosures[index].pk)
            if share.ends <= self.world.day:
                with pytest.raises(Refused):
                    disclosing.revoke(row, reason="beendet", by=by)
                return
            disclosing.revoke(row, reason="beendet", by=by)
        share.revoked = True

    @rule(days=st.integers(1, 6))
    def days_pass(self, days: int) -> None:
        """Everything moves into the past by whole days, and nothing else happens: no trigger, no job."""
        past = f"- interval '{days} days'"
        by_force(
            f"UPDATE cases_disclosure SET valid_from = valid_from {past}, valid_until = valid_until {past},"
            f" revoked_at = revoked_at {past}",
            table="cases_disclosure",
        )
        by_force(f"UPDATE cases_casegrant SET valid_until = valid_until {past}", table="cases_casegrant")
        self.world.day += days

    @precondition(lambda self: self.cases)
    @rule(data=st.data(), to=st.sampled_from(AGENCIES), team=st.sampled_from(TEAMS), categories=CATEGORIES)
    def move_lead(self, data: Any, to: str, team: int, categories: frozenset[str]) -> None:
        number = data.draw(st.integers(0, len(self.cases) - 1))
        file, by = self.world.files[number], self.leader(number)
        if by is None or file.agency == to:
            return
        wanted = (categories & file.held) | {"identity"}
        if self.world.is_seen_by_others(number, wanted):
            with pytest.raises(Refused, match="sehen zurzeit"):
                self._move_lead(number, by, to, team, wanted)
            return
        self._move_lead(number, by, to, team, wanted)
        self.world.hand_over(number, to, team, wanted)

    def _move_lead(self, number: int, by: Membership, to: str, team: int, wanted: frozenset[str]) -> None:
        with access.acting(by):
            disclosing.move_lead(
                access.case(by, self.cases[number].pk),
                team=self.county.teams[to, team],
                categories=[Category(category) for category in wanted],
                legal_basis=LegalBasis.CONSENT,
                necessity="Zuständigkeit gewechselt.",
                by=by,
            )

    @precondition(lambda self: self.cases)
    @rule(data=st.data(), categories=CATEGORIES)
    def collect_anew(self, data: Any, categories: frozenset[str]) -> None:
        number = data.draw(st.integers(0, len(self.cases) - 1))
        file, by = self.world.files[number], self.leader(number)
        if by is None:
            return
        with access.acting(by):
            case, wanted = access.case(by, self.cases[number].pk), {Category(name) for name in categories}
            if categories <= file.held:
                with pytest.raises(Refused, match="führt Ihre Stelle bereits"):
                    disclosing.collect_anew(case, wanted, by=by)
                return
            disclosing.collect_anew(case, wanted, by=by)
        file.held |= categories

    @precondition(lambda self: self.cases)
    @rule(data=st.data(), category=st.sampled_from(sorted(WRITTEN)))
    def write(self, data: Any, category: str) -> None:
        """A note and a change of the section, both with a text that names nothing else."""
        number = data.draw(st.integers(0, len(self.cases) - 1))
        file, by = self.world.files[number], self.leader(number)
        if by is None or category not in file.held:
            return
        self.written += 1
        text, name, part = f"Text {self.written}", WRITTEN[category], Category(category)
        with access.acting(by):
            case = access.case(by, self.cases[number].pk)
            seen = {name: getattr(getattr(case, category), name)}
            actions.update_section(case, part, {name: text}, seen=seen, by=by)
            actions.add_note(case, category=part, text=text, by=by)
        file.texts.setdefault(category, []).append(text)

    @precondition(lambda self: self.cases)
    @rule(data=st.data(), team=st.sampled_from(TEAMS))
    def assign(self, data: Any, team: int) -> None:
        number = data.draw(st.integers(0, len(self.cases) - 1))
        file, by = self.world.files[number], self.leader(number)
        if by is None:
            return
        with access.acting(by):
            placed = self.county.teams[file.agency, team]
            actions.assign(access.case(by, self.cases[number].pk), team=placed, manager=None, by=by)
        file.team = team

    @rule(name=st.sampled_from(sorted(STARTING)), active=st.booleans())
    def open_or_close_access(self, name: str, active: bool) -> None:
        member = self.county.members[name]
        member.refresh_from_db()
        admin = self.county.members[ADMINS[member.agency.slug]]
        act = people.reactivate_member if active else people.deactivate_member
        with access.acting(admin):
            act(member, by=admin)
        self.world.people[name].active = active

    @rule(
        name=st.sampled_from(sorted(STARTING)),
        role=st.sampled_from([*sorted(SEES_CASES), "datenschutz", "leitung"]),
        teams=st.frozensets(st.sampled_from(TEAMS)),
    )
    def change_role_and_teams(self, name: str, role: str, teams: frozenset[int]) -> None:
        member = self.county.members[name]
        member.refresh_from_db()
        admin = self.county.members[ADMINS[member.agency.slug]]
        placed = [self.county.teams[member.agency.slug, number] for number in teams]
        with access.acting(admin):
            people.change_member(member, role=Role(role), teams=placed, by=admin)
        self.world.people[name].role, self.world.people[name].teams = role, teams

    @rule(slug=st.sampled_from(AGENCIES), active=st.booleans())
    def open_or_close_agency(self, slug: str, active: bool) -> None:
        Agency.objects.filter(slug=slug).update(is_active=active)
        (self.world.closed_agencies.discard if active else self.world.closed_agencies.add)(slug)

    # What must hold after each

    @invariant()
    def every_surface_agrees_with_the_oracle(self) -> None:
        for name in self.world.people:
            member = self.member(name)
            assert (member is not None) == self.world.works(name), name
            if member is None:
                continue
            expected = {self.cases[n].pk: levels for n, levels in self.world.sees(name).items()}
            with access.acting(member):
                assert raw_rows(self.cases) == expected, name
                numbers = {case.pk: number for number, case in enumerate(self.cases)}
                assert written(NOTES, numbers) == written(CHANGES, numbers) == self.world.reads(name)
                assert kept_rows(numbers) == self.world.has_kept(name)
                if self.world.people[name].role in SEES_CASES:
                    self._surfaces(member, expected)
                else:
                    self._closed_surfaces(member)

    def _surfaces(self, member: Membership, expected: dict[Any, dict[str, str]]) -> None:
        findable = {pk for pk, levels in expected.items() if "identity" in levels}
        assert [c.pk for c in access.newest_cases(member)] == [
            case.pk for case in reversed(self.cases) if case.pk in expected
        ]
        assert access.count_cases(member) == access.count_cases(member, cap=9) == len(expected)
        listed = list(access.cases(member))
        assert sorted(c.pk for c in listed) == sorted(expected)
        assert {c.pk for c in listed if hasattr(c, "identity")} == findable
        for case in self.cases:
            assert opened(member, case) == expected.get(case.pk)
            hits = {hit.pk for hit in access.search(member, case.reference)}
            assert hits == {case.pk} & findable

    def _closed_surfaces(self, member: Membership) -> None:
        for closed in (access.cases, access.newest_cases, access.count_cases):
            with pytest.raises(PermissionDenied):
                closed(member)
        for case in self.cases:
            assert opened(member, case) is None


def opened(member: Membership, case: Case) -> dict[str, str] | None:
    """The detail page's levels, which must be exactly the sections it holds; None where there is no page."""
    try:
        found = access.case(member, case.pk)
    except Http404:
        return None
    loaded = {
        category.value for category, model in SECTIONS.items() if hasattr(found, model._meta.model_name or "")
    }
    levels = {category.value: level.value for category, level in found.levels.items()}
    assert loaded == set(levels)
    assert access.categories(member, case) == found.levels
    return levels


def raw_rows(cases: list[Case]) -> dict[Any, dict[str, str]]:
    """Frames and section rows that the database shows, with the level of the grant behind each."""
    parts = " UNION ALL ".join(
        f"SELECT case_id, '{category.value}' AS category FROM {table}"
        for category, table in SECTION_TABLES.items()
    )
    found: dict[Any, dict[str, str]] = {pk: {} for (pk,) in query("SELECT id FROM cases_case")}
    rows = query(
        f"SELECT s.case_id, s.category, max((SELECT min(g.level) FROM cases_casegrant g"
        f" WHERE g.case_id = s.case_id AND g.category = s.category)) FROM ({parts}) s GROUP BY 1, 2"
    )
    for case_id, category, level in rows:
        found[case_id][category] = level
    return found


NOTES = "SELECT case_id, category, text FROM cases_note"
CHANGES = (
    "SELECT case_id, category, part.value FROM cases_casechange, jsonb_each_text(after) AS part"
    " WHERE category <> ''"
)


def written(sql: str, numbers: dict[Any, int]) -> set[tuple[int, str, str]]:
    return {(numbers[case_id], category, text) for case_id, category, text in query(sql)}


def kept_rows(numbers: dict[Any, int]) -> list[tuple[int, str, list[str]]]:
    """What the database shows of the records of former leads; notes and history must tell the same."""
    found = []
    for case_id, category, content in query(
        "SELECT case_id, category, content::text FROM cases_retainedrecord"
    ):
        parts = json.loads(content)
        texts = [note["text"] for note in parts["notes"] or []]
        assert texts == [text for change in parts["changes"] or [] for text in change["after"].values()]
        found.append((numbers[case_id], category, texts))
    return sorted(found)


@pytest.mark.django_db(transaction=True)
def test_every_surface_agrees_with_the_oracle_after_any_sequence_of_acts():
    machine = type("CountyAccess", (Access,), {"county": build()})
    ci = bool(os.environ.get("CI"))
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=40,
            stateful_step_count=12,
            deadline=None,
            derandomize=ci,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_conflict_is_no_refusal():
    """The oracle's acts expect refusals only; somebody faster is another matter."""
    assert not issubclass(Conflict, Refused)
