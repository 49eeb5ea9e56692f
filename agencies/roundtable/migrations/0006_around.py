"""When a proposal was turned down, and the secret keys of calendar feeds, behind the second wall."""

import django.db.models.deletion
from django.db import migrations, models

from agencies.row_security import is_mine, let_owner, protect

# A calendar program fetches a feed without any login: from its key to the member, and nothing else.
CALENDAR_MEMBER = """
CREATE FUNCTION calendar_member(key_digest text) RETURNS bigint LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT k.member_id FROM roundtable_calendarkey k WHERE k.digest = $1
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("agencies", "0001_initial"), ("roundtable", "0005_live")]

    operations = [
        migrations.AddField("item", "rejected_at", models.DateTimeField(blank=True, null=True)),
        migrations.CreateModel(
            name="CalendarKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "member",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="agencies.membership",
                    ),
                ),
            ],
            options={"verbose_name": "Kalenderadresse", "verbose_name_plural": "Kalenderadressen"},
        ),
        let_owner("roundtable_calendarkey"),
        protect(
            "roundtable_calendarkey", **dict.fromkeys(("select", "insert", "delete"), is_mine("member_id"))
        ),
        migrations.RunSQL(CALENDAR_MEMBER, "DROP FUNCTION calendar_member(text)"),
    ]
