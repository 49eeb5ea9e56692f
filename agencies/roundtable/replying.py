"""Answers to invitations that come from outside the portal: by the personal link, or pasted from a mail."""

from dataclasses import dataclass
from uuid import UUID

from django.core import signing
from django.utils.translation import gettext as _

from agencies import audit
from agencies.errors import Conflict, Refused
from agencies.models import Membership
from agencies.roles import Permission
from agencies.roundtable.enums import MeetingState, Reply
from agencies.roundtable.models import Meeting, Participant
from agencies.roundtable.pasted import Pasted
from agencies.roundtable.writing import changing, must

SALT = "roundtable.answer"
OPEN = (MeetingState.INVITED, MeetingState.RUNNING)


@dataclass(frozen=True)
class Addressee:
    """Whom a personal link belongs to, and to which meeting it answers."""

    meeting: UUID
    member: Membership


def key(meeting: Meeting, member: Membership) -> str:
    """The signed part of a personal link: whoever has it may answer for this person, and do nothing else."""
    return signing.dumps([meeting.pk.hex, member.pk], salt=SALT)


def addressee(text: str) -> Addressee | None:
    """Whose link it is; None for a forged one, or if the person does not work there any more."""
    try:
        meeting, member = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        return None
    works = Membership.objects.filter(is_active=True, user__is_active=True, agency__is_active=True)
    found = works.select_related("user", "agency").filter(pk=member).first()
    if found is None or not found.may(Permission.JOIN_MEETINGS):
        return None
    return Addressee(UUID(meeting), found)


def answer(meeting: Meeting, member: Membership, said: Reply, *, sequence: int) -> None:
    """Answer by the personal link, to the time the person has seen (``sequence``)."""
    with changing(meeting) as now:
        must(now.state in OPEN, _("Die Sitzung ist abgesagt oder schon vorbei."))
        must(now.sequence == sequence, _("Der Termin wurde inzwischen geändert."))
        if not now.participants.filter(member=member).update(reply=said):
            raise Refused(_("Sie sind zu dieser Sitzung nicht mehr eingeladen."))
        audit.record("meeting.reply", now, by=member, answer=said, way="link")


def take_down(meeting: Meeting, pasted: Pasted, *, by: Membership) -> Participant:
    """Note the answer somebody has mailed: the moderator for everyone, others for themselves.

    :raises Refused: not invited, or not for ``by`` to note
    :raises Conflict: it answers an older invitation, or the meeting is over
    """
    with changing(meeting) as now:
        must(now.state in OPEN, _("Die Sitzung ist abgesagt oder schon vorbei."))
        people = now.participants.select_related("member__user", "member__agency")
        row = people.filter(member__user__email__iexact=pasted.address).first()
        if row is None:
            raise Refused(
                _("Unter der Adresse {address} ist niemand zu dieser Sitzung eingeladen.").format(
                    address=pasted.address[:100]
                )
            )
        if by.pk not in (now.moderator_id, row.member_id):
            raise Refused(_("Antworten anderer trägt die Moderation ein."))
        if pasted.sequence != now.sequence:
            raise Conflict(
                _("Die Antwort gilt einer älteren Einladung: Der Termin wurde inzwischen geändert.")
            )
        row.reply = pasted.answer
        row.save(update_fields=["reply"])
        audit.record("meeting.reply", now, by=by, answer=row.reply, member=row.member_id, way="pasted")
        return row
