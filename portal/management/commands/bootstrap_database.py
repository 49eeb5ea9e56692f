"""Makes the two roles and the database on a real server, as DATABASE_URL and DATABASE_OWNER_URL name them."""

from argparse import ArgumentParser
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal import provision


class Command(BaseCommand):
    help = (
        "Create or mend both database roles (with the passwords of DATABASE_URL and DATABASE_OWNER_URL) "
        "and the database; run it once before the first migration. Nothing existing is deleted."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--superuser-url",
            required=True,
            help="connection of a superuser, for instance postgresql:///postgres?host=/run/postgresql&user=postgres",
        )

    def handle(self, *args: Any, superuser_url: str, **options: Any) -> None:
        app, owner = settings.DATABASES["default"], settings.DATABASES["owner"]
        if app["NAME"] != owner["NAME"] or app["USER"] == owner["USER"]:
            raise CommandError("DATABASE_URL and DATABASE_OWNER_URL must name one database and two roles.")
        with psycopg.connect(superuser_url, autocommit=True) as connection:
            for role, createdb in ((owner, True), (app, False)):
                provision.ensure_role(
                    connection, role["USER"], createdb=createdb, password=role.get("PASSWORD") or None
                )
            if not provision.database_exists(connection, app["NAME"]):
                provision.create_database(connection, app["NAME"], owner=owner["USER"])
        with psycopg.connect(superuser_url, dbname=app["NAME"], autocommit=True) as connection:
            provision.limit_rights(connection, owner=owner["USER"], app=app["USER"])
        self.stdout.write(f"Database {app['NAME']} is ready; next: manage.py migrate --database owner")
