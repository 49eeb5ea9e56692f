"""How people log in: by invitation only, and with demo accounts only in a demo installation."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """allauth's behaviour without self sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class PasswordBackend(AuthenticationBackend):
    """Login with user name and password.

    Demo accounts share one published password, so outside a demo neither their login nor a session
    they still have is accepted: Django asks this question at login and on every request.
    """

    def user_can_authenticate(self, user: AbstractBaseUser | None) -> bool:
        if getattr(user, "is_demo", False) and not settings.DEMO:
            return False
        return super().user_can_authenticate(user)
