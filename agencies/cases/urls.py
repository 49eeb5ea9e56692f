"""Addresses of the case file."""

from django.urls import URLPattern, URLResolver, include, path, register_converter

from agencies.cases.views import file, frame, leading, lists, opening, panels, sections, sharing
from agencies.enums import Category


class CategoryConverter:
    """A data category in an address; anything else is not found."""

    regex = "|".join(Category.values)

    def to_python(self, value: str) -> Category:
        return Category(value)

    def to_url(self, value: str) -> str:
        return str(Category(value).value)


register_converter(CategoryConverter, "category")

app_name = "cases"

one_case: list[URLPattern] = [
    path("", file.detail, name="detail"),
    path("verlauf/", file.history, name="history"),
    path("zugriffe/", file.readers, name="readers"),
    path("aktenzeichen/neu/", file.add_reference, name="add_reference"),
    path("haushalt/neu/", file.add_member, name="add_member"),
    path("haushalt/verbinden/", file.join_household, name="join_household"),
    path("haushalt/<int:member>/entfernen/", file.remove_member, name="remove_member"),
    path("status/", frame.status, name="status"),
    path("zuweisen/", frame.assign, name="assign"),
    path("uebernehmen/", frame.take, name="take"),
    path("freigaben/", sharing.disclosures, name="disclosures"),
    path("freigaben/neu/", sharing.disclose, name="disclose"),
    path("freigaben/<uuid:disclosure>/beenden/", sharing.revoke, name="revoke"),
    path("federfuehrung/", leading.move_lead, name="move_lead"),
    path("erheben/", leading.collect, name="collect"),
    path("<category:category>/bearbeiten/", sections.edit, name="edit"),
    path("<category:category>/verlauf/", file.history, name="section_history"),
    path("<category:category>/notiz/", file.add_note, name="add_note"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("suche/", lists.search, name="search"),
    path("faelle/meine/", lists.panel_mine, name="panel_mine"),
    path("faelle/fristen/", panels.due, name="panel_due"),
    path("faelle/", lists.case_list, name="list"),
    path("faelle/liste.csv", lists.export, name="export"),
    path("faelle/neu/", opening.open_case, name="create"),
    path("faelle/<uuid:pk>/", include(one_case)),
    path("einlesen/", include("agencies.cases.importing.urls")),
]
