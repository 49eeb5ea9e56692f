"""Addresses of the agencies base: start page, active agency, members, settings, directory, logs."""

from django.urls import path

from agencies.views import agency, members, read_log, roles, start, switch

app_name = "agencies"

urlpatterns = [
    path("", start.home, name="home"),
    path("arbeitsplatz/", start.start, name="start"),
    path("konto/stelle/", switch.switch, name="switch"),
    path("konto/einladung/<int:pk>/", switch.invitation, name="invitation"),
    path("zugaenge/", members.members, name="members"),
    path("zugaenge/einladen/", members.invite, name="invite"),
    path("zugaenge/<int:pk>/", members.member, name="member"),
    path("zugaenge/<int:pk>/sperren/", members.deactivate, name="deactivate"),
    path("zugaenge/<int:pk>/entsperren/", members.reactivate, name="reactivate"),
    path("zugaenge/<int:pk>/einladung/", members.invite_again, name="invite_again"),
    path("stelle/", agency.capacity, name="settings"),
    path("stelle/fristen/", agency.clocks, name="clocks"),
    path("stellen/", agency.directory, name="directory"),
    path("wer-darf-was/", roles.roles, name="roles"),
    path("zugriffe/", read_log.read_log, name="read_log"),
    path("zugriffe/csv/", read_log.export, name="read_log_export"),
]
