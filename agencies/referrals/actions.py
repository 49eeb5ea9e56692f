"""All acts on referrals in one place; each is atomic, audited, and answers with ``Refused`` or ``Conflict``.

Every act takes ``by`` and, except receive, acknowledge and remark, ``seen``: the ``version`` that the user
was shown.
"""

from agencies.referrals.answering import (
    accept,
    acknowledge,
    ask,
    assign,
    decline,
    drop_out,
    propose_reroute,
    receive,
    record_outcome,
    start,
    take_on,
)
from agencies.referrals.closing import (
    answer,
    close,
    confirm_reroute,
    park,
    reject_reroute,
    remark,
    reopen,
    withdraw,
)
from agencies.referrals.sending import discard, draft, offer_next, revise, send, submit

__all__ = [
    "accept",
    "acknowledge",
    "answer",
    "ask",
    "assign",
    "close",
    "confirm_reroute",
    "decline",
    "discard",
    "draft",
    "drop_out",
    "offer_next",
    "park",
    "propose_reroute",
    "receive",
    "record_outcome",
    "reject_reroute",
    "remark",
    "reopen",
    "revise",
    "send",
    "start",
    "submit",
    "take_on",
    "withdraw",
]
