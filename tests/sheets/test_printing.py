"""Paper out: a sheet for each, drawn at once or by a worker, whose code a camera reads."""

import datetime
from random import Random

import pytest
from django.urls import reverse

from assessments.workflow import criteria_set_for
from audit import clock
from audit.models import Event
from criteria.models import Group
from sheets import codes, drawing, printing, tasks
from sheets.codes import SheetCode
from sheets.drawing import Sheet
from sheets.models import Order, Printing, PrintingState
from tests.factories import (
    load_criteria,
    make_citizen,
    make_citizen_with_account,
    make_confirmer,
    make_household,
    make_submitted_assessment,
    make_village,
    open_campaign,
)
from tests.sheets.paper import codes_of, fonts_of, needs_readers, pages_of, text_of, worn

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A15"), needs_readers]

LONG_NAME = "Công Tằng Tôn Nữ Thị Quỳnh Nguyễn Hoàng Phương Khánh Ngọc Ái Vân"


@pytest.fixture
def village():
    return make_village("Đông Hải")


@pytest.fixture
def campaign():
    load_criteria()
    return open_campaign()


@pytest.fixture
def member(village):
    return make_confirmer(village)


def names_of(found):
    return [each.full_name for each in found]


def address(name, village, *more):
    return reverse(f"sheets:{name}", args=[village.code, *more])


def test_sheets_lie_in_the_order_of_the_village_by_given_name_or_by_household(village, campaign):
    household = make_household(village, name="Hộ ông An")
    make_citizen("Trần Văn Bình", board=village, household=household)
    make_citizen("Lê Thị Ánh", board=village)
    make_citizen("Nguyễn Văn Ý", board=village, household=household)

    assert names_of(printing.people(village, campaign)) == ["Lê Thị Ánh", "Trần Văn Bình", "Nguyễn Văn Ý"]
    by_household = printing.people(village, campaign, order=Order.HOUSEHOLD)
    assert names_of(by_household) == ["Trần Văn Bình", "Nguyễn Văn Ý", "Lê Thị Ánh"]


def test_who_has_sent_the_record_gets_a_sheet_only_when_asked_for(village, campaign):
    make_citizen("Lê Thị Ánh", board=village)
    person = make_citizen_with_account("Trần Văn Bình", board=village)
    make_submitted_assessment(citizen=person, campaign=campaign)

    assert names_of(printing.people(village, campaign)) == ["Lê Thị Ánh"]
    everybody = printing.people(village, campaign, with_sent=True)
    assert names_of(everybody) == ["Lê Thị Ánh", "Trần Văn Bình"]


def test_each_sheet_is_one_page_with_words_that_can_be_copied_and_its_letters_inside(
    village, campaign, tmp_path
):
    for name in ("Lê Thị Ánh", LONG_NAME):
        make_citizen(name, board=village, birth_year=1954, birth_date=None)
    made = printing.sheets(printing.people(village, campaign), campaign)

    pdf = drawing.draw(made, campaign.year)

    first, second = text_of(pdf, tmp_path)
    assert "Lê Thị Ánh" in first
    assert f"Phiếu tự chấm Công dân học tập năm {campaign.year}" in first
    assert "Nhóm I: người dân trong xã" in first
    assert str(made[0].code) in first
    assert "Nộp cho: ban khuyến học thôn Đông Hải" in first
    assert "Mỗi ô ghi một số, từ 0 đến 10." in first
    assert "Tổng điểm" in first
    assert " ".join(second.split()).count(LONG_NAME) == 1
    assert fonts_of(pdf, tmp_path) == {"BeVietnamPro-Regular": True, "BeVietnamPro-Bold": True}


def test_the_code_is_read_from_poor_scans_and_says_whose_sheet_it_is(campaign, tmp_path):
    said = unread_of(campaign, 10, tmp_path)
    assert said == []


@pytest.mark.prove
def test_the_code_is_read_from_99_of_100_of_500_poor_scans(campaign, tmp_path):
    unread = unread_of(campaign, 500, tmp_path)
    print(f"unread: {len(unread)} of 500")
    assert len(unread) <= 5


def unread_of(campaign, count, folder):
    """Of so many sheets as they come back: those whose code is not read, or read as something else."""
    forms = list(campaign_forms())
    random = Random(2026)
    made = []
    for number in range(count):
        form = forms[number % len(forms)]
        code = SheetCode(random.randrange(1, 100_000_000), campaign.year, form.group)
        made.append(Sheet(form, ("Lê Thị Ánh", LONG_NAME)[number % 2], ["Sinh năm 1954"], code))
    pages = [worn(page, random) for page in pages_of(drawing.draw(made, campaign.year), folder)]
    read = codes_of(pages)
    return [sheet for sheet, page in zip(made, pages, strict=True) if read[page] != codes.written(sheet.code)]


def campaign_forms():
    return [criteria_set_for(group, clock.now()) for group in Group]


def test_a_few_are_drawn_at_once_and_it_is_written_down(client, village, campaign, member, tmp_path):
    make_citizen("Lê Thị Ánh", board=village)
    client.force_login(member)

    answer = client.post(address("print", village), {"with_sent": "", "order": "name"})

    assert answer["Content-Type"] == "application/pdf"
    assert f"phieu-giay-{village.code}-{campaign.year}.pdf" in answer["Content-Disposition"]
    [page] = text_of(answer.getvalue(), tmp_path)
    assert "Lê Thị Ánh" in page
    event = Event.objects.get(verb="print_sheets")
    assert (event.actor, event.stream, event.new) == (
        member.pk,
        village.pk,
        f"1 phiếu giấy năm {campaign.year}",
    )


def test_a_whole_village_is_the_worker_s_and_its_file_is_the_asker_s_alone(
    client, village, campaign, member, monkeypatch, tmp_path, settings
):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(printing, "AT_ONCE", 1)
    monkeypatch.setattr(Printing, "hand_to", lambda asked, task: None)  # the broker keeps it
    for name in ("Lê Thị Ánh", "Trần Văn Bình"):
        make_citizen(name, board=village)
    client.force_login(member)

    asked = {"with_sent": "", "order": "name"}
    page = client.post(address("print", village), asked)
    again = client.post(address("print", village), asked)

    made = Printing.objects.get()  # the second click finds the first
    assert page.url == again.url == address("printing", village, made.pk)
    assert client.get(address("download", village, made.pk)).status_code == 404
    assert "Đã vẽ 0 trên 2 phiếu." in client.get(page.url).content.decode()

    tasks.draw_sheets(made.pk)

    made.refresh_from_db()
    assert (made.state, made.drawn) == (PrintingState.DONE, 2)
    file = client.get(address("download", village, made.pk)).getvalue()
    assert [name in page for name, page in zip(("Ánh", "Bình"), text_of(file, tmp_path), strict=True)]
    client.force_login(make_confirmer(village))
    assert client.get(page.url).status_code == 404
    assert client.get(address("download", village, made.pk)).status_code == 404


def test_a_printing_that_its_worker_left_is_taken_up_and_its_file_goes_after_a_week(
    village, campaign, member, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    make_citizen("Lê Thị Ánh", board=village)
    made = Printing.objects.create(organization=village, campaign=campaign, by=member)

    tasks.take_up_printings()

    made.refresh_from_db()
    printing.kept(made).close()
    printing.forget(clock.now() + datetime.timedelta(days=8))
    made.refresh_from_db()
    assert made.state == PrintingState.REMOVED
    with pytest.raises(FileNotFoundError):
        printing.kept(made)


def test_an_empty_form_has_lines_for_the_name_and_no_code(client, village, campaign, member, tmp_path):
    client.force_login(member)

    answer = client.get(address("empty", village), {"nhom": "IV"})

    pdf = answer.getvalue()
    [page] = text_of(pdf, tmp_path)
    assert "Họ và tên" in page
    assert "Ngày sinh" in page
    assert "Đạt" in page
    assert codes_of(pages_of(pdf, tmp_path)) == {tmp_path / "trang-1.pgm": ""}


def test_the_sheets_of_many_cost_no_more_questions_than_those_of_one(
    village, campaign, django_assert_max_num_queries
):
    for number in range(12):
        make_citizen(f"Lê Thị Ánh {number}", board=village)
    with django_assert_max_num_queries(5):
        assert len(printing.sheets(printing.people(village, campaign), campaign)) == 12


def test_nobody_is_left_to_print_for_is_said_beside_the_choice(client, village, campaign, member):
    client.force_login(member)

    page = client.post(address("print", village), {"with_sent": "", "order": "name"})

    assert page.context["form"].errors == {"with_sent": ["Không có ai như vậy trong danh sách."]}
