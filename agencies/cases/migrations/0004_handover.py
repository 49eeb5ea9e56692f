"""Handing over the lead in part: what stays behind leaves the case and is kept for the former lead."""

import importlib

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from agencies.enums import BROWSING_KINDS, Category
from agencies.row_security import IN_MY_GROUPS, forbid, let_owner, protect

SECTION_TABLES: dict[str, str] = importlib.import_module(
    "agencies.cases.migrations.0002_row_security"
).SECTION_TABLES
PARTS = ", ".join(f"('{category}', '{table}')" for category, table in SECTION_TABLES.items())
KINDS = ", ".join(f"'{kind}'" for kind in sorted(BROWSING_KINDS))

# The handover is the insert of a holding that has a sender. The lock on the case makes writers of notes and
# people wait (STILL_HELD), so that nothing is written behind its back. Rows are taken by DELETE … RETURNING:
# it waits for whoever is changing them and then takes what they wrote.
RETAIN = f"""
CREATE FUNCTION cases_retain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    handed record; part record; held uuid; home uuid; section jsonb; people jsonb; notes jsonb; changes jsonb;
BEGIN
    FOR handed IN SELECT * FROM changed WHERE level = 'change' AND sender_id IS NOT NULL LOOP
        SELECT household_id INTO home FROM cases_case WHERE id = handed.case_id FOR UPDATE;
        SELECT d.id INTO held FROM cases_disclosure d WHERE d.case_id = handed.case_id AND d.id <> handed.id
            AND d.level = 'change' AND d.revoked_at IS NULL AND d.recipient_id = handed.sender_id;
        IF EXISTS (
            SELECT 1 FROM cases_disclosure d JOIN agencies_agency a ON a.id = d.recipient_id
            WHERE d.case_id = handed.case_id AND d.level = 'view' AND a.kind IN ({KINDS})
              AND d.revoked_at IS NULL AND d.valid_until > now() AND NOT d.categories <@ handed.categories
        ) THEN
            RAISE EXCEPTION 'others still see what would stay behind' USING ERRCODE = 'check_violation';
        END IF;
        FOR part IN SELECT * FROM (VALUES {PARTS}) AS t (category, source)
            WHERE t.category <> ALL (handed.categories)
        LOOP
            EXECUTE format('WITH gone AS (DELETE FROM %I WHERE case_id = $1 RETURNING *)
                SELECT (SELECT to_jsonb(gone) FROM gone)', part.source) INTO section USING handed.case_id;
            WITH gone AS (DELETE FROM cases_householdmember WHERE case_id = handed.case_id
                AND part.category = '{Category.FAMILY}' RETURNING *)
                SELECT jsonb_agg(to_jsonb(gone) ORDER BY id) INTO people FROM gone;
            WITH gone AS (DELETE FROM cases_note WHERE case_id = handed.case_id
                AND category = part.category RETURNING *)
                SELECT jsonb_agg(to_jsonb(gone) ORDER BY id) INTO notes FROM gone;
            WITH gone AS (DELETE FROM cases_casechange WHERE case_id = handed.case_id
                AND category = part.category RETURNING *)
                SELECT jsonb_agg(to_jsonb(gone) ORDER BY id) INTO changes FROM gone;
            IF coalesce(section, people, notes, changes) IS NULL THEN CONTINUE; END IF;
            INSERT INTO cases_retainedrecord (case_id, category, holding_id, retained_at, content)
            VALUES (handed.case_id, part.category, held, clock_timestamp(), jsonb_build_object(
                'section', section, 'household_members', people, 'notes', notes, 'changes', changes)
                || CASE part.category WHEN '{Category.FAMILY}' THEN jsonb_build_object('household', home)
                   ELSE '{{}}' END);
        END LOOP;
        -- Who lives with whom is family data.
        IF '{Category.FAMILY}' <> ALL (handed.categories) THEN
            UPDATE cases_case SET household_id = NULL WHERE id = handed.case_id;
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER disclosure_hands_over AFTER INSERT ON cases_disclosure REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION cases_retain();
"""

# The policies judged these rows by what held when the statement began. A handover that came in between
# has the case locked: wait for it, then look again.
STILL_HELD = """
CREATE FUNCTION cases_still_held() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM cases_case WHERE id IN (SELECT case_id FROM changed) ORDER BY id FOR KEY SHARE;
    IF EXISTS (
        SELECT 1 FROM (SELECT DISTINCT case_id, coalesce(to_jsonb(c) ->> 'category', TG_ARGV[0]) AS category
                       FROM changed c) AS n
        WHERE NOT EXISTS (
            SELECT 1 FROM cases_disclosure d WHERE d.case_id = n.case_id AND d.level = 'change'
              AND d.revoked_at IS NULL AND d.recipient_id = app_agency() AND n.category = ANY (d.categories))
    ) THEN
        RAISE EXCEPTION 'the case was handed over meanwhile' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER note_is_held AFTER INSERT ON cases_note REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION cases_still_held();
CREATE TRIGGER member_is_held AFTER INSERT ON cases_householdmember REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION cases_still_held('family');
CREATE FUNCTION cases_sender_holds() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM cases_case WHERE id IN (SELECT case_id FROM changed WHERE sender_id IS NOT NULL)
        ORDER BY id FOR KEY SHARE;
    IF EXISTS (
        SELECT 1 FROM changed n WHERE n.sender_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM cases_disclosure d WHERE d.case_id = n.case_id AND d.level = 'change'
              AND d.revoked_at IS NULL AND d.recipient_id = n.sender_id AND n.categories <@ d.categories)
    ) THEN
        RAISE EXCEPTION 'only the lead passes on, and only what it holds' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER disclosure_stands AFTER INSERT ON cases_disclosure REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION cases_sender_holds();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_import")]

    operations = [
        migrations.CreateModel(
            name="RetainedRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "category",
                    models.CharField(choices=Category.choices, max_length=20, verbose_name="Datenkategorie"),
                ),
                (
                    "retained_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="verwahrt seit"),
                ),
                ("content", models.JSONField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cases.case"
                    ),
                ),
                (
                    "holding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cases.disclosure"
                    ),
                ),
            ],
            options={
                "verbose_name": "Verwahrte Daten",
                "verbose_name_plural": "Verwahrte Daten",
                "constraints": [
                    models.UniqueConstraint(fields=("holding", "category"), name="retained_once")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="disclosure",
            constraint=models.CheckConstraint(
                condition=models.Q(level="view") | models.Q(categories__contains=["identity"]),
                name="leading_needs_identity",
                violation_error_message="Ohne Identität kann keine Stelle den Fall führen.",
            ),
        ),
        # A start still to come would open the data at once. The margin is for clocks that differ.
        migrations.RunSQL(
            "ALTER TABLE cases_disclosure ADD CONSTRAINT disclosure_has_begun"
            " CHECK (valid_from <= clock_timestamp() + interval '5 minutes')",
            "ALTER TABLE cases_disclosure DROP CONSTRAINT disclosure_has_begun",
        ),
        # The handover takes the rows as the owner.
        *(let_owner(table) for table in (*SECTION_TABLES.values(), "cases_householdmember", "cases_note")),
        let_owner("cases_retainedrecord"),
        protect(
            "cases_retainedrecord",
            select="EXISTS (SELECT 1 FROM cases_disclosure d WHERE d.id = cases_retainedrecord.holding_id "
            f"AND d.recipient_group_id = {IN_MY_GROUPS})",
        ),
        forbid("cases_retainedrecord", "INSERT", "UPDATE", "DELETE"),
        migrations.RunSQL(
            RETAIN,
            "DROP TRIGGER disclosure_hands_over ON cases_disclosure; DROP FUNCTION cases_retain()",
        ),
        migrations.RunSQL(
            STILL_HELD,
            "DROP TRIGGER note_is_held ON cases_note; DROP TRIGGER member_is_held ON cases_householdmember;"
            "DROP TRIGGER disclosure_stands ON cases_disclosure;"
            "DROP FUNCTION cases_still_held(); DROP FUNCTION cases_sender_holds()",
        ),
    ]
