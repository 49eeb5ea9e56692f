"""The public content of a meeting's minutes: what everyone at the table may read, pseudonyms only."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from agencies.models import Membership
from agencies.roundtable.enums import CommitmentState, ItemKind
from agencies.roundtable.models import Ask, Commitment, Decision, Item, Meeting, Participant

#: Rises when the shape of the record changes, so that old minutes are read as they were written.
FORMAT = 1


def build(meeting: Meeting) -> dict[str, Any]:
    """The record as JSON: table, times, place, who was there, the items in order and what came of them.

    Nothing in here says whose case an item is about; names are those of staff. The same number of queries
    for any number of items.
    """
    return {
        "format": FORMAT,
        "table": meeting.table.name,
        "starts_at": _time(meeting.starts_at),
        "ends_at": _time(meeting.ends_at),
        "opened_at": _time(meeting.opened_at),
        "closed_at": _time(meeting.closed_at),
        "place": meeting.place,
        "is_remote": bool(meeting.video_link),
        "moderator": _person(meeting.moderator),
        "attendance": [_attendance(row) for row in _participants(meeting)],
        "items": [_item(number, item, meeting) for number, item in enumerate(_items(meeting), 1)],
    }


def _participants(meeting: Meeting) -> QuerySet[Participant]:
    rows = meeting.participants.select_related("member__user", "member__agency")
    return rows.order_by("member__agency__name", "member__user__last_name", "member__user__first_name", "pk")


def _items(meeting: Meeting) -> QuerySet[Item]:
    rows = meeting.items.select_related("proposed_agency").order_by("position", "created_at")
    decided = "decisions__commitments"
    return rows.prefetch_related("asks__agency", f"{decided}__agency", f"{decided}__person__user")


def _attendance(row: Participant) -> dict[str, Any]:
    return {**_person(row.member), "present": row.was_present, "reply": row.reply}


def _person(member: Membership) -> dict[str, str]:
    return {"name": member.name, "agency": member.agency.name}


def _item(number: int, item: Item, meeting: Meeting) -> dict[str, Any]:
    return {
        "id": str(item.pk),
        "number": number,
        "kind": item.kind,
        "label": str(item),
        "question": item.question,
        "minutes": item.minutes,
        "state": item.state,
        "called_at": _time(item.called_at),
        "left_at": _time(item.left_at),
        "proposed_by": item.proposed_agency.name if item.proposed_agency else "",
        "asks": [_ask(ask) for ask in sorted(item.asks.all(), key=lambda ask: ask.agency.name)],
        "decisions": [_decision(decision) for decision in item.decisions.all()],
        "promises": _promises(meeting) if item.kind == ItemKind.COMMITMENTS else [],
    }


def _ask(ask: Ask) -> dict[str, str]:
    return {"agency": ask.agency.name, "what": ask.what}


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "text": decision.text,
        "at": _time(decision.at),
        "commitments": [_commitment(row) for row in decision.commitments.all()],
    }


def _promises(meeting: Meeting) -> list[dict[str, Any]]:
    """What earlier meetings had left open when this one began, and how it stood at the end."""
    unfinished = Q(state=CommitmentState.OPEN) | Q(ended_at__gte=meeting.opened_at)
    earlier = Commitment.objects.filter(unfinished, table=meeting.table_id, made_at__lt=meeting.opened_at)
    rows = earlier.select_related("agency", "person__user")
    return [{**_commitment(row), "state": row.state} for row in rows]


def _commitment(row: Commitment) -> dict[str, str]:
    return {
        "agency": row.agency.name,
        "person": row.person.name if row.person else "",
        "what": row.what,
        "done_when": row.done_when,
        "due_on": row.due_on.isoformat(),
    }


def _time(moment: datetime | None) -> str | None:
    """To the minute, in the county's time with its offset: the record stays what the clock showed."""
    return timezone.localtime(moment).isoformat(timespec="minutes") if moment else None
