"""The county and the people who try the walls."""

import pytest

from agencies.models import Membership
from agencies.roles import Role
from tests import factories
from tests.factories.county import make_member


@pytest.fixture
def county(db: None) -> factories.County:
    return factories.make_county()


@pytest.fixture
def lead(county: factories.County) -> Membership:
    """Leads cases for the jobcenter's first team."""
    return county.member("jobcenter")


@pytest.fixture
def colleague(county: factories.County) -> Membership:
    """Same agency and role as ``lead``, other team."""
    return make_member(county["jobcenter"], Role.FALLMANAGEMENT, teams=[county.team("jobcenter", 2)])


@pytest.fixture
def recipient(county: factories.County) -> Membership:
    """Works for the youth office, which may browse what it was given."""
    return county.member("jugendamt")


@pytest.fixture
def stranger(county: factories.County) -> Membership:
    """Works for the social office, to which nothing is disclosed."""
    return county.member("sozialamt")
