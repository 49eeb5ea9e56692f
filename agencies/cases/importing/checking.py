"""The dry run: what would become of each row. Writes nothing but the report."""

from typing import Any

from agencies import access
from agencies.cases.importing import assembling, progress
from agencies.cases.importing.known import known_fingerprints
from agencies.cases.importing.models import ImportBatch, ImportRow, ImportState, RowKind
from agencies.cases.importing.rows import Row
from agencies.exporting import csv_cell
from agencies.models import Membership

CHUNK = 500


def check(batch_id: str, member_id: int) -> None:
    """Judge all rows of an import, in parts that show its progress; run again, it begins anew.

    :raises progress.Stopped: the file cannot be read, or the member may import no more
    """
    member = progress.worker_of(member_id)
    with access.acting(member):
        batch = ImportBatch.objects.filter(pk=batch_id, state=ImportState.CHECKING).first()
        if batch is None:
            return
        ImportRow.objects.filter(batch=batch).delete()
        sheet, table = progress.interpret(batch)
        ImportBatch.objects.filter(pk=batch.pk).update(total=len(table), done=0)
    cells = dict(zip(sheet.numbers, sheet.rows, strict=True))
    numbers = list(table)
    for start in range(0, len(numbers), CHUNK):
        part = [table[number] for number in numbers[start : start + CHUNK]]
        with access.acting(member):
            if _is_cancelled(batch, by=member):
                return
            _report(batch, part, cells, by=member)
    with access.acting(member):
        counts = progress.count(batch)
        ImportBatch.objects.filter(pk=batch.pk, state=ImportState.CHECKING).update(
            state=ImportState.CHECKED, counts=counts
        )


def _is_cancelled(batch: ImportBatch, *, by: Membership) -> bool:
    batch.refresh_from_db(fields=["state", "cancel_requested"])
    if batch.state == ImportState.CHECKING and batch.cancel_requested:
        progress.finish(batch, ImportState.CANCELLED, by=by)
    return batch.state != ImportState.CHECKING or batch.cancel_requested


def _report(batch: ImportBatch, part: list[Row], cells: dict[int, list[Any]], *, by: Membership) -> None:
    known = known_fingerprints(part, by=by)
    reported = []
    for row in part:
        if not row.errors:
            assembling.settle(row)
        if row.is_repeat:
            kind = RowKind.DOUBLE
        elif row.errors:
            kind = RowKind.ERROR
        else:
            kind = RowKind.KNOWN if row.fingerprint in known else RowKind.NEW
        reported.append(
            ImportRow(
                batch=batch,
                agency_id=by.agency_id,
                user_id=by.user_id,
                number=row.number,
                kind=kind,
                name=assembling.display_name(row.values),
                faults=[] if kind == RowKind.KNOWN else row.errors + row.gaps,
                cells=plain(cells[row.number]) if kind in progress.RETURNED else None,
            )
        )
    ImportRow.objects.bulk_create(reported)
    progress.move(batch, len(part))


def plain(cells: list[Any]) -> list[Any]:
    """Cells as JSON keeps them: numbers stay numbers, days become text; empty cells stay empty."""
    return [cell if cell is None or isinstance(cell, int | float | str) else csv_cell(cell) for cell in cells]
