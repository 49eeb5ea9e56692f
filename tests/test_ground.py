"""The ground: health, settings and their missing variables, rights of the database roles."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import ProgrammingError, connection
from django.db.migrations.recorder import MigrationRecorder

ROOT = Path(__file__).resolve().parent.parent
PRODUCTION = {
    "SECRET_KEY": "a-long-random-text-for-the-check-of-production-settings-0123456789",
    "DATABASE_URL": "postgresql://kreisrund_app@127.0.0.1/kreisrund",
    "DATABASE_OWNER_URL": "postgresql://kreisrund_owner@127.0.0.1/kreisrund",
    "ALLOWED_HOSTS": "kreisrund.example",
    "EMAIL_URL": "submission://mail.example:587",
    "SITE_URL": "https://kreisrund.example",
}


def manage(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py in an environment that holds nothing but ``variables``."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={"PATH": os.defpath, **variables},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.django_db
def test_healthz_is_ok_without_login(client):
    response = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_healthz_is_unavailable_when_a_migration_is_missing(client, monkeypatch):
    monkeypatch.setattr(MigrationRecorder, "applied_migrations", lambda self: {})

    assert client.get("/healthz").status_code == 503


def test_production_names_every_missing_variable_at_once():
    done = manage("check", DEBUG="0")

    assert done.returncode != 0
    named = {name for name in PRODUCTION if f"  {name}: " in done.stderr}
    assert named == set(PRODUCTION)


def test_production_names_only_what_is_missing():
    done = manage("check", **{name: PRODUCTION[name] for name in PRODUCTION if name != "SITE_URL"})

    assert {name for name in PRODUCTION if f"  {name}: " in done.stderr} == {"SITE_URL"}


def test_production_passes_the_deployment_check():
    done = manage("check", "--deploy", "--fail-level", "INFO", **PRODUCTION)

    assert (done.returncode, done.stderr.count("?:")) == (0, 0), done.stderr


def test_demo_and_debug_exclude_each_other():
    done = manage("check", DEMO="1", DEBUG="1")

    assert "exclude each other" in done.stderr


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (a int)",
        "CREATE TEMP TABLE mine (a int)",
        "TRUNCATE django_session",
        "DROP TABLE django_session",
        "ALTER TABLE django_session DISABLE ROW LEVEL SECURITY",
        "SET ROLE kreisrund_owner",
    ],
)
def test_app_role_may_not_change_the_schema(statement):
    refused = pytest.raises(ProgrammingError, match=r"permission denied|must be owner")
    with connection.cursor() as cursor, refused:
        cursor.execute(statement)


@pytest.mark.django_db
def test_app_role_owns_nothing_and_bypasses_nothing():
    with connection.cursor() as cursor:
        rights = "rolsuper, rolbypassrls, rolcreatedb"
        cursor.execute(f"SELECT {rights} FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False, False)
        cursor.execute("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = current_user")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_database_lower_cases_every_script():
    with connection.cursor() as cursor:
        cursor.execute("SELECT lower('ÄÖÜ КУРС')")
        assert cursor.fetchone() == ("äöü курс",)
