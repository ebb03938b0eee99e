"""What a first view weighs over the wire, with the files as a server sends them, packed."""

from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer

from config.settings import STORAGES
from tests.browsers import PHONE
from tests.factories import make_assessment, make_confirmer, make_officer, make_submitted_assessment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.feature("J5")]
MOST = 100_000


@pytest.fixture
def served(browser, tmp_path, live_server):
    """The portal beside the usual one, with its own collected files instead of Django's help for them."""
    with override_settings(
        STORAGES=settings.STORAGES | {"staticfiles": STORAGES["staticfiles"]},
        STATIC_ROOT=tmp_path,
        WHITENOISE_AUTOREFRESH=False,
    ):
        call_command("collectstatic", interactive=False, verbosity=0)
        server = LiveServer("localhost", start=False)  # the host of the other one, so that a session holds
        server.thread.static_handler = lambda application: application
        server.start()
        yield server
        server.stop()


@pytest.mark.long_on_sqlite
def test_a_first_view_of_the_main_pages_weighs_at_most_100_kilobytes(served, browser, log_in):
    draft, sent = make_assessment(), make_submitted_assessment()
    citizen, board = draft.citizen.user, make_confirmer(sent.board)
    section = draft.criteria_set.sections[0].code
    views = [
        (None, reverse("portal:home")),
        (None, reverse("accounts:sign_in")),
        (None, reverse("accounts:sign_up")),
        (None, reverse("portal:help_citizen")),
        (citizen, reverse("assessments:mine")),
        (citizen, draft.get_absolute_url()),
        (citizen, reverse("assessments:section", args=[draft.pk, section])),
        (board, reverse("assessments:board_queue")),
        (board, reverse("assessments:board_detail", args=[sent.pk])),
        (make_officer(sent.board.parent), reverse("reports:summary")),
    ]
    heavy = {}
    for user, path in views:
        with browser.new_context(viewport=PHONE) as context:
            page = context.new_page()
            if user:
                log_in(user, page)
            weight = weight_of(page, served.url + path)
            assert urlsplit(page.url).path == path  # and not the way to it
        if not 30_000 < weight <= MOST:
            heavy[path] = weight
    assert heavy == {}


def weight_of(page, url):
    """The bytes of all that is asked for until the page stands, as they come over the wire."""
    session, sizes = page.context.new_cdp_session(page), []
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(url, wait_until="networkidle")
    return sum(sizes)
