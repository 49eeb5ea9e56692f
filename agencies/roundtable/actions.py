"""All acts of the round table; each is atomic, audited, answers with ``Refused`` or ``Conflict``."""

from agencies.roundtable.agenda import add_topic, order, propose_case, put_back, reject, shift, take, word
from agencies.roundtable.meetings import (
    cancel,
    change,
    close,
    come,
    found,
    go,
    invite,
    move,
    plan,
    reply,
    seat,
    start,
    take_over,
)
from agencies.roundtable.minuting import amend
from agencies.roundtable.promises import end, extend
from agencies.roundtable.speaking import ask_for, call, commit, decide, leave, set_curtain, write

__all__ = [
    "add_topic",
    "amend",
    "ask_for",
    "call",
    "cancel",
    "change",
    "close",
    "come",
    "commit",
    "decide",
    "end",
    "extend",
    "found",
    "go",
    "invite",
    "leave",
    "move",
    "order",
    "plan",
    "propose_case",
    "put_back",
    "reject",
    "reply",
    "seat",
    "set_curtain",
    "shift",
    "start",
    "take",
    "take_over",
    "word",
    "write",
]
