"""One member's copy of the minutes in words and rows, the same for the page and the paper."""

from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.access.minutes import Entry, MinutesCopy
from agencies.roundtable.enums import CommitmentState, ItemKind, ItemState, Reply

Row = tuple[str, ...]


@dataclass(frozen=True)
class Resolved:
    """A decision, numbered within the minutes ("3.1"), and the rows of what was promised with it."""

    number: str
    text: str
    promises: list[Row]


@dataclass(frozen=True)
class Point:
    """One item of the agenda; ``name`` and the texts behind the curtain only where the reader may."""

    heading: str
    meta: str
    name: str
    case_id: UUID | None
    question: str
    asks: list[Row]
    summary: str
    notes: str
    is_covered: bool
    decisions: list[Resolved]
    promises: list[Row]

    @property
    def is_bare(self) -> bool:
        """Whether there is nothing to say but what became of it."""
        texts = (self.name, self.question, self.asks, self.summary, self.notes, self.is_covered)
        return not any((*texts, self.decisions, self.promises))


@dataclass(frozen=True)
class Layout:
    """The whole copy. ``facts`` and ``attendance`` are rows of plain words."""

    copy: MinutesCopy
    title: str
    table: str
    recipient: str
    version: str
    fingerprint: str
    facts: list[Row]
    attendance: list[Row]
    points: list[Point]
    warning: str = ""
    addenda: list[Row] = field(default_factory=list)


def lay_out(copy: MinutesCopy) -> Layout:
    """Put a copy into words; nothing is added that the copy does not hold."""
    record, minutes, member = copy.record, copy.minutes, copy.member
    return Layout(
        copy=copy,
        title=_("Protokoll Nr. {number}").format(number=minutes.number),
        table=record["table"],
        recipient=f"{member.name}, {member.agency.name}",
        version=_version(copy),
        fingerprint=_("Prüfsumme {short}").format(short=_grouped(minutes.sha256[:16])),
        facts=_facts(record),
        attendance=_attendance(record["attendance"]),
        points=[_point(entry) for entry in copy.entries],
        warning=_warning(copy),
        addenda=[
            (
                _("{name}, {agency}, am {when}").format(
                    name=row.by.name,
                    agency=row.agency.name,
                    when=date_format(timezone.localtime(row.at), "d.m.Y, H:i"),
                ),
                row.text,
                _grouped(row.sha256[:16]),
            )
            for row in copy.addenda
        ],
    )


def _version(copy: MinutesCopy) -> str:
    when = date_format(timezone.localtime(copy.minutes.at), "d.m.Y, H:i")
    n = len(copy.addenda)
    if not n:
        return _("Fassung vom {when} Uhr").format(when=when)
    counted = ngettext("mit %d Nachtrag", "mit %d Nachträgen", n) % n
    return _("Fassung vom {when} Uhr, {counted}").format(when=when, counted=counted)


def _warning(copy: MinutesCopy) -> str:
    if not copy.is_confidential:
        return ""
    return _(
        "Diese Ausfertigung enthält Sozialdaten (§ 35 SGB I), die andere am Tisch nicht sehen. "
        "Geben Sie sie nicht weiter."
    )


def _facts(record: dict[str, Any]) -> list[Row]:
    where = [record["place"], _("Videokonferenz") if record["is_remote"] else ""]
    moderator = record["moderator"]
    return [
        (_("Sitzung"), _span(record["opened_at"], record["closed_at"], day=True)),
        (_("Ort"), ", ".join(part for part in where if part) or "–"),
        (_("Moderation"), f"{moderator['name']}, {moderator['agency']}"),
    ]


def _attendance(people: list[dict[str, Any]]) -> list[Row]:
    """Agency, who was there, who was not."""
    rows: list[Row] = []
    for agency, group in groupby(people, key=lambda person: person["agency"]):
        members = list(group)
        there = [person["name"] for person in members if person["present"]]
        away = [_absent(person) for person in members if not person["present"]]
        rows.append((agency, ", ".join(there) or "–", ", ".join(away) or "–"))
    return rows


def _absent(person: dict[str, Any]) -> str:
    if person["reply"] == Reply.DECLINED:
        return _("{name} (abgesagt)").format(name=person["name"])
    return str(person["name"])


def _point(entry: Entry) -> Point:
    row = entry.record
    return Point(
        heading=f"{row['number']}. {row['label']}",
        meta=_meta(row),
        name=entry.name,
        case_id=entry.case_id,
        question=row["question"],
        asks=[(ask["agency"], ask["what"]) for ask in row["asks"]],
        summary=entry.summary,
        notes=entry.notes,
        is_covered=entry.is_covered,
        decisions=[
            Resolved(f"{row['number']}.{n}", one["text"], [_promise(given) for given in one["commitments"]])
            for n, one in enumerate(row["decisions"], 1)
        ],
        promises=[
            (*_promise(given), str(CommitmentState(given["state"]).label)) for given in row["promises"]
        ],
    )


def _meta(row: dict[str, Any]) -> str:
    """When it was called, who brought it, what became of it; the open tasks stand there by themselves."""
    if row["kind"] == ItemKind.COMMITMENTS and not row["promises"]:
        return _("Aus früheren Sitzungen war nichts offen.")
    if row["kind"] == ItemKind.COMMITMENTS:
        return _("Aus früheren Sitzungen, mit dem Stand am Ende der Sitzung")
    parts = [
        _span(row["called_at"], row["left_at"]) if row["called_at"] else _("nicht aufgerufen"),
        _("eingebracht von {agency}").format(agency=row["proposed_by"]) if row["proposed_by"] else "",
        str(ItemState(row["state"]).label),
    ]
    return " · ".join(part for part in parts if part)


def _promise(given: dict[str, str]) -> Row:
    who = f"{given['agency']}, {given['person']}" if given["person"] else given["agency"]
    due = date_format(date.fromisoformat(given["due_on"]), "d.m.Y")
    return (who, given["what"], given["done_when"], due)


def _span(begin: str, end: str | None, *, day: bool = False) -> str:
    start = _local(begin)
    until = f"–{_local(end):%H:%M}" if end else ""
    return (f"{start:%d.%m.%Y}, " if day else "") + _("{times} Uhr").format(times=f"{start:%H:%M}{until}")


def _local(moment: str) -> datetime:
    """As written: the offset is the county's."""
    return datetime.fromisoformat(moment)


def _grouped(digits: str) -> str:
    return " ".join(digits[n : n + 4] for n in range(0, len(digits), 4))
