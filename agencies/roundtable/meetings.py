"""Acts on tables and meetings: found, plan, invite, start, take over, come and go, close."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import audit
from agencies.errors import Refused
from agencies.models import Agency, Membership
from agencies.roundtable import mails, minuting
from agencies.roundtable.enums import CommitmentState, ItemKind, ItemState, MeetingState, Reply
from agencies.roundtable.models import Commitment, Item, Meeting, Participant, RoundTable, Seat
from agencies.roundtable.writing import changing, finish, must

BEFORE = (MeetingState.DRAFT, MeetingState.INVITED)


@transaction.atomic
def found(*, by: Membership, agencies: Iterable[Agency], **fields: Any) -> RoundTable:
    """Set up a table; the founder's agency always has a seat, the founder moderates."""
    table = RoundTable.objects.create(moderator=by, **fields)
    seat(table, agencies={by.agency, *agencies}, by=by)
    audit.record("table.found", table, by=by)
    return table


@transaction.atomic
def seat(table: RoundTable, *, agencies: Iterable[Agency], by: Membership) -> None:
    """Give exactly these agencies a seat; the moderator's keeps its own."""
    wanted = {agency.pk for agency in agencies} | {table.moderator.agency_id}
    leaving = table.seats.exclude(agency__in=wanted)
    owing = Commitment.objects.filter(table=table, state=CommitmentState.OPEN, agency__seats__in=leaving)
    if owes := owing.select_related("agency").order_by("agency__name").first():
        raise Refused(
            _("{agency} hat an diesem Tisch noch offene Aufgaben und behält deshalb den Platz.").format(
                agency=owes.agency.short_name
            )
        )
    leaving.delete()
    there = set(table.seats.values_list("agency_id", flat=True))
    Seat.objects.bulk_create(Seat(table=table, agency_id=pk) for pk in sorted(wanted - there))
    audit.record("table.seat", table, by=by, agencies=sorted(wanted))


@transaction.atomic
def change(table: RoundTable, *, by: Membership, agencies: Iterable[Agency], **fields: Any) -> None:
    """Change name, rhythm, place and seats of a table; what was held at it stays."""
    row = RoundTable.objects.select_for_update(of=("self",)).get(pk=table.pk)
    for name, value in fields.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()
    seat(row, agencies=agencies, by=by)
    audit.record("table.change", row, by=by)


@transaction.atomic
def plan(
    table: RoundTable, *, by: Membership, starts_at: datetime, place: str = "", video_link: str = ""
) -> Meeting:
    """Plan a meeting; unfinished commitments open its agenda, what was deferred stands in the backlog."""
    meeting = Meeting(
        table=table,
        moderator=by,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=table.duration),
        place=place or table.place,
        video_link=video_link or table.video_link,
    )
    meeting.full_clean()
    meeting.save(force_insert=True)
    Item.objects.create(
        table=table,
        meeting=meeting,
        kind=ItemKind.COMMITMENTS,
        state=ItemState.PLANNED,
        title=_("Offene Aufgaben"),
        minutes=5,
    )
    Participant.objects.create(meeting=meeting, member=by, reply=Reply.ACCEPTED)
    audit.record("meeting.plan", meeting, by=by)
    return meeting


def invite(meeting: Meeting, *, members: Iterable[Membership], by: Membership) -> list[Participant]:
    """Invite these people too; returns who is new. Only people of agencies with a seat."""
    with changing(meeting) as now:
        must(now.state in (*BEFORE, MeetingState.RUNNING), _("Die Sitzung ist schon beendet."))
        seats = set(now.table.seats.values_list("agency_id", flat=True))
        there = set(now.participants.values_list("member_id", flat=True))
        people = [member for member in members if member.pk not in there]
        if any(member.agency_id not in seats for member in people):
            raise Refused(_("Eingeladen werden kann nur, wessen Stelle an diesem Tisch sitzt."))
        is_first = now.state == MeetingState.DRAFT
        if is_first:
            now.state = MeetingState.INVITED
        audit.record("meeting.invite", now, by=by, members=sorted(member.pk for member in people))
        made = Participant.objects.bulk_create(Participant(meeting=now, member=member) for member in people)
        mails.tell_invited(now, list(now.participants.all()) if is_first else made)
        return made


def move(
    meeting: Meeting, *, by: Membership, starts_at: datetime, ends_at: datetime, place: str, video_link: str
) -> None:
    """Another time or place: calendars get the newer invitation, everybody answers anew."""
    with changing(meeting) as now:
        must(now.state in BEFORE, _("Die Sitzung hat schon begonnen oder ist abgesagt."))
        now.starts_at, now.ends_at, now.place, now.video_link = starts_at, ends_at, place, video_link
        now.full_clean()
        now.sequence += 1
        now.participants.exclude(member=by).update(reply=Reply.NONE)
        audit.record("meeting.move", now, by=by)
        if now.state == MeetingState.INVITED:
            mails.tell_invited(now, list(now.participants.all()))


def cancel(meeting: Meeting, *, by: Membership) -> None:
    """Call it off; its items go back to the backlog."""
    with changing(meeting) as now:
        must(now.state in BEFORE, _("Die Sitzung hat schon begonnen oder ist schon abgesagt."))
        was_invited = now.state == MeetingState.INVITED
        now.state, now.sequence = MeetingState.CANCELLED, now.sequence + 1
        now.items.exclude(kind=ItemKind.COMMITMENTS).update(
            meeting=None, pseudonym="", state=ItemState.PROPOSED
        )
        audit.record("meeting.cancel", now, by=by)
        if was_invited:
            mails.tell_invited(now, list(now.participants.all()))


def reply(meeting: Meeting, answer: Reply, *, by: Membership) -> None:
    """Accept or decline one's own invitation."""
    with changing(meeting) as now:
        if not now.participants.filter(member=by).update(reply=answer):
            raise Refused(_("Sie sind zu dieser Sitzung nicht eingeladen."))
        audit.record("meeting.reply", now, by=by, answer=answer)


def start(meeting: Meeting, *, by: Membership) -> None:
    """Open the meeting; whoever starts it is there."""
    with changing(meeting) as now:
        must(now.state in BEFORE, _("Die Sitzung läuft schon oder ist beendet."))
        if Meeting.objects.filter(table=now.table_id, state=MeetingState.RUNNING).exists():
            raise Refused(_("An diesem Tisch läuft noch eine andere Sitzung. Schließen Sie diese zuerst."))
        now.state, now.opened_at = MeetingState.RUNNING, timezone.now()
        _come(now, by)
        audit.record("meeting.start", now, by=by)


def take_over(meeting: Meeting, *, by: Membership) -> None:
    """Moderate from now on: somebody else may, when the moderator's machine has died."""
    with changing(meeting) as now:
        must(now.state in (*BEFORE, MeetingState.RUNNING), _("Die Sitzung ist schon beendet."))
        now.moderator = by
        if now.state == MeetingState.RUNNING:
            _come(now, by)
        audit.record("meeting.take_over", now, by=by)


def come(meeting: Meeting, *, by: Membership) -> None:
    """Take one's place: from now on the curtain opens for this person as far as it may."""
    with changing(meeting) as now:
        must(now.state == MeetingState.RUNNING, _("Die Sitzung läuft nicht."))
        if not now.participants.filter(member=by).exists():
            raise Refused(_("Sie sind zu dieser Sitzung nicht eingeladen. Die Moderation kann Sie einladen."))
        _come(now, by)
        audit.record("meeting.come", now, by=by)


def go(meeting: Meeting, *, by: Membership, member: Membership | None = None) -> None:
    """Leave, or (the moderator) mark somebody as gone: the curtain closes at once."""
    with changing(meeting) as now:
        if by.pk not in (now.moderator_id, (member or by).pk):
            raise Refused(_("Dass jemand gegangen ist, sagt die Person selbst oder die Moderation."))
        now.participants.filter(member=member or by).update(present_since=None)
        audit.record("meeting.go", now, by=by, member=(member or by).pk)


@transaction.atomic
def close(meeting: Meeting, *, by: Membership) -> None:
    """End it: the curtain closes, nobody is present, the minutes are locked, the deferred waits anew."""
    with changing(meeting) as now:
        must(now.state == MeetingState.RUNNING, _("Die Sitzung läuft nicht mehr."))
        finish(now)
        now.state, now.closed_at = MeetingState.CLOSED, timezone.now()
        now.participants.update(present_since=None)
        now.items.filter(state=ItemState.PLANNED, kind=ItemKind.COMMITMENTS).update(state=ItemState.DONE)
        now.items.filter(state=ItemState.PLANNED).update(state=ItemState.DEFERRED)
        audit.record("meeting.close", now, by=by)
    minuting.lock(now, by=by)


def _come(meeting: Meeting, member: Membership) -> None:
    Participant.objects.update_or_create(
        meeting=meeting,
        member=member,
        defaults={"present_since": timezone.now(), "was_present": True, "reply": Reply.ACCEPTED},
    )
