"""CSV downloads: opened rightly by spreadsheet programs, and without formulas."""

import datetime
from decimal import Decimal

import pytest
from django.conf import settings

from agencies.cases.importing.reader import read
from agencies.exporting import csv_cell, csv_response

if not settings.configured:
    settings.configure()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=1+1", "'=1+1"),
        ("+49 151", "'+49 151"),
        ("-5 Grad", "'-5 Grad"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("Müller", "Müller"),
        (-5, "-5"),
        (Decimal("1.50"), "1,50"),
        (True, "ja"),
        (None, ""),
        (datetime.date(2026, 5, 3), "03.05.2026"),
        (datetime.datetime(2026, 5, 3, 9, 30, tzinfo=datetime.UTC), "03.05.2026 09:30"),
    ],
)
def test_csv_cell(value, text):
    assert csv_cell(value) == text


def test_csv_response_is_a_download_in_utf_8_with_mark():
    response = csv_response("Fälle.csv", ["Name", "Ort"], [["Müller; A", "eins\nzwei"]])
    assert response.content == '\ufeffName;Ort\r\n"Müller; A";"eins\nzwei"\r\n'.encode()
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''F%C3%A4lle.csv"
    assert response["Cache-Control"] == "no-store"


def test_export_can_be_imported_again():
    response = csv_response("x.csv", ["Nachname", "Telefon"], [["=Müller", "+49 151 1"]])
    assert read(response.content).rows == [["=Müller", "+49 151 1"]]
