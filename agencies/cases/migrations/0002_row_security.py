"""The second wall for case files: row-level security, derived grants, kept history, search."""

from django.db import migrations

from agencies.enums import BROWSING_KINDS, Category
from agencies.row_security import (
    IN_MY_GROUPS,
    MY_AGENCY,
    app_role,
    forbid,
    is_mine,
    let_owner,
    only_update,
    protect,
)

FRAME = ""
SECTION_TABLES = {
    Category.IDENTITY: "cases_identity",
    Category.CONTACT: "cases_contact",
    Category.RESIDENCE: "cases_residence",
    Category.LANGUAGE: "cases_language",
    Category.EDUCATION: "cases_education",
    Category.WORK: "cases_work",
    Category.INCLINATIONS: "cases_inclinations",
    Category.FAMILY: "cases_family",
    Category.BENEFITS: "cases_benefits",
    Category.HOUSING: "cases_housingsituation",
    Category.DEBTS: "cases_debts",
    Category.HEALTH: "cases_health",
}


def granted(case: str, category: str, *, change: bool = False) -> str:
    """Condition: my groups hold this category (an SQL expression) of this case. Grants hide themselves."""
    level = " AND g.level = 'change'" if change else ""
    matching = f"g.case_id = {case} AND g.category = {category}{level}"
    return f"EXISTS (SELECT 1 FROM cases_casegrant g WHERE {matching})"


def by_category(table: str, category: str, *commands: str) -> migrations.RunSQL:
    """Protect a table with a case_id column: reading needs the category, writing needs it at level change."""
    read, write = granted(f"{table}.case_id", category), granted(f"{table}.case_id", category, change=True)
    return protect(table, select=read, **dict.fromkeys(commands, write))


KINDS = ", ".join(f"'{kind}'" for kind in sorted(BROWSING_KINDS))
# Whatever the statistics say (a new database has none): few cases at a time, each reached by its keys.
DERIVE_GRANTS = f"""
CREATE FUNCTION cases_derive_grants() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET enable_seqscan = off SET enable_hashjoin = off
SET enable_mergejoin = off AS $$
BEGIN
    -- One at a time per case: the later writer must see the earlier one's disclosures.
    PERFORM 1 FROM cases_case WHERE id IN (SELECT case_id FROM changed) ORDER BY id FOR NO KEY UPDATE;
    DELETE FROM cases_casegrant g USING changed ch
        WHERE g.case_id = ch.case_id AND g.group_id = ch.recipient_group_id;
    WITH held AS MATERIALIZED (
        SELECT d.*, c.opened_at
        FROM (SELECT DISTINCT case_id, recipient_group_id FROM changed) k
        JOIN cases_disclosure d ON d.case_id = k.case_id AND d.recipient_group_id = k.recipient_group_id
        JOIN cases_case c ON c.id = d.case_id
        JOIN agencies_agency a ON a.id = d.recipient_id
        WHERE d.revoked_at IS NULL AND (d.valid_until IS NULL OR d.valid_until > now())
          -- § 79 SGB X: others than bodies of § 35 SGB I never browse; what they lead is their own file.
          AND (d.level = 'change' OR a.kind IN ({KINDS}))
    )
    INSERT INTO cases_casegrant
        (group_id, permission_id, case_id, disclosure_id, valid_until, case_opened_at, category, level)
    SELECT DISTINCT ON (h.case_id, h.recipient_group_id, part.category)
        h.recipient_group_id, p.id, h.case_id, h.id, h.valid_until, h.opened_at, part.category, h.level
    FROM held h CROSS JOIN LATERAL unnest(h.categories || ARRAY['']::varchar[]) AS part(category)
    JOIN django_content_type t ON t.app_label = 'cases' AND t.model = 'case'
    JOIN auth_permission p ON p.content_type_id = t.id AND p.codename =
        CASE part.category WHEN '' THEN 'view_case' ELSE h.level || '_' || part.category END
    ORDER BY h.case_id, h.recipient_group_id, part.category,
        (h.level = 'change') DESC, h.valid_until DESC NULLS FIRST;
    RETURN NULL;
END $$;
CREATE TRIGGER disclosure_inserted AFTER INSERT ON cases_disclosure REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION cases_derive_grants();
CREATE TRIGGER disclosure_updated AFTER UPDATE ON cases_disclosure REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION cases_derive_grants();
"""

# The named lead is the one that holds the case: checked at the end, as a handover takes two steps.
LEAD_HOLDS = """
CREATE FUNCTION cases_lead_holds() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    judged uuid;
BEGIN
    IF TG_TABLE_NAME = 'cases_case' THEN judged := NEW.id; ELSE judged := NEW.case_id; END IF;
    IF NOT EXISTS (
        -- OFFSET 0: always by the case; without statistics the planner walks all that the team holds.
        SELECT 1 FROM (
            SELECT d.recipient_id, d.recipient_team_id FROM cases_disclosure d
            WHERE d.case_id = judged AND d.level = 'change' AND d.revoked_at IS NULL OFFSET 0
        ) held
        JOIN cases_case c ON c.id = judged
        WHERE held.recipient_id = c.lead_agency_id AND held.recipient_team_id = c.lead_team_id
    ) THEN
        RAISE EXCEPTION 'the lead of a case is the team that holds it' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER case_is_held AFTER INSERT OR UPDATE OF lead_agency_id, lead_team_id ON cases_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cases_lead_holds();
CREATE CONSTRAINT TRIGGER holder_is_lead AFTER INSERT OR UPDATE ON cases_disclosure
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.level = 'change')
    EXECUTE FUNCTION cases_lead_holds();
"""

# Whether anyone has ever held the case: asked before an agency may declare a case its own file.
CASE_IS_UNCLAIMED = """
CREATE FUNCTION case_is_unclaimed(case_id uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS
$$ SELECT NOT EXISTS (SELECT 1 FROM cases_disclosure d WHERE d.case_id = $1) $$;
CREATE FUNCTION i_hold(case_id uuid, categories varchar[]) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT count(DISTINCT g.category) = cardinality($2) FROM cases_casegrant g
   WHERE g.case_id = $1 AND g.level = 'change' AND g.category = ANY ($2) $$;
"""

# A disclosure reaches the group of the agency or team it names, and no other.
GROUP_FITS = """EXISTS (
    SELECT 1 FROM agencies_agency a
    LEFT JOIN agencies_team t ON t.id = cases_disclosure.recipient_team_id AND t.agency_id = a.id
    WHERE a.id = cases_disclosure.recipient_id AND cases_disclosure.recipient_group_id =
        CASE WHEN cases_disclosure.recipient_team_id IS NULL THEN a.group_id ELSE t.group_id END)"""

# The trigger runs as the owner, so that nobody can write history by hand. What hangs on a section (a third
# argument names it) is kept whole, also when it comes or goes; while a case is being opened, and so cannot
# be searched yet, there is nothing before.
RECORD_CHANGE = """
CREATE FUNCTION cases_record_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    old_row jsonb := to_jsonb(OLD); new_row jsonb := to_jsonb(NEW);
    changed_keys text[];
BEGIN
    IF TG_NARGS = 3 THEN
        INSERT INTO cases_casechange (case_id, category, at, user_id, agency_id, before, after)
        SELECT s.case_id, TG_ARGV[0], clock_timestamp(), app_user(), app_agency(),
            jsonb_build_object(TG_ARGV[2], old_row), jsonb_build_object(TG_ARGV[2], new_row)
        FROM cases_casesearch s WHERE s.case_id = (coalesce(new_row, old_row) ->> TG_ARGV[1])::uuid;
        RETURN NULL;
    END IF;
    SELECT array_agg(key) INTO changed_keys FROM jsonb_each(new_row)
        WHERE value IS DISTINCT FROM old_row -> key;
    IF changed_keys IS NULL THEN RETURN NULL; END IF;
    INSERT INTO cases_casechange (case_id, category, at, user_id, agency_id, before, after)
    SELECT (new_row ->> TG_ARGV[1])::uuid, TG_ARGV[0], clock_timestamp(), app_user(), app_agency(),
        jsonb_object_agg(key, old_row -> key), jsonb_object_agg(key, new_row -> key)
    FROM unnest(changed_keys) AS key;
    RETURN NULL;
END $$;
"""


def history(table: str, category: str, key: str = "case_id", *, part: str = "") -> migrations.RunSQL:
    """Keep what an UPDATE of ``table`` replaces in cases_casechange; each row of a ``part`` as one value.

    What other triggers do to a case is not an act of somebody, so it is no change (depth).
    """
    events, arguments = "UPDATE", f"'{category}', '{key}'"
    if part:
        events, arguments = "INSERT OR UPDATE OR DELETE", f"{arguments}, '{part}'"
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_history AFTER {events} ON {table} FOR EACH ROW "
        f"WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION cases_record_change({arguments})",
        f"DROP TRIGGER {table}_history ON {table}",
    )


# Trigram operators are not leakproof, so under row-level security their index is never used. The search
# therefore runs as the owner and applies the wall itself: my groups, not expired, category identity.
# ``wanted``: per name its possible keys, separated by blanks; each name must share a key with the person.
SEARCH = """
CREATE FUNCTION search_cases(wanted text[], needle text, born text, row_limit integer)
RETURNS TABLE (case_id uuid, rank real) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT s.case_id, similarity(s.text, needle) FROM cases_casesearch s
    WHERE (
        (wanted[1] IS NOT NULL AND s.keys && string_to_array(wanted[1], ' ')::varchar[]
            AND (wanted[2] IS NULL OR s.keys && string_to_array(wanted[2], ' ')::varchar[])
            AND (wanted[3] IS NULL OR s.keys && string_to_array(wanted[3], ' ')::varchar[])
            AND (wanted[4] IS NULL OR s.keys && string_to_array(wanted[4], ' ')::varchar[]))
        OR (needle <> '' AND s.text LIKE '%' || needle || '%')
        OR (needle = '' AND s.text LIKE '%' || born || '%')
      )
      AND s.text LIKE '%' || born || '%'
      AND EXISTS (SELECT 1 FROM cases_casegrant g WHERE g.case_id = s.case_id AND g.category = 'identity'
                  AND g.group_id = ANY ((SELECT app_groups())::integer[])
                  AND (g.valid_until IS NULL OR g.valid_until > now()))
    ORDER BY 2 DESC, 1 LIMIT row_limit
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("agencies", "0002_row_security")]

    operations = [
        # Grants: derived, read-only, and expired ones do not exist.
        let_owner("cases_casegrant"),
        protect(
            "cases_casegrant",
            select=f"group_id = {IN_MY_GROUPS} AND (valid_until IS NULL OR valid_until > now())",
        ),
        forbid("cases_casegrant", "INSERT", "UPDATE", "DELETE"),
        # Disclosures: only the lead passes on, and only what it holds.
        migrations.RunSQL(
            CASE_IS_UNCLAIMED,
            "DROP FUNCTION case_is_unclaimed(uuid); DROP FUNCTION i_hold(uuid, varchar[])",
        ),
        let_owner("cases_disclosure"),
        protect(
            "cases_disclosure",
            select=f"recipient_group_id = {IN_MY_GROUPS} OR "
            + granted("cases_disclosure.case_id", f"'{FRAME}'", change=True),
            insert=f"{GROUP_FITS} AND {is_mine('decided_by_id')} AND ("
            f"(sender_id = {MY_AGENCY} AND i_hold(case_id, categories)) OR (sender_id IS NULL AND "
            f"level = 'change' AND recipient_id = {MY_AGENCY} AND (case_is_unclaimed(case_id) OR "
            + granted("cases_disclosure.case_id", f"'{FRAME}'", change=True)
            + ")))",
            # Ending is for good: neither undone nor moved.
            update="revoked_at IS NULL AND " + granted("cases_disclosure.case_id", f"'{FRAME}'", change=True),
            updated=f"revoked_at IS NOT NULL AND {is_mine('revoked_by_id')}",
        ),
        only_update("cases_disclosure", "revoked_at", "revoked_by_id", "revoked_reason"),
        migrations.RunSQL(
            DERIVE_GRANTS,
            "DROP TRIGGER disclosure_inserted ON cases_disclosure;"
            "DROP TRIGGER disclosure_updated ON cases_disclosure; DROP FUNCTION cases_derive_grants()",
        ),
        migrations.RunSQL(
            LEAD_HOLDS,
            "DROP TRIGGER case_is_held ON cases_case; DROP TRIGGER holder_is_lead ON cases_disclosure;"
            "DROP FUNCTION cases_lead_holds()",
        ),
        # The frame. Opening is an act of an agency for itself.
        let_owner("cases_case"),
        protect(
            "cases_case",
            select=granted("cases_case.id", f"'{FRAME}'"),
            insert=f"lead_agency_id = {MY_AGENCY}",
            update=granted("cases_case.id", f"'{FRAME}'", change=True),
        ),
        # What names the case stays: its id, its reference, and the sort key copied into the grants.
        only_update(
            "cases_case",
            "household_id",
            "lead_agency_id",
            "lead_team_id",
            "manager_id",
            "status",
            "status_since",
            "parked_until",
        ),
        protect(
            "cases_household",
            select="EXISTS (SELECT 1 FROM cases_case c JOIN cases_casegrant g ON g.case_id = c.id "
            "WHERE c.household_id = cases_household.id AND g.category = 'family')",
            insert=f"{MY_AGENCY} IS NOT NULL",
        ),
        # Sections and what hangs on them.
        *(
            by_category(table, f"'{category}'", "insert", "update")
            for category, table in SECTION_TABLES.items()
        ),
        by_category("cases_householdmember", "'family'", "insert", "update", "delete"),
        by_category("cases_foreignreference", "'identity'", "insert", "delete"),
        by_category("cases_casesearch", "'identity'", "insert", "update"),
        protect(
            "cases_note",
            select=granted("cases_note.case_id", "cases_note.category"),
            insert=granted("cases_note.case_id", "cases_note.category", change=True)
            + f" AND {is_mine('author_id')}",
        ),
        by_category("cases_casechange", "cases_casechange.category"),
        let_owner("cases_casechange"),
        forbid("cases_note", "UPDATE", "DELETE"),
        forbid("cases_casechange", "INSERT", "UPDATE", "DELETE"),
        migrations.RunSQL(RECORD_CHANGE, "DROP FUNCTION cases_record_change()"),
        history("cases_case", FRAME, "id"),
        *(history(table, category) for category, table in SECTION_TABLES.items()),
        history("cases_householdmember", Category.FAMILY, part="household_member"),
        history("cases_foreignreference", Category.IDENTITY, part="foreign_reference"),
        let_owner("cases_casesearch", always=True),
        migrations.RunSQL(SEARCH, "DROP FUNCTION search_cases(text[], text, text, integer)"),
        # References count up across the county and over the years.
        migrations.RunSQL(
            f"CREATE SEQUENCE cases_reference; GRANT USAGE ON SEQUENCE cases_reference TO {app_role()}",
            "DROP SEQUENCE cases_reference",
        ),
    ]
