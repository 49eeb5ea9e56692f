"""What is tried at the walls of the round table: statements that must fail, and how they fail."""

from uuid import uuid4

from django.db import DatabaseError, transaction

from agencies.models import Membership
from tests.access.rows import write
from tests.roundtable.table import Table

#: Changes to a meeting that only its moderator makes, or nobody.
MODERATORS = (
    "state = 'closed', current_item_id = NULL",
    "current_item_id = NULL",
    "moderator_id = {me}",
    "room_key = 'x'",
    "starts_at = now()",
    "version = version + 5",
    "version = version - 1",
    "table_id = gen_random_uuid()",
)
#: Written by functions of the database alone, or by nobody.
NEVER = (
    "INSERT INTO roundtable_opening (item_id, member_id, agency_id, level, opened_at)"
    " VALUES (%(item)s, %(me)s, %(agency)s, 'identity', now())",
    "UPDATE roundtable_opening SET level = 'identity'",
    "UPDATE roundtable_opening SET closed_at = NULL",
    "DELETE FROM roundtable_opening",
    "DELETE FROM roundtable_item",
    "UPDATE roundtable_curtain SET item_id = gen_random_uuid()",
    "DELETE FROM roundtable_curtain",
    "UPDATE roundtable_minutes SET content = '{}'",
    "DELETE FROM roundtable_minutes",
    "UPDATE roundtable_minutespart SET content = '{}'",
    "UPDATE roundtable_addendum SET text = ''",
    "DELETE FROM roundtable_commitmentevent",
    "DELETE FROM roundtable_commitment",
    "UPDATE roundtable_commitment SET first_due_on = due_on + 9",
    "UPDATE roundtable_itemtext SET item_id = item_id",
    "DELETE FROM roundtable_itemtext",
    "UPDATE roundtable_curtainrequest SET agency_id = 1",
)
#: Functions for triggers.
INTERNAL = (
    "settle_curtains(%(meeting)s)",
    "due_openings(%(meeting)s)",
    "curtain_reach(%(item)s, %(agency)s, ARRAY[1])",
    "curtain_ends(%(item)s, 'identity', ARRAY[1])",
)


def refused(sql: str, params: list[object] | None = None) -> str:
    """What rights, policies or guards forbid, or what touches no row."""
    try:
        with transaction.atomic():
            touched = write(sql, params)
    except DatabaseError as error:
        return str(error)
    assert touched == 0, f"{touched} rows touched"
    return ""


def write_item(table: Table, by: Membership) -> object:
    """A proposal without a case, by hand."""
    pk = uuid4()
    write(
        "INSERT INTO roundtable_item (id, table_id, position, kind, state, trigger, pseudonym, title,"
        " question, minutes, proposed_by_id, proposed_agency_id, created_at)"
        " VALUES (%s, %s, 0, 'case', 'proposed', 'by_hand', '', '', '?', 10, %s, %s, now())",
        [pk, table.table.pk, by.pk, by.agency_id],
    )
    return pk
