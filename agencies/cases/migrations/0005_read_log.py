"""What the read log tells beyond one's own cases: which case a number means, how often a recipient read."""

from django.db import migrations

from agencies.row_security import let_owner

# The data protection officer sees no case, and is asked by the number of a letter. Only what the own agency
# has read is found, so a number tells nothing about cases of others.
LOGGED_CASES = """
CREATE FUNCTION logged_cases(wanted text) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    WITH meant AS (
        SELECT c.id FROM cases_case c WHERE c.reference = upper(wanted)
        UNION SELECT r.case_id FROM cases_foreignreference r
            WHERE r.number = wanted AND r.agency_id = app_agency()
    )
    SELECT m.id FROM meant m WHERE EXISTS (SELECT 1 FROM agencies_readlog l
        WHERE l.agency_id = app_agency() AND l.case_ids @> ARRAY[m.id])
    UNION SELECT part.id FROM agencies_readlog l CROSS JOIN LATERAL unnest(l.case_ids) AS part(id)
        WHERE lower(wanted) ~ '^[0-9a-f]{8}$' AND l.agency_id = app_agency()
          AND part.id::text LIKE lower(wanted) || '%'
$$;
"""

# Whoever passes data on answers for it: how often and when last, for the team that leads the case; who it
# was is for the recipient's own data protection.
DISCLOSURE_READS = """
CREATE FUNCTION disclosure_reads(of_case uuid)
RETURNS TABLE (disclosure_id uuid, reads bigint, last_at timestamptz) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT d.id, count(*), max(l.at) FROM cases_disclosure d
    JOIN agencies_readlog l ON l.disclosure_id = d.id AND l.agency_id = d.recipient_id
    WHERE d.case_id = of_case AND d.level = 'view' AND cardinality(l.categories) > 0
      AND EXISTS (SELECT 1 FROM cases_casegrant g WHERE g.case_id = of_case AND g.category = ''
                  AND g.level = 'change' AND g.group_id = ANY ((SELECT app_groups())::integer[]))
    GROUP BY d.id
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_handover"), ("agencies", "0002_row_security")]

    operations = [
        let_owner("agencies_readlog"),
        let_owner("cases_foreignreference"),
        migrations.RunSQL(LOGGED_CASES, "DROP FUNCTION logged_cases(text)"),
        migrations.RunSQL(DISCLOSURE_READS, "DROP FUNCTION disclosure_reads(uuid)"),
    ]
