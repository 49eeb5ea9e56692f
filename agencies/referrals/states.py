"""Which act is possible in which state, by which side, with which permission: the loop as data."""

from dataclasses import dataclass

from agencies.referrals.enums import Act, Side, State
from agencies.roles import Permission

A, S = Act, State


@dataclass(frozen=True)
class Move:
    """One permitted act: the state it leads to (None: it stays), who may do it and with what right."""

    to: State | None
    side: Side
    needs: Permission


def _sender(to: State | None = None, needs: Permission = Permission.SEND_REFERRALS) -> Move:
    return Move(to, Side.SENDER, needs)


def _recipient(to: State | None = None, needs: Permission = Permission.ANSWER_REFERRALS) -> Move:
    return Move(to, Side.RECIPIENT, needs)


_ASSIGN = {A.TAKE_ON: _recipient(), A.ASSIGN: _recipient(needs=Permission.ASSIGN_REFERRALS)}
_UNANSWERED = {
    A.ASK: _recipient(S.QUESTION),
    A.ACCEPT: _recipient(S.ACCEPTED),
    A.DECLINE: _recipient(S.DECLINED),
    A.PROPOSE_REROUTE: _recipient(),
    A.CONFIRM_REROUTE: _sender(S.REROUTED),
    A.REJECT_REROUTE: _sender(),
    A.WITHDRAW: _sender(S.WITHDRAWN),
    **_ASSIGN,
}
_UNDER_WAY = {
    A.RECORD_OUTCOME: _recipient(S.OUTCOME),
    A.DROP_OUT: _recipient(S.DROPPED_OUT),
    A.WITHDRAW: _sender(S.WITHDRAWN),
    **_ASSIGN,
}
_OVER = {A.OFFER_NEXT: _sender()}

#: Remarks are possible for both sides from sending until the loop is over (``REMARK_STATES``); expiry,
#: reminders and escalation are the clock's.
TRANSITIONS: dict[State, dict[Act, Move]] = {
    S.DRAFT: {A.REVISE: _sender(), A.DISCARD: _sender(), A.SUBMIT: _sender(), A.SEND: _sender(S.SENT)},
    S.SENT: {A.RECEIVE: _recipient(S.RECEIVED), **_UNANSWERED},
    S.RECEIVED: _UNANSWERED,
    S.QUESTION: {A.ANSWER: _sender(S.RECEIVED), **_UNANSWERED},
    S.ACCEPTED: {A.START: _recipient(S.STARTED), **_UNDER_WAY},
    S.STARTED: _UNDER_WAY,
    S.OUTCOME: {
        A.CLOSE: _sender(S.CLOSED),
        A.REOPEN: _sender(S.ACCEPTED),
        A.RECORD_OUTCOME: _recipient(S.OUTCOME),
    },
    S.DROPPED_OUT: {
        A.CLOSE: _sender(S.CLOSED),
        A.REOPEN: _sender(S.ACCEPTED),
        A.RECORD_OUTCOME: _recipient(S.OUTCOME),
    },
    S.CLOSED: {A.REOPEN: _sender(S.ACCEPTED), **_OVER},
    S.DECLINED: {A.PARK: _sender(), A.CLOSE: _sender(S.CLOSED), **_OVER},
    S.REROUTED: _OVER,  # should the draft to the other agency be thrown away
    S.WITHDRAWN: _OVER,
    S.EXPIRED: {A.CLOSE: _sender(S.CLOSED), **_OVER},
}

REMARK_STATES = frozenset({S.SENT, S.RECEIVED, S.QUESTION, S.ACCEPTED, S.STARTED, S.OUTCOME, S.DROPPED_OUT})

#: Whose turn it is; nobody's in the states that are missing.
TURN: dict[State, Side] = {
    S.SENT: Side.RECIPIENT,
    S.RECEIVED: Side.RECIPIENT,
    S.QUESTION: Side.SENDER,
    S.ACCEPTED: Side.RECIPIENT,
    S.STARTED: Side.RECIPIENT,
    S.OUTCOME: Side.SENDER,
    S.DROPPED_OUT: Side.SENDER,
    S.DECLINED: Side.SENDER,
    S.REROUTED: Side.SENDER,
    S.EXPIRED: Side.SENDER,
}


def move(state: str, act: Act, side: Side | None) -> Move | None:
    """The move behind an act in a state for one side; None where it does not exist."""
    if act == Act.REMARK and side and State(state) in REMARK_STATES:
        needs = Permission.SEND_REFERRALS if side == Side.SENDER else Permission.ANSWER_REFERRALS
        return Move(None, side, needs)
    found = TRANSITIONS[State(state)].get(act)
    return found if found and found.side == side else None


def needed(act: Act) -> list[Move]:
    """The moves of an act in whatever state: who may do it at all."""
    if act == Act.REMARK:
        return [_sender(), _recipient()]
    return [moves[act] for moves in TRANSITIONS.values() if act in moves]
