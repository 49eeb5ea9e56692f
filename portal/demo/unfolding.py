"""Inserts of many rows in one statement: sent as JSON, unfolded by the database, judged like any other."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

Row = dict[str, Any]


def insert(model: type[models.Model], rows: Sequence[Row]) -> None:
    """Insert rows given by attribute name (``case_id``); what is missing takes the field's default."""
    names = _columns(model)
    _run(
        model,
        names,
        names,
        f"jsonb_populate_recordset(NULL::{model._meta.db_table}, %s::jsonb)",
        [_json(model, rows)],
    )


def insert_for_cases(
    model: type[models.Model], rows: Sequence[Row], pairs: Sequence[tuple[UUID, int]]
) -> None:
    """Insert row number ``n`` (from 1) once for each ``(case, n)``: many cases share few rows."""
    names = [name for name in _columns(model) if name != '"case_id"']
    source = (
        f"ROWS FROM (jsonb_populate_recordset(NULL::{model._meta.db_table}, %s::jsonb)) WITH ORDINALITY AS r"
        " JOIN unnest(%s::uuid[], %s::int[]) AS pair(case_id, n) ON pair.n = r.ordinality"
    )
    columns = ["pair.case_id", *(f"r.{name}" for name in names)]
    values = [_json(model, rows), [case for case, _ in pairs], [number for _, number in pairs]]
    _run(model, ['"case_id"', *names], columns, source, values)


def _columns(model: type[models.Model]) -> list[str]:
    """All columns but numbers the database gives."""
    return [
        f'"{field.column}"'
        for field in model._meta.concrete_fields
        if not isinstance(field, models.AutoField)
    ]


def _json(model: type[models.Model], rows: Sequence[Row]) -> str:
    preset = {field.column: field.get_default() for field in model._meta.concrete_fields}
    return json.dumps([preset | row for row in rows], cls=DjangoJSONEncoder, ensure_ascii=False)


def _run(
    model: type[models.Model], into: list[str], chosen: list[str], source: str, values: list[Any]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({', '.join(into)})"  # noqa: S608  # names from the model
            f" SELECT {', '.join(chosen)} FROM {source}",
            values,
        )
