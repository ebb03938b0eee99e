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


def main_of(response):
    """What stands in the page itself, without the frame of every page."""
    content = response.content.decode()
    return content[content.index("<main") : content.index("</main>")]


def words_of(response):
    """What is read on the page: markup left out, spaces single."""
    bare = re.sub(r"<[^>]+>", " ", html_of(response).partition("<body")[2].partition(">")[2])
    return " ".join(html.unescape(bare).split())


def basis_by_criterion(response):
    """What a page says each criterion rests on: the name in its heading → the words after "Căn cứ:"."""
    blocks = re.findall(r'<section class="indicator".*?</section>', response.content.decode(), re.DOTALL)
    found = {}
    for block in blocks:
        words = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", block)).split())
        found[words.partition("Căn cứ:")[0]] = words.partition("Căn cứ: ")[2]
    return found
