"""Acts while the table speaks: curtain, calling items, texts, decisions and the commitments they make."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from uuid import UUID

from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies import audit
from agencies.errors import Conflict, Refused
from agencies.models import Agency, Membership
from agencies.roundtable.enums import CommitmentAct, CurtainLevel, ItemState, MeetingState, TextKind
from agencies.roundtable.models import (
    Commitment,
    CommitmentEvent,
    Curtain,
    CurtainRequest,
    Decision,
    Item,
    ItemText,
    Meeting,
)
from agencies.roundtable.writing import changing, finish, must

NOT_RUNNING = gettext_lazy("Die Sitzung läuft nicht.")
GONE = gettext_lazy("Der Punkt steht nicht mehr auf dieser Tagesordnung.")
CLOSED_TO_YOU = gettext_lazy("Der Text ist für Sie nicht mehr offen.")


class TextConflict(Conflict):
    """Somebody else has saved this text meanwhile; ``now`` is theirs, the user's own must not be lost."""

    def __init__(self, now: ItemText) -> None:
        super().__init__(
            _("{who} hat den Text inzwischen geändert. Unten stehen beide Fassungen.").format(
                who=now.author.name
            )
        )
        self.now = now


def set_curtain(item: Item, *, agency: Agency, level: CurtainLevel, by: Membership) -> None:
    """Decide how far the curtain opens for an agency (the lead's act); answers its request, if any.

    Others than bodies of § 35 SGB I see the summary at most (§ 79 SGB X).
    """
    if not agency.may_browse and level.reach > CurtainLevel.SUMMARY.reach:
        raise Refused(
            _("Diese Stelle darf nicht in Fälle sehen (§ 79 SGB X): höchstens die Zusammenfassung.")
        )
    with _writing(item):
        Curtain.objects.update_or_create(
            item=item,
            agency=agency,
            defaults={"level": level, "decided_by": by, "decided_at": timezone.now()},
        )
        item.requests.filter(agency=agency, answered_at=None).update(answered_at=timezone.now())
        audit.record("curtain.set", item, by=by, to=agency.pk, level=level)


def ask_for(item: Item, *, level: CurtainLevel, reason: str, by: Membership) -> CurtainRequest:
    """Ask the lead to let one's own agency see more; once at a time."""
    with _writing(item):
        if item.requests.filter(agency=by.agency_id, answered_at=None).exists():
            raise Refused(
                _("Ihre Stelle hat schon gefragt; die federführende Stelle hat noch nicht geantwortet.")
            )
        request = CurtainRequest.objects.create(
            item=item, agency=by.agency, level=level, reason=reason, by=by, at=timezone.now()
        )
        audit.record("curtain.ask", item, by=by, level=level)
        return request


def call(meeting: Meeting, item: Item, *, by: Membership, seen: UUID | None) -> None:
    """Call an item, leaving the one before (``seen``: which one the moderator saw as current)."""
    with changing(meeting) as now:
        must(now.state == MeetingState.RUNNING, NOT_RUNNING)
        must(now.current_item_id == seen, _("Inzwischen wurde ein anderer Punkt aufgerufen."))
        row = now.items.filter(pk=item.pk).first()
        must(row is not None, _("Der Punkt wurde inzwischen von der Tagesordnung genommen."))
        finish(now)
        now.current_item, now.current_since = row, timezone.now()
        now.items.filter(pk=item.pk, called_at=None).update(called_at=now.current_since)
        audit.record("item.call", item, by=by)


def leave(meeting: Meeting, *, by: Membership, seen: UUID | None, deferred: bool = False) -> None:
    """End the current item; its curtain closes. Deferred ones come back to the backlog on closing."""
    with changing(meeting) as now:
        must(now.current_item_id == seen and seen is not None, _("Der Punkt ist schon beendet."))
        finish(now, ItemState.DEFERRED if deferred else ItemState.DONE)
        audit.record("item.leave", now, by=by, item=str(seen))


def write(item: Item, kind: TextKind, text: str, *, by: Membership, expected: int) -> ItemText:
    """Save summary or notes over version ``expected`` (0: there was none).

    :raises TextConflict: somebody has saved since; nothing is overwritten
    """
    with _writing(item) as meeting:
        over = meeting is not None and meeting.state in (MeetingState.CLOSED, MeetingState.CANCELLED)
        must(not over, _("Die Sitzung ist schon beendet."))
        now = ItemText.objects.select_for_update(of=("self",)).filter(item=item, kind=kind).first()
        if now is None and expected == 0:
            now = _first(item, kind, text, by)
        elif now is None:
            raise Conflict(CLOSED_TO_YOU)
        elif now.text == text:
            return now
        elif now.version != expected:
            raise TextConflict(now)
        else:
            now.text, now.author, now.at, now.version = text, by, timezone.now(), now.version + 1
            now.save(update_fields=["text", "author", "at", "version"])
        audit.record("text.write", item, by=by, kind=kind, version=now.version)
        return now


def decide(item: Item, *, text: str, by: Membership) -> Decision:
    """Record what the table decided on the item; everyone at the table reads it."""
    with _writing(item) as meeting:
        must(meeting is not None and meeting.state == MeetingState.RUNNING, NOT_RUNNING)
        decision = Decision.objects.create(item=item, text=text, by=by, at=timezone.now())
        audit.record("decision.make", decision, by=by)
        return decision


def commit(
    decision: Decision, *, by: Membership, agency: Agency, what: str, done_when: str, due_on: date,
    person: Membership | None = None,
) -> Commitment:  # fmt: skip
    """An agency promises something: by when, and what counts as done."""
    item = decision.item
    if not item.table.seats.filter(agency=agency).exists():
        raise Refused(_("Zusagen kann nur eine Stelle, die an diesem Tisch sitzt."))
    if due_on < timezone.localdate():
        raise Refused(_("Die Frist liegt in der Vergangenheit."))
    if person and person.agency_id != agency.pk:
        raise Refused(_("Diese Person gehört nicht zur zusagenden Stelle."))
    with _writing(item) as meeting:
        must(meeting is not None and meeting.state == MeetingState.RUNNING, NOT_RUNNING)
        made = Commitment.objects.create(
            decision=decision,
            table=item.table,
            agency=agency,
            person=person,
            what=what,
            done_when=done_when,
            due_on=due_on,
            first_due_on=due_on,
            made_at=timezone.now(),
        )
        CommitmentEvent.objects.create(
            commitment=made, act=CommitmentAct.MADE, text=what[:500], due_on=due_on, by=by, at=made.made_at
        )
        audit.record("commitment.make", made, by=by, to=agency.pk)
        return made


def _first(item: Item, kind: TextKind, text: str, by: Membership) -> ItemText:
    """The text while there is none; the curtain may be closed by now, or hide a former lead's text."""
    try:
        with transaction.atomic():
            return ItemText.objects.create(item=item, kind=kind, text=text, author=by, at=timezone.now())
    except (ProgrammingError, IntegrityError) as error:
        raise Conflict(CLOSED_TO_YOU) from error


@contextmanager
def _writing(item: Item) -> Iterator[Meeting | None]:
    """The write of an item: of its meeting where it has one, else with the item locked."""
    if item.meeting:
        with changing(item.meeting) as now:
            must(now.items.filter(pk=item.pk).exists(), GONE)
            yield now
    else:
        with transaction.atomic():
            rows = Item.objects.select_for_update(of=("self",))
            must(rows.filter(pk=item.pk, meeting=None).exists(), GONE)
            yield None
