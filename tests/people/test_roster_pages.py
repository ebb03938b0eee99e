import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import Citizen, Role
from audit.models import Event, Look, Sight
from people import columns
from people.models import Roster, RowState
from tests.factories import (
    appoint,
    make_citizen,
    make_commune,
    make_confirmer,
    make_officer,
    make_province,
    make_unit,
    make_user,
)
from tests.pages import html_of, messages_of, words_of
from tests.people.lists import AN, BINH, take, upload

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B10", "N3")]


@pytest.fixture
def school():
    return make_unit("THCS Thạch Khê", parent=make_commune("Thạch Khê"))


@pytest.fixture
def by(client, school):
    by = make_confirmer(school)
    client.force_login(by)
    return by


def url(name, school, *more):
    return reverse(f"people:{name}", args=[school.code, *more])


def send(client, school, file, work="learner"):
    return client.post(url("rosters", school), {"file": file, "work": work}, follow=True)


def test_a_list_is_sent_looked_at_and_carried_out(client, school, by):
    page = send(client, school, upload([AN, BINH, ["", "x", "Lê Văn Cường", "", "Nam", "", ""]]))
    roster = Roster.objects.get()
    assert page.request["PATH_INFO"] == url("roster", school, roster.pk)
    words = words_of(page)
    assert "Cổng đã xem từng dòng. Chưa thêm ai vào danh sách." in words
    assert "Thực hiện 2 dòng: thêm và ghép" in words
    assert "Cần sửa. Cột Ngày sinh" in words
    assert "042210000001" not in html_of(page)
    assert "********0001" in words
    assert "Cột không dùng STT, Lớp" in words

    done = client.post(url("roster_start", school, roster.pk), follow=True)

    assert "Đã thực hiện." in words_of(done)
    assert "2 người chưa có phiếu nhận tài khoản." in words_of(done)
    assert Citizen.objects.at(school).count() == 2
    client.post(url("roster_start", school, roster.pk))
    assert Citizen.objects.at(school).count() == 2
    listed = client.get(url("list", school))
    assert "2 người trong danh sách, 2 người chưa có tài khoản." in words_of(listed)
    assert "042210000001" not in html_of(listed)
    found = client.get(url("list", school), {"ten": "binh"})
    assert [citizen.full_name for citizen in found.context["page"]] == ["Trần Thị Bình"]


@pytest.mark.feature("K2")
def test_the_doubtful_are_decided_by_a_person(client, school, by):
    citizen = make_citizen(
        "Nguyễn Văn An", board=school.parent, identity_number="042210000001", birth_date=None, birth_year=2010
    )
    roster = take(school, by, [AN])
    page = client.get(url("roster", school, roster.pk), {"loai": "ask"})
    assert "Người đã có: nữ, chưa có tài khoản." in words_of(page)
    assert "0001" in words_of(page)  # as they typed it themselves
    assert Look.objects.get(sight=Sight.LIST).listed.get().subject == citizen.pk

    none = client.post(url("roster_decide", school, roster.pk), {"answer": "same"}, follow=True)
    assert messages_of(none) == ["Đánh dấu ít nhất một dòng, rồi bấm lại."]
    answer = {"rows": [roster.rows.get().pk], "answer": "same"}
    client.post(url("roster_decide", school, roster.pk), answer)

    assert roster.rows.get().state == RowState.JOIN
    client.post(url("roster_start", school, roster.pk))
    citizen.refresh_from_db()
    assert citizen.unit == school


def test_the_file_goes_back_to_its_sender_alone(client, school, by):
    roster = take(school, by, [AN])

    answer = client.get(url("roster_download", school, roster.pk))

    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert sheet["F2"].value == "042210000001"
    assert sheet["H2"].value == "Người mới, sẽ thêm."
    event = Event.objects.get(verb="export_full")
    assert (event.actor, event.object_id, event.new) == (by.pk, roster.pk, "1 dòng")
    client.force_login(make_confirmer(school))
    assert client.get(url("roster_download", school, roster.pk)).status_code == 404


def test_the_template_is_taken_as_it_is_offered(client, school, by):
    answer = client.get(url("roster_template", school))

    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    headings = [cell.value for cell in sheet[1]]
    assert headings == [str(heading) for heading in columns.HEADINGS.values()]
    sheet_of = columns.sheet_of([(1, headings), (2, ["x"] * len(headings))])
    assert list(sheet_of.places) == list(columns.HEADINGS)


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (SimpleUploadedFile("a.xlsx", b"no workbook"), "Không đọc được tệp"),
        (upload([], headings=["Mã"]), "Không thấy các cột Họ và tên, Ngày sinh, Giới tính"),
        ("", "Chọn một tệp Excel."),
    ],
)
def test_a_file_that_is_no_list_is_refused_beside_the_field(client, school, by, file, why):
    page = send(client, school, file)

    assert why in page.context["form"].errors["file"][0]
    assert not Roster.objects.exists()


def test_pages_of_a_list_are_for_who_keeps_it(client, school, by):
    roster = take(school, by, [AN])
    speaker, commune_member = make_user(), make_confirmer(school.parent)
    appoint(speaker, school, Role.REPRESENTATIVE)
    gets = [
        url("list", school),
        url("rosters", school),
        url("roster_template", school),
        url("roster", school, roster.pk),
        reverse("accounts:slips", args=[school.code]),
    ]
    posts = [url("roster_start", school, roster.pk), url("roster_decide", school, roster.pk)]
    expected = {
        make_officer(school.parent): 200,
        commune_member: 403,
        speaker: 403,
        make_officer(make_province("Nghệ An")): 404,
    }
    for user, status in expected.items():
        client.force_login(user)
        assert [client.get(path).status_code for path in gets] == [status] * len(gets), user
        if status != 200:
            assert [client.post(path).status_code for path in posts] == [status] * len(posts), user
    assert roster.rows.get().state == RowState.NEW


def test_a_board_finds_its_list_from_where_it_works(client, school, by):
    assert url("list", school) in html_of(client.get(reverse("assessments:board_queue")))


def test_the_page_of_an_organization_leads_who_keeps_its_list_there(client, school, by):
    link = url("list", school)

    assert link in html_of(client.get(school.get_absolute_url()))
    client.force_login(make_confirmer(school.parent))
    assert link not in html_of(client.get(school.get_absolute_url()))
