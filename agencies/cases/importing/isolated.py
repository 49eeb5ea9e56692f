"""Runs alone in a child process: a few bytes of spreadsheet can ask for more memory than the machine has.

The reader library ends its process when memory runs out, so it must not run inside the web server. The file
comes in on standard input, one JSON document goes out. Days are written as one-element lists.
"""

import datetime
import io
import json
import sys
from itertools import islice
from typing import Any

MEMORY = 800_000_000  # the largest permitted table takes 300 MB
SECONDS = 60
MERGED_AREAS = 20_000


def limit_resources() -> None:
    try:
        import resource
    except ImportError:  # not on this platform; the time limit of the caller remains
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def plain(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return (
            [value.date().isoformat()] if value.time() == datetime.time() else value.isoformat(" ", "minutes")
        )
    if isinstance(value, datetime.date):
        return [value.isoformat()]
    if value == "" or (isinstance(value, float) and value != value):
        return None
    return value if isinstance(value, str | int | float | bool) else str(value)


def filled_lines(sheet: Any, max_rows: int) -> list[tuple[int, list[Any]]]:
    """The non-blank lines with their numbers."""
    if sheet.start is None:
        return []
    first, indent = sheet.start[0] + 1, [None] * sheet.start[1]
    lines = (
        (number, indent + [plain(value) for value in line])
        for number, line in enumerate(sheet.iter_rows(), first)
        if any(value != "" for value in line)
    )
    return list(islice(lines, max_rows))


def read(data: bytes, wanted: str, max_rows: int) -> dict[str, Any]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum, load_workbook

    book = load_workbook(io.BytesIO(data))
    tables = [meta for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
    shown = [meta.name for meta in tables if meta.visible == SheetVisibleEnum.Visible]
    names = shown or [meta.name for meta in tables]
    answer: dict[str, Any] = {"name": "", "lines": [], "merged": [], "others": []}
    for name in [wanted] if wanted in names else names:
        sheet = book.get_sheet_by_name(name)
        if answer["lines"]:
            answer["others"] += [name] if sheet.height else []
        elif lines := filled_lines(sheet, max_rows):
            areas = list(sheet.merged_cell_ranges or [])[:MERGED_AREAS]
            merged = [(top + 1, left, bottom + 1, right) for (top, left), (bottom, right) in areas]
            answer.update(name=name, lines=lines, merged=merged)
    return answer


def main() -> None:
    limit_resources()
    from python_calamine import PasswordError

    try:
        answer = read(sys.stdin.buffer.read(), sys.argv[1], int(sys.argv[2]))
    except PasswordError:
        answer = {"error": "password"}
    except MemoryError:
        answer = {"error": "memory"}
    except Exception as error:  # whatever the library says of a broken file, the file is broken
        answer = {"error": "broken", "detail": type(error).__name__}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
