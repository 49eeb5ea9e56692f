"""The second wall, by raw SQL as the app role: which tables stand behind it and which rows they show."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from agencies import access
from agencies.cases import disclosing
from agencies.enums import Category
from agencies.models import Team
from agencies.roles import Role
from tests import factories
from tests.access.rows import (
    as_owner,
    by_force,
    context,
    counts,
    denied,
    disclosure_row,
    full_case,
    query,
    share_all,
)

pytestmark = pytest.mark.django_db

LOGS = {"agencies_auditentry", "agencies_readlog"}
CASE_TABLES = {
    "cases_benefits",
    "cases_case",
    "cases_casechange",
    "cases_casegrant",
    "cases_casesearch",
    "cases_contact",
    "cases_debts",
    "cases_disclosure",
    "cases_education",
    "cases_family",
    "cases_foreignreference",
    "cases_health",
    "cases_household",
    "cases_householdmember",
    "cases_housingsituation",
    "cases_identity",
    "cases_inclinations",
    "cases_language",
    "cases_note",
    "cases_residence",
    "cases_work",
}
REFERRAL_TABLES = {
    "referrals_acknowledgement",
    "referrals_message",
    "referrals_referral",
    "referrals_referralevent",
    "referrals_snapshot",
    "referrals_snapshotcontent",
}
IMPORT_TABLES = {"cases_caseorigin", "cases_importbatch", "cases_importfile", "cases_importrow"}
#: What a former lead keeps: filled by a handover alone (test_lead_handover).
RETAINED = {"cases_retainedrecord"}
TABLE_TABLES = {
    f"roundtable_{name}"
    for name in (
        "addendum",
        "ask",
        "calendarkey",
        "commitment",
        "commitmentevent",
        "curtain",
        "curtainrequest",
        "decision",
        "item",
        "itemcase",
        "itemtext",
        "meeting",
        "minutes",
        "minutespart",
        "opening",
        "participant",
        "roundtable",
        "seat",
    )
}
PROTECTED = LOGS | CASE_TABLES | REFERRAL_TABLES | IMPORT_TABLES | RETAINED | TABLE_TABLES

#: The owner can read what its search function reads by index; nothing else without taking the wall down.
OPEN_TO_OWNER = {"cases_casesearch"}

#: The record that a transmission took place stays with its recipient after it has ended.
KEPT_BY_RECIPIENT = {"cases_disclosure"}


def protected_tables() -> set[str]:
    rows = query(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        " AND relrowsecurity AND relforcerowsecurity"
    )
    return {name for (name,) in rows}


def test_protected_tables_are_exactly_the_named_ones():
    assert protected_tables() == PROTECTED


def test_every_table_of_cases_and_referrals_is_protected():
    models = [
        model
        for label in ("cases", "referrals")
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    ]

    assert {model._meta.db_table for model in models} - protected_tables() == set()


def test_every_table_that_names_a_case_is_protected():
    rows = query(
        "SELECT DISTINCT table_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND column_name IN ('case_id', 'case_ids', 'disclosure_id')"
    )

    assert {name for (name,) in rows} - protected_tables() == set()


def test_every_protected_table_has_a_policy_for_reading():
    rows = query(
        "SELECT DISTINCT tablename FROM pg_policies WHERE cmd = 'SELECT' AND permissive = 'PERMISSIVE'"
    )

    assert {name for (name,) in rows} == PROTECTED


def test_no_view_or_copy_shows_rows_past_the_wall():
    rows = query(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
        " AND relkind IN ('v', 'm', 'f')"
    )

    assert rows == []


def test_app_role_owns_nothing_and_cannot_bypass():
    role = query(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolinherit AND EXISTS"
        " (SELECT 1 FROM pg_auth_members WHERE member = r.oid) FROM pg_roles r WHERE rolname = current_user"
    )
    owned = query("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole")

    assert (role, owned) == ([(False, False, False, False)], [(0,)])


# Reading


def visible(groups: object = "", agency: object = "", user: object = "") -> dict[str, int]:
    with context(user=user, agency=agency, groups=groups):
        return {table: n for table, n in counts(sorted(CASE_TABLES | LOGS)).items() if n}


def as_member(member) -> dict[str, int]:  # type: ignore[no-untyped-def]
    with access.acting(member):
        return {table: n for table, n in counts(sorted(CASE_TABLES | LOGS)).items() if n}


def test_lead_sees_rows_in_every_table(lead):
    full_case(lead)

    assert set(as_member(lead)) == CASE_TABLES | LOGS


def test_no_context_sees_no_row_in_any_table(lead, recipient):
    share_all(full_case(lead), recipient, lead)

    assert visible() == {}


@pytest.mark.parametrize("setting", ["", "0", "-1", "2147483647"])
def test_context_without_a_known_group_sees_no_row(lead, setting):
    full_case(lead)

    assert visible(groups=setting, agency=setting) == {}


def test_other_agency_sees_no_row_in_any_table(lead, recipient, stranger):
    share_all(full_case(lead), recipient, lead)

    assert as_member(stranger) == {}


def test_other_team_of_the_lead_sees_only_the_logs_of_its_agency(lead, colleague):
    full_case(lead)

    assert set(as_member(colleague)) == LOGS


def test_other_team_of_the_recipient_sees_no_row(county, lead, recipient):
    team = county.team("jugendamt", 2)
    share_all(full_case(lead), recipient, lead, team=team)

    assert as_member(recipient) == {}


def test_knowing_the_agency_is_not_enough_without_its_groups(lead):
    full_case(lead)

    assert set(visible(agency=lead.agency_id, user=lead.user_id)) == LOGS


def test_recipient_of_everything_sees_everything_but_foreign_logs(lead, recipient):
    share_all(full_case(lead), recipient, lead)

    assert set(as_member(recipient)) == CASE_TABLES


def test_recipient_sees_only_disclosed_categories(lead, recipient):
    case = full_case(lead)
    factories.share(case, "identity", "language", to=recipient.agency, by=lead)
    expected = {"cases_case", "cases_casegrant", "cases_casesearch", "cases_disclosure"}
    expected |= {"cases_foreignreference", "cases_identity", "cases_language", "cases_note"}

    assert set(as_member(recipient)) == expected
    with access.acting(recipient):
        assert query("SELECT DISTINCT category FROM cases_note ORDER BY 1") == [("identity",), ("language",)]
        assert query("SELECT category FROM cases_casegrant ORDER BY 1") == [
            ("",),
            ("identity",),
            ("language",),
        ]


def test_history_shows_only_disclosed_categories(lead, recipient):
    case = full_case(lead)
    factories.share(case, "identity", to=recipient.agency, by=lead)

    with access.acting(recipient):
        assert query("SELECT * FROM cases_casechange") == []


def test_revoked_disclosure_shows_nothing_but_its_own_record(lead, recipient):
    disclosure = share_all(full_case(lead), recipient, lead)
    with access.acting(lead):
        disclosing.revoke(disclosure, reason="Beratung beendet", by=lead)

    assert set(as_member(recipient)) == KEPT_BY_RECIPIENT


@pytest.mark.django_db(transaction=True)
def test_expired_grants_show_nothing_though_nobody_removed_them(lead, recipient):
    share_all(full_case(lead), recipient, lead)
    assert set(as_member(recipient)) == CASE_TABLES

    by_force(
        "UPDATE cases_casegrant SET valid_until = now() - interval '1 second' WHERE valid_until IS NOT NULL",
        table="cases_casegrant",
    )

    assert set(as_member(recipient)) == KEPT_BY_RECIPIENT


def test_disclosure_that_ended_long_ago_gives_no_grants(lead, recipient):
    begin, end = timezone.now() - timedelta(days=9), timezone.now() - timedelta(days=2)
    row = disclosure_row(full_case(lead), lead, recipient=recipient.agency, valid_from=begin, valid_until=end)
    row.recipient_group_id = recipient.agency.group_id
    with access.acting(lead):
        row.save(force_insert=True)

    assert set(as_member(recipient)) == KEPT_BY_RECIPIENT


@pytest.mark.parametrize("slug", ["auslaenderbehoerde", "kvhs"])
def test_who_may_not_browse_gets_no_grant_from_a_disclosure(county, lead, slug):
    chief = county.member("jobcenter", Role.TEAMLEITUNG)
    factories.share(full_case(lead), *map(Category, ["identity", "residence"]), to=county[slug], by=chief)

    assert set(as_member(county.member(slug))) == KEPT_BY_RECIPIENT


def test_context_ends_with_its_transaction(lead):
    full_case(lead)
    with access.acting(lead):
        pass

    assert counts(["cases_case"]) == {"cases_case": 0}
    assert query("SELECT current_setting('app.groups', true)") == [("",)]


def test_context_of_an_enclosing_block_comes_back_after_an_error(lead, recipient):
    full_case(lead)
    with access.acting(lead):
        with pytest.raises(ZeroDivisionError), access.acting(recipient):
            raise ZeroDivisionError
        assert counts(["cases_case"]) == {"cases_case": 1}
        with access.acting(recipient):
            assert counts(["cases_case"]) == {"cases_case": 0}
        assert counts(["cases_case"]) == {"cases_case": 1}


@pytest.mark.parametrize("statement", ["RESET ALL", "RESET app.groups"])
def test_reset_takes_the_context_away(lead, statement):
    full_case(lead)

    with context(groups=",".join(map(str, lead.group_ids)), agency=lead.agency_id):
        assert counts(["cases_case"]) == {"cases_case": 1}
        query_none(statement)
        assert counts(["cases_case"]) == {"cases_case": 0}


def query_none(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


# Ways around


@pytest.mark.parametrize(
    "sql",
    [
        "SET LOCAL row_security = off; SELECT count(*) FROM cases_identity",
        "ALTER TABLE cases_identity DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE cases_identity NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY cases_identity_select ON cases_identity",
        "CREATE POLICY mine ON cases_identity USING (true)",
        "ALTER TABLE cases_disclosure DISABLE TRIGGER ALL",
        "TRUNCATE cases_identity CASCADE",
        "CREATE TABLE public.copied AS SELECT 1",
        "CREATE TEMP TABLE cases_casegrant (x int)",
        "CREATE SCHEMA mine",
        "CREATE FUNCTION public.similarity(text, text) RETURNS real LANGUAGE sql AS $$ SELECT 1.0 $$",
        "CREATE OR REPLACE FUNCTION app_groups() RETURNS integer[] LANGUAGE sql AS $$ SELECT ARRAY[1] $$",
        "SET SESSION AUTHORIZATION kreisrund_owner",
        "COPY cases_identity TO PROGRAM 'cat'",
        "SELECT pg_read_file('pg_hba.conf')",
    ],
)
def test_app_role_cannot_take_the_wall_down(lead, sql):
    full_case(lead)
    message = refusal(sql)

    assert any(
        part in message
        for part in ("permission denied", "must be owner", "must be superuser", "would be affected by")
    ), message


def refusal(sql: str) -> str:
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        query_none(sql)
    return str(caught.value)


def test_app_role_cannot_become_the_owner():
    owner = settings.DATABASES["owner"]["USER"]

    assert "permission denied" in denied(f'SET LOCAL ROLE "{owner}"')


def test_statistics_of_the_planner_hold_no_names_for_the_app_role(lead):
    full_case(lead)

    assert query("SELECT count(*) FROM pg_stats WHERE tablename LIKE 'cases_%%'", []) == [(0,)]


def test_a_leaky_condition_is_not_evaluated_on_hidden_rows(lead, stranger):
    full_case(lead)

    with access.acting(stranger):
        found = query("SELECT 1 / (birth_year - 1990) FROM cases_identity WHERE 1 / (birth_year - 1990) > 0")

    assert found == []


# Database functions that look past the wall


def test_functions_past_the_wall_are_exactly_the_known_ones():
    rows = query(
        "SELECT proname, proconfig::text FROM pg_proc WHERE prosecdef "
        " AND pronamespace = 'public'::regnamespace ORDER BY 1"
    )

    assert {name for name, _ in rows} == DEFINERS
    assert all("search_path=public, pg_temp" in config for _, config in rows), rows


DEFINERS = {
    "addendum_chains",
    "calendar_member",
    "carry_over",
    "case_is_unclaimed",
    "cases_derive_grants",
    "cases_lead_holds",
    "cases_record_change",
    "cases_retain",
    "cases_sender_holds",
    "cases_still_held",
    "closed_here",
    "curtain_ends",
    "curtain_matrix",
    "curtain_reach",
    "disclosure_reads",
    "disclosure_rings",
    "due_commitments",
    "due_openings",
    "due_referrals",
    "end_referral_disclosure",
    "forget_old_imports",
    "groups_of_agency",
    "handed_over_since",
    "groups_of_member",
    "i_propose",
    "lock_minutes",
    "logged_cases",
    "meeting_heads",
    "meeting_rings",
    "meeting_seats",
    "membership_rings",
    "minutes_hold",
    "my_tables",
    "referral_is_covered",
    "referral_is_readable",
    "referrals_guard",
    "rights_ring",
    "room_view",
    "search_cases",
    "settle_curtains",
}


def test_search_function_finds_nothing_for_strangers_and_without_context(lead, recipient, stranger):
    case = full_case(lead)
    factories.share(case, "language", to=recipient.agency, by=lead)
    every = "SELECT case_id FROM search_cases('{}', '%%', '', 50)"

    with access.acting(lead):
        assert query(every, []) == [(case.pk,)]
    for member in (recipient, stranger):
        with access.acting(member):
            assert query(every, []) == []
    assert query(every, []) == []


def test_claim_function_tells_only_whether_someone_holds_a_case(lead, stranger):
    case = full_case(lead)
    with access.acting(stranger):
        assert query("SELECT case_is_unclaimed(%s), case_is_unclaimed(%s)", [case.pk, uuid4()]) == [
            (False, True)
        ]


def test_trigger_function_cannot_be_called_by_hand():
    assert "can only be called as triggers" in refusal("SELECT cases_derive_grants()")


# The owner


@pytest.mark.django_db(transaction=True)
def test_owner_without_context_sees_only_what_its_functions_need(lead):
    full_case(lead)

    seen = {table for table in PROTECTED if as_owner(f'SELECT 1 FROM "{table}" LIMIT 1')}

    assert seen == OPEN_TO_OWNER


def test_inactive_team_shows_nothing_more(lead, county):
    full_case(lead)
    Team.objects.filter(pk=county.team("jobcenter").pk).update(is_active=False)
    again = access.memberships_of(lead.user_id).get()

    assert set(as_member(again)) == LOGS
