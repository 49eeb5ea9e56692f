"""Who may hear a meeting's bell, for processes that keep watch without acting for anybody: ids only."""

from django.db import migrations

SEATS = """
CREATE FUNCTION meeting_seats(meetings uuid[]) RETURNS TABLE (meeting uuid, agency bigint) LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.id, s.agency_id FROM roundtable_meeting t JOIN roundtable_seat s ON s.table_id = t.table_id
    WHERE t.id = ANY ($1)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("roundtable", "0004_minutes")]

    operations = [migrations.RunSQL(SEATS, "DROP FUNCTION meeting_seats(uuid[])")]
