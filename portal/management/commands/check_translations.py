"""Ends with an error when a template holds text outside the translation tags or a catalogue has gaps."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal import translation_check


class Command(BaseCommand):
    help = "Find texts that cannot be translated and translations that are missing."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        apps = ["portal", "agencies", "housing", "courses", "cms"]
        found = list(translation_check.problems(settings.BASE_DIR, apps))
        for line in found:
            self.stderr.write(line)
        if found:
            raise CommandError(f"{len(found)} texts without translation.")
