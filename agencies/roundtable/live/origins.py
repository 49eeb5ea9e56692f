"""Sockets answer only to pages of this very portal: scheme, host and port must be the same.

A browser sends its cookies along with a socket that any page opens. ``AllowedHostsOriginValidator`` of
Channels looks at the host alone, so a page from another port of it could listen.
"""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.http.request import validate_host

PORTS = {"http": 80, "https": 443}
Scope = dict[str, Any]
Origin = tuple[str, str, int | None]


def parsed(origin: str) -> Origin | None:
    """Scheme, host and port; None for "null" and for what is no origin."""
    try:
        parts = urlsplit(origin)
        port = parts.port or PORTS.get(parts.scheme)
    except ValueError:
        return None
    if not parts.hostname or parts.path or parts.query or parts.scheme not in PORTS:
        return None
    return parts.scheme, parts.hostname, port


def header(scope: Scope, name: str) -> str:
    """The header, if it is there exactly once."""
    found = [value for key, value in scope["headers"] if key == name.encode()]
    return found[0].decode("latin-1") if len(found) == 1 else ""


def own_origin(scope: Scope) -> Origin | None:
    """Where the page of this socket must come from: the host it was asked for, if that is one of ours."""
    found = parsed(f"{'https' if is_secure(scope) else 'http'}://{header(scope, 'host')}")
    return found if found and validate_host(found[1], settings.ALLOWED_HOSTS) else None


def is_secure(scope: Scope) -> bool:
    """As ``HttpRequest.is_secure``, which cannot be had for a socket."""
    if trusted := settings.SECURE_PROXY_SSL_HEADER:
        name, value = trusted
        if told := header(scope, name.removeprefix("HTTP_").replace("_", "-").lower()):
            return bool(told.split(",")[0].strip() == value)
    return scope["scheme"] in ("wss", "https")


def is_ours(scope: Scope) -> bool:
    origin = parsed(header(scope, "origin"))
    trusted = {parsed(known) for known in settings.CSRF_TRUSTED_ORIGINS}
    return origin is not None and origin in {own_origin(scope), *trusted}


class OwnOriginOnly:
    """Refuses sockets of other pages before session or address are looked at."""

    def __init__(self, inner: Callable[..., Awaitable[None]]) -> None:
        self.inner = inner
        self.denier = WebsocketDenier.as_asgi()

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        await (self.inner if is_ours(scope) else self.denier)(scope, receive, send)
