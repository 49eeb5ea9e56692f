"""All addresses of the installation, app by app."""

from django.conf import settings
from django.urls import include, path

from portal import gallery, health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("konto/", include("allauth.account.urls")),
    path("", include("agencies.urls")),
    path("", include("agencies.cases.urls")),
    path("", include("agencies.referrals.urls")),
]

if settings.DEBUG:
    urlpatterns += [path("galerie/", gallery.gallery, name="gallery")]

handler400 = "portal.errors.bad_request"
handler403 = "portal.errors.permission_denied"
handler404 = "portal.errors.page_not_found"
handler429 = "portal.errors.too_many_requests"
handler500 = "portal.middleware.server_error"
