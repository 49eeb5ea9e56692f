"""A round table of five agencies, with a meeting ready to start."""

import pytest

from tests import factories
from tests.roundtable.table import Table


@pytest.fixture
def county(db: None) -> factories.County:
    return factories.make_county()


@pytest.fixture
def table(county: factories.County) -> Table:
    return Table(county)
