"""Error pages: calm, in German, and rendered without session or database."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from agencies.errors import OthersLead
from agencies.http import MemberRequest
from agencies.models import Agency
from portal.context import address, site
from portal.signing_in import page_of


def error_page(status: int, **values: object) -> HttpResponse:
    """The page for a status; it never runs a context processor, so it stands when everything else is down."""
    return HttpResponse(render_to_string(f"{status}.html", {**site(), **values}), status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400"""
    return error_page(400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403: says whether the role or the agency's part in the case is the reason."""
    return error_page(403, others_lead=isinstance(exception, OthersLead))


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404: the same page for what never existed and for what this member may not see."""
    return error_page(404)


def conflict(request: HttpRequest, message: str = "", url: str = "") -> HttpResponse:
    """409: someone else was faster; the message says who and what."""
    return error_page(409, message=message, url=url)


def other_agency(before: Agency | None, now: Agency) -> HttpResponse:
    """409: the form was opened for another agency than the one the user works for by now."""
    values = {**site(), "before": before, "now": now, "switch_url": address("agencies:switch")}
    return HttpResponse(render_to_string("other_agency.html", values), status=409)


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429, used by the login's rate limits (allauth calls it as handler429)."""
    return error_page(429)


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500"""
    return error_page(500)


def csrf_failure(request: MemberRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: in practice a session that ended while a form stood open."""
    return error_page(403, expired=True, form_url=page_of(request))
