"""What a member does with an import: upload, choose sheet and columns, confirm, cancel, discard."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import audit
from agencies.cases.importing import mapping, progress, reader, tasks
from agencies.cases.importing.cells import clean_text
from agencies.cases.importing.models import ImportBatch, ImportFile, ImportRow, ImportState
from agencies.cases.importing.sheet import Sheet
from agencies.errors import Conflict, Refused
from agencies.exporting import csv_cell
from agencies.models import Membership, Team

#: From here on a suggestion is preselected.
SURE = 0.8
SAMPLES = 3
SAMPLE_LENGTH = 60
#: Heading of the column that returned files carry beyond the user's own; not one that a list has by itself.
REASON = "Nicht eingelesen, weil"


@transaction.atomic
def upload(*, by: Membership, team: Team, filename: str, data: bytes) -> ImportBatch:
    """Keep a readable spreadsheet for the steps that follow; no case is touched.

    :raises ReadError: the file cannot be read; a ValueError with a German sentence
    :raises Refused: the team is not one of the member's agency
    """
    if team.agency_id != by.agency_id or not team.is_active:
        raise Refused(_("Das Team gehört zu einer anderen Stelle."))
    name = clean_text(filename)[-120:] or _("Tabelle")
    sheet = reader.read(data, name)
    batch = ImportBatch.objects.create(
        agency_id=by.agency_id, team=team, member=by, filename=name, signature=signature(sheet.headers)
    )
    sheets = [sheet.name, *sheet.others] if sheet.others else []
    ImportFile.objects.create(
        batch=batch,
        agency_id=by.agency_id,
        user_id=by.user_id,
        content=data,
        sheets=[name for name in sheets if len(name) <= 120],
        **_shown(sheet),
    )
    audit.record("import.upload", batch, by=by, rows=len(sheet.rows))
    return batch


def _shown(sheet: Sheet) -> dict[str, Any]:
    """What the page for choosing the columns needs."""
    suggested = mapping.suggest(sheet.headers, sheet.rows)
    return {
        "sheet": sheet.name[:120],
        "headers": sheet.headers,
        "samples": [_samples(sheet, column) for column in range(len(sheet.headers))],
        "suggestions": {str(column): [offer.target, offer.confidence] for column, offer in suggested.items()},
        "warnings": sheet.warnings,
    }


def _samples(sheet: Sheet, column: int) -> list[str]:
    found: dict[str, None] = {}
    for row in sheet.rows:
        if row[column] is not None:
            found[csv_cell(row[column]).removeprefix("'")[:SAMPLE_LENGTH]] = None
        if len(found) == SAMPLES:
            break
    return list(found)


def signature(headers: Sequence[str]) -> str:
    """By what a table with the same columns is known again; the column of reasons does not count."""
    names = sorted(header for header in headers if header != REASON)
    return hashlib.sha256("\x1f".join(names).encode()).hexdigest()[:32]


@transaction.atomic
def choose_sheet(batch: ImportBatch, name: str, *, by: Membership) -> None:
    """Read another sheet of the workbook. Raises ReadError, Refused for a sheet that is not there."""
    if name not in batch.file.sheets:
        raise Refused(_("Dieses Tabellenblatt gibt es in der Datei nicht."))
    sheet = reader.read(bytes(batch.file.content), batch.filename, name)
    _move(batch, (ImportState.UPLOADED, ImportState.CHECKED), ImportState.UPLOADED)
    ImportBatch.objects.filter(pk=batch.pk).update(signature=signature(sheet.headers), mapping={})
    ImportFile.objects.filter(batch=batch).update(**_shown(sheet))
    ImportRow.objects.filter(batch=batch).delete()


def initial_columns(batch: ImportBatch) -> dict[int, str]:
    """Column → target: as chosen before, as the agency chose for the same headers, else sure suggestions."""
    chosen = batch.mapping or _remembered(batch)
    if chosen:
        keys = enumerate(map(progress.header_key, batch.file.headers))
        return {column: chosen[key] for column, key in keys if key in chosen}
    return {
        int(column): target
        for column, (target, confidence) in batch.file.suggestions.items()
        if confidence >= SURE
    }


def possible_columns(batch: ImportBatch) -> dict[int, str]:
    """Column → target that it may be, by its heading or its values, but too unsure to be preselected."""
    offers = batch.file.suggestions.items()
    return {int(column): target for column, (target, confidence) in offers if confidence < SURE}


def _remembered(batch: ImportBatch) -> dict[str, str]:
    earlier = ImportBatch.objects.filter(agency_id=batch.agency_id, signature=batch.signature)
    return earlier.exclude(mapping={}).values_list("mapping", flat=True).first() or {}


@transaction.atomic
def choose_columns(batch: ImportBatch, columns: Mapping[int, str], *, by: Membership) -> None:
    """Keep which column fills which field, and let the worker make the dry run."""
    _move(batch, (ImportState.UPLOADED, ImportState.CHECKED), ImportState.CHECKING)
    headers = batch.file.headers
    ImportBatch.objects.filter(pk=batch.pk).update(
        mapping={progress.header_key(headers[column]): target for column, target in columns.items()},
        counts={},
        total=0,
        done=0,
    )
    tasks.check_import.configure(lock=f"import:{batch.pk}").defer(batch=str(batch.pk), member=by.pk)


@transaction.atomic
def confirm(batch: ImportBatch, *, by: Membership) -> None:
    """Let the worker write the new rows. Only now cases come into being.

    :raises Conflict: confirmed, changed or discarded meanwhile
    """
    _move(batch, (ImportState.CHECKED,), ImportState.WRITING)
    ImportBatch.objects.filter(pk=batch.pk).update(total=batch.counts.get("new", 0), done=0)
    audit.record("import.confirm", batch, by=by)
    tasks.write_import.configure(lock=f"import:{batch.pk}").defer(batch=str(batch.pk), member=by.pk)


def cancel(batch: ImportBatch, *, by: Membership) -> None:
    """Ask the job to stop after the part it is at; what is written stays."""
    ImportBatch.objects.filter(pk=batch.pk).update(cancel_requested=True)


@transaction.atomic
def discard(batch: ImportBatch, *, by: Membership) -> None:
    """Throw an import away before it was confirmed, file and all."""
    _move(batch, (ImportState.UPLOADED, ImportState.CHECKED), ImportState.DISCARDED)
    ImportRow.objects.filter(batch=batch).delete()
    progress.finish(batch, ImportState.DISCARDED, by=by)


def _move(batch: ImportBatch, before: Sequence[ImportState], after: ImportState) -> None:
    """From one state to the next, for exactly one of two clicks."""
    moved = ImportBatch.objects.filter(pk=batch.pk, state__in=before).update(
        state=after, moved_at=timezone.now(), cancel_requested=False
    )
    if not moved:
        raise Conflict(_("Dieser Import ist inzwischen weiter. Sie sehen den neuen Stand."))
