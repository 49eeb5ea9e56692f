"""The mail server of the browser tests: it takes every mail and shows it as its receiver would read it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from threading import Condition

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.e2e import serving


@dataclass
class Mail:
    """One mail: whom it reached and everything it says, headers included."""

    to: list[str]
    text: str


@dataclass
class Mailbox:
    """All mails that arrived, oldest first."""

    address: str = ""
    mails: list[Mail] = field(default_factory=list)
    arrived: Condition = field(default_factory=Condition)

    def of(self, receiver: str) -> list[Mail]:
        return [mail for mail in self.mails if receiver in mail.to]

    def wait_for(self, receiver: str, count: int = 1) -> list[Mail]:
        """The mails of a receiver, once there are as many; fails after a minute without."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.of(receiver)) >= count, timeout=60), self.mails
        return self.of(receiver)

    def link_to(self, receiver: str) -> str:
        """The address in the receiver's newest mail."""
        found = re.search(r"https?://\S+", self.wait_for(receiver)[-1].text)
        assert found
        return found.group()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        message = message_from_bytes(envelope.content, policy=policy.default)
        body = message.get_body(("plain",)).get_content()
        headers = "\n".join(f"{name}: {value}" for name, value in message.items())
        with self.arrived:
            self.mails.append(Mail(list(envelope.rcpt_tos), f"{headers}\n\n{body}"))
            self.arrived.notify_all()
        return "250 OK"


@contextmanager
def receiving() -> Iterator[Mailbox]:
    """A mail server on a free port."""
    box = Mailbox()
    port = serving.free_port()
    box.address = f"smtp://127.0.0.1:{port}"
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
