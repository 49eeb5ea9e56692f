"""What holds between rows of a round table: who keeps it, what never changes, who rings when rights end."""

from django.db import migrations

from agencies.roles import ROLE_TABLE, Permission
from agencies.row_security import MY_AGENCY, app_role, create_functions, forbid, is_mine, let_owner, protect

MODERATES = ", ".join(
    f"'{role}'"
    for role, rule in sorted(ROLE_TABLE.items())
    if Permission.MODERATE_MEETINGS in rule.permissions
)

# Seats are hidden by the seats themselves, so the question is asked past the wall.
MY_TABLES = """
CREATE FUNCTION my_tables() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT array_agg(s.table_id) FROM roundtable_seat s WHERE s.agency_id = app_agency()
$$;
"""
AT_MY_TABLES = "ANY ((SELECT my_tables())::uuid[])"
KEPT_BY_ME = (
    f"EXISTS (SELECT 1 FROM agencies_membership m WHERE m.id = moderator_id AND m.agency_id = {MY_AGENCY})"
)
SEAT_IS_MINE_TO_GIVE = (
    "EXISTS (SELECT 1 FROM roundtable_roundtable r JOIN agencies_membership m ON m.id = r.moderator_id "
    f"WHERE r.id = roundtable_seat.table_id AND m.agency_id = {MY_AGENCY})"
)

# Everybody's writes raise the version; all else in a meeting is its moderator's (also by taking over).
MEETING_GUARD = f"""
CREATE FUNCTION meeting_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version <> OLD.version + 1 THEN
        RAISE EXCEPTION 'each write to a meeting raises its version by one' USING ERRCODE = 'check_violation';
    END IF;
    IF to_jsonb(NEW) - 'version' = to_jsonb(OLD) - 'version' THEN RETURN NEW; END IF;
    IF (NEW.id, NEW.table_id, NEW.room_key) IS DISTINCT FROM (OLD.id, OLD.table_id, OLD.room_key)
        OR OLD.state IN ('closed', 'cancelled')
    THEN
        RAISE EXCEPTION 'a meeting keeps its table and, once over, stays as it is'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.current_item_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM roundtable_item i WHERE i.id = NEW.current_item_id AND i.meeting_id = NEW.id)
    THEN
        RAISE EXCEPTION 'only an item of the agenda is called' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM agencies_membership m WHERE m.agency_id = {MY_AGENCY}
        AND (app_user() IS NULL OR m.user_id = app_user())
        AND (m.id = OLD.moderator_id OR (m.id = NEW.moderator_id AND m.role IN ({MODERATES}))))
    THEN
        RAISE EXCEPTION 'only the moderator changes a meeting' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER meeting_guard BEFORE UPDATE ON roundtable_meeting
    FOR EACH ROW EXECUTE FUNCTION meeting_guard();
"""

# What was once behind an open curtain never comes back under another: its texts belong to one meeting.
ITEM_GUARD = """
CREATE FUNCTION item_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before roundtable_item; after roundtable_item := NEW;
BEGIN
    IF TG_OP = 'UPDATE' THEN before := OLD; END IF;
    IF EXISTS (SELECT 1 FROM roundtable_meeting t WHERE t.id IN (before.meeting_id, after.meeting_id)
        AND t.state IN ('closed', 'cancelled'))
    THEN
        RAISE EXCEPTION 'the agenda of a meeting that is over stays as it is'
            USING ERRCODE = 'check_violation';
    END IF;
    IF after.meeting_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM roundtable_meeting t WHERE t.id = after.meeting_id AND t.table_id = after.table_id)
    THEN
        RAISE EXCEPTION 'an item stands on agendas of its own table' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (
        (before.id, before.table_id, before.kind, before.proposed_agency_id, before.proposed_by_id)
            IS DISTINCT FROM
            (after.id, after.table_id, after.kind, after.proposed_agency_id, after.proposed_by_id)
        OR (before.meeting_id IS DISTINCT FROM after.meeting_id AND EXISTS (
            SELECT 1 FROM roundtable_opening o WHERE o.item_id = before.id)))
    THEN
        RAISE EXCEPTION 'an item keeps its table, its kind and, once called, its meeting'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER item_guard BEFORE INSERT OR UPDATE ON roundtable_item
    FOR EACH ROW EXECUTE FUNCTION item_guard();
"""

# Rights that end elsewhere end here at once: teams, logins, agencies and seats change seldom.
RIGHTS_RING = """
CREATE FUNCTION rights_ring() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE roundtable_meeting m SET version = m.version + 1 WHERE m.id IN (
        SELECT t.id FROM roundtable_meeting t WHERE t.state = 'running' AND EXISTS (
            (SELECT o.item_id, o.member_id, o.level FROM roundtable_opening o
             WHERE o.item_id = t.current_item_id AND o.closed_at IS NULL
             EXCEPT SELECT d.item_id, d.member_id, d.level FROM due_openings(t.id) d)
            UNION ALL
            (SELECT d.item_id, d.member_id, d.level FROM due_openings(t.id) d
             EXCEPT SELECT o.item_id, o.member_id, o.level FROM roundtable_opening o
             WHERE o.closed_at IS NULL))
        ORDER BY t.id FOR NO KEY UPDATE);
    RETURN NULL;
END $$;
CREATE TRIGGER teams_ring AFTER INSERT OR UPDATE OR DELETE ON agencies_membership_teams
    FOR EACH STATEMENT EXECUTE FUNCTION rights_ring();
CREATE TRIGGER team_rings AFTER UPDATE OF is_active ON agencies_team
    FOR EACH STATEMENT EXECUTE FUNCTION rights_ring();
CREATE TRIGGER login_rings AFTER UPDATE OF is_active ON agencies_user
    FOR EACH STATEMENT EXECUTE FUNCTION rights_ring();
CREATE TRIGGER agency_rings AFTER UPDATE OF is_active, kind ON agencies_agency
    FOR EACH STATEMENT EXECUTE FUNCTION rights_ring();
CREATE TRIGGER seats_ring AFTER INSERT OR DELETE ON roundtable_seat
    FOR EACH STATEMENT EXECUTE FUNCTION rights_ring();
"""

# The matrix for those at the table, and no way to ask about other items or other groups.
MATRIX = """
CREATE FUNCTION curtain_matrix(items uuid[]) RETURNS TABLE (item_id uuid, agency_id bigint, level text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT i.id, s.agency_id, curtain_reach(i.id, s.agency_id, groups_of_agency(s.agency_id))
    FROM roundtable_item i JOIN roundtable_seat s ON s.table_id = i.table_id
    WHERE i.id = ANY ($1) AND i.table_id = ANY ((SELECT my_tables())::uuid[])
$$;
"""
# Whose case an item is about is said once, by who proposes it and sees the case: another case under the same
# item would open its texts to another lead.
NAMING = """
CREATE FUNCTION i_propose(item uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM roundtable_item i
        WHERE i.id = $1 AND i.kind = 'case' AND i.meeting_id IS NULL AND i.proposed_agency_id = app_agency())
$$;
CREATE POLICY roundtable_itemcase_insert ON roundtable_itemcase FOR INSERT WITH CHECK (i_propose(item_id) AND
    EXISTS (SELECT 1 FROM cases_casegrant g
        WHERE g.case_id = roundtable_itemcase.case_id AND g.category = ''));
"""
INTERNAL = (
    "curtain_reach(uuid, bigint, integer[])",
    "curtain_ends(uuid, text, integer[])",
    "due_openings(uuid)",
    "settle_curtains(uuid)",
)


class Migration(migrations.Migration):
    dependencies = [("roundtable", "0002_row_security")]

    operations = [
        let_owner("roundtable_roundtable"),
        let_owner("roundtable_seat"),
        *(
            create_functions(sql)
            for sql in (MY_TABLES, MEETING_GUARD, ITEM_GUARD, RIGHTS_RING, MATRIX, NAMING)
        ),
        # A table is seen by those who sit at it, and kept by the agency that moderates it.
        protect(
            "roundtable_roundtable",
            select=f"id = {AT_MY_TABLES} OR {KEPT_BY_ME}",
            insert=is_mine("moderator_id"),
            update=KEPT_BY_ME,
            updated=f"id = {AT_MY_TABLES}",
        ),
        forbid("roundtable_roundtable", "DELETE"),
        protect(
            "roundtable_seat",
            select=f"agency_id = {MY_AGENCY} OR table_id = {AT_MY_TABLES} OR {SEAT_IS_MINE_TO_GIVE}",
            insert=SEAT_IS_MINE_TO_GIVE,
            delete=SEAT_IS_MINE_TO_GIVE,
        ),
        forbid("roundtable_seat", "UPDATE"),
        migrations.RunSQL(
            [f"REVOKE EXECUTE ON FUNCTION {name} FROM PUBLIC, {app_role()}" for name in INTERNAL],
            [f"GRANT EXECUTE ON FUNCTION {name} TO PUBLIC, {app_role()}" for name in INTERNAL],
        ),
    ]
