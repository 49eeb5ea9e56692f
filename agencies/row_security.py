"""SQL builders for row-level security, used by the migrations that put tables behind the second wall.

Policies read three transaction-local settings made by ``agencies.access.acting``: ``app.user`` and
``app.agency`` (ids) and ``app.groups`` (comma list of ids). Without them every comparison is with NULL or
an empty array: no context, no rows. The owner role is bound too (FORCE); where a database function has
to look past the walls, its table carries an explicit policy for the owner, which holds only while the
owner's function runs for somebody else.
"""

from typing import Any

from django.conf import settings
from django.db.migrations import RunSQL

#: What RunSQL takes in a list.
Statement = str | tuple[str, dict[str, Any] | list[Any] | tuple[Any, ...] | tuple[()] | None]

#: The settings as SQL functions. Policies call them in a sub-select so that they run once a statement.
CONTEXT_FUNCTIONS = """
CREATE FUNCTION app_user() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('app.user', true), '')::integer $$;
CREATE FUNCTION app_agency() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('app.agency', true), '')::integer $$;
CREATE FUNCTION app_groups() RETURNS integer[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT string_to_array(coalesce(current_setting('app.groups', true), ''), ',')::integer[] $$;
"""
DROP_CONTEXT_FUNCTIONS = "DROP FUNCTION app_user(); DROP FUNCTION app_agency(); DROP FUNCTION app_groups();"

IN_MY_GROUPS = "ANY ((SELECT app_groups())::integer[])"
MY_AGENCY = "(SELECT app_agency())"
ME = "(SELECT app_user())"


def is_mine(membership: str) -> str:
    """Condition: the membership (a column) is the acting one, or any of the acting agency in its jobs."""
    same = f"m.id = {membership} AND m.agency_id = {MY_AGENCY} AND ({ME} IS NULL OR m.user_id = {ME})"
    return f"EXISTS (SELECT 1 FROM agencies_membership m WHERE {same})"  # noqa: S608  # migration constants


def app_role() -> str:
    """The quoted name of the role the application connects as."""
    return '"{}"'.format(settings.DATABASES["default"]["USER"].replace('"', '""'))


def protect(table: str, *, updated: str = "", **policies: str) -> RunSQL:
    """Put ``table`` behind row-level security; ``policies`` maps select/insert/update/delete to conditions.

    A command without a condition matches no row. ``update`` holds for the row before and after, unless
    ``updated`` says what holds for it after.
    """
    forward: list[Statement] = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
    ]
    for command, condition in policies.items():
        clauses = {
            "select": f"USING ({condition})",
            "insert": f"WITH CHECK ({condition})",
            "update": f"USING ({condition}) WITH CHECK ({updated or condition})",
            "delete": f"USING ({condition})",
        }[command]
        forward.append(f"CREATE POLICY {table}_{command} ON {table} FOR {command.upper()} {clauses}")
    backward: list[Statement] = [f"DROP POLICY {table}_{command} ON {table}" for command in policies]
    backward += [
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    ]
    return RunSQL(forward, backward)


#: True in a SECURITY DEFINER function called by the app, false for whoever logs in as the owner.
FOR_SOMEBODY_ELSE = "(SELECT session_user) <> (SELECT current_user)"


def let_owner(table: str, *, always: bool = False) -> RunSQL:
    """Let the owner's database functions read and write all rows of ``table``.

    :param always: hold without any condition, for tables whose index serves an operator that is not
        leakproof: any condition of a policy keeps such an index from being used
    """
    condition = "true" if always else FOR_SOMEBODY_ELSE
    return RunSQL(
        f"CREATE POLICY {table}_owner ON {table} TO CURRENT_USER"
        f" USING ({condition}) WITH CHECK ({condition})",
        f"DROP POLICY {table}_owner ON {table}",
    )


def forbid(table: str, *commands: str) -> RunSQL:
    """Take rights on ``table`` away from the app role, e.g. ``forbid(t, "UPDATE", "DELETE")``."""
    verbs = ", ".join(commands)
    return RunSQL(
        f"REVOKE {verbs} ON {table} FROM {app_role()}",
        f"GRANT {verbs} ON {table} TO {app_role()}",
    )


def only_update(table: str, *columns: str) -> RunSQL:
    """Let the app role change these columns of ``table`` and no other, and delete nothing."""
    names, role = ", ".join(columns), app_role()
    return RunSQL(
        f"REVOKE UPDATE, DELETE ON {table} FROM {role}; GRANT UPDATE ({names}) ON {table} TO {role}",
        f"REVOKE UPDATE ({names}) ON {table} FROM {role}; GRANT UPDATE, DELETE ON {table} TO {role}",
    )


def create_functions(sql: str) -> RunSQL:
    """Run a script that creates functions and what hangs on them; going back drops both."""
    lines = [line for line in sql.splitlines() if line.startswith("CREATE FUNCTION")]
    names = [line.split("(")[0].split()[-1] for line in lines]
    return RunSQL(sql, "; ".join(f"DROP FUNCTION IF EXISTS {name} CASCADE" for name in names))
