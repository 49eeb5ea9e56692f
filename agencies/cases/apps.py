"""App configuration of the case files."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "agencies.cases"
    label = "cases"
    verbose_name = _("Fälle")
