"""Locking the minutes of a closed meeting, and the addenda that alone may correct them."""

import json

from django.db import connection, transaction
from django.utils import timezone

from agencies import audit
from agencies.models import Membership
from agencies.roundtable import minutes_mails, record
from agencies.roundtable.models import Addendum, Meeting, Minutes


def lock(meeting: Meeting, *, by: Membership) -> None:
    """Write the minutes, put what was deferred back into the backlog, and tell who was invited.

    The texts behind the curtain are copied, numbered and hashed by the database (``lock_minutes``): whoever
    closes a meeting need not see them.
    """
    content = record.build(meeting)
    with connection.cursor() as cursor:
        cursor.execute("SELECT lock_minutes(%s, %s::jsonb, %s)", [meeting.pk, json.dumps(content), by.pk])
        cursor.execute("SELECT carry_over(%s, %s)", [meeting.pk, by.pk])
    audit.record("minutes.lock", meeting, by=by)
    minutes_mails.tell(meeting)


@transaction.atomic
def amend(minutes: Minutes, *, text: str, by: Membership) -> Addendum:
    """Add a correction, signed by person and agency; time and hash are set by the database."""
    addendum = Addendum.objects.create(
        minutes=minutes, text=text, by=by, agency=by.agency, at=timezone.now(), sha256=""
    )
    audit.record("minutes.amend", addendum, by=by)
    return addendum
