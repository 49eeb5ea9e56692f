"""A spreadsheet from upload to cases, in rows a second."""

import csv
import io
import time
from random import Random

from django.db import transaction

from agencies import access
from agencies.cases.importing import actions, checking, writing
from agencies.cases.importing.models import ImportBatch
from agencies.enums import Category
from agencies.models import Membership
from portal.bench.measuring import Figure
from portal.demo.dossiers import dossiers
from portal.demo.seeding import reference_day

ROWS = 2_000


def spreadsheet(rows: int, rng: Random) -> bytes:
    """What an agency's software gives out: semicolons, German dates, Windows-1252 where it can."""
    lines = io.StringIO()
    writer = csv.writer(lines, delimiter=";")
    writer.writerow(
        [
            "Aktenzeichen",
            "Familienname",
            "Vorname",
            "Geburtsdatum",
            "Straße",
            "PLZ",
            "Ort",
            "Telefon",
            "Einreise am",
        ]
    )
    for home in dossiers(rng, reference_day(), rows):
        for file in home:
            person, contact = file.sections[Category.IDENTITY], file.sections[Category.CONTACT]
            born = f"{person['birth_day'] or 0:02}.{person['birth_month'] or 0:02}.{person['birth_year']}"
            entered = file.sections[Category.RESIDENCE]["entered_on"]
            writer.writerow(
                [
                    f"B{rng.randrange(10**9)}",
                    person["family_name"],
                    person["given_name"],
                    born,
                    contact["street"],
                    contact["postcode"],
                    contact["town"],
                    contact["phone"],
                    f"{entered:%d.%m.%Y}",
                ]
            )
    return lines.getvalue().encode("utf-8-sig")


def case_import(member: Membership) -> Figure:
    """Reading, checking every row and writing the cases, as the jobs do; rolled back afterwards."""
    data = spreadsheet(ROWS, Random(3))
    team = member.agency.teams.order_by("pk")[0]
    begun = time.perf_counter()
    with transaction.atomic():
        with access.acting(member):
            batch = actions.upload(by=member, team=team, filename="bestand.csv", data=data)
            actions.choose_columns(batch, actions.initial_columns(batch), by=member)
        checking.check(str(batch.pk), member.pk)
        with access.acting(member):
            actions.confirm(ImportBatch.objects.get(pk=batch.pk), by=member)
        writing.write(str(batch.pk), member.pk)
        with access.acting(member):
            created = ImportBatch.objects.get(pk=batch.pk).counts.get("written", 0)
        seconds = time.perf_counter() - begun
        transaction.set_rollback(True)
    if created < ROWS * 0.95:
        raise AssertionError(f"Only {created} of {ROWS} rows were written.")
    return Figure(ROWS / seconds, "rows/s", 100, at_least=True)
