import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts import lookers, supporting
from accounts.models import Message
from audit import clock, events
from audit.models import Event, Look
from organizations.models import Organization, SupportLine
from tests.factories import (
    make_centre,
    make_citizen,
    make_commune,
    make_confirmer,
    make_officer,
    make_province,
    make_submitted_assessment,
    make_unit,
    make_village,
)
from tests.pages import messages_of, words_of
from vietnamese.dates import day_words

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F9")]
DAY = datetime.timedelta(days=1)


@pytest.fixture
def province():
    return make_province()


@pytest.fixture
def school(province):
    return make_unit("Trường THPT Lý Tự Trọng", province)


@pytest.fixture
def commune(province):
    return make_commune("Thạch Khê", code="18604", province=province)


@pytest.fixture
def helper(commune):
    return make_officer(commune, "Lê Văn Bình")


@pytest.fixture
def officer(client, province):
    officer = make_officer(province)
    client.force_login(officer)
    return officer


def begun(school, commune, officer, **days):
    return supporting.begin(school, commune, by=officer, **{"valid_from": clock.today()} | days)


def lines_of(school):
    return reverse("accounts:support_lines", args=[school.code])


def helped_page(school):
    return reverse("reports:helped", args=[school.code])


def test_an_association_helps_a_school_it_does_not_stand_over(client, school, commune, officer, helper):
    reading = make_submitted_assessment(board=school).citizen
    idle = make_citizen("Phạm Văn Chậm", board=school)
    done = client.post(lines_of(school), {"supporter": "18604", "valid_from": day_words(clock.today())})
    assert messages_of(done) == ["Đã giao Xã Thạch Khê hỗ trợ Trường THPT Lý Tự Trọng."]

    client.force_login(helper)
    page = client.get(helped_page(school))

    assert list(page.context["rows"]) == [
        ("Phạm Văn Chậm", 1960, None),
        ("Nguyễn Thị Hoa", 1960, "submitted"),
    ]
    read = words_of(page)
    assert "Người trong danh sách 2 Đã đăng ký 1 Đã gửi 1 Đã xác nhận 0" in read
    assert reading.masked_identity_number not in read
    assert {row.subject for row in Look.objects.get().listed.all()} == {reading.pk, idle.pk}
    told = lookers.sentences(list(Look.objects.all()))
    assert told[0].text == "Hội khuyến học xã Thạch Khê (Lê Văn Bình) xem một danh sách có tên bạn."
    assert "Đang hỗ trợ Trường THPT Lý Tự Trọng" in words_of(client.get(commune.get_absolute_url()))


def test_who_helps_neither_confirms_nor_takes_files_nor_appoints(client, school, commune, officer, helper):
    record = make_submitted_assessment(board=school)
    begun(school, commune, officer)
    client.force_login(helper)

    assert client.get(reverse("assessments:board_detail", args=[record.pk])).status_code == 404
    assert client.get(reverse("assessments:board_queue"), {"board": school.code}).status_code == 404
    assert client.get(reverse("reports:list"), {"to-chuc": school.code}).status_code == 404
    assert client.post(reverse("reports:list_export", query={"to-chuc": school.code})).status_code == 404
    assert client.get(reverse("accounts:seats", args=[school.code])).status_code == 404
    assert client.get(reverse("people:list", args=[school.code])).status_code == 404


def test_the_helper_sends_a_note_to_the_board(client, school, commune, officer, helper):
    make_confirmer(school)
    begun(school, commune, officer)
    client.force_login(helper)

    done = client.post(helped_page(school), {"words": "Thứ Bảy hội giúp được."})

    assert messages_of(done) == ["Đã nhắn cho 1 người của ban."]
    assert Message.objects.get(subject="Hội hỗ trợ nhắn cho ban").body == (
        "Lê Văn Bình nhắn cho ban khuyến học Trường THPT Lý Tự Trọng: “Thứ Bảy hội giúp được.”"
    )
    event = Event.objects.get(verb="support_note")
    assert (event.actor, event.stream) == (helper.pk, school.pk)
    assert events.private_of(event) == {"words": "Thứ Bảy hội giúp được."}


@pytest.mark.parametrize(("begins", "ends", "helps"), [(0, None, True), (1, None, False), (-2, -1, False)])
def test_help_is_dated(client, school, commune, helper, begins, ends, helps):
    SupportLine.objects.create(
        unit=school,
        supporter=commune,
        valid_from=clock.today() + begins * DAY,
        valid_to=clock.today() + ends * DAY if ends is not None else None,
    )

    assert Organization.objects.helped_by(helper).contains(school) == helps


def test_only_officers_of_the_association_help(school, commune, officer):
    begun(school, commune, officer)

    assert not Organization.objects.helped_by(make_confirmer(commune)).exists()
    assert not Organization.objects.helped_by(make_officer(make_commune())).exists()


def test_help_ends_at_once(client, school, commune, officer, helper):
    line = SupportLine.objects.create(unit=school, supporter=commune, valid_from=clock.today() - DAY)
    end = reverse("accounts:support_end", args=[school.code, line.pk])

    assert messages_of(client.post(end)) == ["Xã Thạch Khê đã thôi hỗ trợ."]
    assert "Việc hỗ trợ này đã kết thúc." in messages_of(client.post(end))

    line.refresh_from_db()
    assert line.valid_to == clock.today() - DAY
    assert not Organization.objects.helped_by(helper).exists()
    assert Event.objects.get(verb="end_support").old == "18604"


def test_help_that_began_today_is_taken_back_whole(school, commune, officer):
    line = begun(school, commune, officer)

    supporting.end(line, by=officer)

    assert not SupportLine.objects.exists()


def test_only_officers_above_set_it_and_only_within_their_subtree(province, school, commune):
    far = make_commune("Nam Đàn")
    officer, centre = make_officer(province), make_officer(make_centre())

    assert begun(school, far, centre)
    for by, supporter in [
        (officer, far),
        (officer, province),
        (make_officer(commune), commune),
        (make_confirmer(province), commune),
    ]:
        with pytest.raises(PermissionDenied):
            begun(school, supporter, by)
    with pytest.raises(PermissionDenied):
        begun(make_village(commune=commune), commune, officer)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("nam dan", "Không thấy hội nào như vậy trong phần bạn phụ trách. Xem lại tên hoặc mã."),
        (
            "thach",
            "Có nhiều nơi: Xã Thạch Hà, Tỉnh Hà Tĩnh (mã 18562); Xã Thạch Khê, Tỉnh Hà Tĩnh (mã 18604). "
            "Gõ mã.",
        ),
    ],
)
def test_a_name_that_means_no_place_or_several_is_asked_again(
    client, province, school, commune, officer, typed, said
):
    make_commune("Thạch Hà", code="18562", province=province)
    make_commune("Nam Đàn")

    response = client.post(lines_of(school), {"supporter": typed, "valid_from": day_words(clock.today())})

    assert response.context["form"].errors["supporter"] == [said]
    assert not SupportLine.objects.exists()


def test_days_that_overlap_or_are_past_are_refused(school, commune, officer):
    begun(school, commune, officer, valid_to=clock.today() + 5 * DAY)

    with pytest.raises(supporting.Refused, match="Xã Thạch Khê đã hỗ trợ nơi này từ ngày"):
        begun(school, commune, officer, valid_from=clock.today() + 5 * DAY)
    with pytest.raises(supporting.Refused, match="Ngày bắt đầu đã qua"):
        begun(school, commune, officer, valid_from=clock.today() - DAY)
    with pytest.raises(supporting.Refused, match="Ngày cuối phải từ"):
        begun(school, commune, officer, valid_to=clock.today() - DAY)
    assert begun(school, commune, officer, valid_from=clock.today() + 6 * DAY)
