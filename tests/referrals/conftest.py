"""A county with a running loop between the jobcenter and the youth office, or the adult education centre."""

import pytest

from tests import factories
from tests.referrals.loop import Loop


@pytest.fixture
def county(db: None) -> factories.County:
    return factories.make_county()


@pytest.fixture
def loop(county: factories.County) -> Loop:
    """The youth office may browse what was released."""
    return Loop(county)


@pytest.fixture
def push(county: factories.County) -> Loop:
    """The adult education centre may not: it reads a snapshot."""
    return Loop(county, to="kvhs")
