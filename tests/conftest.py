"""Set-up that every test shares: the database as the app role sees it, and no network."""

import os
from collections.abc import Iterator

import pytest
from django.test import TransactionTestCase

from tests import database


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_blocker: object) -> Iterator[None]:
    """Replaces pytest-django's: one copy of a migrated template per process, used as the app role."""
    unblocked = django_db_blocker.unblock()  # type: ignore[attr-defined]
    with pytest.MonkeyPatch.context() as patch, unblocked, database.test_database():
        tables = database.tables_to_empty()
        # Django flushes as the role of the test, which may not truncate.
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: database.empty_tables(tables))
        yield


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """``NO_BROWSER=1`` leaves the browser tests out by choice; tests on the shared folder need it."""
    if not (database.ROOT.parent / "shared").is_dir():
        for item in items:
            if item.get_closest_marker("needs_shared"):
                item.add_marker(pytest.mark.skip(reason="no shared folder beside the checkout"))
    if os.environ.get("NO_BROWSER") != "1":
        return
    left_out = [item for item in items if item.get_closest_marker("browser")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("browser")]
