"""Addresses of the import, inside those of the cases."""

from django.urls import path

from agencies.cases.importing import views

urlpatterns = [
    path("", views.upload, name="import"),
    path("<uuid:pk>/", views.show, name="import_report"),
    path("<uuid:pk>/spalten/", views.choose_columns, name="import_map"),
    path("<uuid:pk>/blatt/", views.choose_sheet, name="import_sheet"),
    path("<uuid:pk>/stand/", views.progress, name="import_progress"),
    path("<uuid:pk>/einlesen/", views.act, {"act": "confirm"}, name="import_confirm"),
    path("<uuid:pk>/anhalten/", views.act, {"act": "cancel"}, name="import_cancel"),
    path("<uuid:pk>/verwerfen/", views.act, {"act": "discard"}, name="import_discard"),
    path("<uuid:pk>/fehler.csv", views.faulty_rows, {"kind": "csv"}, name="import_faults_csv"),
    path("<uuid:pk>/fehler.xlsx", views.faulty_rows, {"kind": "xlsx"}, name="import_faults_xlsx"),
]
