"""The secret address under which a member's calendar fetches the meetings it is invited to."""

from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from agencies import audit
from agencies.models import Membership
from agencies.roles import Permission
from agencies.roundtable.enums import MeetingState
from agencies.roundtable.models import CalendarKey, Meeting

#: How long a past meeting stays in the feed.
KEPT = timedelta(days=180)


@transaction.atomic
def subscribe(member: Membership) -> str:
    """A new key, shown this once: only its hash is kept. An older one ends with it."""
    key = token_urlsafe(32)
    CalendarKey.objects.filter(member=member).delete()
    made = CalendarKey.objects.create(member=member, digest=_digest(key))
    audit.record("calendar.subscribe", made, by=member)
    return key


@transaction.atomic
def unsubscribe(member: Membership) -> None:
    """End the key: calendars that use it find nothing from now on."""
    for row in CalendarKey.objects.filter(member=member):
        audit.record("calendar.unsubscribe", row, by=member)
        row.delete()


def subscriber(key: str) -> Membership | None:
    """Whose key it is, while the person works there and may attend meetings."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT calendar_member(%s)", [_digest(key)])
        pk = cursor.fetchone()[0]
    works = Membership.objects.filter(is_active=True, user__is_active=True, agency__is_active=True)
    found = works.select_related("user", "agency").filter(pk=pk).first() if pk else None
    return found if found and found.may(Permission.JOIN_MEETINGS) else None


def meetings(member: Membership) -> QuerySet[Meeting]:
    """What the feed shows: the meetings the member is invited to or moderates, not those in preparation."""
    mine = Q(participants__member=member) | Q(moderator=member)
    found = Meeting.objects.filter(mine, ends_at__gte=timezone.now() - KEPT)
    return found.exclude(state=MeetingState.DRAFT).select_related("table").distinct().order_by("starts_at")


def _digest(key: str) -> str:
    return sha256(key.encode()).hexdigest()
