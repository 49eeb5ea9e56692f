"""What a member may do with a referral now."""

from agencies.models import Membership
from agencies.referrals import recipients, states
from agencies.referrals.enums import Act, Side, State
from agencies.referrals.models import Referral


def side_of(referral: Referral, member: Membership) -> Side | None:
    """The side of a referral a member stands on; None for a third agency."""
    if member.agency_id == referral.sender_id:
        return Side.SENDER
    return Side.RECIPIENT if member.agency_id == referral.recipient_id else None


def possible_acts(referral: Referral, member: Membership) -> list[Act]:
    """What the member may do now, in the order of the vocabulary."""
    side = side_of(referral, member)
    moves = {act: states.move(referral.state, act, side) for act in Act}
    return [
        act for act, move in moves.items() if move and member.may(move.needs) and fits(referral, act, member)
    ]


def fits(referral: Referral, act: Act, member: Membership) -> bool:
    """What depends on more than the state: a proposal on the table, or what has happened already."""
    if act in {Act.CONFIRM_REROUTE, Act.REJECT_REROUTE}:
        return referral.proposed_agency_id is not None
    if act == Act.PROPOSE_REROUTE:
        return referral.proposed_agency_id is None
    if act == Act.SUBMIT:
        return not recipients.may_decide(member, referral.recipient)
    if act == Act.REOPEN:
        return referral.accepted_by_id is not None
    if act == Act.OFFER_NEXT and referral.state == State.REROUTED:
        return referral.followed_up_at is None
    return act != Act.TAKE_ON or referral.assigned_to_id != member.pk
