"""What is written in an SMS or e-mail: the words of the notices, and whose they are. Pure."""

import math
from collections.abc import Sequence

from django.utils.translation import gettext as _

from accounts.models import Message
from vietnamese import text

MOST_PARTS = 3  # of an SMS; what is longer says its subject alone


def parts(words: str) -> int:
    """How many text messages an operator charges for: letters with accents need an alphabet of 70 a part."""
    whole, each = (160, 153) if words.isascii() else (70, 67)
    return 1 if len(words) <= whole else math.ceil(len(words) / each)


def sms(messages: Sequence[Message], name: str, *, accents: bool) -> str:
    """One notice in its own words, or several as a digest; the name, for households share a telephone."""
    written = (each if accents else text.ascii_only(each) for each in _candidates(messages, name))
    for words in written:
        if parts(words) <= MOST_PARTS:
            break
    return words


def _candidates(messages, name):
    """The same in fewer and fewer words."""
    if len(messages) == 1:
        what = {"name": name, "subject": messages[0].subject, "body": messages[0].body}
        yield _("%(name)s: %(subject)s. %(body)s") % what
        yield _("%(name)s: %(subject)s. Xem ở mục Tin nhắn trên cổng.") % what
    else:
        what = {"name": name, "count": len(messages), "subjects": "; ".join(m.subject for m in messages)}
        yield _("%(name)s: Bạn có %(count)s tin mới: %(subjects)s. Xem ở mục Tin nhắn trên cổng.") % what
    what = {"name": name, "count": len(messages)}
    yield _("%(name)s: Bạn có %(count)s tin mới. Xem ở mục Tin nhắn trên cổng.") % what


def email_subject(messages: Sequence[Message]) -> str:
    if len(messages) == 1:
        return messages[0].subject
    return _("Bạn có %(count)s tin mới trên cổng danh hiệu học tập") % {"count": len(messages)}


def email_body(messages: Sequence[Message], name: str, portal: str) -> str:
    """Every notice in full; `portal` is where the portal stands, where that is known."""
    told = []
    for message in messages:
        lines = [message.body] if len(messages) == 1 else [message.subject, message.body]
        if portal and message.link:
            lines.append(portal + message.link)
        told.append("\n".join(lines))
    greeting = _("Chào %(name)s,") % {"name": name}
    end = _(
        "Tin này cũng nằm ở mục Tin nhắn trên cổng danh hiệu học tập. "
        "Không muốn nhận e-mail thì tắt ở mục Tài khoản."
    )
    return "\n\n".join([greeting, *told, end]) + "\n"
