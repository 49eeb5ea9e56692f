"""What an import does with numbers, whole addresses and cells it does not understand."""

import pytest

from agencies import access
from agencies.cases.importing import writing
from agencies.cases.importing.mapping import suggest
from agencies.cases.importing.models import ImportRow
from agencies.cases.models import Case, Note
from agencies.enums import Category
from agencies.roles import Role
from tests.cases.test_import_jobs import confirmed, standing, written
from tests.factories import make_county

HEADER = "Nachname;Vorname;Geburtsdatum;Staatsangehörigkeit;Geschlecht;Deutschkenntnisse;Muttersprache\n"


@pytest.fixture
def county():
    return make_county()


@pytest.fixture
def by(county):
    return county.member("jobcenter", Role.TEAMLEITUNG)


def only_case() -> Case:
    return Case.objects.select_related("identity", "contact", "language").get()


@pytest.mark.django_db
@pytest.mark.parametrize("wanted", ["24702//0001234", "24702", "0001234"])
def test_number_of_the_household_is_kept_and_found(county, by, wanted):
    head = "Nachname;Vorname;Geburtsdatum;BG-Nummer;Kundennummer\n"
    written(county, by, f"{head}Sara;Ali;01.02.1990;24702//0001234;247D000001\n".encode())
    with access.acting(by):
        numbers = sorted(only_case().foreign_references.values_list("number", flat=True))
        assert numbers == ["24702//0001234", "247D000001"]
        assert [row.name for row in access.search(by, wanted)] == ["Sara, Ali"]


@pytest.mark.django_db
def test_same_number_in_both_columns_is_kept_once(county, by):
    head = "Nachname;Vorname;Geburtsdatum;BG-Nummer;Kundennummer\n"
    written(county, by, f"{head}Sara;Ali;01.02.1990;4711;4711\n".encode())
    with access.acting(by):
        assert [reference.number for reference in only_case().foreign_references.all()] == ["4711"]


@pytest.mark.parametrize(
    "header",
    ["BG-Nr./Kd.-Nr.", "Kundennummer / BG-Nummer", "BG-Nr. oder Kd.-Nr.", "Kundennummer bzw. BG-Nr."],
)
def test_column_for_either_number_is_the_file_number(header):
    found = suggest([header], [["24702//0001234"]])[0]
    assert (found.target, found.confidence >= 0.8) == ("foreign_reference", True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("Ringstr. 4, 12345 Lindenau", ("Ringstr. 4", "12345", "Lindenau")),
        ("Ringstr. 4; D-12345 Lindenau an der Au", ("Ringstr. 4", "12345", "Lindenau an der Au")),
        ("Ringstr. 4, Hinterhaus, 12345 Lindenau", ("Ringstr. 4, Hinterhaus", "12345", "Lindenau")),
        ("Ringstr. 4 12345 Lindenau", ("Ringstr. 4", "12345", "Lindenau")),
        ("12345 Lindenau, Ringstr. 4", ("Ringstr. 4", "12345", "Lindenau")),
        ("Ringstr. 4", ("Ringstr. 4", "", "")),
        ("Straße des 17. Juni 12345", ("Straße des 17. Juni 12345", "", "")),
    ],
)
def test_whole_address_is_taken_apart(county, by, address, expected):
    written(county, by, f'Nachname;Vorname;Geburtsdatum;Anschrift\nSara;Ali;1990;"{address}"\n'.encode())
    with access.acting(by):
        contact = only_case().contact
        assert (contact.street, contact.postcode, contact.town) == expected


@pytest.mark.django_db
def test_whole_address_beside_another_town_stays_whole(county, by):
    head = "Nachname;Vorname;Geburtsdatum;Anschrift;PLZ;Ort\n"
    written(county, by, f"{head}Sara;Ali;1990;Ringstr. 4, 12345 Lindenau;54321;Au\n".encode())
    with access.acting(by):
        contact = only_case().contact
        street = "Ringstr. 4, 12345 Lindenau"
        assert (contact.street, contact.postcode, contact.town) == (street, "54321", "Au")


@pytest.mark.django_db
def test_unknown_cells_of_optional_columns_stay_empty_and_are_named(county, by):
    data = f"{HEADER}Sara;Ali;1990;Absurdistan;vielleicht;halb;Elbisch\n".encode()
    batch = confirmed(county, by, data)
    with access.acting(by):
        row = ImportRow.objects.get(batch=batch)
        assert row.kind == "new"
        named = {"nationality", "gender", "german_level", "mother_tongue"}
        assert {key for key, _text in row.faults} == named
    writing.write(str(batch.pk), by.pk)
    assert standing(batch, by) == ("done", {"written": 1})
    with access.acting(by):
        case = only_case()
        assert (case.identity.nationality, case.language.german_level) == ("", "")


@pytest.mark.django_db
def test_report_shows_what_stays_empty_before_and_after_writing(county, by, client):
    batch = confirmed(county, by, f"{HEADER}Sara;Ali;1990;Absurdistan;w;B1;Dari\n".encode())
    writing.write(str(batch.pk), by.pk)
    client.force_login(by.user)
    page = client.get(batch.get_absolute_url()).content.decode()
    assert "Absurdistan" in page
    assert "unvollständig" in page
    assert "Fehlerhafte Zeilen (Excel)" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("row", [";Ali;1990", "Sara;;1990", "Sara;Ali;irgendwann", "Sara;Ali;"])
def test_required_columns_still_refuse(county, by, row):
    batch = confirmed(county, by, f"{HEADER}{row};SYR;w;B1;Dari\nGut;Ali;1990;;;;\n".encode())
    with access.acting(by):
        assert ImportRow.objects.get(batch=batch, number=2).kind == "error"


@pytest.mark.django_db
def test_text_that_is_too_long_goes_back_to_be_shortened(county, by):
    head = "Nachname;Vorname;Geburtsdatum;Bemerkung\n"
    batch = confirmed(county, by, f"{head}Sara;Ali;1990;{'x' * 5001}\nGut;Ali;1990;\n".encode())
    with access.acting(by):
        assert ImportRow.objects.get(batch=batch, number=2).kind == "error"


@pytest.mark.django_db
def test_what_the_case_file_refuses_stays_empty_too(county, by):
    head = "Nachname;Vorname;Geburtsdatum;Schuljahre\n"
    batch = written(county, by, f"{head}Sara;Ali;1990;99\n".encode())
    assert standing(batch, by) == ("done", {"written": 1})


@pytest.mark.django_db
def test_house_number_without_street_and_second_number_without_room_are_named(county, by):
    head = "Nachname;Vorname;Geburtsdatum;Hausnummer;Telefon;Mobiltelefon\n"
    numbers = "0641 1234567890123456789;0171 1234567890123456789"
    batch = confirmed(county, by, f"{head}Sara;Ali;1990;4 a;{numbers}\n".encode())
    with access.acting(by):
        row = ImportRow.objects.get(batch=batch)
        assert row.kind == "new"
        assert [key for key, _text in row.faults] == ["house_number", "phone"]


@pytest.mark.django_db
def test_short_forms_of_lists_are_understood(county, by):
    data = f"{HEADER}Sara;Ali;1990;türk.;männl.;B 1;arab.\nMaria;Muster;1990;D;weibl.;C1;dt.\n".encode()
    batch = confirmed(county, by, data)
    with access.acting(by):
        assert [row.faults for row in ImportRow.objects.filter(batch=batch)] == [[], []]


@pytest.mark.django_db
def test_remark_of_a_list_goes_where_nothing_is_passed_on_by_default(county, by):
    head = "Nachname;Vorname;Geburtsdatum;Bemerkung\n"
    written(county, by, f"{head}Rahimi;Mohammed;03.05.1990;schwanger\n".encode())
    with access.acting(by):
        assert set(Note.objects.values_list("category", "text")) == {(Category.HEALTH, "schwanger")}
