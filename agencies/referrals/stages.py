"""The way of a referral as a picture: the steps it has taken and will take, and its history in words."""

from dataclasses import dataclass
from typing import Any

from agencies.referrals import wording
from agencies.referrals.enums import Act, State
from agencies.referrals.models import Referral, ReferralEvent

S = State
USUAL_WAY = (S.SENT, S.RECEIVED, S.ACCEPTED, S.STARTED, S.OUTCOME, S.CLOSED)
#: Where a state that is not on the usual way branches off, and whether the way leads on from there.
BRANCHES = {
    S.QUESTION: (S.RECEIVED, True),
    S.DROPPED_OUT: (S.STARTED, False),
    S.DECLINED: (S.RECEIVED, False),
    S.REROUTED: (S.RECEIVED, False),
    S.WITHDRAWN: (S.SENT, False),
    S.EXPIRED: (S.SENT, False),
}


@dataclass(frozen=True)
class Stage:
    """One step of the picture."""

    label: str
    is_done: bool = False
    is_current: bool = False


def of(referral: Referral) -> list[Stage]:
    """The steps, with the current one marked; after an end without success nothing follows."""
    state = State(referral.state)
    branch, leads_on = BRANCHES.get(state, (state, True))
    if state == S.DROPPED_OUT:
        reached = [S.SENT, S.RECEIVED, S.ACCEPTED]
        ahead: list[State] = [S.CLOSED]
    elif state == S.CLOSED and referral.accepted_by_id is None:
        reached, ahead = [S.SENT], []
    else:
        place = USUAL_WAY.index(branch)
        reached = list(USUAL_WAY[: place + (state != branch)])
        ahead = list(USUAL_WAY[place + 1 :]) if leads_on else []
    return [
        *(Stage(str(done.label), is_done=True) for done in reached),
        Stage(str(state.label), is_current=True),
        *(Stage(str(later.label)) for later in ahead),
    ]


def history(referral: Referral) -> list[dict[str, Any]]:
    """What happened, newest first."""
    events = ReferralEvent.objects.filter(referral=referral).select_related("by__user", "by__agency")
    return [
        {"event": event, "words": wording.HAPPENED.get(Act(event.act), event.get_act_display())}
        for event in events.order_by("-at", "-pk")
    ]
