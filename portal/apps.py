"""App configuration of the composition root."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
