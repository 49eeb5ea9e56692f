"""The minutes: written by the database when a meeting is closed, chained by their hashes, never changed."""

import importlib

from django.db import migrations

from agencies.row_security import MY_AGENCY, create_functions, forbid, is_mine, protect

_wall = importlib.import_module("agencies.roundtable.migrations.0002_row_security")
led, of_meeting, opened = _wall.led, _wall.of_meeting, _wall.opened

# The record: texts are copied by the database, since whoever closes a meeting need not see them all.
# A jsonb has one text only (sorted keys), so that the hash can be taken again at any time; the content
# holds number, meeting, who and when as well, so that these cannot be changed beside it.
MINUTES = """
CREATE FUNCTION minutes_hash(record jsonb, before text, parts text[]) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT encode(sha256(convert_to(record::text || before || array_to_string(parts, ''), 'UTF8')), 'hex')
$$;
CREATE FUNCTION part_hash(item uuid, content jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT encode(sha256(convert_to(item || content::text, 'UTF8')), 'hex')
$$;
CREATE FUNCTION minutes_stamp(moment timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;
CREATE FUNCTION addendum_hash(before text, member bigint, agency bigint, moment timestamptz, words text)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT encode(sha256(convert_to(
        concat_ws(E'\\n', before, member, agency, minutes_stamp(moment), words), 'UTF8')), 'hex')
$$;
CREATE FUNCTION closed_here(meeting uuid, member bigint) RETURNS uuid LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here uuid;
BEGIN
    SELECT t.table_id INTO here FROM roundtable_meeting t
        JOIN roundtable_seat s ON s.table_id = t.table_id AND s.agency_id = app_agency()
        JOIN agencies_membership m ON m.id = $2 AND m.user_id = app_user() AND m.agency_id = app_agency()
        WHERE t.id = $1 AND t.state = 'closed' AND t.moderator_id = m.id;
    IF here IS NULL THEN
        RAISE EXCEPTION 'only the moderator of a closed meeting writes its minutes'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN here;
END $$;
CREATE FUNCTION lock_minutes(meeting uuid, record jsonb, member bigint) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here uuid := closed_here($1, $3); moment timestamptz := clock_timestamp(); last record; minutes bigint;
BEGIN
    PERFORM 1 FROM roundtable_roundtable WHERE id = here FOR UPDATE;
    SELECT k.number, k.sha256 INTO last FROM roundtable_minutes k JOIN roundtable_meeting t
        ON t.id = k.meeting_id WHERE t.table_id = here ORDER BY k.number DESC LIMIT 1;
    INSERT INTO roundtable_minutes (meeting_id, number, content, sha256, before, at, by_id)
    VALUES ($1, coalesce(last.number, 0) + 1, $2 || jsonb_build_object(
            'number', coalesce(last.number, 0) + 1, 'meeting', $1, 'by', $3, 'at', minutes_stamp(moment)),
        '', coalesce(last.sha256, ''), moment, $3)
    RETURNING id INTO minutes;
    INSERT INTO roundtable_minutespart (minutes_id, item_id, content, sha256)
    SELECT minutes, x.item_id, x.content, part_hash(x.item_id, x.content)
    FROM (SELECT t.item_id, jsonb_object_agg(t.kind, t.text) AS content
          FROM roundtable_itemtext t JOIN roundtable_item i ON i.id = t.item_id
          WHERE i.meeting_id = $1 AND t.text <> '' GROUP BY t.item_id) x;
    UPDATE roundtable_minutes k SET sha256 = minutes_hash(k.content, k.before, ARRAY(
        SELECT p.sha256::text FROM roundtable_minutespart p WHERE p.minutes_id = k.id ORDER BY p.item_id))
    WHERE k.id = minutes;
    RETURN minutes;
END $$;
-- Whether nothing was changed since: content, parts, the hash before, and the chain of the addenda.
CREATE FUNCTION minutes_hold(minutes bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT k.sha256 = minutes_hash(k.content, k.before, ARRAY(
            SELECT part_hash(p.item_id, p.content)
            FROM roundtable_minutespart p WHERE p.minutes_id = k.id ORDER BY p.item_id))
        AND (k.content -> 'number', k.content ->> 'meeting', k.content -> 'by', k.content ->> 'at')
            IS NOT DISTINCT FROM
            (to_jsonb(k.number), k.meeting_id::text, to_jsonb(k.by_id), minutes_stamp(k.at))
        AND k.before = coalesce((SELECT e.sha256 FROM roundtable_minutes e
            JOIN roundtable_meeting o ON o.id = e.meeting_id
            JOIN roundtable_meeting t ON t.id = k.meeting_id AND t.table_id = o.table_id
            WHERE e.number = k.number - 1), '')
        AND NOT EXISTS (SELECT 1 FROM (
            SELECT a.sha256, addendum_hash(lag(a.sha256, 1, k.sha256) OVER (ORDER BY a.id),
                a.by_id, a.agency_id, a.at, a.text) AS again
            FROM roundtable_addendum a WHERE a.minutes_id = k.id) chain WHERE chain.sha256 <> chain.again)
    FROM roundtable_minutes k WHERE k.id = $1
$$;
CREATE FUNCTION addendum_chains() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    before text;
BEGIN
    SELECT k.sha256 INTO before FROM roundtable_minutes k WHERE k.id = NEW.minutes_id FOR UPDATE;
    SELECT coalesce((SELECT a.sha256 FROM roundtable_addendum a WHERE a.minutes_id = NEW.minutes_id
        ORDER BY a.id DESC LIMIT 1), before) INTO before;
    NEW.at := clock_timestamp();
    NEW.sha256 := addendum_hash(before, NEW.by_id, NEW.agency_id, NEW.at, NEW.text);
    RETURN NEW;
END $$;
CREATE TRIGGER addendum_chains BEFORE INSERT ON roundtable_addendum
    FOR EACH ROW EXECUTE FUNCTION addendum_chains();
-- What was deferred waits in the backlog as a new proposal; the old item stays in the record. Done here,
-- because whoever closes the meeting need not see whose case it is. The curtain of the new item is closed.
CREATE FUNCTION carry_over(meeting uuid, member bigint) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    here uuid := closed_here($1, $2); old roundtable_item; fresh uuid; carried integer := 0;
BEGIN
    FOR old IN SELECT i.* FROM roundtable_item i
        WHERE i.meeting_id = $1 AND i.state = 'deferred' AND i.kind <> 'commitments'
          AND NOT EXISTS (SELECT 1 FROM roundtable_item n WHERE n.previous_id = i.id)
          AND NOT EXISTS (SELECT 1 FROM roundtable_itemcase mine JOIN roundtable_itemcase other
            ON other.case_id = mine.case_id JOIN roundtable_item w ON w.id = other.item_id
            WHERE mine.item_id = i.id AND w.table_id = here AND w.meeting_id IS NULL AND w.state = 'proposed')
        ORDER BY i.position, i.created_at
    LOOP
        INSERT INTO roundtable_item (id, table_id, previous_id, position, kind, state, trigger, pseudonym,
            title, question, minutes, proposed_by_id, proposed_agency_id, created_at)
        VALUES (gen_random_uuid(), here, old.id, 0, old.kind, 'proposed', old.trigger, '', old.title,
            old.question, old.minutes, old.proposed_by_id, old.proposed_agency_id, clock_timestamp())
        RETURNING id INTO fresh;
        INSERT INTO roundtable_itemcase (item_id, case_id)
        SELECT fresh, ic.case_id FROM roundtable_itemcase ic WHERE ic.item_id = old.id;
        INSERT INTO roundtable_ask (item_id, agency_id, what)
        SELECT fresh, a.agency_id, a.what FROM roundtable_ask a WHERE a.item_id = old.id;
        carried := carried + 1;
    END LOOP;
    RETURN carried;
END $$;
-- For the job that reminds: ids only.
CREATE FUNCTION due_commitments(today date) RETURNS TABLE (commitment_id uuid, agency_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT k.id, k.agency_id FROM roundtable_commitment k
    WHERE k.state = 'open' AND k.due_on <= $1 + 3 AND k.reminded_at IS NULL ORDER BY k.id
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("roundtable", "0003_guards")]

    operations = [
        protect("roundtable_minutes", select=of_meeting("roundtable_minutes.meeting_id")),
        forbid("roundtable_minutes", "INSERT", "UPDATE", "DELETE"),
        # Whoever reads the minutes reads of a case what the curtain was once open for; the lead reads all.
        protect(
            "roundtable_minutespart",
            select="EXISTS "
            "(SELECT 1 FROM roundtable_minutes k WHERE k.id = roundtable_minutespart.minutes_id) "
            f"AND ({opened('roundtable_minutespart.item_id', now=False)} OR "
            f"({led('roundtable_minutespart.item_id')} AND EXISTS (SELECT 1 FROM roundtable_minutes k "
            "WHERE k.id = roundtable_minutespart.minutes_id "
            "AND NOT handed_over_since(roundtable_minutespart.item_id, k.at))) OR EXISTS "
            "(SELECT 1 FROM roundtable_item i WHERE i.id = roundtable_minutespart.item_id "
            "AND i.kind <> 'case'))",
        ),
        forbid("roundtable_minutespart", "INSERT", "UPDATE", "DELETE"),
        protect(
            "roundtable_addendum",
            select="EXISTS (SELECT 1 FROM roundtable_minutes k WHERE k.id = roundtable_addendum.minutes_id)",
            insert="EXISTS (SELECT 1 FROM roundtable_minutes k WHERE k.id = roundtable_addendum.minutes_id) "
            f"AND agency_id = {MY_AGENCY} AND {is_mine('by_id')}",
        ),
        forbid("roundtable_addendum", "UPDATE", "DELETE"),
        create_functions(MINUTES),
    ]
