"""The test database: one private server per checkout, one migrated template, one copy per test process.

With ``DATABASE_URL`` and ``DATABASE_OWNER_URL`` set, the same happens on that server; its owner role needs
CREATEDB. Tests go through ``default``, that is the app role, so row-level security holds in them as in life.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from portal import embedded, provision

ROOT = Path(__file__).resolve().parent.parent
#: Number of the advisory lock under which the template is made: any number nobody else uses.
TEMPLATE_LOCK = 7_240_118


def server() -> embedded.Cluster | None:
    """The embedded test server, or None when the environment names another one."""
    return None if os.environ.get("DATABASE_URL") else embedded.test_cluster()


def owner_connection(database: str) -> "psycopg.Connection[tuple[object, ...]]":
    """Open an autocommit connection as the owner role; row-level security hides rows from it too."""
    owner = settings.DATABASES["owner"]
    return psycopg.connect(
        host=owner["HOST"] or None,
        port=owner.get("PORT") or None,
        user=owner["USER"],
        password=owner.get("PASSWORD") or None,
        dbname=database,
        autocommit=True,
    )


def migrations_key() -> str:
    """Hash over everything the template depends on: a changed migration makes a new template."""
    digest = hashlib.sha256()
    for config in sorted(apps.get_app_configs(), key=lambda config: config.name):
        for path in sorted((Path(config.path) / "migrations").rglob("*.py")):
            digest.update(f"{config.name}/{path.name}".encode())
            digest.update(path.read_bytes())
    for path in (ROOT / "portal" / "provision.py", ROOT / "agencies" / "row_security.py"):
        digest.update(path.read_bytes() if path.exists() else b"")
    return digest.hexdigest()[:12]


def use_database(name: str) -> None:
    """Point both Django aliases at a database."""
    for alias in ("default", "owner"):
        connections[alias].close()
        settings.DATABASES[alias]["NAME"] = name
        connections[alias].settings_dict["NAME"] = name


def limit_rights(name: str) -> None:
    owner, app = settings.DATABASES["owner"]["USER"], settings.DATABASES["default"]["USER"]
    with owner_connection(name) as connection:
        provision.limit_rights(connection, owner=owner, app=app)


def ensure_template() -> str:
    """Create and migrate the template database unless it is there; safe across processes."""
    checkout = hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:6]
    name = f"test_{checkout}_{migrations_key()}"
    with owner_connection("postgres") as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        if provision.database_exists(connection, name):
            return name
        draft = f"{name}_draft"
        provision.drop_database(connection, draft)
        _drop_old_templates(connection, checkout)
        provision.create_database(connection, draft, owner=settings.DATABASES["owner"]["USER"])
        limit_rights(draft)
        use_database(draft)
        call_command("migrate", database="owner", verbosity=0)
        call_command("createcachetable", database="owner", verbosity=0)
        connections["owner"].close()
        connections["default"].close()
        connection.execute(f'ALTER DATABASE "{draft}" RENAME TO "{name}"')
    return name


def _drop_old_templates(
    connection: "psycopg.Connection[tuple[object, ...]]", checkout: str, keep: int = 2
) -> None:
    """Forget templates of earlier migrations, but leave the newest: a run beside us may be copying it."""
    found = connection.execute(
        "SELECT datname FROM pg_database WHERE datname ~ %s ORDER BY oid",
        [f"^test_{checkout}_[0-9a-f]{{12}}$"],
    ).fetchall()
    for (name,) in found[:-keep]:
        provision.drop_database(connection, str(name))


@contextmanager
def test_database() -> Iterator[None]:
    """Serve a fresh copy of the template as ``default`` and ``owner``; dropped at the end."""
    home = server()
    with home.held() if home else nullcontext():
        if home:
            with home.connect() as connection:
                provision.ensure_role(connection, provision.OWNER, createdb=True)
                provision.ensure_role(connection, provision.APP, createdb=False)
            for alias, values in zip(("default", "owner"), home.settings("postgres"), strict=True):
                connections[alias].settings_dict.update(values)
        template = ensure_template()
        name = f"{template}_{os.getpid()}"
        with owner_connection("postgres") as connection:
            provision.drop_database(connection, name)
            connection.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
            provision.clone_database(connection, name, template=template)
        limit_rights(name)  # rights on the database itself are not copied
        use_database(name)
        try:
            yield
        finally:
            use_database("postgres")
            with owner_connection("postgres") as connection:
                provision.drop_database(connection, name)


def tables_to_empty() -> list[str]:
    """Tables that start empty: what migrations put into the others (permissions, content types) stays."""
    with owner_connection(str(settings.DATABASES["owner"]["NAME"])) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        return [
            str(name)
            for (name,) in names
            if not connection.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchone()  # type: ignore[arg-type]
        ]


def empty_tables(tables: list[str]) -> None:
    """Empty the tables as their owner: the app role may not truncate."""
    if tables:
        with owner_connection(str(settings.DATABASES["owner"]["NAME"])) as connection:
            listed = ", ".join(f'"{name}"' for name in tables)
            connection.execute(f"TRUNCATE {listed} RESTART IDENTITY")  # type: ignore[arg-type]
