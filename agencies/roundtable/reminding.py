"""Reminds of promises that are due, each once before its day, whoever runs it."""

from datetime import date
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from agencies import audit
from agencies.models import Agency
from agencies.roundtable import mails
from agencies.roundtable.enums import CommitmentState
from agencies.roundtable.models import Commitment


def due(today: date) -> list[tuple[UUID, int]]:
    """Ids of the promises to remind of, each with the agency to act for.

    From a database function that tells ids only: a job sees no promise before it acts for an agency.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT commitment_id, agency_id FROM due_commitments(%s)", [today])
        return cursor.fetchall()


@transaction.atomic
def remind(pk: UUID, agency: Agency) -> bool:
    """Remind of one promise, unless somebody has ended it or is at it; in ``access.acting_for(agency)``."""
    rows = Commitment.objects.select_for_update(skip_locked=True, of=("self",))
    row = rows.select_related("person").filter(pk=pk, state=CommitmentState.OPEN, reminded_at=None).first()
    if row is None:
        return False
    row.reminded_at = timezone.now()
    row.save(update_fields=["reminded_at"])
    audit.record("commitment.remind", row, by=None, agency=agency)
    mails.tell_due(agency, row.person)
    return True
