"""What a test reads on a page that answered."""

import html
import re

from django.contrib.messages import get_messages


def messages_of(response):
    """What the portal told: read on the page, or waiting for the next one."""
    return [str(message) for message in get_messages(response.wsgi_request)]


def html_of(response):
    """The page as one line, for sentences that run over lines of the source."""
    return " ".join(response.content.decode().split())


def words_of(response):
    """What is read on the page: markup left out, spaces single."""
    bare = re.sub(r"<[^>]+>", " ", html_of(response).partition("<body")[2].partition(">")[2])
    return " ".join(html.unescape(bare).split())
