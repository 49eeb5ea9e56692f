"""What both jobs of an import share: whose job it is, how far it is, and how it ends."""

import hashlib
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q
from django.utils import timezone

from agencies import access, audit
from agencies.cases.importing import reader, rows
from agencies.cases.importing.models import ImportBatch, ImportFile, ImportRow, ImportState, RowKind
from agencies.cases.importing.rows import Row
from agencies.cases.importing.sheet import Sheet
from agencies.models import Membership
from agencies.roles import Permission

#: Rows that go back to the user; all others are deleted when the import is over.
RETURNED = (RowKind.ERROR, RowKind.DOUBLE)
#: Opened, but with cells that were not understood: named until the rows are purged.
INCOMPLETE = Q(kind=RowKind.WRITTEN) & ~Q(faults=[])


def header_key(header: str) -> str:
    """Digest by which a heading is remembered: in a table without headings it would be somebody's name."""
    return hashlib.sha256(header.encode()).hexdigest()[:16]


class Stopped(Exception):  # noqa: N818  # it is an answer, not an error
    """The import cannot go on; the message tells its user why."""


def worker_of(member_id: int) -> Membership:
    """The member a job acts for, as they are now.

    :raises Stopped: the membership, the login or the agency was closed, or the role may import no more
    """
    member = Membership.objects.select_related("user", "agency").get(pk=member_id)
    is_active = member.is_active and member.user.is_active and member.agency.is_active
    if not (is_active and member.may(Permission.IMPORT_CASES)):
        raise Stopped("Der Zugang, mit dem die Datei hochgeladen wurde, darf keine Fälle mehr einlesen.")
    return member


def interpret(batch: ImportBatch) -> tuple[Sheet, dict[int, Row]]:
    """The table of the file, and its rows by number. Raises Stopped."""
    try:
        sheet = reader.read(bytes(batch.file.content), batch.filename, batch.file.sheet)
        columns = {
            column: batch.mapping[key]
            for column, header in enumerate(sheet.headers)
            if (key := header_key(header)) in batch.mapping
        }
        return sheet, {row.number: row for row in rows.interpret(sheet, columns)}
    except ImportFile.DoesNotExist as error:
        raise Stopped("Die Datei wurde inzwischen gelöscht.") from error
    except ValueError as error:
        raise Stopped(str(error)) from error


def move(batch: ImportBatch, rows_done: int) -> None:
    """Show that the job got further."""
    ImportBatch.objects.filter(pk=batch.pk).update(done=F("done") + rows_done, moved_at=timezone.now())


def count(batch: ImportBatch) -> dict[str, int]:
    """Rows by kind."""
    found = ImportRow.objects.filter(batch=batch).order_by().values_list("kind")
    return dict(found.annotate(n=Count("pk")))


def finish(batch: ImportBatch, state: ImportState, *, by: Membership, message: str = "") -> None:
    """End an import: counts stay, file and rows go, except the rows with something left to do."""
    counts: dict[str, Any] = count(batch)
    ImportBatch.objects.filter(pk=batch.pk).update(
        state=state, message=message, counts=counts, finished_at=timezone.now(), moved_at=timezone.now()
    )
    file = ImportFile.objects.filter(batch=batch)
    if any(counts.get(kind) for kind in RETURNED):
        file.update(content=b"", samples=[], suggestions={})  # the headings go back with the rows
    else:
        file.delete()
    ImportRow.objects.filter(batch=batch).exclude(kind__in=RETURNED).exclude(INCOMPLETE).delete()
    audit.record(f"import.{state}", batch, by=by, **counts)


def stop(batch_id: UUID | str, member_id: int, message: str) -> None:
    """End an import that cannot go on.

    Acts as its uploader even where the access is closed by now: nobody else could delete the file.
    """
    member = Membership.objects.select_related("user", "agency").get(pk=member_id)
    with access.acting(member):
        batch = ImportBatch.objects.filter(pk=batch_id).first()
        if batch and batch.is_running:
            finish(batch, ImportState.FAILED, by=member, message=message[:300])
