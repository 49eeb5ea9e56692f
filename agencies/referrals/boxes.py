"""The questions a box, the start page and the mails ask of many referrals."""

from datetime import date
from typing import Self

from django.db.models import Q, QuerySet
from django.utils import timezone

from agencies.referrals import states
from agencies.referrals.enums import OPEN_STATES, UNANSWERED, Side, State


class ReferralQuerySet(QuerySet):
    """Filters on top of what row-level security shows."""

    def open(self) -> Self:
        """Sent and not yet over."""
        return self.filter(state__in=OPEN_STATES)

    def waiting_on(self, side: Side) -> Self:
        """Those where it is this side's turn, as ``Referral.turn`` says for one; what is put aside rests."""
        today = timezone.localdate()
        current = self.filter(followed_up_at=None).exclude(parked_until__gt=today)
        turn = Q(state__in=[state for state, whose in states.TURN.items() if whose == side])
        proposed = Q(state__in=UNANSWERED, proposed_agency__isnull=False)
        return (
            current.filter(turn | proposed) if side == Side.SENDER else current.filter(turn).exclude(proposed)
        )

    def new(self) -> Self:
        """In the recipient's in-box, without an answer and in nobody's charge: what badge and box count."""
        fresh = self.waiting_on(Side.RECIPIENT)
        return fresh.filter(state__in=[State.SENT, State.RECEIVED], assigned_to=None)

    def to_decide(self) -> Self:
        """Drafts laid before those who decide about them."""
        return self.filter(state=State.DRAFT, submitted_at__isnull=False)

    def due(self, today: date) -> Self:
        """The reminder's day of the running clock has come."""
        return self.filter(remind_on__lte=today)

    def overdue(self, today: date) -> Self:
        """The escalation's day of the running clock has come."""
        return self.filter(escalate_on__lte=today)
