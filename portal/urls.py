"""All addresses of the installation, app by app."""

from django.urls import include, path

from portal import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("konto/", include("allauth.account.urls")),
    path("", include("agencies.urls")),
    path("", include("agencies.cases.urls")),
    path("", include("agencies.referrals.urls")),
]

handler500 = "portal.middleware.server_error"
