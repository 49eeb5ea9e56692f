"""The import's jobs: in parts, killed, revived, cancelled, refused, two at once; and the wall around them."""

import datetime
import io
import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from openpyxl import Workbook

from agencies import access
from agencies.cases.importing import actions, checking, progress, writing
from agencies.cases.importing.models import CaseOrigin, ImportBatch, ImportFile, ImportRow
from agencies.cases.models import Case, CaseGrant, CaseSearch, ForeignReference, Identity, Note
from agencies.cases.opening import NewCase, open_cases
from agencies.enums import Category
from agencies.errors import Refused
from agencies.models import AuditEntry
from agencies.roles import Role
from tests.factories import make_county, open_case

HEADER = "Nachname;Vorname;Geburtsdatum;Aktenzeichen;BG-Nummer;Bemerkung\n"


@pytest.fixture
def county():
    return make_county()


@pytest.fixture
def by(county):
    return county.member("jobcenter", Role.TEAMLEITUNG)


def table(count: int, start: int = 0) -> bytes:
    lines = [f"Name{n};Person;01.02.1990;AZ{n};BG{n // 2};" for n in range(start, start + count)]
    return (HEADER + "\n".join(lines)).encode()


def confirmed(county, by, data: bytes, name: str = "liste.csv") -> ImportBatch:
    with access.acting(by):
        batch = actions.upload(by=by, team=county.team("jobcenter"), filename=name, data=data)
        actions.choose_columns(batch, actions.initial_columns(batch), by=by)
    checking.check(str(batch.pk), by.pk)
    with access.acting(by):
        batch.refresh_from_db()
        actions.confirm(batch, by=by)
    return batch


def standing(batch: ImportBatch, by) -> tuple[str, dict]:
    with access.acting(by):
        batch.refresh_from_db()
        return batch.state, batch.counts


def written(county, by, data: bytes, name: str = "liste.csv") -> ImportBatch:
    batch = confirmed(county, by, data, name)
    writing.write(str(batch.pk), by.pk)
    return batch


@pytest.mark.django_db
def test_killed_worker_leaves_whole_parts_and_the_next_one_goes_on(county, by, monkeypatch):
    monkeypatch.setattr(writing, "CHUNK", 3)
    batch = confirmed(county, by, table(8))
    parts = []

    def dying(*args, **kwargs):
        parts.append(args)
        if len(parts) == 2:
            raise SystemExit
        return original(*args, **kwargs)

    original = writing.open_cases
    monkeypatch.setattr(writing, "open_cases", dying)
    with pytest.raises(SystemExit):
        writing.write(str(batch.pk), by.pk)
    with access.acting(by):
        assert Case.objects.count() == 3

    writing.write(str(batch.pk), by.pk)
    writing.write(str(batch.pk), by.pk)
    with access.acting(by):
        assert (Case.objects.count(), CaseOrigin.objects.count()) == (8, 8)
    assert standing(batch, by) == ("done", {"written": 8})


@pytest.mark.django_db
def test_killed_dry_run_begins_anew(county, by, monkeypatch):
    monkeypatch.setattr(checking, "CHUNK", 2)
    monkeypatch.setattr(checking, "plain", lambda cells: (_ for _ in ()).throw(SystemExit))
    with access.acting(by):
        data = table(4) + b"\nA;;;;;"
        batch = actions.upload(by=by, team=county.team("jobcenter"), filename="x.csv", data=data)
        actions.choose_columns(batch, actions.initial_columns(batch), by=by)
    with pytest.raises(SystemExit):
        checking.check(str(batch.pk), by.pk)
    monkeypatch.setattr(checking, "plain", lambda cells: [])
    checking.check(str(batch.pk), by.pk)
    assert standing(batch, by) == ("checked", {"new": 4, "error": 1})


@pytest.mark.django_db
def test_one_bad_row_stays_out_and_the_others_go_in(county, by, monkeypatch):
    batch = confirmed(county, by, table(5))
    original = writing.open_cases

    def refusing(entries, **kwargs):
        if any(entry.identity["family_name"] == "Name2" for entry in entries):
            raise IntegrityError("refused")
        return original(entries, **kwargs)

    monkeypatch.setattr(writing, "open_cases", refusing)
    writing.write(str(batch.pk), by.pk)
    assert standing(batch, by) == ("done", {"written": 4, "error": 1})
    with access.acting(by):
        row = ImportRow.objects.get()
        assert (row.number, row.cells[0]) == (4, "Name2")
        assert not Identity.objects.filter(family_name="Name2").exists()


@pytest.mark.django_db
def test_cancelling_stops_between_parts_and_keeps_what_is_written(county, by, monkeypatch):
    monkeypatch.setattr(writing, "CHUNK", 2)
    batch = confirmed(county, by, table(6))
    original = writing._write_rows

    def cancelling(*args, **kwargs):
        original(*args, **kwargs)
        actions.cancel(batch, by=by)

    monkeypatch.setattr(writing, "_write_rows", cancelling)
    writing.write(str(batch.pk), by.pk)
    assert standing(batch, by) == ("cancelled", {"written": 2, "new": 4})
    with access.acting(by):
        assert (Case.objects.count(), ImportFile.objects.count(), ImportRow.objects.count()) == (2, 0, 0)


@pytest.mark.django_db
def test_job_of_a_closed_access_stops_with_a_message(county, by):
    batch = confirmed(county, by, table(2))
    by.is_active = False
    by.save()
    with pytest.raises(progress.Stopped) as answer:
        writing.write(str(batch.pk), by.pk)
    progress.stop(batch.pk, by.pk, str(answer.value))
    assert standing(batch, by)[0] == "failed"
    with access.acting(by):
        assert (Case.objects.count(), ImportFile.objects.count()) == (0, 0)
        assert "darf keine Fälle mehr einlesen" in ImportBatch.objects.get().message


@pytest.mark.django_db
def test_household_number_joins_rows_of_one_file_and_of_the_next(county, by):
    written(county, by, table(3))
    written(county, by, table(1, start=3))
    with access.acting(by):
        homes = dict(Identity.objects.values_list("family_name", "case__household"))
    assert homes["Name0"] == homes["Name1"] != homes["Name2"] == homes["Name3"]


@pytest.mark.django_db
def test_person_opened_by_hand_under_the_same_number_is_known(county, by):
    open_case(by, family_name="Anders", given_name="Person", foreign_reference="AZ1")
    assert standing(written(county, by, table(3)), by)[1] == {"written": 2, "known": 1}


@pytest.mark.django_db
def test_file_that_lost_its_numbers_brings_nobody_twice_and_two_numbers_are_two_persons(county, by):
    people = "A;B;01.01.1990;{}\nC;D;01.01.1990;{}\n"
    written(county, by, (HEADER[:42] + "\n" + people.format("AZ1", "")).encode())
    for first, second, expected in (
        ("", "", {"known": 2}),
        ("AZ1", "AZ2", {"known": 2}),
        ("AZ9", "AZ2", {"written": 1, "known": 1}),
    ):
        batch = written(county, by, (HEADER[:42] + "\n" + people.format(first, second)).encode())
        assert standing(batch, by)[1] == expected


@pytest.mark.django_db
def test_two_agencies_may_both_import_the_same_person(county, by):
    other = county.member("jugendamt", Role.TEAMLEITUNG)
    written(county, by, table(2))
    with access.acting(other):
        batch = actions.upload(by=other, team=county.team("jugendamt"), filename="x.csv", data=table(2))
        actions.choose_columns(batch, actions.initial_columns(batch), by=other)
    checking.check(str(batch.pk), other.pk)
    assert standing(batch, other)[1] == {"new": 2}


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_the_same_file_at_once_make_no_doubles(county, by, monkeypatch):
    monkeypatch.setattr(writing, "CHUNK", 5)
    batches = [confirmed(county, by, table(20)), confirmed(county, by, table(20))]
    failures = []

    def work(batch):
        try:
            writing.write(str(batch.pk), by.pk)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[batch]) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    results = [standing(batch, by)[1] for batch in batches]
    assert sum(result.get("written", 0) for result in results) == 20
    assert sum(result.get("known", 0) for result in results) == 20
    with access.acting(by):
        assert Case.objects.count() == 20


@pytest.mark.django_db
def test_imported_case_is_the_same_as_one_opened_by_hand(county, by):
    data = HEADER.replace("Bemerkung", "Ort") + "Rahimi;Mohammed;03.05.1990;KD 7;;Verden\n"
    written(county, by, data.encode())
    hand = open_case(
        by,
        team=county.team("jobcenter"),
        sections={Category.CONTACT: {"town": "Verden"}},
        foreign_reference="KD 8",
    )
    with access.acting(by):
        mine = Case.objects.exclude(pk=hand.pk).get()
        for case in (mine, hand):
            assert access.case(by, case.pk).levels == dict.fromkeys(Category, "change")
        both = {row.pk for row in access.search(by, "Muhammad Rahimi")}
        assert both == {mine.pk, hand.pk}
        assert [row.pk for row in access.search(by, "KD 7")] == [mine.pk]
        assert _everything(mine) == _everything(Case.objects.get(pk=hand.pk))


def _everything(case: Case) -> dict:
    """All columns of everything that hangs on a case, but keys, times and the two differing numbers."""
    left_out = {
        "id",
        "case_id",
        "reference",
        "household_id",
        "opened_at",
        "number",
        "_state",
        "disclosure_id",
    }
    left_out |= {"at", "target", "valid_from", "case_opened_at", "object_pk", "content_object_id"}
    found = {"case": _columns(case, left_out)}
    for section in case._meta.related_objects:
        if section.one_to_one and section.get_accessor_name():
            found[section.get_accessor_name()] = _columns(
                getattr(case, section.get_accessor_name()), left_out
            )
    assert {"identity", "contact", "debts", "health"} <= set(found)
    found["search"] = CaseSearch.objects.get(case=case).keys
    for name, rows in (
        ("grants", CaseGrant.objects.filter(content_object=case).order_by("category")),
        ("disclosures", case.disclosures.all()),
        ("references", ForeignReference.objects.filter(case=case)),
        ("audit", AuditEntry.objects.filter(case_id=case.pk)),
    ):
        found[name] = [_columns(row, left_out) for row in rows]
    return found


def _columns(row, left_out: set[str]) -> dict:
    return {key: value for key, value in vars(row).items() if key not in left_out and "cache" not in key}


@pytest.mark.django_db
def test_remark_becomes_a_note(county, by):
    written(county, by, (HEADER + "A;B;1990;AZ1;;Kommt mit Dolmetscherin\n").encode())
    with access.acting(by):
        note = Note.objects.get()
        assert (note.category, note.text, note.author_id) == ("health", "Kommt mit Dolmetscherin", by.pk)
        assert sorted(AuditEntry.objects.filter(case_id=note.case_id).values_list("verb", flat=True)) == [
            "case.note",
            "case.open",
        ]


@pytest.mark.django_db
def test_workbook_with_formulas_serial_dates_and_names_from_right_to_left(county, by):
    book, target = Workbook(), io.BytesIO()
    book.active.append(["Nachname", "Vorname", "Geburtsdatum", "Name in Originalschrift"])
    book.active.append(["Rahimi", "\u202eMohammed\u200b", datetime.date(1990, 5, 3), "محمد رحیمی"])
    book.active.append(["'=HYPERLINK(1)", "Olena", 32996, "Олена"])
    book.active.append(["=1+1", "Zoë", "1985", ""])
    book.save(target)
    batch = confirmed(county, by, target.getvalue(), "liste.xlsx")
    writing.write(str(batch.pk), by.pk)
    with access.acting(by):
        found = {i.given_name: (i.family_name, str(i.birth_date)) for i in Identity.objects.all()}
    assert found["Mohammed"] == ("Rahimi", "03.05.1990")
    assert found["Olena"] == ("=HYPERLINK(1)", "03.05.1990")


def open_document(rows: list[list[str]], name: str) -> Any:
    """A sheet for an OpenDocument file."""
    sheet = Table(name=name)
    for row in rows:
        line = TableRow()
        for text in row:
            cell = TableCell(valuetype="string")
            cell.addElement(P(text=text))
            line.addElement(cell)
        sheet.addElement(line)
    return sheet


@pytest.mark.django_db
def test_open_document_with_two_sheets_lets_the_user_choose(county, by):
    book, target = OpenDocumentSpreadsheet(), io.BytesIO()
    book.spreadsheet.addElement(open_document([["Zeichen", "Wert"], ["a", "1"]], "Legende"))
    people = [["Nachname", "Vorname", "Geburtsdatum"], ["Rahimi", "Mohammed", "03.05.1990"]]
    book.spreadsheet.addElement(open_document(people, "Personen"))
    book.save(target)
    with access.acting(by):
        team = county.team("jobcenter")
        batch = actions.upload(by=by, team=team, filename="liste.ods", data=target.getvalue())
        assert batch.file.sheets == ["Personen", "Legende"]
        with pytest.raises(Refused):
            actions.choose_sheet(batch, "Andere", by=by)
        actions.choose_sheet(batch, "Legende", by=by)
        batch = ImportBatch.objects.get(pk=batch.pk)
        assert batch.file.headers == ["Zeichen", "Wert"]
        actions.choose_sheet(batch, "Personen", by=by)
        batch = ImportBatch.objects.get(pk=batch.pk)
        actions.choose_columns(batch, actions.initial_columns(batch), by=by)
    checking.check(str(batch.pk), by.pk)
    assert standing(batch, by) == ("checked", {"new": 1})


@pytest.mark.django_db
def test_what_the_case_file_refuses_is_told_in_the_dry_run(county, by):
    lines = "Nachname;Vorname;Geburtsdatum;Schuljahre\nA;B;1990;26\nC;D;1990;12\n"
    batch = confirmed(county, by, lines.encode())
    with access.acting(by):
        row = ImportRow.objects.exclude(faults=[]).get()
    assert (row.number, [key for key, _text in row.faults]) == (2, ["school_years"])
    assert standing(batch, by)[1] == {"new": 2}


@pytest.mark.django_db
def test_after_a_day_file_and_rows_are_gone(county, by):
    batches = [confirmed(county, by, table(2)) for _ in range(2)]
    with access.acting(by):
        old = timezone.now() - datetime.timedelta(hours=25)
        ImportBatch.objects.filter(pk=batches[0].pk).update(created_at=old)
    with connection.cursor() as cursor:
        cursor.execute("SELECT forget_old_imports()")
        assert cursor.fetchone() == (1,)
    assert standing(batches[0], by)[0] == "expired"
    with access.acting(by):
        assert ImportFile.objects.get().batch_id == batches[1].pk
        assert ImportRow.objects.count() == 2
    with pytest.raises(progress.Stopped), access.acting(by):
        progress.interpret(batches[0])


TABLES = ("cases_importbatch", "cases_importfile", "cases_importrow", "cases_caseorigin")


@pytest.mark.django_db
def test_wall_shows_file_and_rows_to_their_uploader_alone(county, by):
    written(county, by, table(1))
    confirmed(county, by, table(2))
    assert _counts() == [0, 0, 0, 0]
    with access.acting(by):
        assert _counts() == [2, 1, 2, 1]
    with access.acting(county.member("jobcenter", Role.EINGANG)):
        assert _counts() == [2, 0, 0, 1]
    with access.acting(county.member("jugendamt", Role.TEAMLEITUNG)):
        assert _counts() == [0, 0, 0, 0]


def _counts() -> list[int]:
    with connection.cursor() as cursor:
        found = []
        for name in TABLES:
            cursor.execute(f"SELECT count(*) FROM {name}")
            found.append(cursor.fetchone()[0])
        return found


@pytest.mark.django_db
def test_opening_in_bulk_refuses_a_foreign_team(county, by):
    entry = NewCase(identity={"family_name": "A", "given_name": "B", "birth_year": 1990})
    with access.acting(by), pytest.raises(Refused):
        open_cases([entry], by=by, team=county.team("jugendamt"))
