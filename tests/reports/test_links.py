"""Behind every number of every form stand exactly its rows: the list it leads to is as long as it says."""

import random
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import transaction
from django.http import QueryDict
from django.urls import resolve, reverse

from accounts.models.appointment import Role
from assessments.models import Asked, Assessment, Campaign, Ending, Helping, Outcome, State
from audit import clock
from criteria.models import Level
from organizations.models import Kind, Organization
from reports import filters
from reports.figures import Figure
from reports.report_forms import free
from reports.report_forms.free import AS_COLUMNS, AS_ROWS, FREE, MEASURES
from reports.report_forms.known import FORMS
from reports.scope import Scope
from tests.factories import (
    appoint,
    load_chains,
    make_confirmer,
    make_group_set,
    make_household,
    make_officer,
    make_user,
)
from tests.reports.records import make_country
from tests.reports.test_forms import make_graded_set

pytestmark = pytest.mark.django_db
JUDGED = [(State.CONFIRMED, Outcome.ACHIEVED), (State.RECOGNISED, Outcome.ACHIEVED), (State.SUBMITTED, "")]


@pytest.fixture(scope="module")
def country(django_db_setup, django_db_blocker):
    """Built once, for tests that only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        campaign = make_country(3, people=70)
        make_groups(campaign)
        make_helped()
        yield campaign
        transaction.set_rollback(True)


def make_groups(campaign):
    """Records of families, villages, units and communes; the communes by grade."""
    load_chains()
    graded, communes = make_graded_set(), Organization.objects.filter(kind=Kind.COMMUNE)
    for number, commune in enumerate(communes):
        record = put_in(
            campaign, Level.COMMUNITY, graded, commune.parent, *JUDGED[number % 3], organization=commune
        )
        for indicator in graded.criteria.exclude(parent=None):
            passed = indicator.rank <= 1 + number
            record.scores.create(indicator=indicator, own_passed=passed, confirmed_passed=passed)
    bodies = Organization.objects.filter(kind__in=[Kind.VILLAGE, Kind.UNIT]).exclude(parent__kind=Kind.CENTRE)
    for number, body in enumerate(bodies):
        level = Level.COMMUNITY if body.kind == Kind.VILLAGE else Level.UNIT
        scope = "village" if level == Level.COMMUNITY else body.parent.kind
        put_in(
            campaign,
            level,
            make_group_set(level, scope),
            body.parent,
            *JUDGED[number % 3],
            organization=body,
        )
        if level == Level.COMMUNITY:
            family = make_group_set(Level.FAMILY)
            household = make_household(village=body)
            put_in(campaign, Level.FAMILY, family, body, *JUDGED[(number + 1) % 3], household=household)


def put_in(campaign, level, criteria_set, board, state, outcome, **subject):
    now = clock.now()
    places = [board, *board.ancestors]
    return Assessment.objects.create(
        campaign=campaign,
        level=level,
        criteria_set=criteria_set,
        board=board,
        commune=next((one for one in places if one.kind == Kind.COMMUNE), None),
        province=next((one for one in places if one.kind == Kind.PROVINCE), None),
        state=state,
        outcome=outcome,
        registered_at=now,
        saved_at=now,
        submitted_at=now,
        receipt_number=f"N-{level}-{Assessment.objects.count()}",
        confirmed_at=now if outcome else None,
        confirmed_by=make_user() if outcome else None,
        **subject,
    )


def make_helped():
    sent = Assessment.objects.filter(level=Level.CITIZEN, submitted_at__isnull=False)
    for number, record in enumerate(sent[::3]):
        Helping.objects.create(
            assessment=record,
            helper=record.confirmed_by if record.confirmed_by and number % 2 else make_user(),
            board=record.board,
            asked=Asked.values[0],
            reason="Mắt kém.",
            began_at=clock.now(),
            wrote_at=clock.now(),
            ended_at=clock.now(),
            ending=Ending.values[0],
        )


def how_many(address):
    """How long the list at an address is; what a filter refuses is an error and no empty list."""
    asked, view = QueryDict(urlsplit(address).query), resolve(urlsplit(address).path).view_name
    organization = Organization.objects.get(code=asked["to-chuc"])
    campaign = Campaign.objects.get(year=asked["nam"])
    if view == "reports:subjects":
        form = filters.LevelForm(asked)
        assert form.is_valid(), address
        return form.found(organization).count()
    if view == "reports:members":
        return next(iter(Organization.objects.filter(pk=organization.pk).with_people())).people
    if view == "reports:table_rows":
        return free.behind(FREE.asked(organization, campaign, clock.now(), asked), asked).count()
    chosen = {"reports:list": filters.RecordFilter, "reports:people": filters.PeopleFilter}[view]
    chosen = chosen(asked, organization, campaign)
    unknown = asked.keys() - chosen.filters.keys() - {"to-chuc", "nam"}
    assert chosen.is_valid(), (address, chosen.errors)
    assert not unknown, address
    return chosen.found().count()


NOT_COUNTED = {"reports:typed"}  # what communes typed is no number of rows


@pytest.mark.feature("G1", "G4")
@pytest.mark.parametrize("slug", [slug for slug, form in FORMS.items() if not form.names_people])
def test_every_number_of_a_form_leads_to_a_list_that_is_as_long(country, slug):
    form, followed = FORMS[slug], 0
    campaigns = tuple(Campaign.objects.order_by("-year"))
    one_of_a_kind = {one.kind: one for one in Organization.objects.order_by("-path")}
    for organization in one_of_a_kind.values():
        about = Scope(organization, country, (), campaigns)
        asked = form.asked(organization, country, clock.now())
        content = form.content(asked)
        for row in [*content.rows, *([None] if content.total else [])]:
            for column in form.columns_for(asked):
                value = column.read(row or content.total) if column.read else None
                if column.rows is None or not value or column.rows.view in NOT_COUNTED:
                    continue
                address = column.rows.url(about, row, is_broken_down=asked.is_broken_down)
                assert how_many(address) == value, (slug, organization, column.heading, column.group, address)
                followed += 1
    assert followed or slug in ("04kh", "05kh")


@pytest.mark.feature("G1")
@pytest.mark.parametrize("slug", FORMS)
def test_a_count_that_no_link_stands_behind_is_a_sum_or_a_rate(country, slug):
    """So that a new column is not left without one."""
    form = FORMS[slug]
    asked = form.asked(Organization.objects.filter(kind=Kind.PROVINCE)[0], country, clock.now())
    bare = set()
    for row in form.content(asked).rows:
        for column in form.columns_for(asked):
            value = column.read(row) if column.read else None
            if isinstance(value, int) and column.rows is None and column.number != "0":
                bare.add(column.heading)
    assert bare <= WITHOUT_ROWS.get(slug, set()), bare


WITHOUT_ROWS = {
    "so-nam-truoc": {"Tăng, giảm"},
    "04kh": {"Bình quân đồng trên người dân"},
}


@pytest.mark.feature("G1", "G3")
@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.prove)])
def test_every_number_of_any_free_table_leads_to_exactly_its_records(country, client, seed):
    chance, followed = random.Random(seed), 0
    campaigns = tuple(Campaign.objects.order_by("-year"))
    kinds = [Kind.CENTRE, Kind.PROVINCE, Kind.COMMUNE]
    places = list(Organization.objects.filter(kind__in=kinds).order_by("path"))
    for turn in range(40 * seed):
        row, column, measure = (chance.choice(each)[0] for each in (AS_ROWS, AS_COLUMNS, MEASURES[:-1]))
        measure = chance.choice([measure, Figure.REGISTERED.value])
        chosen = {"hang": row, "cot": column, "do": measure}
        if chance.random() < 0.3:
            chosen |= {"danh-hieu": chance.choice(Level.values)}
        if chance.random() < 0.3:
            chosen |= {"tinh-trang": chance.choice(Figure.values)}
        organization = chance.choice(places)
        about = Scope(organization, country, (), campaigns)
        asked = FREE.asked(organization, country, clock.now(), chosen)
        content = FREE.content(asked)
        for line in [*content.rows, None]:
            for cell in FREE.columns_for(asked):
                value = cell.read(line or content.total) if cell.rows else 0
                if value:
                    address = cell.rows.url(about, line)
                    assert how_many(address) == value, (turn, address, cell.heading)
                    followed, last = followed + 1, (organization, address, value, line, cell)
    assert followed > 30
    organization, address, value, line, cell = last
    client.force_login(make_officer(organization))
    page = client.get(address)
    assert page.context["page"].paginator.count == value
    named = [line.name if line else "tất cả", cell.heading if cell.rows.column else "tất cả"]
    told = [part.split(": ")[1] for part in page.context["cell"].split("; ")][:-1]
    assert told
    assert told == named[: len(told)]  # a table without columns names none


@pytest.mark.feature("G3")
def test_behind_the_size_of_a_board_stand_the_names_of_who_acts_for_it(client, country):
    board = Organization.objects.filter(kind=Kind.VILLAGE)[0]
    member = make_confirmer(board, "Trần Thị Mai")
    make_confirmer(board, "Lê Văn Khóa", is_active=False)
    appoint(member, board, Role.BOARD_CHAIR)
    client.force_login(member)
    asked = FORMS["cac-ban"].asked(board, country, clock.now())
    (line,) = FORMS["cac-ban"].content(asked).rows
    (column,) = (each for each in FORMS["cac-ban"].columns_for(asked) if each.heading == "Số người của ban")

    page = client.get(column.rows.url(Scope(board, country, ()), line))

    assert column.read(line) == page.context["page"].paginator.count == 1
    assert "Trần Thị Mai" in page.content.decode()
    assert "Lê Văn Khóa" not in page.content.decode()


@pytest.mark.feature("G1")
def test_the_page_of_a_form_draws_its_numbers_as_links_that_open(client, country):
    province = Organization.objects.filter(kind=Kind.PROVINCE)[0]
    client.force_login(make_officer(province))

    page = client.get(reverse("reports:form", args=["02kh"]))

    rows = [*page.context["rows"], page.context["total"]]
    addresses = {cell.url for row in rows for cell in row if cell.url}
    views = {resolve(urlsplit(each).path).view_name for each in addresses}
    assert views >= {"reports:list", "reports:people", "reports:subjects"}
    for address in sorted(addresses)[:12]:
        assert client.get(address).status_code == 200, address
    narrowed = next(each for each in sorted(addresses) if "chi-tinh" in each and "danh-sach" in each)
    asked = parse_qs(urlsplit(narrowed).query)
    again = client.get(narrowed).content.decode()
    assert f'<input type="hidden" name="chi-tinh" value="{asked["chi-tinh"][0]}"' in again
