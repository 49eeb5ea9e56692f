"""Handing over the lead: one lead at every moment, also when two members act in the same second."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections

from agencies import access
from agencies.cases import actions, disclosing
from agencies.cases.models import Case
from agencies.enums import Category, LegalBasis
from agencies.errors import Conflict, Refused
from agencies.models import Membership, Team
from agencies.roles import Role
from tests.access.rows import full_case, query

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def chief(county):  # type: ignore[no-untyped-def]
    """Sees all teams of the jobcenter, so keeps seeing a case that moves between them."""
    return county.member("jobcenter", Role.TEAMLEITUNG)


def move(case: Case, team: Team, by: Membership) -> None:
    disclosing.move_lead(
        case,
        team=team,
        categories=[Category.IDENTITY, Category.WORK],
        legal_basis=LegalBasis.CONSENT,
        necessity="Zuständigkeit gewechselt",
        by=by,
    )


def leads(case: Case, *members: Membership) -> list[str]:
    """Which of the members' agencies holds the case at level change."""
    found = []
    for member in members:
        with access.acting(member):
            rows = query(
                "SELECT 1 FROM cases_casegrant WHERE case_id = %s AND category = '' AND level = 'change'",
                [case.pk],
            )
            found += [member.agency.slug] * len(rows)
    return found


def at_once(*jobs: tuple[Membership, Callable[[], None]]) -> list[str]:
    """Run the jobs in threads that start their acts together; what became of each, sorted."""
    start, outcomes = threading.Barrier(len(jobs), timeout=20), []

    def run(member: Membership, job: Callable[[], None]) -> None:
        try:
            with access.acting(member):
                start.wait()
                job()
            outcomes.append("done")
        except (Conflict, Refused) as told:
            outcomes.append(type(told).__name__)
        except Exception as error:
            outcomes.append(repr(error))
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=run, args=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(outcomes)


def fetched(case: Case, by: Membership) -> Case:
    with access.acting(by):
        return access.case(by, case.pk)


def test_each_side_of_a_handover_sees_exactly_one_lead(county, lead, recipient):
    case = full_case(lead)
    assert leads(case, lead, recipient) == ["jobcenter"]

    with access.acting(lead):
        move(fetched(case, lead), county.team("jugendamt"), lead)
        with access.acting(recipient):
            rows = query("SELECT count(*) FROM cases_casegrant WHERE category = '' AND level = 'change'")
        assert rows == [(1,)]

    assert leads(case, lead, recipient) == ["jugendamt"]


def test_two_handovers_at_once_one_wins_and_the_other_is_told(county, lead, chief, recipient, stranger):
    case = full_case(lead)
    to_youth, to_social = county.team("jugendamt"), county.team("sozialamt")
    first, second = fetched(case, lead), fetched(case, chief)

    outcomes = at_once(
        (lead, lambda: move(first, to_youth, lead)), (chief, lambda: move(second, to_social, chief))
    )

    assert outcomes == ["Conflict", "done"]
    assert len(leads(case, lead, recipient, stranger)) == 1


def test_handover_and_change_of_team_at_once_leave_one_lead(county, lead, chief, recipient):
    case = full_case(lead)
    other, youth = county.team("jobcenter", 2), county.team("jugendamt")
    first, second = fetched(case, lead), fetched(case, chief)

    def assign() -> None:
        actions.assign(second, team=other, manager=None, by=chief)

    outcomes = at_once((lead, lambda: move(first, youth, lead)), (chief, assign))

    assert outcomes == ["Conflict", "done"]
    assert len(leads(case, chief, recipient)) == 1


def test_lead_named_in_the_frame_is_the_one_who_holds_the_case(county, lead, recipient):
    case = full_case(lead)
    with access.acting(lead):
        move(fetched(case, lead), county.team("jugendamt"), lead)

    with access.acting(recipient):
        found = access.case(recipient, case.pk)
        assert (found.lead_agency_id, found.lead_team, found.manager) == (
            recipient.agency_id,
            county.team("jugendamt"),
            None,
        )
    assert connection.in_atomic_block is False
