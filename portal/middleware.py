"""Middleware of the installation: the acting member of a request, and a page for a database that is gone."""

import logging
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

import psycopg
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse

from agencies import access, audit
from agencies.http import MemberRequest
from portal import errors
from portal.templatetags.acting import FIELD, HEADER

logger = logging.getLogger(__name__)

GetResponse = Callable[..., HttpResponse]

#: The one id that stands in queries: of the case to refer. Of an attempt only ids are kept.
CASE_ID = re.compile(r"fall=[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
#: What one does as a user, whichever agency the page was opened for.
ANY_AGENCY = frozenset({"agencies:switch", "agencies:invitation", "account_logout"})

#: SQLSTATE classes and codes that mean "no server to talk to"; deadlocks, time-outs and the like are not.
DOWN_STATES = ("08", "57P0", "53300")


def is_database_down(error: BaseException | None) -> bool:
    """Whether an error says that the database cannot be reached, rather than that a query failed."""
    if isinstance(error, InterfaceError | psycopg.InterfaceError):
        return True
    if not isinstance(error, OperationalError | psycopg.OperationalError):
        return False
    state = getattr(error, "sqlstate", None) or getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(DOWN_STATES)


def database_down_page(request: HttpRequest) -> HttpResponse:
    """503 with a page that needs neither database nor session, so without the request's context."""
    page = errors.error_page(503)
    page.headers["Retry-After"] = "10"
    return page


def server_error(request: HttpRequest) -> HttpResponse:
    """Handler for uncaught errors: 503 for a database that is gone (raised by middleware), else 500."""
    if is_database_down(sys.exc_info()[1]):
        return database_down_page(request)
    return errors.server_error(request)


class DatabaseDownMiddleware:
    """Answers 503 while the database is gone; the next request tries again."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not is_database_down(exception):
            return None
        logger.error("Database is gone: %s", exception)
        return database_down_page(request)


class UndoError(Exception):
    """Leaves the transaction of a request that failed; never seen outside this module."""


class MemberMiddleware:
    """Sets ``request.member`` and runs view and rendering in the member's row context, in one transaction.

    What a request wrote is undone when its view raised (refusals included) or answered with a server error.
    A streaming response is read after this block, so without rights: build exports inside the view.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: MemberRequest) -> HttpResponse:
        member = access.member_of(request)
        if member is None:
            request.member = None  # type: ignore[assignment]  # views behind the login may rely on a member
            return self.get_response(request)
        request.member = member
        request.has_failed = request.is_denied = False
        with suppress(UndoError), access.acting(member):
            response = self.get_response(request)
            if request.has_failed or response.status_code >= 500:
                raise UndoError
        if request.is_denied:
            _record_denied(request)
        # A browser shows what it stored once more at "back", also after the logout: so it stores nothing.
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_view(self, request: MemberRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """A form opened for one agency does nothing for another that was chosen since, in another tab."""
        asked = request.resolver_match
        if request.method in SAFE or request.member is None or (asked and asked.view_name in ANY_AGENCY):
            return None
        named = request.headers.get(HEADER) or request.POST.get(FIELD)
        if named is None or named == str(request.member.pk):
            return None
        before = next((member.agency for member in request.memberships if str(member.pk) == named), None)
        return errors.other_agency(before, request.member.agency)

    def process_exception(self, request: MemberRequest, exception: Exception) -> None:
        """Remember the failure: by the time it reaches ``__call__`` it has become a response."""
        request.has_failed = True
        request.is_denied = isinstance(exception, Http404 | PermissionDenied)


def _record_denied(request: MemberRequest) -> None:
    """One audit entry for an attempt on what is hidden, not there or not allowed; what it did is undone."""
    asked = request.resolver_match
    parts = asked.kwargs.items() if asked else ()
    ids = {name: str(value) for name, value in parts if isinstance(value, UUID | int)}
    ids |= {name: str(value) for name, value in request.GET.items() if CASE_ID.fullmatch(f"{name}={value}")}
    with access.acting(request.member):
        audit.record_denied(request.member, asked.view_name if asked else "", ids)
