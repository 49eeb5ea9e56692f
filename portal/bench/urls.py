"""The portal's addresses plus an empty page with the same base template, for comparison."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from portal.urls import urlpatterns as portal_urls

EMPTY = engines["django"].from_string("{% extends 'base.html' %}")


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse(EMPTY.render({}, request))


urlpatterns = [*portal_urls, path("leer/", empty, name="bench_empty")]

handler404 = "portal.errors.page_not_found"
handler500 = "portal.middleware.server_error"
