"""A county and a way to be somebody in it."""

from collections.abc import Callable

import pytest
from django.test import Client

from agencies.models import Membership
from agencies.roles import Role
from tests import factories


@pytest.fixture
def county(db: None) -> factories.County:
    return factories.make_county()


@pytest.fixture
def admin(county: factories.County) -> Membership:
    """Manages the members of the jobcenter."""
    return county.member("jobcenter", Role.VERWALTUNG)


@pytest.fixture
def as_member() -> Callable[[Membership], Client]:
    """``as_member(member)`` is a browser in which the member is logged in."""

    def log_in(member: Membership) -> Client:
        client = Client()
        client.force_login(member.user, backend="agencies.adapter.PasswordBackend")
        return client

    return log_in
