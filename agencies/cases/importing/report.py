"""What the pages say about an import: how far it is, how many rows of which kind, what is wrong with them."""

from datetime import timedelta
from typing import Any

from django.core.paginator import Page
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.cases.importing.models import ImportBatch, ImportRow, ImportState, RowKind
from agencies.cases.importing.progress import RETURNED
from agencies.cases.importing.targets import BY_KEY

#: A job that has not moved for this long has lost its worker, or waits for one.
PATIENCE = timedelta(seconds=60)
#: A choice of the filter beside the kinds.
INCOMPLETE = "incomplete"
LEVELS = {
    RowKind.NEW: "success",
    RowKind.KNOWN: "neutral",
    RowKind.DOUBLE: "warning",
    RowKind.ERROR: "danger",
    RowKind.WRITTEN: "success",
}


def standing(batch: ImportBatch) -> dict[str, Any]:
    """Counts by kind with their words, and whether the job is at rest."""
    counts = {kind: batch.counts.get(kind, 0) for kind in RowKind}
    main = _main_kind(batch)
    shown = [main, *(kind for kind in RowKind if counts[kind] and kind != main)]
    return {
        "figures": [{"kind": kind, "label": kind.label, "count": counts[kind]} for kind in shown],
        "new": counts[RowKind.NEW],
        "written": counts[RowKind.WRITTEN],
        "out": sum(counts[kind] for kind in RETURNED),
        "is_resting": batch.is_running and timezone.now() - batch.moved_at > PATIENCE,
        "incomplete": 0 if batch.is_running else incomplete(batch).count(),
        "can_return": not batch.is_running and returned(batch).exists(),
        "label": _("Die Zeilen werden geprüft …")
        if batch.state == ImportState.CHECKING
        else _("Die Fälle werden angelegt …"),
    }


def _main_kind(batch: ImportBatch) -> RowKind:
    return RowKind.NEW if batch.state == ImportState.CHECKED else RowKind.WRITTEN


def rows(batch: ImportBatch, kind: str = "") -> QuerySet[ImportRow]:
    """The rows of the report that are still kept, in the order of the file."""
    if kind == INCOMPLETE:
        return incomplete(batch)
    found = ImportRow.objects.filter(batch=batch).defer("cells")
    return found.filter(kind=kind) if kind else found


def returned(batch: ImportBatch) -> QuerySet[ImportRow]:
    """The rows that stayed out and can be had as a file."""
    return ImportRow.objects.filter(batch=batch, kind__in=RETURNED)


def incomplete(batch: ImportBatch) -> QuerySet[ImportRow]:
    """The rows that are opened, or will be, with something left empty."""
    return ImportRow.objects.filter(batch=batch, kind__in=(RowKind.NEW, RowKind.WRITTEN)).exclude(faults=[])


def described(page: "Page[ImportRow]") -> "Page[ImportRow]":
    """Each row of the page with the level of its mark and its faults as (field, sentence)."""
    for row in page:
        row.level = LEVELS[RowKind(row.kind)]  # type: ignore[attr-defined]
        row.reasons = [(BY_KEY[key].label if key in BY_KEY else "", text) for key, text in row.faults]  # type: ignore[attr-defined]
    return page
