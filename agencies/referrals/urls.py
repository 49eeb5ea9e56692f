"""Addresses of the referrals: boxes, writing, one referral and its acts, fragments."""

from django.urls import URLPattern, URLResolver, include, path, register_converter

from agencies.referrals.enums import Act
from agencies.referrals.forms.acts import FORMS
from agencies.referrals.views import acting, boxes, bulk, detail, fragments, writing


class ActConverter:
    """An act in an address, with a hyphen for the underscore; anything else is not found."""

    regex = "|".join(act.value.replace("_", "-") for act in FORMS)

    def to_python(self, value: str) -> Act:
        return Act(value.replace("-", "_"))

    def to_url(self, value: str) -> str:
        return Act(value).value.replace("_", "-")


register_converter(ActConverter, "act")

app_name = "referrals"

one_referral: list[URLPattern] = [
    path("", detail.detail, name="detail"),
    path("kenntnisnahme/", acting.acknowledge, name="acknowledge"),
    path("empfaenger/", writing.other_recipient, name="recipient"),
    path("bearbeiten/", writing.revise, name="revise"),
    path("vorschau/", writing.preview, name="preview"),
    path("neu-ueberweisen/", acting.offer_next, name="offer_next"),
    path("<act:act>/", acting.act, name="act"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("ueberweisungen/", boxes.inbox, name="inbox"),
    path("ueberweisungen/ausgang/", boxes.outbox, name="outbox"),
    path("ueberweisungen/eingang.csv", boxes.export_inbox, name="export_inbox"),
    path("ueberweisungen/ausgang.csv", boxes.export_outbox, name="export_outbox"),
    path("ueberweisungen/sammeln/", bulk.bulk, name="bulk"),
    path("ueberweisungen/neu/", writing.new, name="new"),
    path("ueberweisungen/neu/daten/", writing.terms, name="terms"),
    path("ueberweisungen/fall/<uuid:case>/", fragments.of_case, name="of_case"),
    path("ueberweisungen/arbeitsplatz/neu/", fragments.panel_new, name="panel_new"),
    path("ueberweisungen/arbeitsplatz/faellig/", fragments.panel_due, name="panel_due"),
    path("ueberweisungen/arbeitsplatz/wartend/", fragments.panel_waiting, name="panel_waiting"),
    path("ueberweisungen/<uuid:pk>/", include(one_referral)),
]
