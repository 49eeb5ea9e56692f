"""The mails of the agencies: a link, perhaps a count, and nothing about any person."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies import oversight
from agencies.models import Agency, Membership, User


def send_invitation(member: Membership) -> None:
    """Invite to an agency: with a link to set a password, and for a known account one to accept."""
    values = {"agency": member.agency.name, "days": link_days()}
    if not member.user.has_usable_password():
        values["link"] = password_link(member.user)
    if member.is_pending:
        values["page"] = settings.SITE_URL + reverse("agencies:invitation", args=[member.pk])
    text = render_to_string("agencies/mails/invitation.txt", values)
    _send(_("Ihr Zugang zum Portal Kreisrund"), text, member.user)


def tell_oversight(agency: Agency) -> None:
    """Tell head and data protection officer that somebody got a role that reads cases; the page says who."""
    members = Membership.objects.filter(
        agency=agency, is_active=True, user__is_active=True, role__in=oversight.ROLES
    )
    addresses = sorted({member.user.email for member in members.select_related("user") if member.user.email})
    if not addresses:
        return
    link = settings.SITE_URL + reverse("agencies:start")
    text = render_to_string("agencies/mails/oversight.txt", {"link": link})
    send_mail(_("Kreisrund: neue Zugänge zu Fällen"), text, None, addresses)


def send_password_link(user: User) -> None:
    """Answer a forgotten password."""
    values = {"link": password_link(user), "days": link_days()}
    _send(
        _("Neues Passwort für Kreisrund"), render_to_string("agencies/mails/password_link.txt", values), user
    )


def password_link(user: User) -> str:
    """An address at which the user sets a password: works once, and for ``link_days()`` days."""
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    return settings.SITE_URL + path


def link_days() -> int:
    return settings.PASSWORD_RESET_TIMEOUT // 86_400


def _send(subject: str, text: str, user: User) -> None:
    send_mail(subject, text, None, [user.email])
