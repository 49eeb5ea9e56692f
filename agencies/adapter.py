"""How people log in: by invitation only, and with demo accounts only in a demo installation."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from agencies import tasks


class AccountAdapter(DefaultAccountAdapter):
    """allauth's behaviour without self sign-up, and with its mails sent from the queue."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """allauth also hands over users its backend refuses, to tell them that they are inactive."""
        user = super().authenticate(request, **credentials)
        return None if is_shut_out(user) else user

    def send_password_reset_mail(self, user: AbstractBaseUser, email: str, context: dict[str, Any]) -> None:
        """Queue the mail: a mail server that is slow or gone must not tell who has an account."""
        tasks.send_password_link.defer(user=user.pk)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Mail to an unknown address: none, at the same cost as one."""
        if template_prefix != "account/email/unknown_account":
            raise NotImplementedError(template_prefix)
        tasks.send_password_link.defer(user=None)


class PasswordBackend(AuthenticationBackend):
    """Login with user name and password.

    Demo accounts share one published password, so outside a demo neither their login nor a session
    they still have is accepted: Django asks this question at login and on every request.
    """

    def user_can_authenticate(self, user: AbstractBaseUser | None) -> bool:
        return not is_shut_out(user) and super().user_can_authenticate(user)


def is_shut_out(user: AbstractBaseUser | None) -> bool:
    """A demo account outside a demo."""
    return getattr(user, "is_demo", False) and not settings.DEMO
