"""App configuration of the round table."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RoundTableConfig(AppConfig):
    name = "agencies.roundtable"
    label = "roundtable"
    verbose_name = _("Runder Tisch")
