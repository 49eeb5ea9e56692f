"""Attempts to write past the second wall, by raw SQL as the app role in a lawful member's context."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from agencies import access
from agencies.cases import actions, disclosing
from agencies.cases.models import Case, Disclosure
from agencies.enums import Category, LegalBasis, Level, Purpose
from agencies.errors import Conflict, Refused
from agencies.models import Membership
from agencies.roles import Role
from tests import factories
from tests.access.rows import (
    SECTION_TABLES,
    counts,
    denied,
    disclosure_row,
    full_case,
    query,
    refused_by_wall,
    share_all,
    write,
)

pytestmark = pytest.mark.django_db


def holding(case: Case, by: Membership, **changes: object) -> Disclosure:
    """A row that declares the case the own file of the member's agency."""
    team = by.teams.first()
    own = {
        "sender_id": None,
        "recipient_id": by.agency_id,
        "recipient_team": team,
        "recipient_group_id": team.group_id if team else by.agency.group_id,
        "legal_basis": LegalBasis.COLLECTION,
        "purpose": Purpose.CASE_MANAGEMENT,
        "categories": Category.values,
        "level": Level.CHANGE,
        "necessity": "",
        "valid_until": None,
    }
    return disclosure_row(case, by, **{**own, **changes})


# Grants


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO cases_casegrant SELECT * FROM cases_casegrant LIMIT 1",
        "UPDATE cases_casegrant SET valid_until = NULL",
        "UPDATE cases_casegrant SET group_id = 1",
        "DELETE FROM cases_casegrant",
    ],
)
def test_grants_are_read_only_even_for_their_holder(lead, sql):
    full_case(lead)
    with access.acting(lead):
        assert "permission denied" in denied(sql)


# Disclosing


def test_recipient_cannot_pass_on_what_it_only_reads(lead, recipient, stranger):
    case = full_case(lead)
    share_all(case, recipient, lead)
    group = {"recipient_id": stranger.agency_id, "recipient_group_id": stranger.agency.group_id}
    with access.acting(recipient):
        refused_by_wall(disclosure_row(case, recipient, **group))


def test_recipient_cannot_declare_the_case_its_own(lead, recipient):
    case = full_case(lead)
    share_all(case, recipient, lead)
    with access.acting(recipient):
        refused_by_wall(holding(case, recipient))


def test_stranger_who_knows_the_id_cannot_claim_the_case(lead, stranger):
    case = full_case(lead)
    with access.acting(stranger):
        refused_by_wall(holding(case, stranger))


def test_other_team_of_the_lead_cannot_claim_the_case(lead, colleague):
    case = full_case(lead)
    with access.acting(colleague):
        refused_by_wall(holding(case, colleague))


def test_lead_cannot_disclose_in_the_name_of_another_agency(lead, recipient, stranger):
    case = full_case(lead)
    group = {"recipient_id": stranger.agency_id, "recipient_group_id": stranger.agency.group_id}
    with access.acting(lead):
        refused_by_wall(disclosure_row(case, lead, sender_id=recipient.agency_id, **group))
        refused_by_wall(disclosure_row(case, lead, sender_id=None, **group))


def test_lead_cannot_disclose_in_the_name_of_another_person(lead, colleague, stranger):
    case = full_case(lead)
    group = {"recipient_id": stranger.agency_id, "recipient_group_id": stranger.agency.group_id}
    with access.acting(lead):
        refused_by_wall(disclosure_row(case, lead, decided_by=colleague, **group))


def test_disclosure_reaches_no_group_but_its_recipients(county, lead, recipient):
    """Else a body that may browse could be named, and the rows shown to one that may not (§ 79 SGB X)."""
    case = full_case(lead)
    authority, foreign_team = county["auslaenderbehoerde"], county.team("sozialamt")
    with access.acting(lead):
        for wrong in (
            {"recipient_group_id": authority.group_id},
            {"recipient_team": foreign_team, "recipient_group_id": foreign_team.group_id},
            {"recipient_team": foreign_team, "recipient_group_id": recipient.agency.group_id},
            {"recipient_team": county.team("jugendamt", 2), "recipient_group_id": recipient.agency.group_id},
        ):
            refused_by_wall(disclosure_row(case, lead, recipient_id=recipient.agency_id, **wrong))


def test_disclosure_names_a_team_of_its_recipient(county, lead, recipient):
    case = full_case(lead)
    with access.acting(lead), pytest.raises(Refused):
        disclosing.disclose(
            case,
            recipient=recipient.agency,
            team=county.team("sozialamt"),
            purpose=Purpose.ADVICE,
            legal_basis=LegalBasis.CONSENT,
            categories=[Category.IDENTITY],
            necessity="Beratung",
            beyond_reason="vereinbart",
            valid_until=timezone.now() + timedelta(days=9),
            by=lead,
        )


def test_nobody_discloses_what_the_lead_does_not_hold(lead, recipient, stranger):
    case = handed_over(lead, recipient, Category.IDENTITY)
    group = {"recipient_id": stranger.agency_id, "recipient_group_id": stranger.agency.group_id}
    with access.acting(recipient):
        refused_by_wall(disclosure_row(case, recipient, categories=["identity", "health"], **group))
        disclosure_row(case, recipient, categories=["identity"], **group).save(force_insert=True)


def test_disclosure_without_categories_is_no_way_around_holding_them(lead, stranger, recipient):
    case = full_case(lead)
    group = {"recipient_id": recipient.agency_id, "recipient_group_id": recipient.agency.group_id}
    with access.acting(stranger):
        for nothing in ([], [""], ["unknown"]):
            row = disclosure_row(case, stranger, categories=nothing, **group)
            with pytest.raises(DatabaseError), transaction.atomic():
                row.save(force_insert=True)


@pytest.mark.parametrize(
    "change",
    [
        "revoked_at = NULL",
        "revoked_at = now() + interval '1 year'",
        "revoked_reason = 'anders'",
    ],
)
def test_revoked_disclosure_stays_as_it_ended(lead, recipient, change):
    disclosure = share_all(full_case(lead), recipient, lead)
    with access.acting(lead):
        disclosing.revoke(disclosure, reason="fertig", by=lead)
        before = query(
            "SELECT revoked_at, revoked_reason FROM cases_disclosure WHERE id = %s", [disclosure.pk]
        )
        assert write(f"UPDATE cases_disclosure SET {change} WHERE id = %s", [disclosure.pk]) == 0
        assert before == query(
            "SELECT revoked_at, revoked_reason FROM cases_disclosure WHERE id = %s", [disclosure.pk]
        )


def test_new_lead_cannot_revive_what_was_once_disclosed_to_it(lead, recipient):
    case = full_case(lead)
    disclosure = share_all(case, recipient, lead)
    with access.acting(lead):
        disclosing.revoke(disclosure, reason="fertig", by=lead)
    hand_over(case, lead, recipient, Category.IDENTITY)
    with access.acting(recipient):
        write("UPDATE cases_disclosure SET revoked_at = NULL WHERE id = %s", [disclosure.pk])
        assert counts(["cases_health", "cases_identity"]) == {"cases_health": 0, "cases_identity": 1}


@pytest.mark.parametrize(
    "change",
    [
        "valid_until = now() + interval '9 years'",
        "valid_from = now() - interval '9 years'",
        "categories = '{health}'",
        "level = 'change'",
        "recipient_group_id = 1",
        "recipient_id = 1",
        "sender_id = NULL",
        "case_id = gen_random_uuid()",
        "necessity = ''",
    ],
)
def test_disclosure_is_never_extended_or_redirected(lead, recipient, change):
    share_all(full_case(lead), recipient, lead)
    with access.acting(lead):
        assert "permission denied" in denied(f"UPDATE cases_disclosure SET {change}")


def test_disclosures_are_never_deleted(lead, recipient):
    share_all(full_case(lead), recipient, lead)
    with access.acting(lead):
        assert "permission denied" in denied("DELETE FROM cases_disclosure")


def test_recipient_cannot_end_or_change_its_disclosure(lead, recipient):
    share_all(full_case(lead), recipient, lead)
    with access.acting(recipient):
        assert write("UPDATE cases_disclosure SET revoked_at = now(), revoked_by_id = NULL") == 0


def test_ending_in_the_name_of_another_person_is_refused(lead, colleague, recipient):
    share_all(full_case(lead), recipient, lead)
    with access.acting(lead):
        denied("UPDATE cases_disclosure SET revoked_at = now(), revoked_by_id = %s", [colleague.pk])


def test_revoking_by_action_without_leading_is_refused_and_not_audited(lead, recipient):
    disclosure = share_all(full_case(lead), recipient, lead)
    with access.acting(recipient):
        with pytest.raises(Conflict), transaction.atomic():
            disclosing.revoke(disclosure, reason="nicht meins", by=recipient)
        assert query("SELECT verb FROM agencies_auditentry") == []


# The frame and the lead


def hand_over(case: Case, lead: Membership, to: Membership, *categories: Category) -> None:
    with access.acting(lead):
        disclosing.move_lead(
            case,
            team=to.agency.teams.order_by("pk").first(),
            categories=categories,
            legal_basis=LegalBasis.CONSENT,
            necessity="Zuständigkeit gewechselt",
            by=lead,
        )


def handed_over(lead: Membership, to: Membership, *categories: Category) -> Case:
    case = full_case(lead)
    hand_over(case, lead, to, *categories)
    return case


def test_recipient_cannot_change_frame_or_lead(lead, recipient):
    case = full_case(lead)
    share_all(case, recipient, lead)
    with access.acting(recipient):
        assert write("UPDATE cases_case SET lead_agency_id = %s", [recipient.agency_id]) == 0
        assert write("UPDATE cases_case SET status = 'closed'") == 0
        assert "permission denied" in denied("DELETE FROM cases_case WHERE id = %s", [case.pk])


@pytest.mark.parametrize("change", ["reference = 'K-1'", "opened_at = now()", "id = gen_random_uuid()"])
def test_what_names_a_case_never_changes(lead, change):
    full_case(lead)
    with access.acting(lead):
        assert "permission denied" in denied(f"UPDATE cases_case SET {change}")


def test_case_cannot_be_opened_for_another_agency(lead, stranger):
    with access.acting(lead):
        row = Case(
            reference="K-1", lead_agency_id=stranger.agency_id, lead_team=stranger.agency.teams.first()
        )
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            row.save(force_insert=True)


def test_former_lead_sees_nothing_and_new_lead_what_was_handed_over(lead, recipient):
    case = handed_over(lead, recipient, Category.IDENTITY, Category.LANGUAGE)
    with access.acting(lead):
        assert counts(["cases_case", *SECTION_TABLES.values()]) == dict.fromkeys(
            ["cases_case", *SECTION_TABLES.values()], 0
        )
    with access.acting(recipient):
        seen = {table for table, n in counts(["cases_case", *SECTION_TABLES.values()]).items() if n}
        assert seen == {"cases_case", "cases_identity", "cases_language"}
        assert Case.objects.get().pk == case.pk


def test_second_lead_is_impossible(lead):
    case = full_case(lead)
    with access.acting(lead), pytest.raises(IntegrityError, match="one_lead_per_case"), transaction.atomic():
        save_and_check(holding(case, lead))


def save_and_check(disclosure: Disclosure) -> None:
    """Save, and let deferred constraints speak now instead of at the commit."""
    disclosure.save(force_insert=True)
    write("SET CONSTRAINTS ALL IMMEDIATE")


# Sections, notes, history


@pytest.mark.parametrize("table", sorted(SECTION_TABLES.values()))
def test_recipient_cannot_write_a_section_it_reads(lead, recipient, table):
    share_all(full_case(lead), recipient, lead)
    with access.acting(recipient):
        assert write(f"UPDATE {table} SET case_id = case_id") == 0
        assert write(f"DELETE FROM {table}") == 0


def test_lead_cannot_move_a_section_to_a_case_it_does_not_hold(lead, stranger):
    full_case(lead)
    foreign = full_case(stranger, family_name="Anders")
    with access.acting(lead):
        denied("UPDATE cases_health SET case_id = %s", [foreign.pk])


@pytest.mark.parametrize("known", [True, False])
def test_inserting_a_section_tells_nothing_about_the_case(lead, stranger, known):
    pk = full_case(lead).pk if known else uuid4()
    with access.acting(stranger):
        message = denied("INSERT INTO cases_debts (case_id, status, note) VALUES (%s, 'none', '')", [str(pk)])
    assert "row-level security" in message


@pytest.mark.parametrize("table", ["cases_note", "cases_casechange"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET category = ''", "DELETE FROM {}"])
def test_notes_and_history_never_change(lead, table, verb):
    full_case(lead)
    with access.acting(lead):
        assert "permission denied" in denied(verb.format(table))


def test_history_is_not_written_by_hand(lead):
    case = full_case(lead)
    with access.acting(lead):
        assert "permission denied" in denied(
            "INSERT INTO cases_casechange (case_id, category, at, before, after)"
            " VALUES (%s, 'identity', now(), '{}', '{}')",
            [case.pk],
        )


def test_history_names_who_acted(lead):
    full_case(lead)
    with access.acting(lead):
        rows = query(
            "SELECT category, user_id, agency_id, before->>'street' FROM cases_casechange ORDER BY 1"
        )
    assert rows == [
        ("contact", lead.user_id, lead.agency_id, "Lindenweg 4"),
        ("family", lead.user_id, lead.agency_id, None),
    ]


def test_note_is_written_in_no_other_name(lead, colleague, recipient):
    case = full_case(lead)
    share_all(case, recipient, lead)
    insert = (
        "INSERT INTO cases_note (case_id, category, text, author_id, created_at)"
        " VALUES (%s, 'language', 'x', %s, now())"
    )
    with access.acting(lead):
        denied(insert, [case.pk, colleague.pk])
    with access.acting(recipient):
        denied(insert, [case.pk, recipient.pk])


# The logs


@pytest.mark.parametrize("table", ["agencies_readlog", "agencies_auditentry"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET at = now()", "DELETE FROM {}", "TRUNCATE {}"])
def test_logs_never_change(lead, table, verb):
    full_case(lead)
    with access.acting(lead):
        assert "permission denied" in denied(verb.format(table))


def test_logs_are_written_in_no_other_name(lead, colleague, stranger):
    read = (
        "INSERT INTO agencies_readlog (at, user_id, agency_id, surface, case_ids, categories, purpose)"
        " VALUES (now(), %s, %s, 'case', '{}', '{}', '')"
    )
    audit = (
        "INSERT INTO agencies_auditentry (at, user_id, agency_id, verb, target, detail)"
        " VALUES (now(), %s, %s, 'x', 'x', '{}')"
    )
    with access.acting(lead):
        for insert in (read, audit):
            denied(insert, [colleague.user_id, lead.agency_id])
            denied(insert, [lead.user_id, stranger.agency_id])


def test_role_without_cases_sees_none_by_raw_sql(county, lead):
    full_case(lead)
    for role in (Role.LEITUNG, Role.DATENSCHUTZ, Role.REDAKTION, Role.VERWALTUNG):
        with access.acting(county.member("jobcenter", role)):
            assert counts(["cases_case", "cases_casegrant"]) == {"cases_case": 0, "cases_casegrant": 0}


def test_household_of_others_stays_hidden(lead, recipient):
    case = full_case(lead)
    factories.share(case, Category.IDENTITY, to=recipient.agency, by=lead)
    with access.acting(recipient):
        assert query("SELECT id FROM cases_household") == []


def test_lead_cannot_name_another_lead_without_handing_over(county, lead):
    case = full_case(lead)
    with access.acting(lead):
        Case.objects.filter(pk=case.pk).update(lead_agency=county["jugendamt"])
        with pytest.raises(IntegrityError, match="the team that holds it"), transaction.atomic():
            query("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


def test_lead_cannot_let_go_of_a_case_that_nobody_takes(lead):
    case = full_case(lead)
    with access.acting(lead):
        held = Disclosure.objects.get(case=case, level=Level.CHANGE, revoked_at=None)
        actions.end(held, by=lead, reason="fort")
        with pytest.raises(IntegrityError, match="the team that holds it"), transaction.atomic():
            query("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)
