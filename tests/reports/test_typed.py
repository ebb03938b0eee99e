import io
from decimal import Decimal

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from assessments.models import Campaign
from audit import clock
from audit.models import Event
from reports.models import TypedFigures
from reports.typed import checks, entry, sums
from reports.typed.models import FIGURES, MONEY
from tests.factories import make_commune, make_officer, make_province, open_campaign

pytestmark = [pytest.mark.django_db, pytest.mark.feature("G4")]

WHOLE = dict.fromkeys(FIGURES, "0") | {
    "population": "12.345",
    "households": "3.400",
    "clans": "20",
    "villages": "9",
    "units": "7",
    "members": "3.100",
    "new_members": "60",
    "clan_boards": "11",
    "fund_opening": "81,56",
    "fund_from_commune": "120",
    "scholarships_paid": "20,5",
    "centres": "1",
    "centres_good": "1",
}


@pytest.fixture
def commune():
    return make_commune("Thạch Khê", province=make_province("Hà Tĩnh"))


@pytest.fixture
def year(commune):
    return entry.Year(commune, open_campaign())


def url(year, name="typed_edit"):
    return reverse(f"reports:{name}", args=[year.commune.code, year.campaign.year])


def send(client, year, figures, **more):
    version = year.typed.version if year.typed else 0
    return client.post(url(year), figures | {"version": version} | more)


def of_last_year(year, **figures):
    numbers = {name: Decimal(1) if name in MONEY else 1 for name in FIGURES} | figures
    campaign, _is_new = Campaign.objects.open(year.campaign.year - 1)
    return TypedFigures.objects.create(
        organization=year.commune,
        campaign=campaign,
        saved_at=clock.now(),
        delivered_at=clock.now(),
        **numbers,
    )


def test_a_commune_types_vietnamese_numbers_and_delivers_them(client, year):
    client.force_login(make_officer(year.commune))

    response = send(client, year, WHOLE, act="deliver")

    assert response.status_code == 302
    typed = year.typed
    assert (typed.population, typed.fund_opening, typed.is_delivered) == (12345, Decimal("81.56"), True)
    event = Event.objects.get(verb="deliver_figures")
    assert "population=12.345" in event.new
    assert (event.stream, event.old) == (year.commune.pk, "")


def test_a_draft_may_have_gaps_and_what_is_delivered_has_none(client, year):
    client.force_login(make_officer(year.commune))

    send(client, year, {"population": "12.345"}, act="save")
    page = send(client, year, {"population": "12.345"}, act="deliver")

    assert "Còn trống. Không có thì gõ 0." in page.content.decode()
    assert (year.typed.population, year.typed.is_delivered) == (12345, False)


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("population", "mười", "không phải là số"),
        ("population", "-5", "không thể nhỏ hơn 0"),
        ("population", "12,5", "Gõ số nguyên."),
        ("fund_opening", "1,234", "nhiều nhất hai số sau dấu phẩy"),
        ("new_members", "3.101", "Không thể lớn hơn “Tổng số hội viên” (3.100)."),
        ("members", "99.999", "Không thể lớn hơn “Số dân” (12.345)."),
        ("centres_fair", "1", "Ba loại cộng lại 2, nhiều hơn 1 trung tâm."),
    ],
)
def test_what_cannot_be_is_said_beside_the_field_and_stays_typed(client, year, field, typed, words):
    client.force_login(make_officer(year.commune))

    page = send(client, year, WHOLE | {field: typed}, act="save").content.decode()

    assert words in page
    assert f'value="{typed}"' in page
    assert year.typed is None


def test_what_is_odd_is_asked_once_and_taken_when_it_was_looked_at_again(client, year):
    of_last_year(year, population=20_000, households=3_400, clans=20, villages=9, units=7, members=3_100)
    client.force_login(make_officer(year.commune))

    page = send(client, year, WHOLE, act="deliver")
    odd = page.context["figures"].odd

    assert "Số dân: Giảm 38% so với năm trước (20.000)." in odd
    assert year.typed is None
    send(client, year, WHOLE, act="deliver", checked=odd[:-1])
    assert year.typed is None
    send(client, year, WHOLE, act="deliver", checked=odd)
    assert year.typed.checked == odd


def test_last_years_figures_are_copied_and_the_fund_opens_with_what_was_left(client, year):
    last = of_last_year(year, fund_opening=Decimal("100.5"), population=9_000)
    client.force_login(make_officer(year.commune))

    form = client.get(url(year), {"tu-nam-truoc": 1}).context["figures"]

    assert form["population"].value() == "9.000"
    assert form["fund_opening"].value() == "101,5"
    assert entry.closing_of(last) == Decimal("101.5")
    assert year.typed is None


def test_the_later_of_two_tabs_is_told_and_loses_nothing(client, year):
    client.force_login(make_officer(year.commune))
    send(client, year, {"population": "1.000"}, act="save")

    page = client.post(url(year), {"population": "2.000", "version": 0, "act": "save"})

    assert "Số liệu đã được lưu ở nơi khác" in page.content.decode()
    assert 'value="2.000"' in page.content.decode()
    assert year.typed.population == 1000


def test_delivered_figures_stay_until_the_province_gives_them_back(client, year):
    officer, above = make_officer(year.commune), make_officer(year.commune.parent)
    client.force_login(officer)
    send(client, year, WHOLE, act="deliver")

    page = send(client, year, WHOLE | {"population": "13.000"}, act="save")
    assert "đã nộp, không sửa được nữa" in page.content.decode()
    client.force_login(above)
    client.post(url(year, "typed_give_back"), {"reason": ""})
    assert year.typed.is_delivered
    client.post(url(year, "typed_give_back"), {"reason": "Nhầm đơn vị tính."})
    client.force_login(officer)
    send(client, year, WHOLE | {"population": "13.000"}, act="save")

    assert (year.typed.population, year.typed.is_delivered) == (13_000, False)


def test_the_sheet_comes_back_filled_in_and_is_looked_at_before_it_is_saved(client, year):
    client.force_login(make_officer(year.commune))
    answer = client.get(url(year, "typed_template"))
    workbook = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    rows = {row[0].value: row for row in workbook.worksheets[0].iter_rows()}
    rows["population"][3].value = "12.345"
    rows["households"][3].value = 3400
    rows["fund_opening"][3].value = 81.562
    rows["members"][3].value = "nhiều"

    page = client.post(url(year, "typed_upload"), {"file": _file(workbook)})

    form = page.context["figures"]
    assert [form[name].value() for name in ("population", "households")] == ["12.345", "3400"]
    place = rows["members"][3].coordinate
    place_of_fund = rows["fund_opening"][3].coordinate
    assert form.errors["fund_opening"] == [f"Ô {place_of_fund}: Gõ nhiều nhất hai số sau dấu phẩy."]
    assert form.errors["members"] == [f"Ô {place}: “nhiều” không phải là số. Gõ ví dụ 1.234.567 hoặc 81,56."]
    assert year.typed is None

    fields = client.get(url(year, "typed_edit")).context["figures"]
    typed = {name: fields[name].value() or "" for name in ("version", "note")} | {
        "clans": "12",
        "population": "1",
    }
    both = client.post(url(year, "typed_upload"), typed | {"file": _file(workbook)}).context["figures"]
    neither = client.post(url(year, "typed_upload"), typed | {"note": "Chưa xong"})
    assert [both[name].value() for name in ("population", "clans")] == ["12.345", "12"]
    assert [neither.context["figures"][name].value() for name in ("clans", "note")] == ["12", "Chưa xong"]
    assert "Chọn một tệp Excel." in neither.content.decode()


def test_the_sheet_of_another_commune_or_no_sheet_is_refused(client, year):
    other = entry.Year(make_commune("Đức Thọ", province=year.commune.parent), year.campaign)
    client.force_login(make_officer(other.commune))
    answer = client.get(url(other, "typed_template"))
    workbook = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    client.force_login(make_officer(year.commune))

    of_another = client.post(url(year, "typed_upload"), {"file": _file(workbook)}).content.decode()
    no_file = client.post(url(year, "typed_upload"), {"file": io.BytesIO(b"abc")}).content.decode()

    assert f"Tệp này là của {other.commune.code}/{year.campaign.year}" in of_another
    assert "Không đọc được tệp" in no_file


def _file(workbook):
    file = io.BytesIO()
    workbook.save(file)
    file.seek(0)
    file.name = "so-lieu.xlsx"
    return file


def test_only_delivered_figures_count_and_the_province_sees_who_owes(client, year):
    other = entry.Year(make_commune("Đức Thọ", province=year.commune.parent), year.campaign)
    for each, deliver in ((year, True), (other, False)):
        figures = dict.fromkeys(FIGURES, 5) | {"note": ""}
        entry.save(each, figures, version=0, deliver=deliver, checked=[], by=make_officer(each.commune))
    province = year.commune.parent
    client.force_login(make_officer(province))

    page = client.get(reverse("reports:typed"))

    [told] = sums.by_path(province, year.campaign, len(province.path)).values()
    assert (told["population"], told["delivered"], told["fund_income"]) == (5, 1, 20)
    assert list(sums.owing(province, year.campaign)) == [other.commune]
    assert (page.context["delivered"], page.context["owing"]) == (1, 1)
    assert next(one.full_name for one in page.context["page"]) == "Xã Đức Thọ"


def test_a_change_within_the_usual_is_not_asked_about():
    last = dict.fromkeys(FIGURES, 100)
    now = last | {"population": 109, "households": 109 // 4, "members": 80}

    odd = checks.remarks(now, last | {"households": 27}, counted={"villages": 100}, closing=None)

    assert odd == []
