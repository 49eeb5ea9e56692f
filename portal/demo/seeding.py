"""Makes the whole county in one transaction, or finds that it is there."""

import gc
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from random import Random
from unittest.mock import patch

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from agencies.models import Agency
from portal.demo import filing, passing_on, referring, round_tables, staffing
from portal.demo.dossiers import dossiers

SEED = 20_16
PEOPLE = 1300
REFERRALS = 250
AT_TABLES = 60
Say = Callable[[str], None]


def reference_day() -> date:
    """Monday of this week: everything made in one week is the same on every machine."""
    today = timezone.localdate()
    return today - timedelta(days=today.weekday())


def is_there() -> bool:
    return Agency.objects.exists()


@transaction.atomic
def make_county(*, people: int = PEOPLE, seed: int = SEED, say: Say) -> staffing.County:
    """Agencies, staff, ``people`` cases and what passed between the agencies; all or nothing."""
    with _in_one_go():
        return _make_county(Random(seed), reference_day(), people, say)


@contextmanager
def _in_one_go() -> Iterator[None]:
    """Settings for many small acts in one transaction that stands or falls as a whole."""
    with connection.cursor() as cursor:
        # Nothing is analysed before the end of the transaction: without this, each insert scans whole tables.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off")
    gc.disable()  # everything made here is kept until the end anyway
    try:
        # A savepoint around each act would be a fourth of all statements, and nobody ever goes back to one.
        with patch.object(connection.features, "uses_savepoints", False):
            yield
    finally:
        gc.enable()


def _make_county(rng: Random, today: date, people: int, say: Say) -> staffing.County:
    county = staffing.set_up(rng, today)
    say(f"  {len(county.agencies)} agencies, {len(county.members)} people working there")
    begun = last = time.monotonic()

    def progress(done: int) -> None:
        nonlocal last
        if time.monotonic() - last > 5 or done == people:
            last = time.monotonic()
            say(f"  {done:,} of {people:,} cases ({last - begun:.0f} s)")

    opened = filing.file_all(rng, county, list(dossiers(rng, today, people)), progress)
    say(f"  {passing_on.pass_on_all(rng, county, opened, today):,} disclosures")
    say(f"  {referring.refer_all(rng, county, opened, today, people * REFERRALS // PEOPLE):,} referrals")
    at_tables = round_tables.seat_all(rng, county, opened, today, max(8, people * AT_TABLES // PEOPLE))
    say(f"  {at_tables:,} cases at round tables")
    return county


def write_accounts(path: Path | None = None) -> Path:
    """Tell address and logins in ``.local/demo.json``."""
    path = path or settings.LOCAL_DIR / "demo.json"
    path.parent.mkdir(exist_ok=True)
    content = {"url": settings.SITE_URL, "accounts": staffing.accounts()}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    return path
