"""What carries a letter out of the house: an e-mail server, or somebody who sends text messages.

One that carries an SMS is a class with a `send`, chosen by SMS_GATEWAY. It may be asked twice for one letter,
since a worker may die before it has noted the answer; the letter's key is the same then.
"""

import json
import logging
import smtplib
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.module_loading import import_string

from delivery.models import Channel

log = logging.getLogger(__name__)
TIMEOUT = 15  # seconds, much less than delivery.models.DEAD_AFTER
DOMAIN = "danh-hieu-hoc-tap.invalid"  # of the ids of letters; a name that is nobody's


@dataclass(frozen=True)
class Letter:
    key: str
    to: str
    subject: str
    text: str


class Refused(Exception):
    """This letter will never arrive: the address is not one."""


class Gateway(Protocol):
    def send(self, letter: Letter) -> str:
        """Take over a letter and name it. Raises Refused, or anything else to be asked again later."""


class Mail:
    """Django's mail. A server that takes a letter twice shows its reader one: both bear one id."""

    def send(self, letter):
        headers = {"Message-ID": f"<{letter.key}@{DOMAIN}>", "Auto-Submitted": "auto-generated"}
        try:
            EmailMessage(letter.subject, letter.text, to=[letter.to], headers=headers).send()
        except smtplib.SMTPRecipientsRefused as refusal:
            # 5xx is said of the address; 4xx of the moment, as when the server doubts everybody at first.
            if all(code >= 500 for code, _words in refusal.recipients.values()):
                raise Refused(str(refusal.recipients)) from None
            raise
        return ""


class Console:
    """For trials: says in the log of the worker what would have been sent."""

    def send(self, letter):
        log.info("SMS %s to %s: %s", letter.key, letter.to, letter.text)
        return letter.key


class Folder:
    """For trials: a file for each SMS that would have been sent; one sent again is the same file."""

    def send(self, letter):
        folder = settings.OUTBOX_DIR / "sms"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{letter.key}.txt").write_text(f"{letter.to}\n\n{letter.text}\n", encoding="utf-8")
        return letter.key


class Http:
    """A company that takes text messages as JSON over HTTP.

    POST {"id", "to", "from", "text"} with a bearer token and the id as Idempotency-Key. 2xx took it, 409 says
    that it was taken before, 400, 404, 410 and 422 that it never will be.
    """

    REFUSALS = {400, 404, 410, 422}

    def send(self, letter):
        body = {"id": letter.key, "to": letter.to, "from": settings.SMS_SENDER, "text": letter.text}
        request = urllib.request.Request(  # noqa: S310 - the settings take http and https alone
            settings.SMS_HTTP_URL,
            json.dumps(body).encode(),
            {
                "Content-Type": "application/json",
                "Authorization": f"Bearer {settings.SMS_HTTP_TOKEN}",
                "Idempotency-Key": letter.key,
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
                return self._reference(answer.read())
        except urllib.error.HTTPError as answer:
            with answer:
                if answer.code == 409:
                    return self._reference(answer.read())
                if answer.code in self.REFUSALS:
                    raise Refused(f"HTTP {answer.code}") from None
                raise OSError(f"HTTP {answer.code}") from None

    @staticmethod
    def _reference(body):
        """What it calls the letter. One who took it and says nothing readable has taken it."""
        try:
            return str(json.loads(body)["id"])
        except (ValueError, KeyError, TypeError):
            return ""


def configured() -> dict[Channel, Gateway]:
    """By channel; a channel without a gateway is one that the portal does not have."""
    found = {}
    if settings.SMS_GATEWAY:
        found[Channel.SMS] = import_string(settings.SMS_GATEWAY)()
    if not settings.EMAIL_BACKEND_OUTSIDE.endswith(".dummy.EmailBackend"):
        found[Channel.EMAIL] = Mail()
    return found
