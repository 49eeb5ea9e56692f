"""The screen in the room: no login, nobody acts, nothing but what ``access.room`` gives."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from agencies import access
from agencies.roundtable.staging import minutes_and_seconds


@login_not_required
@require_safe
def page(request: HttpRequest, pk: UUID, key: str) -> HttpResponse:
    return _shown("roundtable/room.html", pk, key, is_dark=request.GET.get("farben") == "dunkel")


@login_not_required
@require_safe
def fragment(request: HttpRequest, pk: UUID, key: str) -> HttpResponse:
    return _shown("roundtable/_room.html", pk, key)


@login_not_required
@require_safe
def version(request: HttpRequest, pk: UUID, key: str) -> HttpResponse:
    """The clock of the meeting, for a screen without a socket."""
    room = _room(pk, key)
    data = {"meeting": str(pk), "version": room["version"]} if room else {}
    return _unlisted(JsonResponse(data, status=200 if room else 404))


def _room(pk: UUID, key: str) -> dict[str, Any] | None:
    room: dict[str, Any] | None = access.room(key)
    return room if room and room["meeting"] == pk else None


def _shown(template: str, pk: UUID, key: str, **more: object) -> HttpResponse:
    """Rendered without the request: no context processor can add who is looking."""
    room = _room(pk, key)
    if room is None:
        return _unlisted(HttpResponse(render_to_string("roundtable/room_over.html"), status=404))
    since = room["since"]
    room["elapsed"] = max(0, round((timezone.now() - since).total_seconds())) if since else 0
    room["clock"] = minutes_and_seconds(room["elapsed"])
    room["limit"] = (room["minutes"] or 0) * 60
    return _unlisted(HttpResponse(render_to_string(template, {"room": room, "key": key, **more})))


def _unlisted(answer: HttpResponse) -> HttpResponse:
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
