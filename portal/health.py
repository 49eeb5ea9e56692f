"""The health address for load balancers and the launcher."""

from functools import lru_cache

from django.contrib.auth.decorators import login_not_required
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache


@lru_cache(maxsize=1)
def expected_migrations() -> frozenset[tuple[str, str]]:
    """Names of all migrations this code needs; they cannot change while the process runs."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.nodes)


def is_healthy() -> bool:
    """Whether the database answers and has every migration of this code."""
    try:
        applied = MigrationRecorder(connections[DEFAULT_DB_ALIAS]).applied_migrations()
    except DatabaseError:
        return False
    return expected_migrations() <= set(applied)


@never_cache
@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the installation can work, else 503; tells nothing more, since anyone may ask."""
    if is_healthy():
        return JsonResponse({"status": "ok"}, json_dumps_params={"separators": (",", ":")})
    return JsonResponse({"status": "unavailable"}, status=503)
