"""Two questions to the read log that reach past row-level security, each through a database function."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db import connection

from agencies.cases.models import Case
from agencies.cases.references import clean_reference


def logged_cases(text: str) -> list[UUID]:
    """The cases a number means: id or its beginning, reference, or the acting agency's own file number.

    Only cases that the acting agency has read: the function looks nowhere else.
    """
    with suppress(ValueError):
        return [UUID(text)]
    with suppress(ValueError):
        text = clean_reference(text)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM logged_cases(%s)", [text])
        return [case_id for (case_id,) in cursor.fetchall()]


def reads_by_recipients(case: Case) -> dict[UUID, tuple[int, datetime]]:
    """Per disclosure how often its recipient opened the data and when last; for the leading team alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM disclosure_reads(%s)", [case.pk])
        return {disclosure: (reads, last_at) for disclosure, reads, last_at in cursor.fetchall()}
