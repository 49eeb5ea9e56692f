"""Every write to a meeting goes through ``changing``: one writer at a time, one ring of the bell."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise

from agencies.errors import Conflict
from agencies.roundtable.enums import ItemState
from agencies.roundtable.models import Meeting


@contextmanager
def changing(meeting: Meeting) -> Iterator[Meeting]:
    """Lock the meeting, hand it out fresh, save it and raise its version; all or nothing.

    The database settles the curtains and rings when the version has risen (``meeting_rings``).
    """
    with transaction.atomic():
        locked = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
        yield locked
        locked.version += 1
        locked.save()


def must(condition: bool, message: str | Promise) -> None:
    """Raise ``Conflict`` unless the meeting still is as the acting person saw it."""
    if not condition:
        raise Conflict(str(message))


def finish(meeting: Meeting, state: ItemState = ItemState.DONE) -> None:
    """End the item that is called, if any; the caller holds the meeting and saves it."""
    if meeting.current_item_id:
        meeting.items.filter(pk=meeting.current_item_id).update(state=state, left_at=timezone.now())
    meeting.current_item, meeting.current_since = None, None
