"""Handing over the lead: one lead at every moment, also when two members act in the same second."""

import json
import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone

from agencies import access
from agencies.cases import actions, disclosing
from agencies.cases.dossier import dossier
from agencies.cases.models import Case
from agencies.enums import Category, LegalBasis, Level
from agencies.errors import Conflict, Refused
from agencies.models import Membership, Team
from agencies.roles import Role
from tests import factories
from tests.access.rows import denied, disclosure_row, full_case, query

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


# What is not handed over


def retained(member: Membership) -> dict[str, dict]:
    """What the database shows the member of the records of former leads."""
    with access.acting(member):
        rows = query("SELECT category, content::text FROM cases_retainedrecord")
        return {category: json.loads(content) for category, content in rows}


def test_what_stays_behind_never_reaches_the_new_lead(county, lead, recipient):
    """Not the section, nor its notes, people and history, not even after collecting the same data anew."""
    case = full_case(lead)
    with access.acting(lead):
        move(fetched(case, lead), county.team("jugendamt"), lead)
    with access.acting(recipient):
        disclosing.collect_anew(access.case(recipient, case.pk), set(Category), by=recipient)

    with access.acting(recipient):
        found = access.case(recipient, case.pk)
        assert found.levels == dict.fromkeys(Category, Level.CHANGE)
        assert (found.health.barriers, found.contact.street) == ("", "")
        assert query("SELECT DISTINCT category FROM cases_note ORDER BY 1") == [("identity",), ("work",)]
        assert query("SELECT category FROM cases_casechange WHERE category <> ''") == []
        assert query("SELECT * FROM cases_householdmember") == []


def test_what_stays_behind_is_kept_whole_for_the_former_lead_alone(county, lead, colleague, recipient):
    case = full_case(lead)
    household = case.household_id
    with access.acting(lead):
        before = query("SELECT to_jsonb(h)::text FROM cases_health h")[0][0]
        move(fetched(case, lead), county.team("jugendamt"), lead)

    kept = retained(lead)
    assert set(kept) == set(Category.values) - {"identity", "work"}
    assert kept["health"]["section"] == json.loads(before)
    assert [note["text"] for note in kept["debts"]["notes"]] == ["Notiz debts"]
    assert kept["contact"]["changes"][0]["before"] == {"street": "Lindenweg 4"}
    assert [person["given_name"] for person in kept["family"]["household_members"]] == ["Laila"]
    assert kept["family"]["household"] == str(household)
    assert (retained(recipient), retained(colleague)) == ({}, {})
    assert query("SELECT * FROM cases_retainedrecord") == []


def test_former_lead_reads_its_record_but_nobody_changes_it(county, lead, recipient):
    case = full_case(lead)
    with access.acting(lead):
        move(fetched(case, lead), county.team("jugendamt"), lead)
        for sql in (
            "UPDATE cases_retainedrecord SET content = '{}'",
            "DELETE FROM cases_retainedrecord",
            "INSERT INTO cases_retainedrecord SELECT * FROM cases_retainedrecord",
        ):
            assert "permission denied" in denied(sql)
        assert query("SELECT * FROM cases_health") == []


def test_case_given_back_begins_anew_beside_the_record(county, lead, recipient):
    """Each handover keeps what its own lead held; nobody gets an older content back unseen."""
    case = full_case(lead)
    with access.acting(lead):
        move(fetched(case, lead), county.team("jugendamt"), lead)
    with access.acting(recipient):
        disclosing.collect_anew(access.case(recipient, case.pk), {Category.DEBTS}, by=recipient)
        found = access.case(recipient, case.pk)
        actions.update_section(found, Category.DEBTS, {"note": "neu"}, seen={"note": ""}, by=recipient)
        move(found, county.team("jobcenter"), recipient)
    with access.acting(lead):
        disclosing.collect_anew(access.case(lead, case.pk), {Category.DEBTS}, by=lead)
        assert access.case(lead, case.pk).debts.note == ""

    assert {name: part["section"]["note"] for name, part in retained(recipient).items()} == {"debts": "neu"}
    assert retained(lead)["debts"]["section"]["note"] == ""


def test_family_stays_behind_with_the_household(county, lead, recipient):
    case = full_case(lead)
    mate = factories.open_case(lead, household=case.household)
    factories.share(mate, to=recipient.agency, by=lead)
    with access.acting(lead):
        move(fetched(case, lead), county.team("jugendamt"), lead)
    with access.acting(recipient):
        disclosing.collect_anew(access.case(recipient, case.pk), {Category.FAMILY}, by=recipient)
        found = access.case(recipient, case.pk)
        assert found.household_id not in (None, mate.household_id)
        assert dossier(found).mates == []


def test_what_others_see_is_handed_over_or_ended_first(county, lead, recipient, stranger):
    case = full_case(lead)
    given = factories.share(case, Category.IDENTITY, Category.FAMILY, to=stranger.agency, by=lead)
    with access.acting(lead):
        with pytest.raises(Refused, match=r"Familie und Kinderbetreuung \(sozialamt\)"):
            move(fetched(case, lead), county.team("jugendamt"), lead)
        assert query("SELECT count(*) FROM cases_family") == [(1,)]
        disclosing.revoke(given, reason="Fall geht an das Jugendamt", by=lead)
        move(fetched(case, lead), county.team("jugendamt"), lead)
    assert leads(case, lead, recipient) == ["jugendamt"]


def test_copies_sent_to_others_do_not_bind_the_handover(county, lead, recipient):
    case = full_case(lead)
    factories.share(case, Category.IDENTITY, Category.LANGUAGE, to=county["kvhs"], by=lead)
    with access.acting(lead):
        move(fetched(case, lead), county.team("jugendamt"), lead)
    assert leads(case, lead, recipient) == ["jugendamt"]


def by_hand(case: Case, by: Membership, to: Team, *categories: Category) -> None:
    """A handover past the action, as far as the walls let it through."""
    row = disclosure_row(case, by, recipient=to.agency, recipient_team=to, categories=list(categories))
    row.recipient_group_id, row.level, row.valid_until = to.group_id, Level.CHANGE, None
    row.save(force_insert=True)


def test_handover_past_the_action_leaves_the_same_behind(county, lead, recipient):
    case = full_case(lead)
    with access.acting(lead):
        by_hand(case, lead, county.team("jugendamt"), Category.IDENTITY)
        assert query("SELECT count(*) FROM cases_health") == [(0,)]
        assert query("SELECT DISTINCT category FROM cases_note") == [("identity",)]
        transaction.set_rollback(True)


@pytest.mark.parametrize("categories", [[Category.DEBTS], [Category.IDENTITY]])
def test_handover_past_the_action_without_identity_or_over_others_heads_fails(
    county, lead, stranger, categories
):
    case = full_case(lead)
    factories.share(case, Category.IDENTITY, Category.FAMILY, to=stranger.agency, by=lead)
    with access.acting(lead), pytest.raises(IntegrityError), transaction.atomic():
        by_hand(case, lead, county.team("jugendamt"), *categories)


def test_collecting_what_is_held_or_by_others_is_refused(county, lead, recipient, stranger):
    case = full_case(lead)
    factories.share(case, to=recipient.agency, by=lead)
    with access.acting(lead), pytest.raises(Refused, match="führt Ihre Stelle bereits"):
        disclosing.collect_anew(fetched(case, lead), {Category.DEBTS}, by=lead)
    for member in (recipient, stranger):
        with access.acting(member), pytest.raises(Conflict):
            disclosing.collect_anew(case, {Category.DEBTS}, by=member)


def test_note_written_during_the_handover_stays_with_its_author(county, lead, chief, recipient):
    """The note waits for the handover and is refused; it never lies in wait for the new lead."""
    case = full_case(lead)
    first, written = fetched(case, lead), threading.Event()

    def write() -> None:
        written.set()
        actions.add_note(case, category=Category.DEBTS, text="zu spät", by=chief)

    def hand_over() -> None:
        move(first, county.team("jugendamt"), lead)
        thread.start()
        assert written.wait(20)
        wait_until_blocked()

    outcomes: list[str] = []
    thread = threading.Thread(target=lambda: outcomes.extend(at_once((chief, write))))
    with access.acting(lead):
        hand_over()
    thread.join(30)

    assert outcomes == ["Conflict"]
    with access.acting(recipient):
        disclosing.collect_anew(access.case(recipient, case.pk), {Category.DEBTS}, by=recipient)
        assert query("SELECT text FROM cases_note WHERE category = 'debts'") == []


def wait_until_blocked() -> None:
    """Until another session of this database waits for a lock."""
    deadline = time.monotonic() + 20
    blocked = "SELECT 1 FROM pg_locks l WHERE NOT l.granted"
    while not query(blocked):
        assert time.monotonic() < deadline


def test_section_edited_after_the_handover_is_a_conflict(county, lead, chief):
    case = full_case(lead)
    with access.acting(lead):
        move(fetched(case, lead), county.team("jugendamt"), lead)
    with access.acting(chief), pytest.raises(Conflict):
        actions.update_section(case, Category.DEBTS, {"note": "x"}, seen={"note": ""}, by=chief)


def test_disclosure_cannot_begin_later(lead, recipient):
    """Grants hold from the next request on, so a start still to come would be a promise nobody keeps."""
    case, begin = full_case(lead), timezone.now() + timedelta(days=1)
    row = disclosure_row(case, lead, recipient=recipient.agency, valid_from=begin)
    row.recipient_group_id = recipient.agency.group_id
    begun = pytest.raises(IntegrityError, match="disclosure_has_begun")
    with access.acting(lead), begun, transaction.atomic():
        row.save(force_insert=True)
