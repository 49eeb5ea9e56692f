"""The mails of the agencies: a link and nothing about any person."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.models import Membership, User


def send_invitation(member: Membership) -> None:
    """Invite to an agency: with a link to set a password, or to the login for who already has one."""
    values = {"agency": member.agency.name, "site": settings.SITE_URL, "days": link_days()}
    if not member.user.has_usable_password():
        values["link"] = password_link(member.user)
    text = render_to_string("agencies/mails/invitation.txt", values)
    _send(_("Ihr Zugang zum Portal Kreisrund"), text, member.user)


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
