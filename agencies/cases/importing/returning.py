"""Gives back the rows that stayed out, with the reason, as a file that can be corrected and read in again."""

import io
from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from agencies.cases.importing.actions import REASON
from agencies.cases.importing.models import ImportBatch, ImportRow
from agencies.cases.importing.progress import RETURNED
from agencies.cases.importing.targets import BY_KEY
from agencies.exporting import csv_cell, csv_response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def reasons(row: ImportRow) -> str:
    """All faults of a row in one text, each with its field."""
    return " ".join(
        f"{BY_KEY[key].label}: {message}" if key in BY_KEY else message for key, message in row.faults
    )


def _table(batch: ImportBatch) -> Iterator[list[Any]]:
    """The user's own columns and the reason; a column of reasons of an earlier round is replaced."""
    headers = batch.file.headers
    kept = [column for column, header in enumerate(headers) if header != REASON]
    yield [*(headers[column] for column in kept), REASON]
    for row in ImportRow.objects.filter(batch=batch, kind__in=RETURNED):
        cells = row.cells or []
        yield [*(cells[column] if column < len(cells) else None for column in kept), reasons(row)]


def as_csv(batch: ImportBatch) -> HttpResponse:
    header, *rows = _table(batch)
    return csv_response("fehlerhafte-zeilen.csv", header, rows)


def as_xlsx(batch: ImportBatch) -> HttpResponse:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Fehlerhafte Zeilen")
    for row in _table(batch):
        sheet.append([_xlsx_cell(value) for value in row])
    content = io.BytesIO()
    book.save(content)
    response = HttpResponse(content.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, "fehlerhafte-zeilen.xlsx") or ""
    response["Cache-Control"] = "no-store"
    return response


def _xlsx_cell(value: Any) -> Any:
    """Numbers stay numbers; text is guarded against being taken for a formula."""
    if value is None or isinstance(value, int | float):
        return value
    return ILLEGAL_CHARACTERS_RE.sub("", csv_cell(value))
