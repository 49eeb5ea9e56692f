"""``manage.py demo``: the fictional county; with ``--cases N``, as many cases as a benchmark needs."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.demo import bulk, seeding


class Command(BaseCommand):
    help = "Makes the fictional county Lindenau, unless it is there; --cases N adds N cases in bulk."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cases", type=int, default=0, help="so many further cases, for benchmarks")
        parser.add_argument("--people", type=int, default=seeding.PEOPLE, help="cases with a full history")
        parser.add_argument("--seed", type=int, default=seeding.SEED)

    def handle(self, *args: Any, cases: int, people: int, seed: int, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Demo accounts belong into a demo installation only (DEMO=1).")
        begun = time.monotonic()
        if seeding.is_there():
            self.stdout.write("  the county is there already")
        else:
            seeding.make_county(people=people, seed=seed, say=self._say)
            self._say(f"  done in {time.monotonic() - begun:.1f} s")
        if cases:
            bulk.load(cases, seed=seed, say=self._say)
        seeding.write_accounts()

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
