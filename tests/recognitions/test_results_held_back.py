"""Where a province says so nobody sees points or outcome before the minutes are signed; then all at once."""

import re

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse

from accounts.models import Message, Purpose
from assessments import chain_data, last_year, releases, withholding, workflow
from assessments.models import Assessment, ResultHold, Score
from assessments.workflow import Change, Refused
from audit import clock
from criteria.models import Level
from groups import members
from recognitions import minutes, submitting, tasks
from recognitions.models import Decision
from tests.factories import (
    allow_provisional,
    appoint,
    close_confirmation,
    days_from_now,
    load_all_criteria,
    make_clan,
    make_commune,
    make_confirmed_assessment,
    make_confirmed_group_assessment,
    make_confirmer,
    make_head,
    make_household,
    make_officer,
    make_submitted_assessment,
    make_user,
    make_village,
    moment,
    open_campaign,
    reload,
)

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B9")]
WHY = "Giấy khen chụp mờ, không đọc được."
NOT_READ = re.compile(
    r'nonce="[^"]*"|nonce-[\w+/=-]*|(?:csrfmiddlewaretoken|name="draft)" value="[^"]*"'
)  # made anew for every answer


@pytest.fixture(autouse=True)
def december():
    with time_machine.travel(moment(2026, 12, 20, 9), tick=False):
        yield


@pytest.fixture
def village():
    return make_village(commune=make_commune())


@pytest.fixture
def province(village):
    return village.parent.parent


@pytest.fixture
def campaign():
    return open_campaign()


@pytest.fixture
def held(province, campaign):
    officer = make_officer(province)
    releases.hold(province, campaign, by=officer)
    return officer


def confirmed_lower(village, campaign):
    """By a board of one: 86 instead of 90 points, with a reason."""
    with time_machine.travel(moment(2026, 12, 20, 8), tick=False):
        record = make_submitted_assessment(9, board=village, campaign=campaign)
    workflow.confirm(record, by=make_confirmer(village), changes={"I.1.1": Change(5, WHY)})
    return record


def addresses_of(record):
    """Every address that names nothing, and every one that is made of the record's number alone."""

    def found(resolver, space=""):
        for pattern in resolver.url_patterns:
            if not isinstance(pattern, URLPattern):
                yield from found(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
            elif not space.startswith("admin"):
                yield f"{space}{pattern.name}"

    for name in dict.fromkeys(found(get_resolver())):
        for arguments in ([], [record.pk]):
            try:
                yield reverse(name, args=arguments)
            except NoReverseMatch:
                continue


def pages_of(client, addresses):
    """What the person reads at each address that answers them."""
    seen = {}
    for address in addresses:
        response = client.get(address)
        if response.status_code == 200 and not response.streaming:
            seen[address] = NOT_READ.sub("", response.content.decode(errors="replace"))
    return seen


def judge_otherwise(record):
    """The opposite result, written past every page."""
    Assessment.objects.filter(pk=record.pk).update(outcome="not_achieved", confirmed_total=33)
    Score.objects.filter(assessment=record).update(confirmed_points=3, reason="Khác hẳn.")


def minuted(issuer, campaign, level=Level.CITIZEN, within=None):
    officer = make_officer(issuer)
    allow_provisional()
    close_confirmation(campaign)
    decision = minutes.begin(issuer, level, campaign, within or issuer, by=officer)
    minutes.work(decision.pk)
    minutes.sign(
        decision, number="03/BB", on=clock.today(), chair="Lê Văn Bình", secretary="Phan Thị Lan", by=officer
    )
    minutes.tell(decision.pk)
    return decision


def test_no_address_that_a_citizen_opens_depends_on_a_result_held_back(client, village, campaign, held):
    record = confirmed_lower(village, campaign)
    client.force_login(record.citizen.user)
    before = pages_of(client, addresses_of(record))
    own = record.get_absolute_url()
    assert {own, "/danh-hieu/", "/tin-nhan/"} <= before.keys()
    assert [address for address, page in before.items() if WHY in page or "86 điểm" in page] == []
    assert "Chờ công bố kết quả" in before[own]
    assert "Ban đã xem xong hồ sơ năm 2026 của bạn" in before["/tin-nhan/"]

    judge_otherwise(record)

    after = pages_of(client, before)
    assert after.keys() == before.keys()
    assert [address for address in before if before[address] != after[address]] == []


def test_the_same_pages_show_a_result_that_is_not_held_back(client, village, campaign):
    record = confirmed_lower(village, campaign)
    client.force_login(record.citizen.user)
    addresses = [record.get_absolute_url(), "/danh-hieu/", "/tin-nhan/"]
    pages = pages_of(client, addresses)
    assert WHY in pages[record.get_absolute_url()]
    assert "86 điểm" in pages["/tin-nhan/"]
    judge_otherwise(record)
    after = pages_of(client, addresses)
    assert {"/danh-hieu/", record.get_absolute_url()} <= {
        each for each in pages if pages[each] != after[each]
    }


def test_with_the_minutes_all_see_their_result_from_one_moment_who_did_not_achieve_too(
    client, village, campaign, held
):
    good, bad = (
        confirmed_lower(village, campaign),
        make_confirmed_assessment(1, board=village, campaign=campaign),
    )
    elsewhere = confirmed_lower(
        make_village(commune=make_commune("Cẩm Bình", province=village.parent.parent)), campaign
    )
    assert not Message.objects.filter(body__contains="Kết quả:").exists()

    decision = minuted(village.parent, campaign)

    at = Decision.objects.get(pk=decision.pk).minuted_at
    assert {reload(each).released_at for each in (good, bad)} == {at}
    assert reload(elsewhere).released_at is None
    told = Message.objects.filter(key__startswith="release:")
    assert {each.citizen_id: each.body for each in told} == {
        good.citizen_id: "Kết quả: Đạt, 86 điểm.",
        bad.citizen_id: "Kết quả: Không đạt, 10 điểm.",
    }
    client.force_login(good.citizen.user)
    assert "86" in client.get(good.get_absolute_url()).content.decode()
    minutes.tell(decision.pk)
    tasks.take_up_decisions()
    assert told.count() == 2


def test_minutes_that_name_nobody_let_out_the_results_where_nobody_achieved(client, village, campaign, held):
    record = make_confirmed_assessment(1, board=village, campaign=campaign)

    decision = minuted(village.parent, campaign)

    assert not withholding.withheld([reload(record)])
    assert Message.objects.get(key__startswith="release:").body == "Kết quả: Không đạt, 10 điểm."
    officer = make_officer(village.parent)
    client.force_login(officer)
    page = client.get(decision.get_absolute_url()).content.decode()
    assert "Không còn việc gì ở đây" in page
    assert "to-trinh" not in page
    paper = client.get(reverse("recognitions:document", args=[decision.pk, "bien-ban", "docx"]))
    assert paper.status_code == 200
    with pytest.raises(Refused, match="không có gì để trình"):
        submitting.submit(decision, number="1", on=clock.today(), to="A", by=officer)
    with pytest.raises(Refused, match="Không có hồ sơ nào đạt"):  # once is enough
        minutes.begin(village.parent, Level.CITIZEN, campaign, village.parent, by=officer)


def test_a_family_does_not_read_the_result_of_its_people_from_its_share(client, village, campaign, held):
    load_all_criteria()
    chain_data.load()
    household = make_household(village)
    person = make_head(household)
    members.seed(household, by=person.user)
    for purpose in Purpose:
        members.agree(person.memberships.get(), purpose, by=person.user)
    record = workflow.register_group(household, Level.FAMILY, campaign, by=person.user)
    page = reverse("groups:household", args=[household.pk])
    own = make_confirmed_assessment(citizen=person, campaign=campaign)
    client.force_login(person.user)
    before = pages_of(client, [page, record.get_absolute_url()])

    judge_otherwise(own)
    after = pages_of(client, before)

    assert "chưa tính kết quả chưa công bố" in before[page]
    assert [address for address in before if before[address] != after[address]] == []
    Assessment.objects.filter(pk=own.pk).update(outcome="achieved", released_at=clock.now())
    assert "1 trên 1" in client.get(page).content.decode()


def test_who_may_ask_for_another_look_counts_the_days_from_when_the_result_was_seen(village, campaign, held):
    record = confirmed_lower(village, campaign)
    assert not workflow.can_contest(withholding.cover(reload(record)), clock.now())
    with pytest.raises(Refused, match="chưa công bố"):
        workflow.contest(reload(record), {"I.1.1": "Tôi có bản rõ."}, by=record.citizen.user)

    with time_machine.travel(moment(2027, 1, 15, 9), tick=False):
        campaign.windows.filter(step="contest").update(closes_at=days_from_now(30))
        minuted(village.parent, campaign)
        assert workflow.can_contest(reload(record), clock.now())
    with time_machine.travel(moment(2027, 1, 26, 9), tick=False):
        assert not workflow.can_contest(reload(record), clock.now())


def test_boards_and_associations_see_the_result_all_the_time(client, village, campaign, held):
    record = confirmed_lower(village, campaign)
    client.force_login(make_confirmer(village, "Hồ Thị Mơ"))
    seen = client.get(reverse("assessments:board_detail", args=[record.pk])).content.decode()
    assert WHY in seen


def test_who_speaks_for_a_group_waits_for_the_minutes_too(client, village, campaign, held):
    clan = make_clan(commune=village.parent)
    speaker = appoint(make_user("Nguyễn Văn Trưởng"), clan, "representative").user
    record = make_confirmed_group_assessment(Level.CLAN, clan, by=speaker, campaign=campaign)
    client.force_login(speaker)
    before = pages_of(client, [record.get_absolute_url(), "/danh-hieu-nhom/", "/tin-nhan/"])
    assert "Chờ công bố kết quả" in before["/danh-hieu-nhom/"]
    judge_otherwise(record)
    after = pages_of(client, before)
    assert [address for address in before if before[address] != after[address]] == []

    Assessment.objects.filter(pk=record.pk).update(outcome="achieved", confirmed_total=90)
    minuted(village.parent, campaign, Level.CLAN)
    assert Message.objects.filter(
        user=speaker, key__startswith="group_release", body__contains="Đạt"
    ).exists()


def test_next_years_form_does_not_tell_what_this_year_holds_back(village, campaign, held):
    record = confirmed_lower(village, campaign)
    with time_machine.travel(moment(2027, 2, 1, 9), tick=False):
        following = workflow.register(
            record.citizen, open_campaign(), group=record.group, by=record.citizen.user
        )
        assert last_year.of(following)["I.1.1"].given == 9
        Assessment.objects.filter(pk=record.pk).update(released_at=clock.now())
        assert last_year.of(following)["I.1.1"].given == 5


def test_a_province_says_so_before_anybody_has_seen_a_result(client, village, province, campaign):
    officer = make_officer(province)
    client.force_login(officer)
    address = reverse("recognitions:release", args=[province.code])
    assert "ngay khi ban xác nhận" in client.get(address).content.decode()
    client.post(address, {"when": "minutes"})
    client.post(address, {"when": "minutes"})
    assert ResultHold.objects.standing().count() == 1

    record = confirmed_lower(village, campaign)
    client.post(address, {"when": "confirmation"})
    assert reload(record).is_released
    tasks.take_up_decisions()
    assert Message.objects.filter(citizen=record.citizen, body="Kết quả: Đạt, 86 điểm.").exists()
    answer = client.post(address, {"when": "minutes"})
    assert "không giữ lại được nữa" in answer.content.decode()
    with pytest.raises(PermissionDenied):
        releases.hold(province, campaign, by=make_officer(village.parent))
