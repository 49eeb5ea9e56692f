"""What an action says when it cannot do what was asked; views turn these into messages, never into 500s."""


class Refused(Exception):
    """The rules of the field forbid it; the message tells the user why and what helps."""


class Conflict(Exception):
    """Somebody else was faster; the message says who did what."""
