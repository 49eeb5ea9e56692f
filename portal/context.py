"""What every page knows: the product's and the county's names, the way around, who works for whom."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from agencies import access
from agencies.http import MemberRequest
from agencies.roles import Permission
from portal.navigation import footer_items, main_items, user_items

SITE_NAME = "Kreisrund"


def site(request: HttpRequest | None = None) -> dict[str, Any]:
    """Names and marks that need neither session nor database."""
    return {
        "site_name": SITE_NAME,
        "county_name": getattr(settings, "COUNTY_NAME", "Landkreis Lindenau"),
        "demo": getattr(settings, "DEMO", False),
    }


def address(name: str) -> str:
    """The address of a named page, or nothing while its app is not there."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def counts_of(request: MemberRequest) -> dict[str, int]:
    """The numbers beside entries of the navigation: what is new for the member (one query)."""
    return getattr(request, "navigation_counts", None) or {"referrals": access.referral_count(request.member)}


def look(request: MemberRequest) -> dict[str, Any]:
    """Context processor: names for all, navigation only for someone who is working for an agency."""
    member = getattr(request, "member", None)
    values = {**site(), "member": member, "logout_url": address("account_logout")}
    values["user_links"] = SimpleLazyObject(lambda: user_items(member))
    values["footer_links"] = footer_items(member)
    if member is None:
        return values
    return {
        **values,
        "may": {permission.value: True for permission in member.permissions},
        "home_url": address("agencies:start") or "/arbeitsplatz/",
        # Counted only where a page shows the navigation: fragments ask nothing.
        "navigation": SimpleLazyObject(lambda: main_items(member, request.path, counts_of(request))),
        "memberships": request.memberships,
        "user_name": member.name,
        "search_url": address("cases:search") if member.may(Permission.VIEW_CASES) else "",
        "search_term": request.GET.get("q", "") if request.path == address("cases:search") else "",
        "agency_switch_url": address("agencies:switch"),
    }
