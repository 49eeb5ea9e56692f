"""Acts on the agenda: propose, take, reject, order, defer; a case is a pseudonym from here on."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import audit
from agencies.cases.models import Case
from agencies.errors import Conflict, Refused
from agencies.models import Agency, Membership
from agencies.roundtable import pseudonyms
from agencies.roundtable.enums import ItemKind, ItemState, MeetingState, Trigger
from agencies.roundtable.models import Ask, Item, ItemCase, Meeting, RoundTable
from agencies.roundtable.writing import changing, must

FINISHED = (MeetingState.CLOSED, MeetingState.CANCELLED)


@transaction.atomic
def propose_case(
    table: RoundTable,
    case: Case,
    *,
    by: Membership,
    question: str,
    asks: Mapping[Agency, str] | None = None,
    trigger: Trigger = Trigger.BY_HAND,
    previous: Item | None = None,
) -> Item:
    """Put a case before the table, with the question and what is asked of whom; it waits in the backlog."""
    waiting = Item.objects.filter(table=table, subject__case=case, meeting=None)
    if waiting.filter(state=ItemState.PROPOSED).exists():
        raise Refused(_("Dieser Fall ist an diesem Tisch schon vorgeschlagen."))
    item = Item.objects.create(
        table=table,
        kind=ItemKind.CASE,
        question=question,
        trigger=trigger,
        proposed_by=by,
        proposed_agency=by.agency,
        previous=previous,
    )
    ItemCase.objects.create(item=item, case=case)
    Ask.objects.bulk_create(Ask(item=item, agency=agency, what=what) for agency, what in (asks or {}).items())
    audit.record("item.propose", item, by=by, case_id=case.pk)
    return item


def add_topic(meeting: Meeting, *, by: Membership, title: str, question: str = "", minutes: int = 10) -> Item:
    """A general point of the agenda, without a case."""
    with changing(meeting) as now:
        must(now.state not in FINISHED, _("Die Sitzung ist schon beendet."))
        item = Item.objects.create(
            table=now.table,
            meeting=now,
            kind=ItemKind.GENERAL,
            state=ItemState.PLANNED,
            position=_last(now) + 1,
            title=title,
            question=question,
            minutes=minutes,
            proposed_by=by,
            proposed_agency=by.agency,
        )
        audit.record("item.add", item, by=by)
        return item


def take(item: Item, *, meeting: Meeting, by: Membership) -> None:
    """Put a proposal on the agenda; a case gets a pseudonym that no other meeting knows."""
    with changing(meeting) as now:
        must(now.state not in FINISHED, _("Die Sitzung ist schon beendet."))
        row = _locked(item)
        must(row.meeting_id is None, _("Der Punkt steht schon auf einer Tagesordnung."))
        row.meeting, row.state, row.position = now, ItemState.PLANNED, _last(now) + 1
        if row.kind == ItemKind.CASE:
            row.pseudonym = pseudonyms.draw(now.items.values_list("pseudonym", flat=True))
        row.save()
        audit.record("item.take", row, by=by)


@transaction.atomic
def reject(item: Item, *, by: Membership) -> None:
    """Leave a proposal aside."""
    row = _locked(item)
    must(
        row.meeting_id is None and row.state != ItemState.REJECTED,
        _("Über den Vorschlag ist schon entschieden."),
    )
    row.state, row.rejected_at = ItemState.REJECTED, timezone.now()
    row.save()
    audit.record("item.reject", row, by=by)


def put_back(item: Item, *, by: Membership) -> None:
    """Take an item off the agenda again: its pseudonym ends; a topic is set aside with what was written."""
    meeting = _of(item)
    with changing(meeting) as now:
        row = _locked(item)
        must(row.meeting_id == now.pk, _("Der Punkt steht nicht mehr auf dieser Tagesordnung."))
        if now.current_item_id == row.pk:
            raise Refused(_("Der Punkt ist gerade aufgerufen. Beenden Sie ihn zuerst."))
        if row.state != ItemState.PLANNED:
            raise Refused(_("Dieser Punkt wurde schon aufgerufen; er bleibt im Protokoll."))
        if row.decisions.exists():
            raise Refused(_("Zu diesem Punkt gibt es einen Beschluss; er bleibt im Protokoll."))
        row.meeting, row.pseudonym = None, ""
        if row.kind == ItemKind.CASE:
            row.state = ItemState.PROPOSED
        else:
            row.state, row.rejected_at = ItemState.REJECTED, timezone.now()
        row.save()
        audit.record("item.put_back", item, by=by)


def order(meeting: Meeting, wanted: Sequence[UUID], *, by: Membership) -> None:
    """Set the order of the agenda; what is missing in ``wanted`` keeps its place behind the rest."""
    with changing(meeting) as now:
        must(now.state not in FINISHED, _("Die Sitzung ist schon beendet."))
        rows = list(now.items.order_by("position", "created_at"))
        place = {pk: number for number, pk in enumerate(wanted)}
        rows.sort(key=lambda row: (row.kind != ItemKind.COMMITMENTS, place.get(row.pk, len(place))))
        for number, row in enumerate(rows):
            row.position = number
        Item.objects.bulk_update(rows, ["position"])
        audit.record("item.order", now, by=by)


def shift(item: Item, step: int, *, by: Membership) -> None:
    """Move an item up (-1) or down (+1): the order by keyboard."""
    meeting = _of(item)
    keys = list(meeting.items.order_by("position", "created_at").values_list("pk", flat=True))
    here = keys.index(item.pk)
    there = min(max(here + step, 0), len(keys) - 1)
    keys.insert(there, keys.pop(here))
    order(meeting, keys, by=by)


def word(
    item: Item, *, by: Membership, question: str, minutes: int, title: str = "", asks: Mapping[Agency, str]
) -> None:
    """Change the question, the time box and what is asked of whom."""

    def write(row: Item) -> None:
        row.question, row.minutes = question, minutes
        row.title = "" if row.kind == ItemKind.CASE else title
        row.full_clean(exclude=["proposed_by", "proposed_agency"])
        row.save()
        row.asks.all().delete()
        Ask.objects.bulk_create(Ask(item=row, agency=agency, what=what) for agency, what in asks.items())
        audit.record("item.word", row, by=by)

    if item.meeting is None:
        with transaction.atomic():
            write(_locked(item))
    else:
        with changing(item.meeting) as now:
            must(now.state not in FINISHED, _("Die Sitzung ist schon beendet."))
            write(_locked(item))


def _of(item: Item) -> Meeting:
    if item.meeting is None:
        raise Conflict(_("Der Punkt steht nicht mehr auf dieser Tagesordnung."))
    return item.meeting


def _locked(item: Item) -> Item:
    """The item as it is now; somebody may have removed it meanwhile."""
    row = Item.objects.select_for_update(of=("self",)).filter(pk=item.pk).first()
    if row is None:
        raise Conflict(_("Der Punkt wurde inzwischen gelöscht."))
    return row


def _last(meeting: Meeting) -> int:
    return meeting.items.aggregate(last=Max("position"))["last"] or 0


def numbers(items: Iterable[Item]) -> dict[UUID, int]:
    """The number of each item on the agenda, from 1."""
    return {item.pk: number for number, item in enumerate(items, 1)}
