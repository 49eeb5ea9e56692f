"""``manage.py bench``: measures the portal against the best bare path and writes ``.local/bench.json``."""

import json
import os
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.test.utils import override_settings

from agencies.cases.models import CaseGrant
from agencies.models import Membership
from portal.bench import imports, lists, live, pages, searches, stage
from portal.bench.bare import connect
from portal.bench.measuring import Figure
from portal.demo import bulk, seeding

CASES = 100_000
#: Sees all teams of the jobcenter: six groups, 70 percent of the cases.
VIEWER = "jobcenter.teamleitung"


class Command(BaseCommand):
    help = "Benchmarks on a database of their own (BENCH_CASES to shrink it)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="*", help="only these benchmarks")

    def handle(self, *args: Any, names: list[str], **options: Any) -> None:
        if "bench" not in str(settings.DATABASES["default"]["NAME"]):
            call_command("migrate", database="owner", verbosity=0)
            self.stderr.write("Start with `make bench`: benchmarks have a database of their own.")
            raise SystemExit(1)
        self._fill(int(os.environ.get("BENCH_CASES") or CASES))
        member = Membership.objects.select_related("user", "agency").get(user__username=VIEWER)
        found: dict[str, Figure] = {}
        with override_settings(ROOT_URLCONF="portal.bench.urls", ALLOWED_HOSTS=["testserver"]):
            for name, measure in self._measures(member).items():
                if not names or set(names) & set(name.split()):
                    self._say(f"- {name}")
                    figures = measure()
                    found |= figures if isinstance(figures, dict) else {name: figures}
        self._write(found)
        self._table(found)

    def _measures(self, member: Membership) -> dict[str, Callable[[], Figure | dict[str, Figure]]]:
        """By the names of their figures; one entry may bring several."""
        return {
            "case_list_exact case_list_capped case_list_guardian": lambda: lists.case_lists(
                member, self._say
            ),
            "case_search": lambda: searches.case_search(member),
            "case_open_queries": lambda: pages.case_open_queries(member),
            "case_list_page": lambda: pages.case_list_page(member),
            "read_log_overhead": lambda: pages.read_log_overhead(member),
            "case_import_rows_per_s": lambda: imports.case_import(member),
            "live_commit_to_frame live_commit_to_frame_ms": lambda: live.commit_to_frame(member),
            "live_idle_memory": lambda: live.idle_memory(member),
            "live_fragment_queries": lambda: stage.fragment_queries(member),
        }

    def _fill(self, cases: int) -> None:
        """Load the cases once; a database with another number of them is left as it is, and named."""
        if not seeding.is_there():
            seeding.make_county(people=100, say=self._say)
        with connect() as connection:
            row = connection.execute("SELECT count(*) FROM cases_case").fetchone()
            there = int(row[0]) if row else 0
            if there < cases:
                rate = bulk.load(cases - there, seed=seeding.SEED, say=self._say)
                self._say(f"  loaded at {rate:,.0f} cases/s")
            row = connection.execute(f"SELECT count(*) FROM {CaseGrant._meta.db_table}").fetchone()  # noqa: S608
            self._say(f"  {max(there, cases):,} cases, {row[0] if row else 0:,} grants")

    def _write(self, found: dict[str, Figure]) -> None:
        path = settings.LOCAL_DIR / "bench.json"
        before = json.loads(path.read_text()) if path.exists() else {}
        content = before | {name: figure.as_json() for name, figure in found.items()}
        path.write_text(json.dumps(content, indent=1) + "\n")

    def _table(self, found: dict[str, Figure]) -> None:
        self._say(f"\n{'benchmark':<24}{'value':>11} {'unit':<10}{'ratio':>8}{'limit':>9}")
        for name, figure in found.items():
            ratio = f"{figure.ratio:.2f}" if figure.ratio is not None else ""
            limit = "" if figure.limit is None else f"{'≥' if figure.at_least else '≤'} {figure.limit:g}"
            mark = "" if figure.holds else "  MISSED"
            self._say(
                f"{name:<24}{figure.value:>11.1f} {figure.unit:<10}{ratio:>8}{limit:>9}{mark}  {figure.note}"
            )

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
