"""Birth dates with unknown parts, and case references."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.cases.birthdates import PartialDate, excel_date, parse
from agencies.cases.references import clean_reference, format_reference, parse_reference

TODAY = datetime.date(2026, 8, 1)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("00.00.1990", (1990, None, None)),
        ("00.05.1990", (1990, 5, None)),
        ("3.5.1990", (1990, 5, 3)),
        (" 03.05.1990 ", (1990, 5, 3)),
        ("03/05/1990", (1990, 5, 3)),
        ("1990-05-03", (1990, 5, 3)),
        ("1990-05-03 00:00:00", (1990, 5, 3)),
        ("1990-05-00", (1990, 5, None)),
        ("1990-00-00", (1990, None, None)),
        ("1990", (1990, None, None)),
        (1990, (1990, None, None)),
        (1990.0, (1990, None, None)),
        ("05.1990", (1990, 5, None)),
        ("3. Mai 1990", (1990, 5, 3)),
        ("1. März 1990", (1990, 3, 1)),
        ("März 1990", (1990, 3, None)),
        ("3.5.90", (1990, 5, 3)),
        ("3.5.15", (2015, 5, 3)),
        (32996, (1990, 5, 3)),
        ("32996", (1990, 5, 3)),
        ("٠٣.٠٥.١٩٩٠", (1990, 5, 3)),
        (datetime.date(1990, 5, 3), (1990, 5, 3)),
        (datetime.datetime(1990, 5, 3, 12, tzinfo=datetime.UTC), (1990, 5, 3)),
    ],
)
def test_parse_reads_what_is_written(written, expected):
    assert parse(written, today=TODAY) == PartialDate(*expected)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("31.02.1990", "Den Tag 31.02.1990 gibt es nicht."),
        ("29.02.1900", "Den Tag 29.02.1900 gibt es nicht."),
        ("01.13.1990", "Den Monat 13 gibt es nicht."),
        ("03.00.1990", "Ist der Monat unbekannt, kann der Tag nicht angegeben werden."),
        ("01.01.1899", "Das Jahr 1899 ist nicht möglich (frühestens 1900)."),
        ("00.00.0000", "Das Jahr 0 ist nicht möglich (frühestens 1900)."),
        ("02.08.2026", "Das Datum 02.08.2026 liegt in der Zukunft."),
        ("2027", "Das Datum 00.00.2027 liegt in der Zukunft."),
        ("", "Das Datum fehlt."),
        (None, "Das Datum fehlt."),
        (True, "„True“ ist kein Datum."),
        (float("nan"), "„nan“ ist kein Datum."),
        (60, "„60“ ist kein Datum."),
        (-1.5, "„-1.5“ ist kein Datum."),
        (3e8, "„3e+08“ ist keine Excel-Datumszahl."),
        ("gestern", "„gestern“ ist kein Datum. Bitte als TT.MM.JJJJ angeben, Unbekanntes als 00."),
    ],
)
def test_parse_names_what_is_wrong(written, reason):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the whole sentence is compared
        parse(written, today=TODAY)
    assert str(caught.value) == reason


def test_unknown_parts_of_this_year_are_not_in_the_future():
    assert parse("00.00.2026", today=TODAY) == PartialDate(2026)


def test_str_is_the_authorities_spelling():
    assert [str(PartialDate(1990, 5, 3)), str(PartialDate(1990, 5)), str(PartialDate(1990))] == [
        "03.05.1990",
        "00.05.1990",
        "00.00.1990",
    ]


def test_excel_serials_around_the_invented_leap_day():
    assert [excel_date(1), excel_date(59), excel_date(61), excel_date(44197.75)] == [
        datetime.date(1900, 1, 1),
        datetime.date(1900, 2, 28),
        datetime.date(1900, 3, 1),
        datetime.date(2021, 1, 1),
    ]


def test_age_is_a_range_while_parts_are_unknown():
    assert PartialDate(1990).age_on(TODAY) == (35, 36)
    assert PartialDate(1990, 8).age_on(TODAY) == (35, 36)
    assert PartialDate(1990, 8, 1).age_on(TODAY) == (36, 36)
    assert PartialDate(2026, 8, 1).age_on(datetime.date(2020, 1, 1)) == (0, 0)


def test_leap_day_child_grows_older_in_march():
    born = PartialDate(2008, 2, 29)
    assert [born.age_on(datetime.date(2026, 2, 28)), born.age_on(datetime.date(2026, 3, 1))] == [
        (17, 17),
        (18, 18),
    ]


def test_may_be_agrees_with_unknown_parts():
    assert PartialDate(1990).may_be(PartialDate(1990, 5, 3))
    assert PartialDate(1990, 5, 3).may_be(PartialDate(1990, 5))
    assert not PartialDate(1990, 6).may_be(PartialDate(1990, 5, 3))


def test_order_puts_unknown_first():
    days = [PartialDate(1990, 5, 3), PartialDate(1990), PartialDate(1989, 12, 31), PartialDate(1990, 5)]
    assert [str(day) for day in sorted(days)] == ["31.12.1989", "00.00.1990", "00.05.1990", "03.05.1990"]


@given(st.dates(datetime.date(1900, 1, 1), TODAY))
def test_every_day_survives_both_spellings(day):
    written = PartialDate(day.year, day.month, day.day)
    assert (
        parse(str(written), today=TODAY)
        == parse(written.iso, today=TODAY)
        == parse(day, today=TODAY)
        == written
    )


@given(st.one_of(st.text(), st.integers(), st.floats(), st.binary(), st.lists(st.integers())))
def test_parse_answers_or_raises_value_error(value):
    try:
        found = parse(value, today=TODAY)
    except ValueError as error:
        assert str(error)  # noqa: PT017 - any other exception fails the test
    else:
        assert found.earliest <= TODAY


def test_reference_round_trip():
    assert format_reference(2026, 17) == "K-2026-00017"
    assert parse_reference("K-2026-00017") == (2026, 17)
    assert clean_reference(" k 2026/17 ") == "K-2026-00017"
    assert clean_reference("K2026-123456") == "K-2026-123456"


@pytest.mark.parametrize(
    "text", ["", "K-2026-", "K-2026-0", "K-0026-00017", "2026-00017", "K-2026-00017x", "K-٢٠٢٦-١"]
)
def test_reference_refuses_anything_else(text):
    with pytest.raises(ValueError, match="ist kein Geschäftszeichen"):
        parse_reference(text)
