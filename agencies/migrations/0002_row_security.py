"""The second wall for the logs, and the context functions every policy reads."""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations

from agencies.row_security import (
    CONTEXT_FUNCTIONS,
    DROP_CONTEXT_FUNCTIONS,
    ME,
    MY_AGENCY,
    forbid,
    protect,
)


class Migration(migrations.Migration):
    dependencies = [("agencies", "0001_initial")]

    operations = [
        TrigramExtension(),
        BtreeGistExtension(),
        migrations.RunSQL(CONTEXT_FUNCTIONS, DROP_CONTEXT_FUNCTIONS),
        protect(
            "agencies_readlog",
            select=f"agency_id = {MY_AGENCY}",
            insert=f"agency_id = {MY_AGENCY} AND user_id = {ME}",
        ),
        forbid("agencies_readlog", "UPDATE", "DELETE"),
        protect(
            "agencies_auditentry",
            select=f"agency_id = {MY_AGENCY}",
            insert=f"agency_id = {MY_AGENCY} AND user_id IS NOT DISTINCT FROM {ME}",
        ),
        forbid("agencies_auditentry", "UPDATE", "DELETE"),
    ]
