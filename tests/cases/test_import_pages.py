"""The import as its users meet it: upload, columns, report, confirmation, and what goes wrong on the way."""

import io
import json
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from agencies import access
from agencies.cases.importing import actions, checking, reader, writing
from agencies.cases.importing.models import ImportBatch, ImportFile, ImportRow, ImportState
from agencies.cases.models import Case, Identity
from agencies.roles import Role
from tests.factories import make_county

pytestmark = pytest.mark.django_db
CSV = (
    "Name;Vorname;Geburtsdatum;Kundennummer;Farbe\r\n"
    "Rahimi;Mohammed;03.05.1990;KD1;rot\r\n"
    "Kowalenko;Olena;00.00.1985;KD2;blau\r\n"
    "Müller;Zoë;31.02.1990;KD3;grün\r\n"
    "Rahimi;Mohammed;03.05.1990;KD1;rot\r\n"
).encode("cp1252")


@pytest.fixture
def county():
    return make_county()


@pytest.fixture
def by(county):
    return county.member("jobcenter", Role.TEAMLEITUNG)


@pytest.fixture
def desk(client, by):
    client.force_login(by.user, backend="agencies.adapter.PasswordBackend")
    return client


def upload(desk, county, data: bytes = CSV, name: str = "liste.csv") -> Any:
    file = SimpleUploadedFile(name, data)
    values = {"file": file, "team": county.team("jobcenter").pk}
    return desk.post(reverse("cases:import"), values)


def only_batch(by) -> ImportBatch:
    with access.acting(by):
        return ImportBatch.objects.select_related("file").latest("created_at")


def choose(desk, batch: ImportBatch, **changes: str) -> Any:
    """Send the columns page as preselected, with changes by header."""
    page = desk.get(reverse("cases:import_map", args=[batch.pk]))
    form = page.context["form"]
    values = {name: form.initial.get(name, "") for name in form.fields}
    values |= {f"column_{batch.file.headers.index(header)}": key for header, key in changes.items()}
    return desk.post(reverse("cases:import_map", args=[batch.pk]), values)


def checked(desk, county, by, data: bytes = CSV, name: str = "liste.csv", **changes: str) -> ImportBatch:
    assert upload(desk, county, data, name).status_code == 302
    batch = only_batch(by)
    assert choose(desk, batch, **changes).status_code == 302
    checking.check(str(batch.pk), by.pk)
    return only_batch(by)


def imported(desk, county, by, data: bytes = CSV, name: str = "liste.csv", **changes: str) -> ImportBatch:
    batch = checked(desk, county, by, data, name, **changes)
    desk.post(reverse("cases:import_confirm", args=[batch.pk]))
    writing.write(str(batch.pk), by.pk)
    return only_batch(by)


def names(by) -> set[str]:
    with access.acting(by):
        return {identity.name for identity in Identity.objects.all()}


def test_import_goes_from_upload_to_cases_and_writes_nothing_before_the_confirmation(desk, county, by):
    batch = checked(desk, county, by)
    assert batch.state == ImportState.CHECKED
    assert batch.counts == {"new": 2, "error": 1, "double": 1}
    assert names(by) == set()
    text = desk.get(batch.get_absolute_url()).content.decode()
    assert "2 neue Fälle anlegen" in text
    assert "31.02.1990" in text

    assert desk.post(reverse("cases:import_confirm", args=[batch.pk])).status_code == 302
    assert names(by) == set()
    writing.write(str(batch.pk), by.pk)

    assert names(by) == {"Rahimi, Mohammed", "Kowalenko, Olena"}
    batch = only_batch(by)
    assert (batch.state, batch.counts) == ("done", {"written": 2, "error": 1, "double": 1})
    with access.acting(by):
        assert bytes(batch.file.content) == b""
        assert {row.kind for row in ImportRow.objects.all()} == {"error", "double"}


def test_clean_import_leaves_no_file_and_no_rows(desk, county, by):
    imported(desk, county, by, CSV.splitlines()[0] + b"\r\n" + CSV.splitlines()[1])
    with access.acting(by):
        assert (ImportFile.objects.count(), ImportRow.objects.count()) == (0, 0)


def test_second_import_of_the_same_file_changes_nothing(desk, county, by):
    imported(desk, county, by)
    batch = checked(desk, county, by)
    assert batch.counts == {"known": 2, "error": 1, "double": 1}
    text = desk.get(batch.get_absolute_url()).content.decode()
    assert "Keine neuen Fälle in dieser Datei" in text
    assert "anlegen</button>" not in text


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_faulty_rows_come_back_with_the_reason_and_can_be_read_in_again(desk, county, by, kind):
    batch = imported(desk, county, by)
    answer = desk.get(reverse(f"cases:import_faults_{kind}", args=[batch.pk]))
    sheet = reader.read(answer.content, f"fehler.{kind}")
    assert sheet.headers == ["Name", "Vorname", "Geburtsdatum", "Kundennummer", "Farbe", actions.REASON]
    assert [row[0] for row in sheet.rows] == ["Müller", "Rahimi"]
    assert "31.02.1990" in str(sheet.rows[0][5])

    corrected = ";".join(sheet.headers) + "\r\nMüller;Zoë;28.02.1990;KD3;grün;x\r\n"
    assert upload(desk, county, corrected.encode(), "neu.csv").status_code == 302
    page = desk.get(reverse("cases:import_map", args=[only_batch(by).pk]))
    assert page.context["form"].initial.get("column_5", "") == ""
    imported(desk, county, by, corrected.encode(), "neu.csv")
    assert "Müller, Zoë" in names(by)


def test_own_column_of_reasons_goes_back_with_the_row(desk, county, by):
    batch = checked(desk, county, by, b"Name;Vorname;Geburtsdatum;Grund\nA;;1990;Umzug\nB;C;1990;\n")
    answer = desk.get(reverse("cases:import_faults_csv", args=[batch.pk])).content.decode("utf-8-sig")
    assert answer.splitlines()[1] == "A;;1990;Umzug;Vorname: Der Vorname fehlt."


def test_unsure_suggestion_is_named_but_not_chosen(desk, county, by):
    rows = "".join(f"Schulz, {'Ina' * n};0{n}.01.1990;'+49 151 {n}234567\n" for n in range(1, 5))
    upload(desk, county, f"Wer;Geburtsdatum;Nr\n{rows}".encode())
    page = desk.get(reverse("cases:import_map", args=[only_batch(by).pk]))
    form, text = page.context["form"], page.content.decode()
    assert form.initial == {"column_1": "birth_date"}
    assert "Vielleicht: Name, Vorname" in text
    assert "Vielleicht: Telefon" in text
    assert "+49 151 1234567" in text
    assert "&#x27;+49" not in text


def test_columns_are_remembered_for_the_agency(desk, county, by):
    checked(desk, county, by, Farbe="remark")
    upload(desk, county)
    page = desk.get(reverse("cases:import_map", args=[only_batch(by).pk]))
    assert page.context["form"].initial["column_4"] == "remark"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"Farbe": "family_name"}, "ist schon der Spalte „Name“ zugeordnet"),
        ({"Farbe": "is_superuser"}, "is_superuser"),
        ({"Vorname": ""}, "Bitte ordnen Sie noch eine Spalte zu für: Vorname"),
        ({"Geburtsdatum": "", "Name": ""}, "für: Nachname, Geburtsdatum"),
    ],
)
def test_columns_that_make_no_sense_are_refused(desk, county, by, changes, words):
    upload(desk, county)
    answer = choose(desk, only_batch(by), **changes)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert only_batch(by).state == ImportState.UPLOADED


def test_columns_that_the_file_does_not_have_count_for_nothing(desk, county, by):
    upload(desk, county)
    batch = only_batch(by)
    desk.post(
        reverse("cases:import_map", args=[batch.pk]),
        {"column_0": "family_name", "column_1": "given_name", "column_2": "birth_date", "column_99": "email"},
    )
    assert sorted(only_batch(by).mapping.values()) == ["birth_date", "family_name", "given_name"]


def _zip(**entries: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "leer.csv", "leer"),
        (b"%PDF-1.7 nothing", "liste.xlsx", "PDF"),
        (b"PK\x03\x04 broken", "liste.xlsx", "beschädigt"),
        (_zip(text=b"x"), "liste.xlsx", "keine Tabelle"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "l.xlsx", "Kennwort"),
        (b"a;b\n" * 21_000, "lang.csv", "20.000 Zeilen"),
        (b"x" * (10 * 1024 * 1024 + 1), "gross.csv", "größer als 10 MB"),
    ],
)
def test_files_that_cannot_be_read_are_named_at_the_field(desk, county, by, data, name, words):
    answer = upload(desk, county, data, name)
    assert answer.status_code == 200
    assert words in str(answer.context["form"].errors["file"])
    with access.acting(by):
        assert ImportBatch.objects.count() == 0


def test_team_of_another_agency_is_refused(desk, county, by):
    values = {"file": SimpleUploadedFile("a.csv", CSV), "team": county.team("jugendamt").pk}
    answer = desk.post(reverse("cases:import"), values)
    assert "team" in answer.context["form"].errors


def test_file_in_which_every_row_fails_offers_nothing_to_confirm(desk, county, by):
    batch = checked(desk, county, by, b"Name;Vorname;Geburtsdatum\nA;;morgen\nB;;gestern\n")
    assert batch.counts == {"error": 2}
    text = desk.get(batch.get_absolute_url()).content.decode()
    assert "Es gibt nichts einzulesen" in text
    assert "Der Vorname fehlt." in text


def test_report_filters_by_kind(desk, county, by):
    batch = checked(desk, county, by)
    page = desk.get(batch.get_absolute_url(), {"kind": "error"}).context["page"]
    assert [row.number for row in page] == [4]


PAGES = ["report", "map", "progress", "faults_csv", "faults_xlsx"]
ACTS = ["map", "sheet", "confirm", "cancel", "discard"]


@pytest.mark.parametrize("other", [("jugendamt", Role.TEAMLEITUNG), ("jobcenter", Role.EINGANG)])
def test_imports_of_others_are_not_found(desk, county, by, client, other):
    batch = imported(desk, county, by)
    client.force_login(county.member(*other).user, backend="agencies.adapter.PasswordBackend")
    gets = {client.get(reverse(f"cases:import_{page}", args=[batch.pk])).status_code for page in PAGES}
    posts = {client.post(reverse(f"cases:import_{act}", args=[batch.pk])).status_code for act in ACTS}
    assert (gets, posts) == ({404}, {404})


def test_list_shows_the_imports_of_the_own_agency_only(desk, county, by, client):
    imported(desk, county, by)
    client.force_login(county.member("jugendamt", Role.TEAMLEITUNG).user)
    assert "liste.csv" not in client.get(reverse("cases:import")).content.decode()
    client.force_login(county.member("jobcenter", Role.EINGANG).user)
    text = client.get(reverse("cases:import")).content.decode()
    assert "liste.csv" in text
    assert "Rahimi" not in text


def test_role_without_the_permission_is_refused(client, county):
    client.force_login(county.member("jobcenter", Role.FALLMANAGEMENT).user)
    assert client.get(reverse("cases:import")).status_code == 403


def test_confirming_twice_and_going_back_lead_to_the_state_of_now(desk, county, by):
    batch = checked(desk, county, by)
    url = reverse("cases:import_confirm", args=[batch.pk])
    desk.post(url)
    again = desk.post(url, follow=True)
    assert "inzwischen weiter" in again.content.decode()
    back = desk.get(reverse("cases:import_map", args=[batch.pk]))
    assert back.status_code == 302
    writing.write(str(batch.pk), by.pk)
    writing.write(str(batch.pk), by.pk)
    with access.acting(by):
        assert Case.objects.count() == 2


def test_progress_reloads_the_page_when_the_job_is_over(desk, county, by):
    batch = checked(desk, county, by)
    url = reverse("cases:import_progress", args=[batch.pk])
    assert desk.get(url).headers["HX-Refresh"] == "true"
    desk.post(reverse("cases:import_confirm", args=[batch.pk]))
    answer = desk.get(url)
    assert "HX-Refresh" not in answer.headers
    assert f'hx-get="{url}"' in answer.content.decode()


def test_discarding_deletes_file_and_rows(desk, county, by):
    batch = checked(desk, county, by)
    desk.post(reverse("cases:import_discard", args=[batch.pk]))
    with access.acting(by):
        assert (ImportFile.objects.count(), ImportRow.objects.count()) == (0, 0)
    assert only_batch(by).state == ImportState.DISCARDED


def test_list_costs_the_same_for_one_and_three(desk, county, by, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for number in (1, 2):
        for _again in range(number):
            upload(desk, county)
        with CaptureQueriesContext(connection) as captured:
            desk.get(reverse("cases:import"))
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_stored_progress_holds_no_personal_data(desk, county, by):
    batch = imported(desk, county, by)
    kept = json.dumps([batch.counts, batch.mapping, batch.message, batch.signature])
    assert "Rahimi" not in kept
    assert "Name" not in kept
