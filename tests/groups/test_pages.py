"""The pages of groups: representatives, members and their consent, villages, the bodies that judge."""

import datetime
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook

from accounts.models import Consent, Headship, Member, Message, Purpose
from assessments import workflow
from assessments.models import Assessment, State
from audit import clock
from audit.models import Event
from criteria.models import Level
from groups import households, members
from organizations.models import Household
from tests.factories import (
    full_marks,
    load_chains,
    make_citizen,
    make_citizen_with_account,
    make_commune,
    make_confirmer,
    make_group_set,
    make_head,
    make_household,
    make_officer,
    make_submitted_group_assessment,
    make_village,
    open_campaign,
    reload,
)

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A17")]
COST_OF_A_MEMBER = 10  # statements


@pytest.fixture
def commune():
    return make_commune()


@pytest.fixture
def village(commune):
    return make_village(commune=commune)


@pytest.fixture
def campaign():
    campaign = open_campaign()
    load_chains()
    make_group_set(Level.FAMILY)
    return campaign


@pytest.fixture
def head(village, client):
    head = make_head(make_household(village))
    client.force_login(head.user)
    return head


def page_of(household, page=""):
    return reverse(f"groups:household{page}", args=[household.pk])


# --- Registration ---------------------------------------------------------------------------------


def test_a_head_registers_the_family_once_and_those_who_live_there_are_on_its_list(client, head, campaign):
    make_citizen("Nguyễn Thị Bình", board=head.village, household=head.household)
    home = client.get(reverse("groups:mine")).text
    assert page_of(head.household) in home
    for _click in range(2):
        answer = client.post(page_of(head.household), follow=True)
    record = Assessment.objects.get(household=head.household)
    assert answer.redirect_chain[-1][0] == record.get_absolute_url()
    assert "Gia đình học tập" in answer.text
    assert Member.objects.of(head.household).count() == 2
    assert not Consent.objects.exists()  # nothing is agreed to by being listed


def test_one_more_who_lives_there_costs_a_few_statements_and_no_count_of_all(client, village, campaign):
    costs = []
    for others in (0, 5):
        head = make_head(make_household(village))
        for _each in range(others):
            make_citizen(board=village, household=head.household)
        with CaptureQueriesContext(connection) as queries:
            households.register_one(head.household, campaign, by=head.user)
        costs.append(len(queries))
    assert Member.objects.count() == 1 + 6
    assert costs[1] - costs[0] <= 5 * COST_OF_A_MEMBER


def test_somebody_of_a_household_without_a_head_takes_it_on_and_the_others_are_told(client, village):
    household = make_household(village)
    one = make_citizen_with_account("Nguyễn Văn An", board=village, household=household)
    other = make_citizen_with_account("Nguyễn Thị Bình", board=village, household=household)
    client.force_login(one.user)
    assert "Tôi là người đại diện của hộ" in client.get(reverse("groups:mine")).text
    client.post(reverse("groups:mine"))
    assert Headship.objects.get().citizen == one
    assert "Nguyễn Văn An" in Message.objects.for_user(other.user).get().subject
    client.force_login(other.user)
    client.post(reverse("groups:mine"))
    assert Headship.objects.get().citizen == one


def test_the_group_of_another_is_not_there(client, head, campaign):
    other = make_head(make_household(head.village))
    record = make_submitted_group_assessment(Level.FAMILY, other.household, by=other.user, campaign=campaign)
    for url in (
        page_of(other.household),
        page_of(other.household, "_members"),
        record.get_absolute_url(),
        reverse("groups:review", args=[record.pk]),
        reverse("assessments:check", args=[record.pk]),
        reverse("assessments:board_detail", args=[record.pk]),
    ):
        assert client.get(url).status_code == 404, url


# --- Members and consent --------------------------------------------------------------------------


@pytest.mark.feature("K4")
def test_each_purpose_is_agreed_to_by_itself_by_the_person_alone_and_taken_back(client, head, campaign):
    adult = make_citizen_with_account("Nguyễn Thị Bình", board=head.village, household=head.household)
    client.post(page_of(head.household))
    member = Member.objects.get(citizen=adult)
    here = page_of(head.household, "_members")
    client.post(here, {"act": "agree", "member": member.pk, "purpose": "listed"})
    paper = {"act": "paper", "member": member.pk, "purposes": ["listed"], "paper_of": "01/01/2026"}
    assert "tự đồng ý ở trang Tài khoản" in client.post(here, paper).text
    assert not Consent.objects.exists()
    client.force_login(adult.user)
    own = reverse("groups:memberships")
    page = client.get(own).text
    assert page.count("Tôi đồng ý<") == len(Purpose)
    assert "checked" not in page
    client.post(own, {"act": "agree", "member": member.pk, "purpose": "counted"})
    client.post(own, {"act": "agree", "member": member.pk, "purpose": "counted"})
    consent = Consent.objects.get()
    assert (consent.purpose, consent.version, consent.given_by) == (
        "counted",
        members.CONSENT_VERSION,
        adult.user,
    )
    client.force_login(head.user)
    client.post(here, {"act": "take-back", "member": member.pk, "purpose": "counted"})
    assert Consent.objects.standing().get() == consent
    client.force_login(adult.user)
    client.post(own, {"act": "take-back", "member": member.pk, "purpose": "counted"})
    consent.refresh_from_db()
    assert consent.withdrawn_at
    assert consent.withdrawn_by == adult.user
    assert Event.objects.filter(verb__in=["consent", "consent_withdrawn"]).count() == 2
    foreign = client.post(own, {"act": "agree", "member": member.pk + 1, "purpose": "counted"})
    assert foreign.status_code == 404


@pytest.mark.feature("K4")
def test_who_has_no_account_agrees_on_a_signed_paper_and_a_child_through_the_head(client, head, campaign):
    client.post(page_of(head.household))
    here = page_of(head.household, "_members")
    for name, year, kind in (("Nguyễn Thị Già", 1940, "adult"), ("Nguyễn Văn Bé", 2020, "child")):
        client.post(here, {"act": "add", "full_name": name, "birth_year": year, "kind": kind})
    old, child = Member.objects.get(birth_year=1940), Member.objects.get(birth_year=2020)
    client.post(here, {"act": "agree", "member": old.pk, "purpose": "listed"})
    assert not Consent.objects.filter(member=old).exists()
    assert "Giấy đồng ý của Nguyễn Thị Già" in client.get(f"{here}?giay={old.pk}").text
    wrong = client.post(here, {"act": "paper", "member": old.pk, "paper_of": "31/02/2026"})
    assert "Đánh dấu ít nhất một việc" in wrong.text
    assert "31/02/2026" in wrong.text
    client.post(here, {"act": "paper", "member": old.pk, "purposes": ["listed"], "paper_of": "01/01/2026"})
    consent = Consent.objects.get(member=old)
    assert (consent.given_by, consent.paper_of) == (head.user, datetime.date(2026, 1, 1))
    client.post(here, {"act": "agree", "member": child.pk, "purpose": "listed"})
    assert Consent.objects.get(member=child).paper_of is None
    Member.objects.filter(pk=old.pk).update(valid_from=datetime.date(2026, 1, 1))
    for member in (old, child):
        page = client.post(here, {"act": "leave", "member": member.pk}, follow=True).text
        assert f'value="{member.pk}"' not in page
    yesterday = clock.today() - datetime.timedelta(days=1)
    assert Member.objects.get(pk=old.pk).valid_to == yesterday
    assert not Member.objects.filter(pk=child.pk).exists()  # who was put on the list today has never been
    assert Event.objects.filter(verb="member_left").count() == 2


def test_what_was_typed_wrongly_of_a_member_stays_in_the_form(client, head, campaign):
    client.post(page_of(head.household))
    here = page_of(head.household, "_members")
    typed = {"act": "add", "full_name": "Nguyễn Thị Già", "birth_year": "194", "kind": "adult"}
    page = client.post(here, typed).text
    assert "Nguyễn Thị Già" in page
    assert "Năm sinh phải từ 1900" in page
    twice = typed | {"birth_year": "1940"}
    client.post(here, twice)
    assert "đã có trong danh sách" in client.post(here, twice).text


# --- A village's households -----------------------------------------------------------------------


def workbook(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("ho.xlsx", out.getvalue())


def test_a_village_registers_ticked_households_and_is_told_of_each_left(client, village, campaign):
    chosen, left = make_household(village, name="Hộ An"), make_household(village, name="Hộ Bình")
    foreign = make_household(make_village(commune=village.parent), name="Hộ Khác")
    client.force_login(make_confirmer(village))
    here = reverse("groups:village", args=[village.code])
    assert "Chưa chọn hộ nào" in client.post(here, {"act": "ticked"}).text
    page = client.post(here, {"act": "ticked", "ho": [chosen.pk, foreign.pk, "9" * 30, "²"]}).text
    assert "Đã đăng ký 1 hộ" in page
    assert list(Assessment.objects.values_list("household", flat=True)) == [chosen.pk]
    only_left = client.get(f"{here}?xem=chua").text
    assert str(left) in only_left
    assert f'value="{chosen.pk}"' not in only_left


def test_a_file_of_households_is_taken_whole_or_refused_with_every_place_and_reason(
    client, village, campaign
):
    here = reverse("groups:village", args=[village.code])
    head = make_citizen("Lê Văn Sáu", board=village, birth_date=datetime.date(1970, 1, 1))
    client.force_login(make_confirmer(village))
    names = ["Tên hộ", "Họ và tên chủ hộ", "Năm sinh"]
    bad = workbook(names, ["Hộ ông Sáu", "Lê Văn Sáu", 1971], ["", "", ""], ["Hộ bà Bảy", "", ""])
    page = client.post(here, {"act": "file", "file": bad}).text
    assert "Dòng 2: trong thôn không có ai tên Lê Văn Sáu sinh năm 1971" in page
    assert not Household.objects.exists()
    assert "Dòng đầu phải là ba cột" in client.post(here, {"act": "file", "file": workbook(["a"])}).text
    child = make_citizen("Lê Thị Bé", board=village, birth_date=datetime.date(2020, 1, 1))
    rows = [["Hộ ông Sáu", "Lê Văn Sáu", 1970], ["Hộ hai", "Lê Văn Sáu", 1970], ["Hộ bé", str(child), 2020]]
    rows += [["Hộ ông Sáu", "", ""], ["Hộ ba", "Lê Văn Sáu", "9" * 5000], ["H" * 300, "", ""]]
    page = client.post(here, {"act": "file", "file": workbook(names, *rows)}).text
    for fault in (
        "Dòng 3: Lê Văn Sáu đã thuộc hộ khác",
        "Dòng 4: Lê Thị Bé chưa đủ 18 tuổi",
        "Dòng 5: hộ “Hộ ông Sáu” đã có",
        "Dòng 6: năm sinh của chủ hộ phải là bốn chữ số",
        "Dòng 7: tên hộ dài quá",
    ):
        assert fault in page
    assert not Household.objects.exists()
    good = workbook(names, ["Hộ ông Sáu", "Lê Văn Sáu", 1970], ["Hộ bà Bảy", "", ""])
    assert "Đã đăng ký 2 hộ" in client.post(here, {"act": "file", "file": good}).text
    assert Headship.objects.get().citizen == head
    again = workbook(names, ["Hộ ông Sáu", "", ""])
    assert "đã có" in client.post(here, {"act": "file", "file": again}).text
    assert Household.objects.count() == 2


# --- The bodies that judge ------------------------------------------------------------------------


@pytest.mark.feature("C1")
@pytest.mark.feature("C2")
def test_each_body_finds_what_waits_for_it_and_sends_it_on_or_back(client, head, village, commune, campaign):
    record = make_submitted_group_assessment(Level.FAMILY, head.household, by=head.user, campaign=campaign)
    chair, officer = make_confirmer(village), make_officer(commune)
    here, waiting = reverse("groups:review", args=[record.pk]), reverse("groups:board")
    client.force_login(officer)
    assert here not in client.get(waiting).text
    assert here in client.get(f"{waiting}?loai=family&xem=tat-ca&nam={'9' * 5000}").text
    assert client.post(here, {"act": "send-on", "version": record.version}).status_code == 403
    client.force_login(chair)
    assert here in client.get(waiting).text
    page = client.get(here).text
    assert f"Chuyển lên thì hồ sơ chờ {commune}" in page
    lacking = client.post(here, {"act": "return", "version": record.version, "reason": ""})
    assert "Ghi lý do trả lại" in lacking.text
    stale = client.post(here, {"act": "send-on", "version": 1, "reason": "Đã xem sổ."})
    assert "Những gì bạn gõ vẫn còn" in stale.text
    assert "Đã xem sổ." in stale.text
    for _click in range(2):
        done = client.post(
            here, {"act": "send-on", "version": record.version, "reason": "Đã xem sổ."}, follow=True
        )
        assert done.status_code == 200
    assert reload(record).board == commune
    client.force_login(officer)
    page = client.get(here).text
    assert "Đã xem sổ." in page
    assert "Mở xem lúc" in page
    version = reload(record).version
    client.post(here, {"act": "return", "version": version, "reason": "Thiếu sổ hộ."})
    client.force_login(head.user)
    own = client.get(record.get_absolute_url()).text
    assert "Thiếu sổ hộ." in own
    assert "Ai xét" in own
    workflow.submit(reload(record), by=head.user)
    client.force_login(officer)
    record = reload(record)
    points = {f"score-{code}": "45" for code in full_marks(record)}
    shown = {f"initial-score-{code}": "45" for code in full_marks(record)}
    client.post(here, {"act": "confirm", "version": record.version, **points, **shown})
    assert reload(record).state == State.CONFIRMED
    assert "Đạt, 90 điểm" in client.get(here).text


def test_names_of_members_are_shown_to_a_body_only_where_they_agreed(client, head, village, campaign):
    client.post(page_of(head.household))
    shown = members.add(
        head.household, full_name="Nguyễn Thị Hiện", birth_year=1950, kind="adult", by=head.user
    )
    members.add(head.household, full_name="Nguyễn Thị Kín", birth_year=1951, kind="adult", by=head.user)
    members.agree(shown, Purpose.LISTED, by=head.user, paper_of=datetime.date(2026, 1, 1))
    record = Assessment.objects.get(household=head.household)
    workflow.save_scores(record, full_marks(record, 45), by=head.user)
    workflow.submit(record, by=head.user)
    client.force_login(make_confirmer(village))
    page = client.get(reverse("groups:review", args=[record.pk])).text
    assert "Nguyễn Thị Hiện" in page
    assert "Nguyễn Thị Kín" not in page


def test_the_list_of_a_body_costs_the_same_however_many_wait(
    client, village, campaign, django_assert_max_num_queries
):
    chair = make_confirmer(village)
    for _each in range(4):
        head = make_head(make_household(village))
        make_submitted_group_assessment(Level.FAMILY, head.household, by=head.user, campaign=campaign)
    client.force_login(chair)
    with django_assert_max_num_queries(14):
        assert client.get(reverse("groups:board")).text.count("Hộ ông An") == 4
