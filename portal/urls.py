"""All addresses of the installation, app by app."""

from allauth.account.urls import urlpatterns as allauth_urls
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import RedirectView

from portal import gallery, health

#: What of allauth the portal offers. Mail addresses belong to the agency: nobody changes their own.
ACCOUNT = {
    f"account_{name}"
    for name in (
        "login",
        "logout",
        "inactive",
        "signup",
        "change_password",
        "set_password",
        "reset_password",
        "reset_password_done",
        "reset_password_from_key",
        "reset_password_from_key_done",
    )
}

#: Browsers ask for it beside any file that is no page, whatever the pages name.
MARK = f"{settings.STATIC_URL}kreisrund/icons/kreisrund.svg"

urlpatterns = [
    path("favicon.ico", login_not_required(RedirectView.as_view(url=MARK)), name="favicon"),
    path("healthz", health.healthz, name="healthz"),
    path("konto/", include([pattern for pattern in allauth_urls if pattern.name in ACCOUNT])),
    path("", include("agencies.urls")),
    path("", include("agencies.cases.urls")),
    path("", include("agencies.referrals.urls")),
    path("", include("agencies.roundtable.urls")),
]

if settings.DEBUG:
    urlpatterns += [path("galerie/", gallery.gallery, name="gallery")]

handler400 = "portal.errors.bad_request"
handler403 = "portal.errors.permission_denied"
handler404 = "portal.errors.page_not_found"
handler429 = "portal.errors.too_many_requests"
handler500 = "portal.middleware.server_error"
