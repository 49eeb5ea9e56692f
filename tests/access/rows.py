"""Raw SQL against the second wall: contexts set by hand, rows counted, attempts that must fail."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from agencies import access
from agencies.cases import actions, disclosing
from agencies.cases.models import SECTIONS, Case, Disclosure
from agencies.enums import Category, LegalBasis, Level, Purpose
from agencies.models import Membership
from tests import database, factories

SECTION_TABLES = {category: model._meta.db_table for category, model in SECTIONS.items()}


@contextmanager
def context(user: object = "", agency: object = "", groups: object = "") -> Iterator[None]:
    """The three settings of ``access.acting``, set by hand inside a savepoint."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.user', %s, true), set_config('app.agency', %s, true),"
            " set_config('app.groups', %s, true)",
            [str(user), str(agency), str(groups)],
        )
        yield
        cursor.execute(
            "SELECT set_config('app.user', '', true), set_config('app.agency', '', true),"
            " set_config('app.groups', '', true)"
        )


def query(sql: str, params: list[object] | None = None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def write(sql: str, params: list[object] | None = None) -> int:
    """Rows touched."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


def denied(sql: str, params: list[object] | None = None) -> str:
    """Run what must fail for want of rights or by a policy, and give the message back."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
    message = str(caught.value)
    assert "permission denied" in message or "row-level security" in message, message
    return message


def counts(tables: list[str]) -> dict[str, int]:
    """Visible rows per table."""
    return {table: query(f'SELECT count(*) FROM "{table}"')[0][0] for table in tables}


def full_case(by: Membership, **extra: object) -> Case:
    """A case with a row in every table that hangs on cases."""
    filled = {Category.CONTACT: {"street": "Lindenweg 4"}, Category.HEALTH: {"barriers": "Rücken"}}
    case = factories.open_case(by, sections=filled, foreign_reference="JC-4711", **extra)
    with access.acting(by):
        for category in Category:
            actions.add_note(case, category=category, text=f"Notiz {category}", by=by)
        actions.add_household_member(
            case, {"relation": "child", "family_name": "Rahimi", "given_name": "Laila"}, by=by
        )
        seen = {"street": "Lindenweg 4"}
        actions.update_section(case, Category.CONTACT, {"street": "Neue Straße 1"}, seen=seen, by=by)
        access.case(by, case.pk)
    return case


def share_all(case: Case, to: Membership, by: Membership, **extra: object) -> Disclosure:
    """Disclose every category, health too, with consent."""
    with access.acting(by):
        return disclosing.disclose(
            case,
            recipient=to.agency,
            purpose=Purpose.ADVICE,
            legal_basis=LegalBasis.CONSENT,
            categories=tuple(Category),
            necessity="Die Stelle braucht die Daten.",
            beyond_reason="Im Gespräch vereinbart.",
            valid_until=timezone.now() + timedelta(days=30),
            by=by,
            **extra,
        )


def as_owner(sql: str) -> list[tuple]:
    """One statement by the owner role on a connection of its own; committed at once."""
    with database.owner_connection(str(settings.DATABASES["owner"]["NAME"])) as owner:
        cursor = owner.execute(sql)
        return cursor.fetchall() if cursor.description else [(cursor.rowcount,)]


def by_force(*statements: str, table: str) -> None:
    """What only the owner can do, with wall and triggers of one table taken down and put up again."""
    steps = (
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} DISABLE TRIGGER USER",
        *statements,
        f"ALTER TABLE {table} ENABLE TRIGGER USER",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
    )
    as_owner("; ".join(steps))


def disclosure_row(case: Case, by: Membership, **changes: object) -> Disclosure:
    """An unsaved disclosure of the identity, lawful in form, for attempts to save it where it must fail."""
    values = {
        "case": case,
        "sender_id": by.agency_id,
        "purpose": Purpose.ADVICE,
        "legal_basis": LegalBasis.CONSENT,
        "categories": [Category.IDENTITY],
        "level": Level.VIEW,
        "necessity": "Für die Beratung.",
        "valid_until": timezone.now() + timedelta(days=30),
        "decided_by": by,
        **changes,
    }
    return Disclosure(**values)


def refused_by_wall(disclosure: Disclosure) -> None:
    """Saving raises the error of a policy, not of a constraint."""
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        disclosure.save(force_insert=True)
