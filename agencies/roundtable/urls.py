"""Addresses of the round table."""

from django.urls import URLPattern

app_name = "roundtable"
urlpatterns: list[URLPattern] = []
