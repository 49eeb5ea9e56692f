"""The second wall for the round table: who sits at it, the curtain for each person, the bell for everyone."""

from django.db import migrations

from agencies.enums import BROWSING_KINDS
from agencies.roles import ROLE_TABLE, Permission
from agencies.row_security import (
    ME,
    MY_AGENCY,
    app_role,
    create_functions,
    forbid,
    is_mine,
    let_owner,
    only_update,
    protect,
)

KINDS = ", ".join(f"'{kind}'" for kind in sorted(BROWSING_KINDS))
ALL_TEAMS = ", ".join(
    f"'{role}'" for role, rule in sorted(ROLE_TABLE.items()) if Permission.ALL_TEAMS in rule.permissions
)
SEES_CASES = ", ".join(
    f"'{role}'" for role, rule in sorted(ROLE_TABLE.items()) if Permission.VIEW_CASES in rule.permissions
)
JOINS = ", ".join(
    f"'{role}'" for role, rule in sorted(ROLE_TABLE.items()) if Permission.JOIN_MEETINGS in rule.permissions
)
MODERATES = ", ".join(
    f"'{role}'"
    for role, rule in sorted(ROLE_TABLE.items())
    if Permission.MODERATE_MEETINGS in rule.permissions
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


def while_open(key: str, *, states: str = "'draft', 'invited', 'running'") -> str:
    """Condition: my agency sits there, and the item's meeting (if it has one) is in one of these states."""
    return (
        "EXISTS (SELECT 1 FROM roundtable_item i JOIN roundtable_seat s ON s.table_id = i.table_id "
        f"LEFT JOIN roundtable_meeting t ON t.id = i.meeting_id WHERE i.id = {key} "
        f"AND s.agency_id = {MY_AGENCY} AND coalesce(t.state, 'draft') IN ({states}))"
    )


def while_running(key: str) -> str:
    """Condition: my agency sits there, and the item's meeting is running."""
    return while_open(key, states="'running'")


def moderated(key: str) -> str:
    """Condition: the acting person moderates this meeting."""
    return f"EXISTS (SELECT 1 FROM roundtable_meeting t WHERE t.id = {key} AND {is_mine('t.moderator_id')})"


def moderates(member: str) -> str:
    """Condition: the membership's role may moderate, so that it may take over any meeting of its tables."""
    return f"EXISTS (SELECT 1 FROM agencies_membership m WHERE m.id = {member} AND m.role IN ({MODERATES}))"


def led(key: str) -> str:
    """Condition: one of my groups leads the case of this item."""
    return (
        "EXISTS (SELECT 1 FROM roundtable_itemcase ic JOIN cases_casegrant g ON g.case_id = ic.case_id "
        f"WHERE ic.item_id = {key} AND g.category = '' AND g.level = 'change')"
    )


def opened(key: str, *, now: bool) -> str:
    """Condition: the curtain of this item is open for the acting person, or has ever been."""
    still = " AND o.closed_at IS NULL AND (o.ends_at IS NULL OR o.ends_at > now())" if now else ""
    return (
        "EXISTS (SELECT 1 FROM roundtable_opening o JOIN agencies_membership m ON m.id = o.member_id "
        f"WHERE o.item_id = {key} AND m.user_id = {ME} AND m.agency_id = {MY_AGENCY}{still})"
    )


A_CASE_I_SEE = (
    "EXISTS (SELECT 1 FROM cases_casegrant g "
    "WHERE g.case_id = roundtable_itemcase.case_id AND g.category = '')"
)
# What was written before a handover stays with those who led then (ADR 7): the new lead asks anew.
HANDED_OVER = """
CREATE FUNCTION handed_over_since(item uuid, moment timestamptz) RETURNS boolean LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM roundtable_itemcase ic JOIN cases_disclosure d ON d.case_id = ic.case_id
        WHERE ic.item_id = $1 AND d.purpose = 'handover' AND d.level = 'change'
          AND d.recipient_id = app_agency() AND d.valid_from > $2)
$$;
"""
TEXT_IS_OPEN = (
    "EXISTS (SELECT 1 FROM roundtable_item i WHERE i.id = roundtable_itemtext.item_id AND i.kind <> 'case')"
    f" OR (({opened('roundtable_itemtext.item_id', now=True)} OR {led('roundtable_itemtext.item_id')})"
    " AND NOT handed_over_since(roundtable_itemtext.item_id, roundtable_itemtext.at))"
)

# The summary is the lead's own text; after the meeting nothing is written.
TEXT_IS_MINE_TO_WRITE = (
    f"({TEXT_IS_OPEN}) AND {while_open('roundtable_itemtext.item_id')} AND "
    f"(roundtable_itemtext.kind <> 'summary' OR {led('roundtable_itemtext.item_id')} OR NOT EXISTS "
    "(SELECT 1 FROM roundtable_item i WHERE i.id = roundtable_itemtext.item_id AND i.kind = 'case'))"
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
-- When that level ends by itself, with nobody writing anything; never for the lead and for the summary.
CREATE FUNCTION curtain_ends(item uuid, level text, groups integer[]) RETURNS timestamptz LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN bool_and(g.level <> 'change' AND g.valid_until IS NOT NULL) THEN max(g.valid_until) END
    FROM roundtable_itemcase ic JOIN cases_casegrant g ON g.case_id = ic.case_id
    WHERE ic.item_id = $1 AND g.group_id = ANY ($3) AND (g.valid_until IS NULL OR g.valid_until > now())
      AND (g.level = 'change' OR ($2 = 'identity' AND g.category = 'identity')
        OR ($2 = 'categories' AND g.category NOT IN ('', 'identity')))
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
SETTLE = f"""
CREATE FUNCTION due_openings(meeting uuid)
RETURNS TABLE (item_id uuid, member_id bigint, agency_id bigint, level text, ends_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT i.id, m.id, m.agency_id, reach.level, curtain_ends(i.id, reach.level, reach.groups)
    FROM roundtable_meeting t
    JOIN roundtable_item i ON i.id = t.current_item_id AND i.meeting_id = t.id AND i.kind = 'case'
    JOIN roundtable_participant p ON p.meeting_id = t.id AND p.present_since IS NOT NULL
    JOIN agencies_membership m ON m.id = p.member_id AND m.is_active AND m.role IN ({JOINS})
    JOIN agencies_user u ON u.id = m.user_id AND u.is_active
    JOIN agencies_agency a ON a.id = m.agency_id AND a.is_active
    JOIN roundtable_seat s ON s.table_id = t.table_id AND s.agency_id = m.agency_id
    CROSS JOIN LATERAL (SELECT groups_of_member(m.id) AS groups) mine
    CROSS JOIN LATERAL (
        SELECT mine.groups, curtain_reach(i.id, m.agency_id, mine.groups) AS level
    ) reach
    WHERE t.id = $1 AND t.state = 'running' AND reach.level <> 'pseudonym'
$$;
CREATE FUNCTION settle_curtains(meeting uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    moment timestamptz := clock_timestamp();
BEGIN
    UPDATE roundtable_opening o SET closed_at = least(moment, o.ends_at)
    FROM roundtable_item i WHERE i.id = o.item_id AND i.meeting_id = $1 AND o.closed_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM due_openings($1) d
        WHERE d.item_id = o.item_id AND d.member_id = o.member_id AND d.level = o.level
          AND d.ends_at IS NOT DISTINCT FROM o.ends_at);
    INSERT INTO roundtable_opening (item_id, member_id, agency_id, level, opened_at, ends_at)
    SELECT d.item_id, d.member_id, d.agency_id, d.level, moment, d.ends_at FROM due_openings($1) d
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

-- For processes that keep watch without acting for anybody. Time writes nothing: where the curtain has ended
-- by itself, whoever asks first settles it and rings. A meeting somebody is writing to settles anyway.
CREATE FUNCTION meeting_heads(meetings uuid[]) RETURNS TABLE (id uuid, version bigint) LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE roundtable_meeting m SET version = m.version + 1 WHERE m.id IN (
        SELECT t.id FROM roundtable_meeting t
        WHERE t.id = ANY ($1) AND t.state = 'running' AND EXISTS (SELECT 1 FROM roundtable_opening o
            WHERE o.item_id = t.current_item_id AND o.closed_at IS NULL AND o.ends_at <= now())
        ORDER BY t.id FOR NO KEY UPDATE SKIP LOCKED);
    RETURN QUERY SELECT t.id, t.version FROM roundtable_meeting t WHERE t.id = ANY ($1);
END $$;
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

OWNED = ("meeting", "participant", "item", "itemcase", "itemtext", "curtain", "opening", "decision",
         "commitment", "minutes", "minutespart", "addendum", "ask")  # fmt: skip


def change_only(table: str, *columns: str) -> migrations.RunSQL:
    """Let the app role change these columns and no other; deleting is left to the policy."""
    names, role = ", ".join(columns), app_role()
    return migrations.RunSQL(
        f"REVOKE UPDATE ON {table} FROM {role}; GRANT UPDATE ({names}) ON {table} TO {role}",
        f"REVOKE UPDATE ({names}) ON {table} FROM {role}; GRANT UPDATE ON {table} TO {role}",
    )


class Migration(migrations.Migration):
    dependencies = [("roundtable", "0001_initial"), ("cases", "0002_row_security")]

    operations = [
        create_functions(HANDED_OVER),
        *(let_owner(f"roundtable_{name}") for name in OWNED),
        protect(
            "roundtable_meeting",
            select=seated("roundtable_meeting.table_id"),
            insert=f"{seated('roundtable_meeting.table_id')} AND {is_mine('moderator_id')} "
            "AND state = 'draft' AND current_item_id IS NULL",
            update=seated("roundtable_meeting.table_id"),
        ),
        # Who is there says so personally, because the curtain opens for them; the moderator may end it.
        protect(
            "roundtable_participant",
            select=of_meeting("roundtable_participant.meeting_id"),
            insert=f"({moderated('roundtable_participant.meeting_id')} AND present_since IS NULL) OR "
            f"({of_meeting('roundtable_participant.meeting_id')} AND {is_mine('member_id')} AND "
            f"{moderates('member_id')})",
            update=f"{of_meeting('roundtable_participant.meeting_id')} AND ({is_mine('member_id')} OR "
            f"{moderated('roundtable_participant.meeting_id')})",
            updated=f"{is_mine('member_id')} OR "
            f"({moderated('roundtable_participant.meeting_id')} AND present_since IS NULL)",
            delete=moderated("roundtable_participant.meeting_id"),
        ),
        change_only("roundtable_participant", "reply", "present_since", "was_present"),
        # Whoever sees the case sees what tables asked and decided about it.
        protect(
            "roundtable_item",
            select=f"{seated('roundtable_item.table_id')} OR EXISTS "
            "(SELECT 1 FROM roundtable_itemcase ic WHERE ic.item_id = roundtable_item.id)",
            insert=f"{seated('roundtable_item.table_id')} AND ((proposed_agency_id = {MY_AGENCY} AND "
            f"(proposed_by_id IS NULL OR {is_mine('proposed_by_id')})) OR kind = 'commitments')",
            update=seated("roundtable_item.table_id"),
        ),
        forbid("roundtable_item", "DELETE"),
        protect("roundtable_itemcase", select=A_CASE_I_SEE),
        forbid("roundtable_itemcase", "UPDATE", "DELETE"),
        protect(
            "roundtable_itemtext",
            select=TEXT_IS_OPEN,
            insert=f"{TEXT_IS_MINE_TO_WRITE} AND {is_mine('author_id')}",
            update=TEXT_IS_MINE_TO_WRITE,
            updated=f"{TEXT_IS_MINE_TO_WRITE} AND {is_mine('author_id')}",
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
            insert=f"{while_running('roundtable_decision.item_id')} AND {is_mine('by_id')}",
            update=while_running("roundtable_decision.item_id"),
            delete=while_running("roundtable_decision.item_id"),
        ),
        change_only("roundtable_decision", "text"),
        protect(
            "roundtable_commitment",
            select=f"agency_id = {MY_AGENCY} OR {seated('roundtable_commitment.table_id')} OR EXISTS "
            "(SELECT 1 FROM roundtable_decision d WHERE d.id = roundtable_commitment.decision_id)",
            insert="EXISTS (SELECT 1 FROM roundtable_decision d JOIN roundtable_item i ON i.id = d.item_id "
            "JOIN roundtable_meeting t ON t.id = i.meeting_id WHERE d.id = roundtable_commitment.decision_id "
            "AND i.table_id = roundtable_commitment.table_id AND t.state = 'running')",
            update=f"agency_id = {MY_AGENCY}",
        ),
        only_update("roundtable_commitment", "person_id", "due_on", "state", "ended_at", "reminded_at"),
        protect(
            "roundtable_commitmentevent",
            select="EXISTS (SELECT 1 FROM roundtable_commitment k "
            "WHERE k.id = roundtable_commitmentevent.commitment_id)",
            insert="EXISTS (SELECT 1 FROM roundtable_commitment k WHERE k.id = roundtable_commitmentevent."
            f"commitment_id AND (k.agency_id = {MY_AGENCY} OR act = 'made')) AND {is_mine('by_id')}",
        ),
        forbid("roundtable_commitmentevent", "UPDATE", "DELETE"),
        *(create_functions(sql) for sql in (GROUPS_OF, CURTAIN_REACH, SETTLE, BELL, ROOM)),
    ]
