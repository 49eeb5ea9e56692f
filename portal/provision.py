"""The two database roles and what each may do: the same on the embedded and on a real server.

The owner makes and migrates tables; the app reads and writes rows and owns nothing, so row-level
security always applies to it. It can neither create objects nor truncate tables.
"""

from psycopg import Connection, sql

OWNER = "kreisrund_owner"
APP = "kreisrund_app"


def ensure_role(connection: Connection, name: str, *, createdb: bool, password: str | None = None) -> None:
    """Create a login role, or bring an existing one to the same rights. Needs a superuser."""
    exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    connection.execute(
        sql.SQL(
            "{verb} ROLE {name} LOGIN {createdb} NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOREPLICATION"
        ).format(
            verb=sql.SQL("ALTER" if exists else "CREATE"),
            name=sql.Identifier(name),
            createdb=sql.SQL("CREATEDB" if createdb else "NOCREATEDB"),
        )
    )
    if password:
        connection.execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(name), sql.Literal(password))
        )


def database_exists(connection: Connection, name: str) -> bool:
    return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def create_database(connection: Connection, name: str, *, owner: str = OWNER) -> None:
    """Create an empty database; ``C.UTF-8`` because with ``C`` pg_trgm finds no Arabic or Cyrillic."""
    connection.execute(
        sql.SQL(
            "CREATE DATABASE {name} OWNER {owner} TEMPLATE template0 ENCODING 'UTF8'"
            " LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"
        ).format(name=sql.Identifier(name), owner=sql.Identifier(owner))
    )


def clone_database(connection: Connection, name: str, *, template: str) -> None:
    """Copy a database that nobody is connected to."""
    connection.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
    )


def drop_database(connection: Connection, name: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def limit_rights(connection: Connection, *, owner: str = OWNER, app: str = APP) -> None:
    """Set rights inside the connected database, for tables that exist later too. Runs as its owner."""
    statements = [
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT ON DATABASE {database} TO {app}",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        "GRANT USAGE ON SCHEMA public TO {app}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public"
        " GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT USAGE ON SEQUENCES TO {app}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO {app}",
    ]
    names = {
        "database": sql.Identifier(connection.info.dbname),
        "owner": sql.Identifier(owner),
        "app": sql.Identifier(app),
    }
    for statement in statements:
        connection.execute(sql.SQL(statement).format(**names))
