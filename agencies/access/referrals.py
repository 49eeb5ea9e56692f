"""Which referrals a member sees, from which side, and what was released with them."""

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from agencies.access import reading
from agencies.access.acting import require
from agencies.access.cases import FRAME, grants_of
from agencies.enums import Category, Level
from agencies.models import Membership, ReadLog
from agencies.referrals import clocks, options, presenting, states
from agencies.referrals.enums import Act, Side
from agencies.referrals.models import Referral, Snapshot
from agencies.roles import Permission

REFERRAL_NAMES = ("sender", "sender_team", "recipient", "recipient_team", "proposed_agency", "disclosure")
REFERRAL_PEOPLE = ("sender_member__user", "assigned_to__user")


def referrals(member: Membership, box: str = "in") -> QuerySet[Referral]:
    """The member's in-box ("in") or out-box ("out", drafts too), for filtering and sorting.

    Never join ``case``: for agencies that may not browse it is hidden, and the row would vanish. Names
    of persons come from ``name_referrals``, page by page.
    """
    require(member, Permission.VIEW_CASES)
    rows = Referral.objects.select_related(*REFERRAL_NAMES, *REFERRAL_PEOPLE)
    if box == "out":
        return rows.filter(_sending(member))
    return rows.filter(recipient_group_id__in=member.group_ids, sent_at__isnull=False)


def referral_count(member: Membership) -> int:
    """New in the in-box, as many as box and start page show (one query); 0 for who may not answer."""
    if not (member.may(Permission.VIEW_CASES) and member.may(Permission.ANSWER_REFERRALS)):
        return 0
    return Referral.objects.filter(recipient_group_id__in=member.group_ids).new().count()


def referral(
    member: Membership, pk: UUID, *, act: Act | None = None, side: Side | None = None, named: bool = False
) -> Referral:
    """One referral with ``.side`` and ``.may_acts`` (what the member may do now); logged in one line.

    :param named: with ``.person`` as well, "" where the name is hidden
    :param act: what is to be done: ``PermissionDenied`` if this role or side may never do it; whether the
        state allows it is for the action to say (``Refused`` or ``Conflict``)
    :param side: the only side that may be here
    :raises Http404: neither sender nor recipient, or a draft of the other side
    """
    found = _fetched(member, pk, act, side)
    if named:
        found.person = presenting.names_of([found]).get(found.pk, "")
    _log(member, found, [Category.IDENTITY] if named and found.person else [])
    return found


def open_referral(member: Membership, pk: UUID, *, act: Act | None = None) -> Referral:
    """One referral as its page shows it: with ``.person`` and ``.released``, what it opens to the member.

    The parts are those the sender saw before sending. One view is one line in the read log.
    """
    found = _fetched(member, pk, act)
    found.released = _released(member, found)
    hidden = found.released.must_acknowledge
    found.person = "" if hidden else presenting.names_of([found]).get(found.pk, "")
    shown = {part.category for part in found.released.parts}
    shown |= {Category.IDENTITY} if found.person else set()
    is_copy = found.released.parts and found.released.taken_at
    surface = ReadLog.Surface.SNAPSHOT if is_copy else ReadLog.Surface.REFERRAL
    _log(member, found, [category for category in Category if category in shown], surface)
    return found


def _fetched(member: Membership, pk: UUID, act: Act | None, side: Side | None = None) -> Referral:
    if not member.may(Permission.VIEW_CASES):
        raise Http404
    mine = _sending(member) | Q(recipient_group_id__in=member.group_ids, sent_at__isnull=False)
    found = Referral.objects.select_related(*REFERRAL_NAMES, *REFERRAL_PEOPLE).filter(mine, pk=pk).first()
    own_side = options.side_of(found, member) if found else None
    if found is None or own_side is None:
        raise Http404
    found.side = own_side
    found.may_acts = options.possible_acts(found, member)
    if side and side != own_side:
        raise PermissionDenied
    if act and not any(m.side == own_side and member.may(m.needs) for m in states.needed(act)):
        raise PermissionDenied
    return found


def _log(
    member: Membership, found: Referral, shown: list[Category], surface: str = ReadLog.Surface.REFERRAL
) -> None:
    reading.log_read(member, [found.case_id], shown, surface=surface, disclosure=found.disclosure)


def _sending(member: Membership) -> Q:
    """Sent by the member's team, or by another of the agency whose case the member's team leads now."""
    led = Exists(
        grants_of(member).filter(content_object=OuterRef("case_id"), category=FRAME, level=Level.CHANGE)
    )
    return Q(sender_id=member.agency_id) & (Q(sender_group_id__in=member.group_ids) | Q(led))


def _released(member: Membership, referral: Referral) -> presenting.Released:
    snapshot = Snapshot.objects.filter(referral=referral).first()
    if options.side_of(referral, member) == Side.RECIPIENT:
        if not clocks.disclosure_is_active(referral):
            return presenting.Released(is_over=True)
        if snapshot and not snapshot.acknowledgements.filter(member=member).exists():
            return presenting.Released(taken_at=snapshot.taken_at, must_acknowledge=True)
    parts = presenting.frozen_parts(referral) if snapshot else presenting.preview_of(referral)
    return presenting.Released(parts, taken_at=snapshot.taken_at if snapshot else None)


def name_referrals(
    member: Membership, page: Iterable[Referral], *, surface: str = ReadLog.Surface.LIST
) -> list[Referral]:
    """Set ``.person`` ("" where it is hidden) on the rows of a page and log the names (3 queries)."""
    rows = list(page)
    names = presenting.names_of(rows)
    for row in rows:
        row.person = names.get(row.pk, "")
    named = {row.case_id for row in rows if row.person}
    reading.log_read(member, list(named), [Category.IDENTITY], surface=surface)
    return rows
