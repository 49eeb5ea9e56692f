"""What an action says when it cannot do what was asked; views turn these into messages, never into 500s."""

from django.core.exceptions import PermissionDenied


class Refused(Exception):  # noqa: N818  # it is an answer, not an error
    """The rules of the field forbid it; the message tells the user why and what helps."""


class Conflict(Exception):  # noqa: N818
    """Somebody else was faster; the message says who did what."""


class OthersLead(PermissionDenied):
    """The act is the leading agency's: no role in any other agency allows it."""
