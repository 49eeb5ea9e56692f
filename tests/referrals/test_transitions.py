"""Every act in every state by every side: the whole matrix, tried out."""

import pytest
from django.db import transaction

from agencies import access
from agencies.errors import Conflict, Refused
from agencies.referrals.enums import Act, Side, State
from agencies.referrals.models import Referral
from agencies.referrals.options import possible_acts
from agencies.roles import Role
from tests.referrals.loop import ACTS, Loop

UNANSWERED = "ask accept decline propose_reroute take_on assign remark"
UNDER_WAY = "record_outcome drop_out take_on assign remark"
#: state: what the sender may do | what the recipient may do.
ALLOWED = {
    State.DRAFT: ("revise discard send", ""),
    State.SENT: ("withdraw remark", f"receive {UNANSWERED}"),
    State.RECEIVED: ("withdraw remark", UNANSWERED),
    State.QUESTION: ("answer withdraw remark", UNANSWERED),
    State.ACCEPTED: ("withdraw remark", f"start {UNDER_WAY}"),
    State.STARTED: ("withdraw remark", UNDER_WAY),
    State.OUTCOME: ("close reopen remark", "record_outcome remark"),
    State.CLOSED: ("reopen offer_next", ""),
    State.DECLINED: ("park offer_next close", ""),
    State.REROUTED: ("", ""),
    State.WITHDRAWN: ("offer_next", ""),
    State.EXPIRED: ("offer_next close", ""),
    State.DROPPED_OUT: ("close reopen remark", "record_outcome remark"),
}
#: ``receive`` does nothing where it does not fit, so it is not tried; expiry is the clock's.
TRIED = [act for act in ACTS if act not in {Act.RECEIVE, Act.EXPIRE}]


def works(loop: Loop, act: Act, referral: Referral, side: Side) -> bool:
    """Whether an act goes through; nothing of it stays."""
    try:
        with transaction.atomic():
            loop.do(act, referral, loop.member(side))
            transaction.set_rollback(True)
    except (Refused, Conflict):
        return False
    return True


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("state", State)
def test_acts_of_a_state(loop: Loop, state: State, side: Side) -> None:
    allowed = set(map(Act, ALLOWED[state][list(Side).index(side)].split()))
    referral = loop.at(state)
    assert {act for act in TRIED if works(loop, act, referral, side)} == allowed - {Act.RECEIVE}
    with access.acting(loop.member(side)):
        assert set(possible_acts(referral, loop.member(side))) == allowed


@pytest.mark.parametrize("state", State)
def test_third_agency_can_do_nothing(loop: Loop, state: State) -> None:
    referral = loop.at(state)
    for act in TRIED:
        with pytest.raises((Refused, Conflict)):
            loop.do(act, referral, loop.stranger)


def test_states_are_reached(loop: Loop) -> None:
    """The builder of these tests really ends where it says."""
    for state in State:
        referral = loop.at(state, categories=["identity"])
        assert referral.state == state
        if referral.is_open:
            # One open referral per purpose and in-box: make room for the next.
            closing = referral.state in {State.OUTCOME, State.DROPPED_OUT}
            loop.do(Act.CLOSE if closing else Act.WITHDRAW, referral, loop.sender)


def test_proposal_waits_for_the_sender(loop: Loop) -> None:
    referral = loop.at(State.RECEIVED)
    proposed = loop.do(Act.PROPOSE_REROUTE, referral, loop.recipient)
    assert proposed.turn == Side.SENDER
    allowed = {act for act in TRIED if works(loop, act, proposed, Side.SENDER)}
    assert allowed == {Act.CONFIRM_REROUTE, Act.REJECT_REROUTE, Act.WITHDRAW, Act.REMARK}
    kept = loop.do(Act.REJECT_REROUTE, proposed, loop.sender)
    assert (kept.state, kept.turn) == (State.RECEIVED, Side.RECIPIENT)


def test_role_limits_acts(loop: Loop) -> None:
    """A specialist answers but does not distribute; a clerk of the sender writes no referrals."""
    referral = loop.at(State.RECEIVED)
    assert Act.ASSIGN not in possible_acts(referral, loop.colleague)
    with pytest.raises(Refused, match="Rolle"):
        loop.do(Act.ASSIGN, referral, loop.colleague)
    clerk = loop.county.member("jobcenter", Role.SACHBEARBEITUNG)
    assert Act.WITHDRAW not in possible_acts(referral, clerk)
    with pytest.raises(Refused, match="Rolle"):
        loop.do(Act.WITHDRAW, referral, clerk)


def test_receive_is_the_first_opening_by_the_recipient(loop: Loop) -> None:
    referral = loop.at(State.SENT)
    assert loop.do(Act.RECEIVE, referral, loop.sender).state == State.SENT
    received = loop.do(Act.RECEIVE, referral, loop.recipient)
    assert received.state == State.RECEIVED
    assert loop.do(Act.RECEIVE, received, loop.colleague).version == received.version
