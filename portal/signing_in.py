"""Who is let in: visitors without a session go to the login and back, users without an agency get told."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from agencies.http import MemberRequest
from agencies.views.switch import own_agencies


class SignInMiddleware(LoginRequiredMiddleware):
    """Sends visitors without a session to the login, and afterwards back to a page that can be shown.

    A form that was sent, or a fragment inside a page, is no such page: there the way back is the page it
    stood on. Fragments make the whole window go to the login instead of showing it inside a panel.
    """

    def handle_no_permission(  # type: ignore[override]  # the stubs promise a redirect only
        self, request: MemberRequest, view_func: Any
    ) -> HttpResponse:
        answer = redirect_to_login(page_of(request), resolve_url(self.get_login_url(view_func)))
        return HttpResponseClientRedirect(answer.url) if request.htmx else answer


def page_of(request: MemberRequest) -> str:
    """The local address of the page a request was made from; its own for a page that is opened."""
    if getattr(request, "htmx", None):
        origin = request.htmx.current_url or "/"
    elif request.method in ("GET", "HEAD"):
        return request.get_full_path()
    else:
        origin = request.headers.get("Referer") or request.get_full_path()
    if not url_has_allowed_host_and_scheme(origin, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    parts = urlsplit(origin)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


class AgencyRequiredMiddleware:
    """Keeps a user without any agency out of every view that works for one; stands below the member."""

    def __init__(self, get_response: Callable[..., HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: MemberRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: MemberRequest, view_func: Any, *_arguments: Any) -> HttpResponse | None:
        works_for_an_agency = request.resolver_match and request.resolver_match.app_name
        if request.member or not request.user.is_authenticated or not works_for_an_agency:
            return None
        if getattr(view_func, "needs_no_agency", False):
            return None
        return own_agencies(request, status=403)
