"""What clerks mistype is named in German at its field, and what they mean is understood."""

from datetime import date, datetime, time

import pytest
from django.db import models
from django.forms import ModelForm
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from agencies import access
from agencies.cases.forms.fields import BirthDateField, PostcodeField, ReadableEmailField
from agencies.cases.forms.sections import section_form
from agencies.cases.presentation import last_day
from agencies.cases.reads import reads_by_recipients
from agencies.cases.vocabulary import nationalities
from agencies.enums import Category
from portal import errors
from tests import factories
from tests.factories import open_case, share


@pytest.fixture
def county(db):
    return factories.make_county()


@pytest.fixture
def lead(county):
    return county.member("jobcenter")


@pytest.fixture
def browser(lead, client):
    client.force_login(lead.user, backend="agencies.adapter.PasswordBackend")
    return client


@pytest.mark.parametrize(
    ("category", "typed", "says"),
    [
        (Category.DEBTS, {"amount": "-12"}, "Der Betrag kann nicht negativ sein."),
        (Category.WORK, {"hours_per_week": "200"}, "Bitte 0 bis 80 Stunden angeben."),
        (Category.HOUSING, {"monthly_cost": "-1"}, "Die Kosten können nicht negativ sein."),
        (
            Category.HEALTH,
            {"disability_degree": "500"},
            "Der Grad der Behinderung liegt zwischen 20 und 100.",
        ),
        (Category.EDUCATION, {"school_years": "26"}, "Bitte höchstens 25 Schuljahre angeben."),
        (
            Category.RESIDENCE,
            {"valid_until": "01.01.2020", "valid_from": "01.01.2021"},
            "„Gültig bis“ liegt vor „gültig ab“.",
        ),
        (
            Category.FAMILY,
            {"children_under_18": "1", "children_under_3": "2"},
            "Kinder unter 3 Jahren zählen auch zu den Kindern unter 18 Jahren.",
        ),
    ],
)
def test_what_a_constraint_refuses_is_said_at_the_field(lead, browser, category, typed, says):
    case = open_case(lead)
    url = reverse("cases:edit", args=[case.pk, category])
    form = browser.get(url).context["form"]
    start = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in (start | typed).items() if value not in (None, [], False)}
    found = browser.post(url, sent).context["form"].errors
    assert found == {next(iter(typed)): [says]}


@pytest.mark.parametrize("typed", ["19900", "45000", "25.06.19544"])
def test_five_digits_are_no_birth_date_in_a_form(typed):
    with pytest.raises(Exception, match="ist kein Datum"):
        BirthDateField().clean(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("D-64625", "64625"), ("de 64625", "64625"), (" 64625", "64625"), ("a-6020", "A-6020")],
)
def test_postcode_is_kept_plain(typed, kept):
    assert PostcodeField(max_length=10).clean(typed) == kept


@pytest.mark.parametrize("typed", ["6462", "646255", "64 625", "D-6462", "Bonn"])
def test_postcode_that_is_none_is_refused(typed):
    with pytest.raises(Exception, match="fünf Ziffern"):
        PostcodeField(max_length=10).clean(typed)


@pytest.mark.parametrize("typed", ["m@exämple.de", "m@xn--exmple-cua.de"])
def test_email_is_shown_as_people_write_it(typed):
    assert ReadableEmailField().clean(typed) == "m@exämple.de"


def test_states_stand_in_german_order_without_parts_of_states():
    names = [name for _code, name in nationalities()]
    assert names.index("Ägypten") < names.index("Albanien") < names.index("Österreich") < names.index("Polen")
    assert names[-2:] == ["staatenlos", "ungeklärt"]
    assert not {"Clipperton-Insel", "Diego Garcia", "Kanarische Inseln", "Ålandinseln"} & set(names)
    assert {"AF", "SY", "UA", "XK", "PS", "TW", "DE"} <= {code for code, _name in nationalities()}


@pytest.mark.parametrize("text", ["K202601301", "k2026 01301", "Husseini Muhamad 1990", "1990 Husseini"])
def test_search_takes_run_together_numbers_and_years(lead, text):
    case = open_case(lead, family_name="Al-Husseini", given_name="Muhammad")
    text = text.replace("202601301", case.reference[2:].replace("-", ""))
    text = text.replace("2026 01301", case.reference[2:].replace("-", " "))
    other = open_case(lead, family_name="Al-Husseini", given_name="Muhammad", identity={"birth_year": 1991})
    with access.acting(lead):
        found = [row.pk for row in access.search(lead, text)]
    assert found == [case.pk] != [other.pk]


@pytest.mark.parametrize(
    ("day", "hour"),
    [(date(2027, 5, 21), time.max), (date(2027, 5, 22), time.min), (date(2027, 5, 21), time(12))],
)
def test_last_day_is_the_day_that_was_agreed(day, hour):
    assert last_day(timezone.make_aware(datetime.combine(day, hour))) == date(2027, 5, 21)


@pytest.mark.parametrize(
    ("category", "to_all"), [("identity", True), ("contact", True), ("health", False), ("debts", False)]
)
def test_note_that_goes_with_every_disclosure_says_so(lead, browser, category, to_all):
    text = browser.get(reverse("cases:add_note", args=[open_case(lead).pk, category])).content.decode()
    assert ("liest jede Stelle, der Sie den Fall freigeben" in text) is to_all


def test_who_does_not_lead_is_told_so_rather_than_the_role_blamed(county, lead, client):
    case = open_case(lead)
    share(case, Category.IDENTITY, Category.CONTACT, to=county["jugendamt"], by=lead)
    client.force_login(county.member("jugendamt").user, backend="agencies.adapter.PasswordBackend")
    for name, more in (("add_note", ["contact"]), ("edit", ["contact"]), ("status", []), ("disclose", [])):
        answer = client.get(reverse(f"cases:{name}", args=[case.pk, *more]))
        assert answer.status_code == 403
        assert "Das kann nur die federführende Stelle." in answer.content.decode()
    answer = client.get(reverse("agencies:members"))
    assert "Ihre Rolle in dieser Stelle erlaubt diesen Schritt nicht" in answer.content.decode()


def test_expired_form_links_to_itself():
    sent = RequestFactory().post("/faelle/neu/", HTTP_REFERER="http://testserver/faelle/neu/?team=1")
    assert 'href="/faelle/neu/?team=1"' in errors.csrf_failure(sent).content.decode()


def test_lead_sees_how_often_the_recipient_read_and_nobody_else_does(county, lead, browser, client):
    case = open_case(lead)
    share(case, Category.IDENTITY, to=county["jugendamt"], by=lead)
    page, other = reverse("cases:disclosures", args=[case.pk]), county.member("jugendamt")
    assert "noch nicht" in browser.get(page).content.decode()
    with access.acting(other):
        for _time in range(2):
            access.case(other, case.pk)
    text = browser.get(page).content.decode()
    assert f"2-mal, zuletzt am {timezone.localtime():%d.%m.%Y}" in text
    assert other.name not in text
    client.force_login(other.user, backend="agencies.adapter.PasswordBackend")
    assert "Vom Empfänger geöffnet" not in client.get(page).content.decode()
    with access.acting(other):
        assert reads_by_recipients(case) == {}


def test_icon_is_there_for_everyone(client, db):
    assert client.get("/favicon.ico").url.endswith("kreisrund.svg")


def edited_models() -> set[type[models.Model]]:
    """The models that a form of the portal is made from."""
    for category in Category:
        section_form(category)
    found, bases = set(), [ModelForm]
    while bases:
        bases += (made := bases.pop()).__subclasses__()
        model = made._meta.model if hasattr(made, "_meta") else None
        found |= {model} if model and model.__module__.startswith("agencies") else set()
    return found


def test_every_constraint_behind_a_form_speaks_german():
    rules = [constraint for model in edited_models() for constraint in model._meta.constraints]
    silent = {one.name for one in rules if isinstance(one, models.CheckConstraint) and is_silent(one)}
    assert {model.__name__ for model in edited_models()} >= {"Debts", "Identity", "Agency"}
    assert silent == set()


def is_silent(constraint: models.CheckConstraint) -> bool:
    return constraint.violation_error_message == constraint.default_violation_error_message
