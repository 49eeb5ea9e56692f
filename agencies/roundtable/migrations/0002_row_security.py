"""The second wall for the round table: who sits at it, the curtain for each person, the bell for everyone."""

from django.db import migrations

from agencies.enums import BROWSING_KINDS
from agencies.roles import ROLE_TABLE, Permission
from agencies.row_security import ME, MY_AGENCY, forbid, is_mine, let_owner, only_update, protect

KINDS = ", ".join(f"'{kind}'" for kind in sorted(BROWSING_KINDS))
ALL_TEAMS = ", ".join(
    f"'{role}'" for role, rule in sorted(ROLE_TABLE.items()) if Permission.ALL_TEAMS in rule.permissions
)
SEES_CASES = ", ".join(
    f"'{role}'" for role, rule in sorted(ROLE_TABLE.items()) if Permission.VIEW_CASES in rule.permissions
)


def seated(table: str) -> str:
    """Condition: the acting agency has a seat at this table (an SQL expression)."""
    return (
        f"EXISTS (SELECT 1 FROM roundtable_seat s WHERE s.table_id = {table} AND s.agency_id = {MY_AGENCY})"
    )


def of_meeting(key: str) -> str:
    return f"EXISTS (SELECT 1 FROM roundtable_meeting t WHERE t.id = {key})"


def of_item(key: str) -> str:
    return f"EXISTS (SELECT 1 FROM roundtable_item i WHERE i.id = {key})"


def at_the_table_of(key: str) -> str:
    """Condition: the acting agency sits at the table of this item (which it may also know from the case)."""
    return (
        "EXISTS (SELECT 1 FROM roundtable_item i JOIN roundtable_seat s ON s.table_id = i.table_id "
        f"WHERE i.id = {key} AND s.agency_id = {MY_AGENCY})"
    )


def led(key: str) -> str:
    """Condition: one of my groups leads the case of this item."""
    return (
        "EXISTS (SELECT 1 FROM roundtable_itemcase ic JOIN cases_casegrant g ON g.case_id = ic.case_id "
        f"WHERE ic.item_id = {key} AND g.category = '' AND g.level = 'change')"
    )


def opened(key: str, *, now: bool) -> str:
    """Condition: the curtain of this item is open for the acting person, or has ever been."""
    still = " AND o.closed_at IS NULL" if now else ""
    return (
        "EXISTS (SELECT 1 FROM roundtable_opening o JOIN agencies_membership m ON m.id = o.member_id "
        f"WHERE o.item_id = {key} AND m.user_id = {ME} AND m.agency_id = {MY_AGENCY}{still})"
    )


TEXT_IS_OPEN = (
    "EXISTS (SELECT 1 FROM roundtable_item i WHERE i.id = roundtable_itemtext.item_id AND i.kind <> 'case')"
    f" OR {opened('roundtable_itemtext.item_id', now=True)} OR {led('roundtable_itemtext.item_id')}"
)

# What an agency's groups would see of the item's case: the lesser of what the lead wants and what the
# disclosures allow. § 79 SGB X: others than bodies of § 35 SGB I never see more than the summary.
CURTAIN_REACH = f"""
CREATE FUNCTION curtain_reach(item uuid, agency bigint, groups integer[]) RETURNS text LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH held AS (
        SELECT g.category, g.level
        FROM roundtable_itemcase ic JOIN cases_casegrant g ON g.case_id = ic.case_id
        WHERE ic.item_id = $1 AND g.group_id = ANY ($3) AND (g.valid_until IS NULL OR g.valid_until > now())
    )
    SELECT CASE
        WHEN EXISTS (SELECT 1 FROM held h WHERE h.level = 'change') THEN 'identity'
        WHEN k.level IS NULL OR k.level = 'pseudonym' THEN 'pseudonym'
        WHEN k.level = 'summary' OR a.kind NOT IN ({KINDS}) THEN 'summary'
        WHEN k.level = 'identity' AND EXISTS (SELECT 1 FROM held h WHERE h.category = 'identity')
        THEN 'identity'
        WHEN EXISTS (SELECT 1 FROM held h WHERE h.category NOT IN ('', 'identity')) THEN 'categories'
        ELSE 'summary' END
    FROM agencies_agency a
    LEFT JOIN roundtable_curtain k ON k.agency_id = a.id AND k.item_id = $1
    WHERE a.id = $2
$$;
"""

# The groups a membership works in: the same as ``Membership.group_ids``.
GROUPS_OF = f"""
CREATE FUNCTION groups_of_member(member bigint) RETURNS integer[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT array_agg(g.group_id) FROM agencies_membership m JOIN agencies_agency a ON a.id = m.agency_id
    CROSS JOIN LATERAL (
        SELECT a.group_id UNION ALL SELECT t.group_id FROM agencies_team t
        WHERE t.agency_id = a.id AND t.is_active AND (m.role IN ({ALL_TEAMS}) OR EXISTS (
            SELECT 1 FROM agencies_membership_teams mt WHERE mt.membership_id = m.id AND mt.team_id = t.id))
    ) g WHERE m.id = $1 AND m.is_active AND m.role IN ({SEES_CASES})
$$;
CREATE FUNCTION groups_of_agency(agency bigint) RETURNS integer[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT array_agg(g.group_id) FROM (SELECT a.group_id FROM agencies_agency a WHERE a.id = $1
        UNION ALL SELECT t.group_id FROM agencies_team t WHERE t.agency_id = $1 AND t.is_active) g
$$;
"""

# Opens and closes what the state of the meeting says, after every write to it: nobody can forget to.
SETTLE = """
CREATE FUNCTION due_openings(meeting uuid)
RETURNS TABLE (item_id uuid, member_id bigint, agency_id bigint, level text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT i.id, m.id, m.agency_id, reach.level
    FROM roundtable_meeting t
    JOIN roundtable_item i ON i.id = t.current_item_id AND i.kind = 'case'
    JOIN roundtable_participant p ON p.meeting_id = t.id AND p.present_since IS NOT NULL
    JOIN agencies_membership m ON m.id = p.member_id AND m.is_active
    JOIN agencies_user u ON u.id = m.user_id AND u.is_active
    JOIN agencies_agency a ON a.id = m.agency_id AND a.is_active
    JOIN roundtable_seat s ON s.table_id = t.table_id AND s.agency_id = m.agency_id
    CROSS JOIN LATERAL (SELECT curtain_reach(i.id, m.agency_id, groups_of_member(m.id)) AS level) reach
    WHERE t.id = $1 AND t.state = 'running' AND reach.level <> 'pseudonym'
$$;
CREATE FUNCTION settle_curtains(meeting uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    moment timestamptz := clock_timestamp();
BEGIN
    UPDATE roundtable_opening o SET closed_at = moment
    FROM roundtable_item i WHERE i.id = o.item_id AND i.meeting_id = $1 AND o.closed_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM due_openings($1) d
        WHERE d.item_id = o.item_id AND d.member_id = o.member_id AND d.level = o.level);
    INSERT INTO roundtable_opening (item_id, member_id, agency_id, level, opened_at)
    SELECT d.item_id, d.member_id, d.agency_id, d.level, moment FROM due_openings($1) d
    WHERE NOT EXISTS (SELECT 1 FROM roundtable_opening o
        WHERE o.item_id = d.item_id AND o.member_id = d.member_id AND o.closed_at IS NULL);
END $$;
"""

# Any write to a meeting, and what changes rights from outside it, rings: ids and clocks only.
BELL = """
CREATE FUNCTION meeting_rings() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM settle_curtains(NEW.id);
    PERFORM pg_notify('meeting', NEW.id || ':' || NEW.version);
    RETURN NULL;
END $$;
CREATE TRIGGER meeting_rings AFTER UPDATE OF version ON roundtable_meeting
    FOR EACH ROW EXECUTE FUNCTION meeting_rings();

CREATE FUNCTION disclosure_rings() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE roundtable_meeting t SET version = t.version + 1
    FROM roundtable_itemcase ic JOIN changed ch ON ch.case_id = ic.case_id
    WHERE t.current_item_id = ic.item_id AND t.state = 'running';
    RETURN NULL;
END $$;
-- After "disclosure_inserted" and "disclosure_updated", in the order of their names: grants first.
CREATE TRIGGER disclosure_z_rings_new AFTER INSERT ON cases_disclosure REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION disclosure_rings();
CREATE TRIGGER disclosure_z_rings_ended AFTER UPDATE ON cases_disclosure REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION disclosure_rings();

CREATE FUNCTION membership_rings() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE roundtable_meeting t SET version = t.version + 1 FROM roundtable_participant p
    WHERE p.member_id = NEW.id AND p.meeting_id = t.id AND t.state = 'running';
    RETURN NULL;
END $$;
CREATE TRIGGER membership_rings AFTER UPDATE OF is_active, role ON agencies_membership
    FOR EACH ROW EXECUTE FUNCTION membership_rings();

-- For processes that keep watch without acting for anybody.
CREATE FUNCTION meeting_heads(meetings uuid[]) RETURNS TABLE (id uuid, version bigint) LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.id, t.version FROM roundtable_meeting t WHERE t.id = ANY ($1)
$$;
"""

# The projector: whoever has the key of a running meeting sees this and nothing else. No other table is
# readable on that path, because nobody acts on it.
ROOM = """
CREATE FUNCTION room_view(room_key text) RETURNS TABLE (
    meeting uuid, version bigint, table_name text, item text, question text, minutes smallint,
    since timestamptz, decisions text[]
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.id, t.version, r.name, CASE i.kind WHEN 'case' THEN i.pseudonym ELSE i.title END, i.question,
        i.minutes::smallint, t.current_since,
        ARRAY(SELECT d.text FROM roundtable_decision d WHERE d.item_id = i.id ORDER BY d.at, d.id)
    FROM roundtable_meeting t JOIN roundtable_roundtable r ON r.id = t.table_id
    LEFT JOIN roundtable_item i ON i.id = t.current_item_id
    WHERE t.room_key = $1 AND t.state = 'running'
$$;
"""

# The record: texts are copied by the database, since whoever closes a meeting need not see them all.
# A jsonb has one text only (sorted keys), so that the hash can be taken again at any time.
MINUTES = """
CREATE FUNCTION minutes_hash(record jsonb, before text, parts text[]) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT encode(sha256(convert_to(record::text || before || array_to_string(parts, ''), 'UTF8')), 'hex')
$$;
CREATE FUNCTION lock_minutes(meeting uuid, record jsonb, member bigint) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here uuid; last record; minutes bigint;
BEGIN
    SELECT t.table_id INTO here FROM roundtable_meeting t
        JOIN roundtable_seat s ON s.table_id = t.table_id AND s.agency_id = app_agency()
        JOIN agencies_membership m ON m.id = $3 AND m.user_id = app_user() AND m.agency_id = app_agency()
        WHERE t.id = $1 AND t.state = 'closed';
    IF here IS NULL THEN
        RAISE EXCEPTION 'only a closed meeting of one''s own table has minutes'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM 1 FROM roundtable_roundtable WHERE id = here FOR UPDATE;
    SELECT k.number, k.sha256 INTO last FROM roundtable_minutes k JOIN roundtable_meeting t
        ON t.id = k.meeting_id WHERE t.table_id = here ORDER BY k.number DESC LIMIT 1;
    INSERT INTO roundtable_minutes (meeting_id, number, content, sha256, before, at, by_id)
    VALUES ($1, coalesce(last.number, 0) + 1, $2, '', coalesce(last.sha256, ''), clock_timestamp(), $3)
    RETURNING id INTO minutes;
    INSERT INTO roundtable_minutespart (minutes_id, item_id, content, sha256)
    SELECT minutes, x.item_id, x.content,
        encode(sha256(convert_to(x.content::text, 'UTF8')), 'hex')
    FROM (SELECT t.item_id, jsonb_object_agg(t.kind, t.text) AS content
          FROM roundtable_itemtext t JOIN roundtable_item i ON i.id = t.item_id
          WHERE i.meeting_id = $1 AND t.text <> '' GROUP BY t.item_id) x;
    UPDATE roundtable_minutes k SET sha256 = minutes_hash(k.content, k.before, ARRAY(
        SELECT p.sha256::text FROM roundtable_minutespart p WHERE p.minutes_id = k.id ORDER BY p.item_id))
    WHERE k.id = minutes;
    RETURN minutes;
END $$;
CREATE FUNCTION minutes_hold(minutes bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT k.sha256 = minutes_hash(k.content, k.before, ARRAY(
            SELECT encode(sha256(convert_to(p.content::text, 'UTF8')), 'hex')
            FROM roundtable_minutespart p WHERE p.minutes_id = k.id ORDER BY p.item_id))
    FROM roundtable_minutes k WHERE k.id = $1
$$;
-- For the job that reminds: ids only.
CREATE FUNCTION due_commitments(today date) RETURNS TABLE (commitment_id uuid, agency_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT k.id, k.agency_id FROM roundtable_commitment k
    WHERE k.state = 'open' AND k.due_on <= $1 + 3 AND k.reminded_at IS NULL ORDER BY k.id
$$;
"""
OWNED = ("meeting", "participant", "item", "itemcase", "itemtext", "curtain", "opening", "decision",
         "commitment", "minutes", "minutespart")  # fmt: skip


def run(sql: str) -> migrations.RunSQL:
    """Functions and triggers of this app go with its tables; going back drops them by name."""
    names = [
        line.split("(")[0].split()[-1] for line in sql.splitlines() if line.startswith("CREATE FUNCTION")
    ]
    return migrations.RunSQL(sql, "; ".join(f"DROP FUNCTION IF EXISTS {name} CASCADE" for name in names))


class Migration(migrations.Migration):
    dependencies = [("roundtable", "0001_initial"), ("cases", "0002_row_security")]

    operations = [
        *(let_owner(f"roundtable_{name}") for name in OWNED),
        protect(
            "roundtable_meeting",
            select=seated("roundtable_meeting.table_id"),
            insert=seated("roundtable_meeting.table_id"),
            update=seated("roundtable_meeting.table_id"),
        ),
        protect(
            "roundtable_participant",
            **dict.fromkeys(
                ("select", "insert", "update", "delete"), of_meeting("roundtable_participant.meeting_id")
            ),
        ),
        # Whoever sees the case sees what tables asked and decided about it.
        protect(
            "roundtable_item",
            select=f"{seated('roundtable_item.table_id')} OR EXISTS "
            "(SELECT 1 FROM roundtable_itemcase ic WHERE ic.item_id = roundtable_item.id)",
            insert=seated("roundtable_item.table_id"),
            update=seated("roundtable_item.table_id"),
            delete=seated("roundtable_item.table_id"),
        ),
        protect(
            "roundtable_itemcase",
            **dict.fromkeys(
                ("select", "insert", "delete"),
                "EXISTS (SELECT 1 FROM cases_casegrant g "
                "WHERE g.case_id = roundtable_itemcase.case_id AND g.category = '')",
            ),
        ),
        protect(
            "roundtable_itemtext",
            select=TEXT_IS_OPEN,
            insert=f"({TEXT_IS_OPEN}) AND {is_mine('author_id')}",
            update=TEXT_IS_OPEN,
            updated=f"({TEXT_IS_OPEN}) AND {is_mine('author_id')}",
        ),
        only_update("roundtable_itemtext", "text", "version", "author_id", "at"),
        protect(
            "roundtable_ask",
            **dict.fromkeys(
                ("select", "insert", "update", "delete"), at_the_table_of("roundtable_ask.item_id")
            ),
        ),
        # The lead decides how far the curtain opens; anybody at the table may ask for their own agency.
        protect(
            "roundtable_curtain",
            select=at_the_table_of("roundtable_curtain.item_id"),
            insert=f"{led('roundtable_curtain.item_id')} AND {is_mine('decided_by_id')}",
            update=led("roundtable_curtain.item_id"),
            updated=f"{led('roundtable_curtain.item_id')} AND {is_mine('decided_by_id')}",
        ),
        only_update("roundtable_curtain", "level", "decided_by_id", "decided_at"),
        protect(
            "roundtable_curtainrequest",
            select=at_the_table_of("roundtable_curtainrequest.item_id"),
            insert=f"{at_the_table_of('roundtable_curtainrequest.item_id')} AND agency_id = {MY_AGENCY} "
            f"AND {is_mine('by_id')}",
            update=f"agency_id = {MY_AGENCY} OR {led('roundtable_curtainrequest.item_id')}",
        ),
        only_update("roundtable_curtainrequest", "answered_at"),
        protect("roundtable_opening", select=at_the_table_of("roundtable_opening.item_id")),
        forbid("roundtable_opening", "INSERT", "UPDATE", "DELETE"),
        protect(
            "roundtable_decision",
            select=of_item("roundtable_decision.item_id"),
            insert=f"{at_the_table_of('roundtable_decision.item_id')} AND {is_mine('by_id')}",
            update=at_the_table_of("roundtable_decision.item_id"),
            delete=at_the_table_of("roundtable_decision.item_id"),
        ),
        protect(
            "roundtable_commitment",
            select=f"agency_id = {MY_AGENCY} OR {seated('roundtable_commitment.table_id')} OR EXISTS "
            "(SELECT 1 FROM roundtable_decision d WHERE d.id = roundtable_commitment.decision_id)",
            insert=seated("roundtable_commitment.table_id"),
            update=f"agency_id = {MY_AGENCY} OR {seated('roundtable_commitment.table_id')}",
        ),
        only_update("roundtable_commitment", "person_id", "due_on", "state", "ended_at", "reminded_at"),
        protect(
            "roundtable_commitmentevent",
            select="EXISTS (SELECT 1 FROM roundtable_commitment k "
            "WHERE k.id = roundtable_commitmentevent.commitment_id)",
            insert="EXISTS (SELECT 1 FROM roundtable_commitment k "
            f"WHERE k.id = roundtable_commitmentevent.commitment_id) AND {is_mine('by_id')}",
        ),
        forbid("roundtable_commitmentevent", "UPDATE", "DELETE"),
        protect("roundtable_minutes", select=of_meeting("roundtable_minutes.meeting_id")),
        forbid("roundtable_minutes", "INSERT", "UPDATE", "DELETE"),
        protect(
            "roundtable_minutespart",
            select=f"{opened('roundtable_minutespart.item_id', now=False)} OR "
            f"{led('roundtable_minutespart.item_id')} OR EXISTS (SELECT 1 FROM roundtable_item i "
            "WHERE i.id = roundtable_minutespart.item_id AND i.kind <> 'case')",
        ),
        forbid("roundtable_minutespart", "INSERT", "UPDATE", "DELETE"),
        protect(
            "roundtable_addendum",
            select="EXISTS (SELECT 1 FROM roundtable_minutes k WHERE k.id = roundtable_addendum.minutes_id)",
            insert="EXISTS (SELECT 1 FROM roundtable_minutes k WHERE k.id = roundtable_addendum.minutes_id) "
            f"AND agency_id = {MY_AGENCY} AND {is_mine('by_id')}",
        ),
        forbid("roundtable_addendum", "UPDATE", "DELETE"),
        *(run(sql) for sql in (GROUPS_OF, CURTAIN_REACH, SETTLE, BELL, ROOM, MINUTES)),
    ]
