"""App configuration of the referrals."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReferralsConfig(AppConfig):
    name = "agencies.referrals"
    label = "referrals"
    verbose_name = _("Überweisungen")
