"""The comparison: hand-written SQL through psycopg as the server's superuser, whom no policy binds."""

import os
from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import connections

from agencies.models import Membership

#: What a list shows of a case, and where it stands.
COLUMNS = """
c.id, c.reference, c.status, c.status_since, c.parked_until, c.opened_at, c.household_id,
a.id, a.name, a.short_name, a.slug, t.id, t.name, m.id, m.role, u.first_name, u.last_name,
i.family_name, i.given_name, i.original_name, i.birth_year, i.birth_month, i.birth_day, i.nationality
"""
JOINS = """
JOIN agencies_agency a ON a.id = c.lead_agency_id
JOIN agencies_team t ON t.id = c.lead_team_id
LEFT JOIN agencies_membership m ON m.id = c.manager_id
LEFT JOIN agencies_user u ON u.id = m.user_id
LEFT JOIN cases_identity i ON i.case_id = c.id
"""
VALID = "category = '' AND (valid_until IS NULL OR valid_until > now())"

# ruff: noqa: S608  # the texts below are joined from constants of this module

#: Shapes of the same count; the fastest of them is the bar.
COUNTS = {
    "count distinct": "SELECT count(DISTINCT case_id) FROM cases_casegrant"
    f" WHERE group_id = ANY(%s) AND {VALID}",
    "distinct, then count": "SELECT count(*) FROM (SELECT DISTINCT case_id FROM cases_casegrant"
    f" WHERE group_id = ANY(%s) AND {VALID}) x",
    "grouped, then count": "SELECT count(*) FROM (SELECT 1 FROM cases_casegrant"
    f" WHERE group_id = ANY(%s) AND {VALID} GROUP BY case_id) x",
}
#: Shapes of the capped count: the whole then cut, or one index slice per group.
CAPPED_COUNTS = {
    "cut": "SELECT count(*) FROM (SELECT DISTINCT case_id FROM cases_casegrant"
    f" WHERE group_id = ANY(%(groups)s) AND {VALID} LIMIT %(needed)s) x",
    "slices": "SELECT count(*) FROM (SELECT DISTINCT s.case_id FROM unnest(%(groups)s) AS mine(group_id),"
    f" LATERAL (SELECT case_id FROM cases_casegrant g WHERE g.group_id = mine.group_id AND {VALID}"
    " ORDER BY g.case_opened_at DESC, g.case_id DESC LIMIT %(needed)s) s LIMIT %(needed)s) x",
}


def connect() -> "psycopg.Connection[tuple[Any, ...]]":
    """As superuser: of the embedded server, or by BENCH_ADMIN_URL of another one."""
    if url := os.environ.get("BENCH_ADMIN_URL"):
        return psycopg.connect(url, autocommit=True)
    known = connections["default"].get_connection_params()
    place = {name: known[name] for name in ("host", "port", "dbname") if known.get(name)}
    return psycopg.connect(**place, user="postgres", autocommit=True, prepare_threshold=2)


def page_sql(groups: Sequence[int]) -> str:
    """The first page: one index slice per group, merged, then joined to what a list shows."""
    slices = " UNION ALL ".join(
        f"(SELECT case_id, case_opened_at FROM cases_casegrant WHERE group_id = {group} AND {VALID}"
        " ORDER BY case_opened_at DESC, case_id DESC LIMIT 50)"
        for group in groups
    )
    return f"""
        SELECT {COLUMNS} FROM (SELECT DISTINCT case_opened_at, case_id FROM ({slices}) s
            ORDER BY case_opened_at DESC, case_id DESC LIMIT 50) top
        JOIN cases_case c ON c.id = top.case_id {JOINS} ORDER BY top.case_opened_at DESC, top.case_id DESC
    """


def exists_page_sql() -> str:
    """The page written plainly, for comparison: newest cases for which a grant exists."""
    return f"""
        SELECT {COLUMNS} FROM cases_case c {JOINS} WHERE EXISTS (SELECT 1 FROM cases_casegrant g
            WHERE g.case_id = c.id AND g.group_id = ANY(%s) AND {VALID})
        ORDER BY c.opened_at DESC, c.id DESC LIMIT 50
    """


class BareList:
    """First page and count for one member's groups, each in its fastest shape."""

    def __init__(self, member: Membership) -> None:
        self.connection = connect()
        self.groups = list(member.group_ids)
        self.page_sql = page_sql(self.groups)
        self.count_sql = COUNTS["distinct, then count"]
        self.capped_sql = CAPPED_COUNTS["slices"]

    def page(self) -> list[tuple[Any, ...]]:
        return self.connection.execute(self.page_sql).fetchall()

    def plain_page(self) -> list[tuple[Any, ...]]:
        return self.connection.execute(exists_page_sql(), [self.groups]).fetchall()

    def count(self, sql: str = "") -> int:
        return self._number(sql or self.count_sql, [self.groups])

    def capped(self, cap: int, sql: str = "") -> int:
        values = {"groups": self.groups, "needed": cap + 1}
        return self._number(sql or self.capped_sql, values)

    def _number(self, sql: str, values: Any) -> int:
        row = self.connection.execute(sql, values).fetchone()
        return int(row[0]) if row else 0
