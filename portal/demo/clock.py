"""Lets the actions believe it is another day, so that the county has a past."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, tzinfo
from random import Random
from unittest.mock import patch

from django.utils import timezone


def office_hour(rng: Random, day: date) -> datetime:
    """A minute of the working day."""
    return timezone.make_aware(datetime.combine(day, time(rng.randint(8, 16), rng.randint(0, 59))))


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Within the block, Django's clock stands at ``moment``, or now if that is still to come.

    The database's own clock runs on. Field defaults hold ``timezone.now`` itself, so what that function
    reads is replaced rather than the function.
    """
    moment = min(moment, timezone.now())

    class Standing(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return moment.astimezone(tz)

    with patch("django.utils.timezone.datetime", Standing):
        yield
