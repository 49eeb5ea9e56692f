"""Writes the confirmed rows as cases, part by part; what a killed worker leaves, the next one finishes."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from agencies import access
from agencies.cases.importing import assembling, progress
from agencies.cases.importing.checking import plain
from agencies.cases.importing.known import known_fingerprints
from agencies.cases.importing.models import CaseOrigin, ImportBatch, ImportRow, ImportState, RowKind
from agencies.cases.importing.rows import Row
from agencies.cases.models import Household
from agencies.cases.opening import open_cases
from agencies.cases.sections import SECTIONS
from agencies.models import Membership

CHUNK = 250
#: What one bad row may raise; anything else is a fault of the installation and ends the job.
ROW_FAULTS = (IntegrityError, DataError, ValidationError, ValueError)
#: First key of the advisory lock that puts the imports of one agency in line; any number nobody else uses.
LOCK = 7_240_119


def write(batch_id: str, member_id: int) -> None:
    """Open the cases of all new rows; each part is a transaction of its own, so nothing is half-written.

    :raises progress.Stopped: file gone, member may import no more, or the team is closed
    """
    with access.acting(progress.worker_of(member_id)):
        batch = ImportBatch.objects.filter(pk=batch_id, state=ImportState.WRITING).first()
        if batch is None:
            return
        sheet, table = progress.interpret(batch)
    cells = dict(zip(sheet.numbers, sheet.rows, strict=True))
    while _write_part(batch, table, cells, progress.worker_of(member_id)):
        pass


def _write_part(
    batch: ImportBatch, table: dict[int, Row], cells: dict[int, list[Any]], member: Membership
) -> bool:
    """The next rows in line; whether there may be more."""
    with access.acting(member):
        _stand_in_line(member.agency_id)
        batch = ImportBatch.objects.select_related("team").get(pk=batch.pk)
        if batch.state != ImportState.WRITING:
            return False
        if not batch.team.is_active:
            raise progress.Stopped("Das gewählte Team besteht nicht mehr.")
        pending = ImportRow.objects.filter(batch=batch, kind=RowKind.NEW).order_by("number")
        numbers = list(pending.values_list("number", flat=True)[:CHUNK])
        if batch.cancel_requested or not numbers:
            state = ImportState.DONE if not numbers else ImportState.CANCELLED
            progress.finish(batch, state, by=member)
            return False
        _write_rows(batch, [table[number] for number in numbers], cells, by=member)
        progress.move(batch, len(numbers))
        return True


def _stand_in_line(agency_id: int) -> None:
    """Until the end of the transaction no other import of the agency writes: no doubles, no deadlocks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, agency_id])


def _write_rows(batch: ImportBatch, part: list[Row], cells: dict[int, list[Any]], *, by: Membership) -> None:
    known = known_fingerprints(part, by=by)
    fresh = [row for row in part if row.fingerprint not in known]
    for row in fresh:
        assembling.settle(row)
    failed: dict[int, str] = {}
    try:
        _open(batch, fresh, by=by)
    except ROW_FAULTS:
        failed = _open_singly(batch, fresh, by=by)
    rows = ImportRow.objects.filter(batch=batch)
    rows.filter(number__in=[row.number for row in part if row.fingerprint in known]).update(
        kind=RowKind.KNOWN
    )
    rows.filter(number__in=[row.number for row in fresh if row.number not in failed]).update(
        kind=RowKind.WRITTEN
    )
    for number, reason in failed.items():
        rows.filter(number=number).update(
            kind=RowKind.ERROR, faults=[("", reason)], cells=plain(cells[number])
        )


def _open_singly(batch: ImportBatch, fresh: list[Row], *, by: Membership) -> dict[int, str]:
    """One row spoils a part: each on its own then. Number → reason of those that fail."""
    failed = {}
    for row in fresh:
        try:
            _open(batch, [row], by=by)
        except ROW_FAULTS as error:
            failed[row.number] = _reason(error)
    return failed


@transaction.atomic
def _open(batch: ImportBatch, fresh: list[Row], *, by: Membership) -> None:
    keys = [assembling.household_key(row.values) for row in fresh]
    homes = _households(set(filter(None, keys)), by=by)
    entries = [
        assembling.new_case(row.values, household=homes.setdefault(key, Household()) if key else None)
        for row, key in zip(fresh, keys, strict=True)
    ]
    cases = open_cases(entries, by=by, team=batch.team)
    CaseOrigin.objects.bulk_create(
        CaseOrigin(
            agency_id=by.agency_id,
            case=case,
            batch=batch,
            fingerprint=row.fingerprint,
            name_fingerprint=row.name_fingerprint,
            household_key=key,
        )
        for case, row, key in zip(cases, fresh, keys, strict=True)
    )


def _households(keys: set[str], *, by: Membership) -> dict[str, Household]:
    """Households that earlier rows have brought, by the digest of the agency's number."""
    origins = CaseOrigin.objects.filter(agency_id=by.agency_id, household_key__in=keys)
    return {
        origin.household_key: origin.case.household
        for origin in origins.select_related("case__household")
        if origin.case.household
    }


def _reason(error: Exception) -> str:
    """A sentence for what the database refused, from the constraint where it has one."""
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None)
    for model in SECTIONS.values():
        for constraint in model._meta.constraints:
            if constraint.name == name:
                return f"{model._meta.verbose_name}: {constraint.get_violation_error_message()}"
    return _("Die Angaben dieser Zeile passen nicht zusammen und wurden nicht übernommen.")
