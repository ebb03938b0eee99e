"""Every role, at every place of the tree, against every address that names something: as the rules say.

The addresses are found in the portal itself. One that the rules do not know makes a test fail.
"""

import re
from collections import defaultdict

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings
from django.urls import URLPattern, get_resolver, reverse

from accounts.seeing_as import NOT_SHOWN
from audit.models import Event
from tests.rights import rules
from tests.rights.blank import TEMPLATES
from tests.rights.rules import ADDRESSES, BY_KEY, BY_LINK, BY_QUERY, HIDDEN, PUBLISHED, REFUSED, SUCCEEDS
from tests.rights.world import World

# The whole pages, where what they say is asked.
DRAWN = settings.TEMPLATES
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.long_on_sqlite,
    pytest.mark.feature("C7"),
    pytest.mark.feature("L8"),
]
NO_SUCH_METHOD = 405
SIGN_IN = "/dang-nhap/"


def addresses(resolver=None, space=""):
    """(name, takes something) of every address of the portal."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}", bool(pattern.pattern.converters)
        else:
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern, inner)


def taking_something():
    return {name for name, takes in addresses() if takes and not name.startswith("admin:")}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    """Built once: each request is taken back, and all of it at the end."""
    folder = tmp_path_factory.mktemp("rights")
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=folder / "media", DATA_DIR=folder, TEMPLATES=TEMPLATES),
        transaction.atomic(),
    ):
        yield World()
        transaction.set_rollback(True)


def ask(world, viewer, method, address, name, thing):
    """What comes of it, and how many events it left."""
    url = reverse(name, args=address.arguments(thing), query=address.query(thing))
    with transaction.atomic():
        before = Event.objects.count()
        response = getattr(viewer.client, method)(url, address.typed(thing) if method == "post" else None)
        response.close()
        left = Event.objects.count() - before
        transaction.set_rollback(True)
    return outcome_of(response), left


def outcome_of(response):
    if response.status_code == 302 and response.url.startswith(SIGN_IN):
        return "sign in"
    return SUCCEEDS if response.status_code in (200, 302) else response.status_code


def everything(world, address, method):
    """Everybody meets everything."""
    rule = address.reading if method == "get" else address.doing
    for viewer in world.viewers:
        for thing in getattr(world, address.of):
            yield viewer, thing, rule(viewer, thing)


def both_ends(world, address, method):
    """Of all that is open to a viewer, is refused or hidden, the first and the last.

    One page under one rule looks up what it names before it asks for the method: of what it hides when read
    one thing for each viewer is enough when written to.
    """
    is_same = method == "post" and address.doing is address.reading
    alike = defaultdict(list)
    for viewer, thing, expected in everything(world, address, method):
        alike[viewer, expected].append(thing)
    for (viewer, expected), things in alike.items():
        ends = (
            things[:1]
            if is_same and expected == HIDDEN
            else {id(each): each for each in (things[0], things[-1])}.values()
        )
        for thing in ends:
            yield viewer, thing, expected


def test_the_rules_know_every_address_and_no_other():
    assert taking_something() == ADDRESSES.keys() | BY_KEY.keys() | BY_LINK | PUBLISHED
    figures = {name for name, takes in addresses() if name.startswith("reports:") and not takes}
    assert figures == {name for name in BY_QUERY if name.startswith("reports:")} | rules.OF_NO_PLACE


@pytest.mark.parametrize("pairs", [both_ends, pytest.param(everything, marks=pytest.mark.prove)])
@pytest.mark.parametrize("name", [*ADDRESSES, *BY_QUERY])
def test_exactly_the_allowed_succeed(world, name, pairs):
    address = (ADDRESSES | BY_QUERY)[name]
    wrong = []
    for method, rule in (("get", address.reading), ("post", address.doing)):
        if rule is None:
            continue
        outcomes = set()
        for viewer, thing, expected in pairs(world, address, method):
            outcome, left = ask(world, viewer, method, address, name, thing)
            outcomes.add(outcome)
            if outcome != expected or (left and expected != SUCCEEDS):
                wrong.append((method, viewer.name, thing.name, outcome, "expected", expected, left))
        if outcomes <= {SUCCEEDS} or SUCCEEDS not in outcomes:
            wrong.append((method, "shows nothing", outcomes))
    assert wrong == []


@pytest.mark.parametrize("name", [*ADDRESSES, *BY_QUERY])
def test_who_is_not_signed_in_is_sent_to_do_so(world, name):
    address = (ADDRESSES | BY_QUERY)[name]
    thing = getattr(world, address.of)[0]

    outcomes = {ask(world, world.anonymous, method, address, name, thing) for method in ("get", "post")}

    assert outcomes == {("sign in", 0)}


@pytest.mark.feature("C6")
@pytest.mark.parametrize("name", [*ADDRESSES, *BY_QUERY])
def test_with_anothers_eyes_one_reads_what_they_read_and_does_nothing(world, name):
    address, whose = (ADDRESSES | BY_QUERY)[name], world.viewer("ban thôn")
    things = getattr(world, address.of)
    is_read = address.reading and name not in NOT_SHOWN
    seen = [thing for thing in things if address.reading(whose, thing) == SUCCEEDS] if is_read else []
    for thing in [*seen, *things[:2]] if is_read else []:
        outcome, left = ask(world, world.borrowed, "get", address, name, thing)
        assert (outcome, left) == (address.reading(whose, thing), 0), thing.name
    if not is_read:
        assert ask(world, world.borrowed, "get", address, name, things[0]) in ((REFUSED, 0), (405, 0))
    assert ask(world, world.borrowed, "post", address, name, things[0]) == (REFUSED, 0)


@pytest.mark.parametrize("name", [*ADDRESSES, *BY_QUERY])
def test_an_address_takes_no_other_method(world, name):
    address = (ADDRESSES | BY_QUERY)[name]
    viewer, thing = world.viewers[0], getattr(world, address.of)[0]
    closed = {"get": address.reading is None, "post": address.doing is None, "put": True, "delete": True}

    for method in (method for method, is_closed in closed.items() if is_closed):
        assert ask(world, viewer, method, address, name, thing) == (NO_SUCH_METHOD, 0), method


@pytest.mark.parametrize("name", sorted(ADDRESSES.keys() - {"assessments:give_back"}))
def test_what_is_not_there_is_hidden_from_everybody(world, name):
    address = ADDRESSES[name]
    first = getattr(world, address.of)[0]
    arguments = ["KHONGCO" if isinstance(each, str) else 10**9 for each in address.arguments(first)]
    names = (
        ["cán bộ trung ương"] if address.of == "outages" else ["cán bộ trung ương", "cán bộ xã", "người dân"]
    )
    for viewer in map(world.viewer, names):
        url = reverse(name, args=arguments, query=address.query(first))
        with transaction.atomic():
            response = viewer.client.get(url) if address.reading else viewer.client.post(url)
            transaction.set_rollback(True)
        assert response.status_code == HIDDEN, viewer.name


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_what_is_published_everybody_reads_and_nobody_writes(world, name):
    for viewer in [*world.viewers, world.anonymous]:
        for draw in world.draws:
            url = reverse(name, args=[draw.row.pk])
            assert viewer.client.get(url).status_code == 200
            assert viewer.client.post(url).status_code == NO_SUCH_METHOD


@pytest.mark.parametrize("name", sorted(BY_LINK))
def test_a_link_that_was_made_up_opens_nothing(world, name):
    for viewer in [*world.viewers, world.anonymous]:
        for method in ("get", "post"):
            assert getattr(viewer.client, method)(reverse(name, args=["MQ", "x-y"])).status_code == 410


@pytest.mark.parametrize("name", sorted(BY_KEY))
def test_a_code_or_key_that_was_made_up_tells_of_nobody_and_nobody_writes(world, name):
    holders = [each.row.holder_name for each in world.recognitions]
    for viewer in [world.viewers[0], world.anonymous]:
        with transaction.atomic():
            response = viewer.client.get(reverse(name, args=BY_KEY[name]))
            transaction.set_rollback(True)
        assert response.status_code in (200, HIDDEN)
        assert not [holder for holder in holders if holder in response.content.decode()]
        assert viewer.client.post(reverse(name, args=BY_KEY[name])).status_code == NO_SUCH_METHOD


def test_the_admin_is_closed_to_all_who_act_for_organizations(world):
    pages = [
        reverse("admin:accounts_user_change", args=[world.viewers[0].user.pk]),
        reverse("admin:organizations_organization_change", args=[world.places[0].row.pk]),
        reverse("admin:audit_event_changelist"),
    ]
    for viewer in [*world.viewers, world.anonymous]:
        for page in pages:
            response = viewer.client.get(page)
            assert response.status_code == 302
            assert response.url.startswith("/quan-tri/login/" if viewer.is_signed_in else SIGN_IN)


# --- What the pages say, each once for somebody whom it is for: tests.every_page judges them too --------


@pytest.mark.feature("J1")
def test_a_page_that_found_errors_names_them_where_they_are(world):
    """Every form is sent with nothing in it."""
    wrong = {}
    with override_settings(TEMPLATES=DRAWN):
        for method, url, response in [*told_of_something(world), *told_of_nothing(world)]:
            if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
                wrong[method, url] = sorted(unannounced(response.content.decode()))
    assert len(wrong) > 150
    assert {asked: faults for asked, faults in wrong.items() if faults} == {}


def told_of_something(world):
    """The first who may read a page, and the first who sends its form."""
    for name, address in (ADDRESSES | BY_QUERY).items():
        things = getattr(world, address.of)
        for method, rule in (("get", address.reading), ("post", address.doing)):
            allowed = (
                (viewer, thing)
                for viewer in world.viewers
                for thing in things
                if rule and rule(viewer, thing) == SUCCEEDS
            )
            for viewer, thing in list(allowed)[:1]:
                url = reverse(name, args=address.arguments(thing), query=address.query(thing))
                yield method, url, answer_of(viewer, method, url)


def told_of_nothing(world):
    viewers = [world.anonymous, *map(world.viewer, ("cán bộ xã", "người dân"))]
    names = {name for name, takes in addresses() if not takes and not name.startswith("admin:")}
    for name in sorted(names - {"accounts:sign_out"}):
        for method in ("get", "post"):
            for viewer in viewers:
                yield method, reverse(name), answer_of(viewer, method, reverse(name))


def answer_of(viewer, method, url):
    with transaction.atomic():
        response = getattr(viewer.client, method)(url)
        response.close()
        transaction.set_rollback(True)
    return response


def unannounced(html):
    """Errors outside of the summary, a summary that leads nowhere, a field that names no error of its own."""
    errors = set(re.findall(r'id="(\w+_error)"', html))
    summary = html.partition('class="error-summary"')[2].partition("</div>")[0]
    ids = set(re.findall(r'\sid="([^"]+)"', html))
    described = set(" ".join(re.findall(r'aria-describedby="([^"]+)"', html)).split())
    if errors and not summary:
        yield "no summary"
    yield from (f"leads nowhere: {link}" for link in set(re.findall(r'href="#([^"]+)"', summary)) - ids)
    yield from (f"no field names it: {error}" for error in errors - described)
    yield from (f"described by nothing: {name}" for name in described - ids)
