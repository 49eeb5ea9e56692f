"""The look holds without a database, without inline code, and leads from every error to its field."""

import re
from datetime import date, timedelta

import pytest
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone

from portal import errors
from portal.context import look, site
from portal.navigation import MAIN, main_items

STATUSES = (400, 403, 404, 409, 429, 500, 503)
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)


class Entry(forms.Form):
    name = forms.CharField(label="Familienname", help_text="wie im Ausweis")
    kind = forms.ChoiceField(label="Art", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    parts = forms.MultipleChoiceField(
        label="Teile",
        choices=[("üblich", [("a", "Name")]), ("mit Grund", [("b", "Gesundheit")])],
        widget=forms.CheckboxSelectMultiple,
    )
    agreed = forms.BooleanField(label="Einverstanden")
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def render(source: str, query: str = "", **values: object) -> str:
    request = RequestFactory().get(f"/{query}")
    return Template("{% load look look_lists %}" + source).render(Context({"request": request, **values}))


@pytest.mark.parametrize("status", STATUSES)
def test_error_pages_render_without_database_and_without_request(status):
    answer = errors.error_page(status)
    text = answer.content.decode()
    assert answer.status_code == status
    assert f"Fehler {status}" in text
    assert "<h1>" in text
    assert not INLINE.search(text)


def test_pages_for_a_broken_server_need_no_context_at_all():
    assert "Das Portal ist gleich wieder da" in render_to_string("503.html")


def test_conflict_page_says_who_and_leads_to_the_new_state():
    text = errors.conflict(
        RequestFactory().get("/"), "Frau Özdemir hat übernommen.", "/neu/"
    ).content.decode()
    assert "Frau Özdemir hat übernommen." in text
    assert 'href="/neu/"' in text


def test_a_lost_session_is_named_as_such():
    answer = errors.csrf_failure(RequestFactory().post("/"), "Referer checking failed")
    assert answer.status_code == 403
    assert "Das Formular ist abgelaufen" in answer.content.decode()


def test_base_has_no_inline_script_or_style_and_names_the_installation():
    text = render_to_string("base.html", {**site(), "demo": True})
    assert not INLINE.search(text)
    assert "Landkreis Lindenau" in text
    assert "Alle Daten sind erfunden" in text
    assert text.index("theme-early.js") < text.index("stylesheet")


def test_anonymous_pages_have_no_navigation_and_ask_no_database():
    values = look(RequestFactory().get("/konto/login/"))
    assert values["member"] is None
    assert "navigation" not in values
    assert list(values["user_links"]) == []


class Clerk:
    """A member who may do the named acts only."""

    def __init__(self, *acts: str) -> None:
        self.acts = set(acts)

    def may(self, permission: str) -> bool:
        return permission in self.acts


def test_navigation_offers_only_what_the_member_may_do(monkeypatch):
    monkeypatch.setattr("portal.navigation.reverse", lambda name: f"/{name}/")
    labels = [str(item["label"]) for item in main_items(Clerk("read_log"), "/", {})]
    assert labels == [str(entry.label) for entry in MAIN if not entry.needs or "read_log" in entry.needs]


def test_navigation_marks_one_current_entry_and_shows_its_count(monkeypatch):
    monkeypatch.setattr("portal.navigation.reverse", lambda name: f"/{name}/")
    items = main_items(Clerk("view_cases", "answer_referrals"), "/ueberweisungen/7/", {"referrals": 4})
    assert [(str(item["label"]), item["count"]) for item in items if item["current"]] == [
        ("Überweisungen", 4)
    ]


def test_error_summary_links_every_error_to_an_element_that_exists():
    text = str(Entry({"parts": "unbekannt"}))
    summary = text[: text.index("</ul>")]
    targets = re.findall(r'href="#([^"]+)"', summary)
    assert targets == ["id_name", "id_kind_0", "id_parts_0_0", "id_agreed"]
    assert all(f'id="{target}"' in text for target in targets)


def test_field_errors_are_described_at_the_field():
    text = str(Entry({}))
    assert 'aria-describedby="id_name_helptext id_name_error"' in text
    assert 'id="id_name_error"' in text
    assert 'aria-invalid="true"' in text
    assert (
        '<fieldset class="kern-fieldset kr-field kern-fieldset--error" aria-describedby="id_kind_error">'
        in text
    )


def test_a_form_without_errors_has_no_summary_and_keeps_its_hidden_fields():
    text = str(Entry())
    assert "kr-error-summary" not in text
    assert text.count('name="token"') == 1
    assert text.count("kr-choices__group") == 2


def test_a_placeholder_that_repeats_the_label_is_dropped():
    class Login(forms.Form):
        login = forms.CharField(
            label="Anmeldename", widget=forms.TextInput(attrs={"placeholder": "Anmeldename"})
        )

    assert 'placeholder="Anmeldename"' not in str(Login())


@pytest.mark.parametrize(
    ("days", "words", "level"),
    [
        (-2, "seit 2 Tagen überfällig", "danger"),
        (-1, "seit 1 Tag überfällig", "danger"),
        (0, "heute fällig", "warning"),
        (1, "morgen fällig", "warning"),
        (9, "fällig in 9 Tagen", "neutral"),
    ],
)
def test_clocks_say_how_far_away_the_day_is(days, words, level):
    text = render("{% due day %}", day=timezone.localdate() + timedelta(days=days))
    assert words in text
    assert f"kr-clock--{level}" in text


def test_no_due_date_says_nothing():
    assert render("{% due day %}", day=None) == ""


@pytest.mark.parametrize(("days", "level"), [(0, "neutral"), (5, "warning"), (12, "danger")])
def test_waiting_takes_the_agencys_own_limits(days, level):
    assert f"kr-clock--{level}" in render("{% waiting days warn=5 alarm=12 %}", days=days)


def test_sorting_turns_around_and_goes_back_to_the_first_page():
    source = '{% sort_header "Name" "name" default="name" %}'
    assert 'href="?sort=-name"' in render(source)
    turned = render(source, "?sort=-name&page=3&q=a")
    assert 'aria-sort="descending"' in turned
    assert 'href="?sort=name&amp;q=a"' in turned


def test_pagination_keeps_the_filter_and_says_when_it_stopped_counting():
    page = Paginator(range(40), 10).page(2)
    text = render('{% pagination page total=1000 capped=True noun="Fälle" %}', "?q=a&page=2", page=page)
    assert "11–20 von mehr als 1.000 Fälle" in text
    assert re.findall(r'href="([^"]+)"', text) == ["?q=a", "?q=a&amp;page=1", "?q=a&amp;page=3"]


def test_components_escape_what_they_show():
    evil = "<img src=x onerror=alert(1)>"
    source = """{% badge evil %}{% fact evil evil meta=evil %}{% card evil meta=evil %}{{ evil }}{% endcard %}
    {% notice "info" evil %}{{ evil }}{% endnotice %}{% page_header evil lead=evil %}{% endpage_header %}
    {% empty evil %}{{ evil }}{% endempty %}{% breadcrumb evil evil "/" %}{% bulk_cell 1 evil %}"""
    assert "<img" not in render(source, evil=evil)


def test_absent_values_are_read_out():
    assert "keine Angabe" in render('{{ ""|or_dash }}')
    assert render("{{ 0|or_dash }}") == "0"


def test_a_date_and_time_count_by_the_local_day():
    late = timezone.make_aware(timezone.datetime.combine(date(2026, 1, 1), timezone.datetime.max.time()))
    assert 'datetime="2026-01-01"' in render("{% due late %}", late=late)


def test_the_project_uses_this_look():
    assert settings.FORM_RENDERER == "portal.forms.KernRenderer"
    assert "portal.context.look" in settings.TEMPLATES[0]["OPTIONS"]["context_processors"]
    assert settings.CSRF_FAILURE_VIEW == "portal.errors.csrf_failure"
