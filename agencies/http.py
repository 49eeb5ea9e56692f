"""The request as views see it: with the acting member that the middleware has put there."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from agencies.models import Membership


class MemberRequest(HttpRequest):
    """Type of a request behind ``portal.middleware.MemberMiddleware``.

    ``member`` is the active membership, or None for anonymous visitors and users without any agency;
    ``memberships`` are all the user could act in.
    """

    member: Membership
    memberships: list[Membership]
    has_failed: bool
    is_denied: bool
    htmx: HtmxDetails
