"""Log lines without personal data: what failed and where, but not with which values."""

import logging
import traceback
from collections.abc import Iterator
from types import TracebackType


class TraceFormatter(logging.Formatter):
    """Leaves the messages of exceptions out: PostgreSQL, for one, quotes the row that it refuses."""

    def formatException(  # noqa: N802  # the name logging calls
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        return "".join(_told(ei[1])).rstrip() if ei[1] else ""


def _told(error: BaseException) -> Iterator[str]:
    """The frames and the type of an error, after those of the error that led to it."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before:
        yield from _told(before)
    yield from traceback.format_tb(error.__traceback__)
    yield f"{type(error).__module__}.{type(error).__qualname__}\n"
