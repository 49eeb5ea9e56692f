"""The component gallery at /galerie/, only under DEBUG: every piece of the look with invented content."""

import datetime
from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from portal.errors import error_page

AGENCIES = ("Jobcenter Lindenau", "Jugendamt", "Kreisvolkshochschule")
PAGES = ("components", "forms", "list", "referral", "start", "empty")
ERRORS = ("400", "403", "404", "409", "429", "500", "503")


class SampleForm(forms.Form):
    """One field of every kind."""

    family_name = forms.CharField(label="Familienname", max_length=40)
    birth_date = forms.CharField(
        label="Geburtsdatum",
        help_text="TT.MM.JJJJ, Unbekanntes als 00, zum Beispiel 00.00.1990",
        widget=forms.TextInput(attrs={"class": "kr-short", "inputmode": "numeric"}),
    )
    team = forms.ChoiceField(
        label="Federführendes Team", choices=[("", "Bitte wählen"), ("1", "Team Eingliederung")]
    )
    reason = forms.CharField(label="Anlass", widget=forms.Textarea(attrs={"rows": 4}), required=False)
    urgency = forms.ChoiceField(
        label="Dringlichkeit",
        widget=forms.RadioSelect,
        choices=[("normal", "normal"), ("high", "eilig: Antwort binnen fünf Arbeitstagen")],
    )
    categories = forms.MultipleChoiceField(
        label="Datenkategorien",
        help_text="Üblich für Jugendamt und Zweck „Familie“ sind die vorausgewählten.",
        widget=forms.CheckboxSelectMultiple,
        choices=[
            (
                "üblich",
                [("identity", "Identität"), ("contact", "Kontakt"), ("family", "Familie, Kinderbetreuung")],
            ),
            ("nur mit Begründung", [("health", "Gesundheit, Hemmnisse"), ("debts", "Schulden")]),
        ],
    )
    consent = forms.BooleanField(
        label="Die Person ist einverstanden", help_text="Schriftlich, vom 03.11.2026"
    )
    file = forms.FileField(label="Tabelle", help_text="XLSX, ODS oder CSV, höchstens 10 MB", required=False)


class SampleFilter(forms.Form):
    """A filter over a list."""

    q = forms.CharField(label="Name oder Aktenzeichen", required=False)
    status = forms.ChoiceField(label="Status", choices=[("", "alle"), ("open", "offen")], required=False)
    team = forms.ChoiceField(
        label="Team", choices=[("", "alle"), ("1", "Team Eingliederung")], required=False
    )
    mine = forms.BooleanField(label="nur meine Fälle", required=False)


@login_not_required
def gallery(request: HttpRequest) -> HttpResponse:
    """One page of the gallery: `?seite=` names it, `?fehler=` an error page."""
    if (status := request.GET.get("fehler", "")) in ERRORS:
        return error_page(int(status), message="Frau Özdemir hat diese Überweisung um 8:14 Uhr übernommen.")
    page = request.GET.get("seite", "components")
    if "meldungen" in request.GET:
        messages.success(request, "Die Überweisung wurde an das Jugendamt gesendet.")
        messages.warning(request, "Frau Özdemir hat diese Überweisung um 8:14 Uhr übernommen.")
    sample = {**_frame(page), **_content(request)}
    return render(request, f"gallery/{page if page in PAGES else 'components'}.html", sample)


def _frame(page: str) -> dict[str, Any]:
    """A header as a logged-in case manager sees it."""
    agencies = [
        SimpleNamespace(pk=n, agency=SimpleNamespace(name=name), get_role_display="Fallmanagement")
        for n, name in enumerate(AGENCIES)
    ]
    labels = {"components": "Teile", "forms": "Formulare", "list": "Liste", "referral": "Überweisung"}
    labels |= {"start": "Arbeitsplatz", "empty": "Leer"}
    return {
        "demo": True,
        "user": SimpleNamespace(is_authenticated=True, pk=0),
        "user_name": "Miriam Brandt",
        "member": agencies[0],
        "memberships": agencies,
        "agency_switch_url": "#",
        "search_url": "#",
        "navigation": [
            {
                "label": labels[name],
                "url": f"?seite={name}",
                "current": name == page,
                "count": 12 if name == "referral" else 0,
            }
            for name in PAGES
        ],
    }


def _content(request: HttpRequest) -> dict[str, Any]:
    today = timezone.localdate()
    rows = [
        {
            "pk": n,
            "reference": f"K-2026-{n:05}",
            "name": ("Al-Hariri, Mohammed", "Петренко, Олена", "احمدی, زهرا", "Müller-Nguyen, Thi Mai")[
                n % 4
            ],
            "due": today + datetime.timedelta(days=n - 3),
            "waiting": n * 2,
            "level": ("info", "success", "warning", "danger", "neutral")[n % 5],
            "status": ("gesendet", "angenommen", "Rückfrage", "abgelehnt", "Entwurf")[n % 5],
        }
        for n in range(1, 131)
    ]
    wrong = SampleForm({"birth_date": "31.02.1990", "categories": ["health"]})
    wrong.is_valid()
    wrong.add_error("birth_date", "Den 31.02. gibt es nicht. Bitte prüfen Sie das Datum.")
    page = Paginator(rows, 12).get_page(request.GET.get("page"))
    return {
        "form": SampleForm(auto_id="leer_%s"),
        "wrong": wrong,
        "filter": SampleFilter(request.GET or None),
        "rows": page,
        "days": [today + datetime.timedelta(days=n) for n in (-2, 0, 1, 3, 12)],
        "waits": [0, 1, 6, 11],
        "errors": ERRORS,
    }
