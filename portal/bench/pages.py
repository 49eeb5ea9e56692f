"""Whole pages through the whole stack: the list against an empty page, and a case with all sections."""

from collections.abc import Callable
from statistics import median
from unittest.mock import patch

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies import access
from agencies.cases.rows import CaseRow
from agencies.models import Membership
from portal.bench.measuring import Figure, in_turns, ratio_of_medians

ROUNDS = 41


def client_of(member: Membership) -> Client:
    """A browser's session of the member."""
    client = Client()
    client.force_login(member.user, backend="agencies.adapter.PasswordBackend")
    session = client.session
    session[access.SESSION_KEY] = member.pk
    session.save()
    return client


def getting(client: Client, address: str) -> Callable[[], None]:
    def get() -> None:
        response = client.get(address)
        if response.status_code != 200:
            raise AssertionError(f"{address} answers {response.status_code}")

    return get


def case_list_page(member: Membership) -> Figure:
    client = client_of(member)
    times = in_turns(
        getting(client, reverse("cases:list")), getting(client, reverse("bench_empty")), rounds=ROUNDS
    )
    return Figure(
        median(times[0]), "ms", 4, ratio_of_medians(*times), note=f"empty page {median(times[1]):.1f} ms"
    )


def some_case(member: Membership) -> CaseRow:
    """One the member's agency leads, so that all sections are there."""
    with access.acting(member):
        return next(case for case in access.newest_cases(member) if case.lead_agency_id == member.agency_id)


def case_open_queries(member: Membership) -> Figure:
    """All queries of the request, those for session, user and membership included."""
    pk, client = some_case(member).pk, client_of(member)
    address = reverse("cases:detail", args=[pk])
    getting(client, address)()
    with CaptureQueriesContext(connection) as found:
        getting(client, address)()
    acts = [query for query in found.captured_queries if not is_frame(query["sql"])]
    with access.acting(member), CaptureQueriesContext(connection) as alone:
        access.case(member, pk)
    note = f"whole request, session and all; fetching the case alone {len(alone.captured_queries)}"
    return Figure(len(acts), "queries", 12, note=note)


def is_frame(sql: str) -> bool:
    """BEGIN, COMMIT and savepoints are no queries."""
    return sql.startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK"))


def read_log_overhead(member: Membership) -> Figure:
    """The case page with the read log and, for comparison only, without."""
    get = getting(client_of(member), reverse("cases:detail", args=[some_case(member).pk]))

    def unlogged() -> None:
        with patch("agencies.access.reading.log_read", lambda *args, **kwargs: None):
            get()

    times = in_turns(get, unlogged, rounds=61)
    return Figure(median(times[0]), "ms", 1.10, ratio_of_medians(*times))
