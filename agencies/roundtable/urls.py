"""Addresses of the round table."""

from django.urls import URLPattern, URLResolver, include, path

from agencies.roundtable.enums import CommitmentAct
from agencies.roundtable.views import (
    agenda,
    commitments,
    curtain,
    meeting,
    minutes,
    planning,
    proposing,
    replies,
    room,
    running,
    tables,
    texts,
)

app_name = "roundtable"

one_meeting: list[URLPattern] = [
    path("", meeting.meeting, name="meeting"),
    path("einladen/", planning.invite, name="invite"),
    path("verlegen/", planning.move, name="move"),
    path("absagen/", planning.cancel, name="cancel"),
    path("eroeffnen/", planning.start, name="start"),
    path("tagesordnung/", agenda.news, name="programme"),
    path("reihenfolge/", agenda.order, name="order"),
    path("thema/", agenda.topic, name="topic"),
    path("vorhang/", curtain.curtains, name="curtains"),
    path("vorschlaege/<uuid:item>/aufnehmen/", agenda.take, name="take"),
    path("vorschlaege/<uuid:item>/ablehnen/", agenda.reject, name="reject"),
]

on_stage: list[URLPattern] = [
    path("stand/", running.fragment, name="stand"),
    path("version/", running.version, name="version"),
    path("kommen/", running.come, name="come"),
    path("gehen/", running.go, name="go"),
    path("aufrufen/", running.call, name="call"),
    path("beenden/", running.leave, name="leave"),
    path("moderation/", running.take_over, name="take_over"),
    path("schliessen/", running.close, name="close"),
]

in_the_room: list[URLPattern] = [
    path("", room.page, name="room"),
    path("stand/", room.fragment, name="room_stand"),
    path("version/", room.version, name="room_version"),
]

written: list[URLPattern] = [
    path("zusammenfassung/", texts.summary, name="write_summary"),
    path("notizen/", texts.notes, name="notes"),
    path("beschluss/", texts.decide, name="decide"),
]

one_item: list[URLPattern] = [
    path("bearbeiten/", agenda.word, name="word"),
    path("zurueck/", agenda.put_back, name="put_back"),
    path("vorhang/", curtain.curtain, name="curtain"),
    path("mehr-einsicht/", curtain.ask_for, name="ask_for"),
]

one_table: list[URLPattern] = [
    path("", tables.table, name="table"),
    path("bearbeiten/", tables.edit_table, name="edit_table"),
    path("sitzung/", planning.plan, name="plan"),
    path("vorschlagen/", proposing.propose_at, name="propose_at"),
]

one_promise: list[URLPattern] = [
    path("", commitments.commitment, name="commitment"),
    path("erledigt/", commitments.change, {"act": CommitmentAct.FULFILLED}, name="fulfil"),
    path("verlaengern/", commitments.change, {"act": CommitmentAct.EXTENDED}, name="extend"),
    path("zuruecknehmen/", commitments.change, {"act": CommitmentAct.WITHDRAWN}, name="withdraw"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("runder-tisch/", tables.meetings, name="list"),
    path("runder-tisch/tische/neu/", tables.found, name="found"),
    path("runder-tisch/tische/<uuid:table>/", include(one_table)),
    path("runder-tisch/faelle/<uuid:case>/", proposing.propose, name="propose"),
    path("runder-tisch/punkte/<uuid:item>/", include(one_item)),
    path("runder-tisch/<uuid:pk>/", include(one_meeting)),
    path("runder-tisch/protokolle/", minutes.minutes_list, name="minutes_list"),
    path("runder-tisch/fall/<uuid:case>/", minutes.of_case, name="of_case"),
    path("runder-tisch/<uuid:pk>/protokoll/", minutes.minutes, name="minutes"),
    path("runder-tisch/<uuid:pk>/protokoll.pdf", minutes.minutes_pdf, name="minutes_pdf"),
    path("runder-tisch/<uuid:pk>/protokoll/nachtrag/", minutes.addendum, name="addendum"),
    path("runder-tisch/<uuid:pk>/", include(on_stage)),
    path("runder-tisch/<uuid:pk>/raum/<str:key>/", include(in_the_room)),
    path("runder-tisch/punkte/<uuid:item>/", include(written)),
    path("runder-tisch/beschluesse/<int:decision>/aufgabe/", texts.commit, name="commit"),
    path("runder-tisch/beschluesse/<int:decision>/ueberweisen/", texts.refer, name="refer"),
    path("runder-tisch/antwort/<str:key>/", replies.answer, name="answer"),
    path("runder-tisch/antwort-eintragen/", replies.paste, name="paste"),
    path("runder-tisch/kalender/", replies.calendar, name="calendar"),
    path("runder-tisch/kalender/<str:key>.ics", replies.feed, name="feed"),
    path("runder-tisch/aufgaben/", commitments.commitments, name="commitments"),
    path("runder-tisch/aufgaben/faellig/", commitments.panel, name="panel_commitments"),
    path("runder-tisch/aufgaben/<uuid:pk>/", include(one_promise)),
    path("runder-tisch/tische/<uuid:table>/zusagen/", commitments.kept, name="kept"),
]
