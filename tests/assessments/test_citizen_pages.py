"""The citizen's pages, through the door: what they say, what they take, and what they refuse."""

import re
from decimal import Decimal

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts.models import Message, Population
from assessments import closing, guidance, workflow
from assessments.models import Assessment, Campaign, Score, State, Step
from assessments.workflow import Change
from audit import clock
from criteria import publishing
from criteria.models import Authority, CriteriaSet, Criterion, Group, Level, Status
from criteria.rules import ScoringModel
from organizations import boards
from tests.factories import (
    appoint,
    closed_window,
    full_marks,
    load_criteria,
    make_assessment,
    make_campaign,
    make_citizen_with_account,
    make_commune,
    make_confirmed_assessment,
    make_confirmer,
    make_officer,
    make_province,
    make_returned_assessment,
    make_scored_assessment,
    make_submitted_assessment,
    make_unit,
    make_village,
    moment,
    open_campaign,
    reload,
    state_of,
)
from tests.pages import basis_by_criterion, main_of, messages_of, words_of

pytestmark = pytest.mark.django_db

NOVEMBER = moment(2026, 11, 15, 9)
YEAR_END = "hết ngày 31/12/2026 (thứ Năm)"
PAGES_OF_A_RECORD = [
    ("detail", []),
    ("change_group", []),
    ("section", ["1"]),
    ("check", []),
    ("receipt", []),
    ("evidence", ["I.1.1"]),
]


def page(name, assessment, *args):
    return reverse(f"assessments:{name}", args=[assessment.pk, *args])


def sign_in(client, assessment):
    client.force_login(assessment.citizen.user)


def part_of(assessment, code="1"):
    return next(section for section in assessment.criteria_set.sections if section.code == code)


def marks(assessment, given, code="1", **more):
    """What the page of one part sends: the same for each of its indicators."""
    fields = {f"score-{each.code}": str(given) for each in part_of(assessment, code).indicators}
    return fields | {"version": str(reload(assessment).version)} | more


def looked_over(assessment):
    """What the check page sends of the record as it is now."""
    return {"saved_at": reload(assessment).saved_at.isoformat()}


def own_scores(assessment):
    return workflow.own_scores(reload(assessment))


# --- Who comes in ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "args"), [*PAGES_OF_A_RECORD, ("submit", [])])
def test_without_signing_in_there_is_only_the_sign_in_page(client, name, args):
    assessment = make_scored_assessment()

    response = client.get(page(name, assessment, *args))

    assert (response.status_code, response.url.partition("?")[0]) == (302, reverse("accounts:sign_in"))


@pytest.mark.parametrize(("name", "args"), PAGES_OF_A_RECORD)
@pytest.mark.parametrize("who", ["another citizen", "board member", "commune officer"])
def test_a_record_of_somebody_else_is_not_there(client, name, args, who):
    assessment = make_submitted_assessment()
    client.force_login(
        {
            "another citizen": lambda: make_citizen_with_account("Lê Thị Hạnh", board=assessment.board).user,
            "board member": lambda: make_confirmer(assessment.board),
            "commune officer": lambda: make_officer(assessment.commune),
        }[who]()
    )

    assert client.get(page(name, assessment, *args)).status_code == 404


@pytest.mark.parametrize(("name", "args"), [("section", ["1"]), ("change_group", []), ("submit", [])])
def test_nobody_writes_in_a_record_of_somebody_else(client, name, args):
    assessment = make_scored_assessment()
    client.force_login(make_citizen_with_account("Lê Thị Hạnh", board=assessment.board).user)

    response = client.post(page(name, assessment, *args), marks(assessment, 3, group="II"))

    assert response.status_code == 404
    assert reload(assessment).version == assessment.version
    assert state_of(assessment) == State.REGISTERED


def test_whoever_is_no_citizen_gets_a_plain_page(client):
    client.force_login(make_officer(make_commune()))

    response = client.get(reverse("assessments:mine"))

    assert response.status_code == 200
    assert "Tài khoản này dùng cho việc của hội, không có hồ sơ danh hiệu của riêng mình." in words_of(
        response
    )
    assert client.get(reverse("assessments:register")).url == reverse("assessments:mine")


# --- The start page -------------------------------------------------------------------------------


@time_machine.travel(NOVEMBER)
def test_the_start_page_says_what_to_do_and_until_when(client):
    make_campaign(2026)
    citizen = make_citizen_with_account()
    client.force_login(citizen.user)

    response = client.get(reverse("assessments:mine"))

    assert f"Đăng ký danh hiệu năm 2026 đến {YEAR_END}, còn 46 ngày." in words_of(response)
    assert f'href="{reverse("assessments:register")}"' in main_of(response)
    assert "Ban khuyến học thôn Đông Hải, xã Thạch Khê, tỉnh Hà Tĩnh" in words_of(response)


@pytest.mark.feature("B1")
@time_machine.travel(NOVEMBER)
def test_who_sits_on_a_board_sees_first_who_waits_there(client):
    record = make_submitted_assessment(campaign=make_campaign(2026))
    member = make_citizen_with_account().user
    client.force_login(member)
    assert "xác nhận</a>" not in main_of(client.get(reverse("assessments:mine")))

    appoint(member, record.board)

    response = client.get(reverse("assessments:mine"))
    assert f"1 người chờ {boards.name_of(record.board)} xác nhận" in words_of(response)
    assert f'href="{reverse("assessments:board_queue")}?board={record.board.code}"' in main_of(response)


@time_machine.travel(moment(2026, 12, 31, 9))
def test_the_last_day_is_called_the_last():
    make_campaign(2026)
    citizen = make_citizen_with_account()

    assert sentence_for(citizen) == (
        f"Đăng ký danh hiệu năm 2026 đến {YEAR_END}, hôm nay là ngày cuối, đến 23 giờ 59 phút."
    )


@pytest.mark.feature("A3")
@time_machine.travel(NOVEMBER)
def test_the_start_page_offers_to_continue_the_record_and_no_second_one(client):
    assessment = make_assessment(campaign=make_campaign(2026))
    sign_in(client, assessment)

    response = client.get(reverse("assessments:mine"))

    assert (
        f'<a class="btn btn-primary" href="{assessment.get_absolute_url()}">Tiếp tục hồ sơ năm 2026'
        in main_of(response)
    )
    assert reverse("assessments:register") not in main_of(response)
    assert f"Chấm điểm rồi gửi hồ sơ năm 2026 đến {YEAR_END}, còn 46 ngày." in words_of(response)
    assert "Còn 10 chỉ số chưa chấm." in words_of(response)


def sentence_for(citizen):
    return guidance.start(citizen, Campaign.objects.current(clock.now()), clock.now()).sentence


def sentence_of(assessment):
    return sentence_for(assessment.citizen)


@time_machine.travel(NOVEMBER)
def test_one_sentence_for_each_state():
    campaign = make_campaign(2026)
    made = {"campaign": campaign, "board": make_village()}

    assert sentence_of(make_submitted_assessment(**made)) == "Bây giờ bạn không phải làm gì."
    assert sentence_of(make_returned_assessment(**made)) == (
        f"Sửa rồi gửi lại hồ sơ năm 2026 đến {YEAR_END}, còn 46 ngày."
    )
    assert sentence_of(make_confirmed_assessment(**made)) == ("Ban đã xác nhận hồ sơ năm 2026: đạt, 80 điểm.")


def test_one_sentence_for_each_state_after_the_closing():
    with time_machine.travel(NOVEMBER):
        made = {"campaign": make_campaign(2026), "board": make_village()}
        unsent, sent, returned = (
            make_scored_assessment(**made),
            make_submitted_assessment(**made),
            make_returned_assessment(**made),
        )
        late = make_citizen_with_account(board=made["board"])
    with time_machine.travel(moment(2027, 1, 2, 9)):
        # Before the closing is recorded the pages know as well.
        assert sentence_of(unsent) == f"Hồ sơ năm 2026 chưa gửi: đã khóa lúc {YEAR_END}."
        assert sentence_of(sent) == "Ban khuyến học chưa xác nhận hồ sơ năm 2026 của bạn trước khi khóa."
        assert sentence_of(returned) == f"Hồ sơ năm 2026 bị trả lại, chưa gửi lại: đã khóa lúc {YEAR_END}."

        closing.lock_confirmation(clock.now())

        assert sentence_of(unsent) == "Hồ sơ năm 2026 chưa gửi, nay đã khóa."
        assert sentence_of(sent) == "Ban khuyến học chưa xác nhận hồ sơ năm 2026 của bạn trước khi khóa."
        assert sentence_of(returned) == "Hồ sơ năm 2026 bị trả lại để sửa và chưa gửi lại khi khóa."
        assert sentence_for(late) == f"Đăng ký danh hiệu năm 2026: đã khóa lúc {YEAR_END}."


def test_before_any_year_is_open_the_page_says_so(client):
    client.force_login(make_citizen_with_account().user)

    response = client.get(reverse("assessments:mine"))

    assert "Chưa mở năm nào để đăng ký. Hãy trở lại sau." in words_of(response)


def test_the_start_page_lists_the_years_before_with_both_totals(client):
    village = make_village()
    citizen, board = make_citizen_with_account(board=village), make_confirmer(village)
    with time_machine.travel(moment(2025, 11, 1)):
        last_year = make_submitted_assessment(citizen=citizen, campaign=make_campaign(2025))
        changes = {"I.1.1": Change(Decimal(10), "Có thêm giấy khen.")}
        workflow.confirm(last_year, by=board, changes=changes)
    with time_machine.travel(NOVEMBER):
        make_campaign(2026)
        client.force_login(citizen.user)
        response = client.get(reverse("assessments:mine"))

    assert "Năm 2025 Tự chấm 80 điểm, ban xác nhận 82 điểm Đạt" in words_of(response)


@pytest.mark.parametrize(
    ("places", "board"),
    [
        (("unit", "village"), "Ban khuyến học Trường THPT Lý Tự Trọng, xã Thạch Khê, tỉnh Hà Tĩnh"),
        (("village",), "Ban khuyến học thôn Đông Hải, xã Thạch Khê, tỉnh Hà Tĩnh"),
        ((), "Hội khuyến học xã Thạch Khê, tỉnh Hà Tĩnh"),
    ],
)
def test_the_page_says_which_board_will_confirm_before_anything_is_sent(client, places, board):
    commune = make_commune()
    made = {"unit": make_unit(parent=commune), "village": make_village(commune=commune)}
    citizen = make_citizen_with_account(board=commune, **{name: made[name] for name in places})
    open_campaign()
    client.force_login(citizen.user)

    assert board in words_of(client.get(reverse("assessments:mine")))
    assert board in words_of(client.get(reverse("assessments:register")))


def test_a_typed_village_is_shown_with_who_confirms_until_it_is_placed(client):
    commune = make_commune()
    citizen = make_citizen_with_account(board=commune, village_text="Xóm Chùa")
    open_campaign()
    client.force_login(citizen.user)

    response = client.get(reverse("assessments:mine"))

    assert "Thôn, tổ dân phố bạn gõ (“Xóm Chùa”) chưa có trong danh sách." in words_of(response)


@pytest.mark.parametrize("years", [1, 3])
def test_the_start_page_costs_the_same_for_one_year_as_for_three(
    client, django_assert_max_num_queries, years
):
    citizen = make_citizen_with_account()
    for year in range(2026 - years, 2026):
        with time_machine.travel(moment(year, 11, 1)):
            make_submitted_assessment(citizen=citizen, campaign=make_campaign(year))
    with time_machine.travel(NOVEMBER):
        make_assessment(citizen=citizen, campaign=make_campaign(2026))
        client.force_login(citizen.user)

        with django_assert_max_num_queries(18):
            response = client.get(reverse("assessments:mine"))

    assert len(response.context["earlier"]) == years


# --- Registering ----------------------------------------------------------------------------------


@pytest.mark.feature("D5")
@pytest.mark.parametrize(
    ("population", "group"),
    [
        (Population.VILLAGER, Group.I),
        (Population.WORKER, Group.II),
        (Population.OFFICIAL, Group.III),
        (Population.LEARNER, Group.IV),
    ],
)
def test_the_suggested_group_is_chosen_beforehand_and_may_be_changed(client, population, group):
    load_criteria()
    open_campaign()
    citizen = make_citizen_with_account(population=population)
    client.force_login(citizen.user)
    response = client.get(reverse("assessments:register"))

    assert response.context["form"]["group"].value() == group
    for each in Group:
        assert str(each.label) in words_of(response)

    client.post(reverse("assessments:register"), {"group": "II"})

    assert Assessment.objects.get().group == Group.II


@pytest.mark.feature("A3")
def test_a_double_click_on_register_makes_one_record(client):
    load_criteria()
    open_campaign()
    citizen = make_citizen_with_account()
    client.force_login(citizen.user)

    first = client.post(reverse("assessments:register"), {"group": "I"})
    second = client.post(reverse("assessments:register"), {"group": "III"})

    assessment = Assessment.objects.get()
    assert (first.url, second.url) == (assessment.get_absolute_url(), assessment.get_absolute_url())
    assert assessment.group == Group.I
    assert client.get(reverse("assessments:register")).url == assessment.get_absolute_url()
    year = assessment.campaign.year
    assert messages_of(first) == [f"Đã đăng ký danh hiệu năm {year}. Hồ sơ chưa gửi."]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({}, "Chưa chọn nhóm. Chọn nhóm gần nhất với việc bạn đang làm."),
        ({"group": "V"}, "Chọn một trong bốn nhóm dưới đây."),
    ],
)
def test_a_group_that_is_none_is_refused(client, typed, message):
    load_criteria()
    open_campaign()
    client.force_login(make_citizen_with_account().user)

    response = client.post(reverse("assessments:register"), typed)

    assert response.context["form"].errors == {"group": [message]}
    assert not Assessment.objects.exists()


def test_after_its_end_registration_shows_no_button_and_takes_nothing(client):
    load_criteria()
    campaign = open_campaign(registration=closed_window())
    client.force_login(make_citizen_with_account().user)

    shown = client.get(reverse("assessments:register"))
    posted = client.post(reverse("assessments:register"), {"group": "I"})

    assert '<button class="btn btn-primary">' not in main_of(shown)
    assert f"Đăng ký danh hiệu năm {campaign}: đã khóa lúc" in words_of(shown)
    assert posted.context["form"].non_field_errors() == [f"Đã hết hạn đăng ký năm {campaign}."]
    assert not Assessment.objects.exists()


def test_changing_the_group_says_what_becomes_of_the_scores_and_keeps_them(client):
    assessment = make_scored_assessment()
    sign_in(client, assessment)

    shown = client.get(page("change_group", assessment))
    there = client.post(page("change_group", assessment), {"group": "II"})

    assert "Điểm và minh chứng đã điền được giữ ở nhóm cũ. Đổi lại nhóm cũ thì thấy lại." in words_of(shown)
    assert there.url == assessment.get_absolute_url()
    assert messages_of(there) == ["Đã đổi sang nhóm II. Hồ sơ chưa gửi."]
    assert own_scores(assessment) == {}

    client.post(page("change_group", assessment), {"group": "I"})

    assert own_scores(assessment) == full_marks(assessment)
    assert reload(assessment).own_total == 80


def test_choosing_the_same_group_again_changes_nothing(client):
    assessment = make_scored_assessment()
    sign_in(client, assessment)
    version = reload(assessment).version

    response = client.post(page("change_group", assessment), {"group": "I"})

    assert (response.url, messages_of(response)) == (assessment.get_absolute_url(), [])
    assert reload(assessment).version == version


def test_the_group_stays_when_the_record_is_sent(client):
    assessment = make_submitted_assessment()
    sign_in(client, assessment)

    shown = client.get(page("change_group", assessment))
    posted = client.post(page("change_group", assessment), {"group": "II"})

    assert shown.url == assessment.get_absolute_url()
    assert posted.context["form"].non_field_errors() == [
        "Hồ sơ này đang ở tình trạng “đã gửi” nên không làm được việc này."
    ]
    assert reload(assessment).group == Group.I


# --- The record before it is sent -----------------------------------------------------------------


@pytest.mark.feature("A5")
def test_the_task_list_says_how_far_each_part_is_and_what_is_missing(client):
    assessment = make_assessment()
    given = {each.code: Decimal(9) for each in part_of(assessment).indicators} | {"I.2.1": Decimal(4)}
    workflow.save_scores(assessment, given, by=assessment.citizen.user)
    sign_in(client, assessment)

    response = client.get(assessment.get_absolute_url())

    words = words_of(response)
    assert "36 trên 40 điểm Đã điền 4 trên 4" in words
    assert "4 trên 40 điểm Đã điền 1 trên 4" in words
    assert "Nhiều nhất 20 điểm Chưa điền" in words
    assert "40 trên 100 điểm. Cần từ 80 điểm, còn thiếu 40." in words
    assert "Còn 5 chỉ số chưa chấm: Chỉ số I.2.2 Chỉ số I.2.3 Chỉ số I.2.4 Chỉ số I.3.1 Chỉ số I.3.2" in words
    assert "Dưới 5 điểm thì chưa đủ để đạt: Chỉ số I.2.1 : 4 điểm Lưu lần cuối lúc" in words
    assert "Xem lại và gửi Mở khi đã điền đủ 10 chỉ số Chưa gửi" in words
    assert f'href="{page("section", assessment, "2")}#chi-so-I.2.2"' in main_of(response)


@pytest.mark.feature("A5")
def test_when_all_is_scored_the_page_says_which_indicators_would_lift_the_result_most(client):
    assessment = make_scored_assessment(8)
    workflow.save_scores(assessment, {"I.2.1": 6, "I.3.1": 5, "I.3.2": 7}, by=assessment.citizen.user)
    sign_in(client, assessment)

    short = words_of(client.get(assessment.get_absolute_url()))
    workflow.save_scores(reload(assessment), full_marks(assessment, 8), by=assessment.citizen.user)
    enough = words_of(client.get(assessment.get_absolute_url()))

    lifting = "tăng được nhiều nhất: Chỉ số I.2.1 : 6 điểm Chỉ số I.3.1 : 5 điểm Chỉ số I.3.2 : 7 điểm Lưu"
    assert "còn thiếu 6." in short
    assert lifting in short
    assert "tăng được nhiều nhất" not in enough


def half_filled():
    assessment = make_assessment()
    workflow.save_scores(assessment, {"I.1.1": Decimal(9)}, by=assessment.citizen.user)
    return assessment


def withdrawn():
    assessment = make_submitted_assessment()
    workflow.withdraw(assessment, by=assessment.citizen.user)
    return assessment


def returned_in_part():
    assessment = make_submitted_assessment()
    why = {"I.1.1": "Chưa rõ."}
    workflow.send_back(assessment, by=make_confirmer(assessment.board), reason="Chưa rõ.", only=why)
    return assessment


def out_of_time():
    assessment = make_scored_assessment()
    assessment.campaign.windows.update(closes_at=clock.now())
    return assessment


UNSENT = {
    "empty": make_assessment,
    "half": half_filled,
    "filled": make_scored_assessment,
    "too low": lambda: make_scored_assessment(4),
    "without points": lambda: make_scored_assessment(group=Group.IV),
    "withdrawn": withdrawn,
    "returned": make_returned_assessment,
    "returned in part": returned_in_part,
    "out of time": out_of_time,
}
SENT = {"sent": make_submitted_assessment, "confirmed": make_confirmed_assessment}


@pytest.mark.feature("A4")
@pytest.mark.parametrize("state", [*UNSENT, *SENT])
def test_every_page_in_every_state_says_whether_it_is_sent_and_calls_nothing_finished(client, state):
    assessment = (UNSENT | SENT)[state]()
    sign_in(client, assessment)
    parts = [section.code for section in assessment.criteria_set.sections]
    first = assessment.criteria_set.indicators[0].code
    pages = [("detail",), ("change_group",), *(("section", part) for part in parts), ("check",)]
    pages += [("evidence", first), ("learning",), ("receipt",)]
    faulty = marks(assessment, 11) | {"version": str(assessment.version)}

    shown = {each: client.get(page(each[0], assessment, *each[1:]), follow=True) for each in pages}
    shown[("mine",)] = client.get(reverse("assessments:mine"))
    # With an error, and from a page that is behind the record.
    shown[("error",)] = client.post(page("section", assessment, parts[0]), faulty, follow=True)
    behind = {"version": "0", "score-I.1.1": "3"}
    shown[("behind",)] = client.post(page("section", assessment, parts[0]), behind, follow=True)
    shown[("nothing",)] = client.post(page("evidence", assessment, first), {}, follow=True)

    words = {each: words_of(response) for each, response in shown.items()}
    assert [each for each, said in words.items() if re.search("hoàn (thành|tất)", said, re.IGNORECASE)] == []
    bars = [
        response.content.decode().partition('aria-label="Tình trạng hồ sơ"')[2].partition("</aside>")[0]
        for response in shown.values()
    ]
    assert [bool(re.search("chưa gửi", bar, re.IGNORECASE)) for bar in bars] == [state in UNSENT] * len(shown)


def test_the_history_is_told_in_sentences(client):
    assessment = make_returned_assessment("Thiếu giấy xác nhận.")
    sign_in(client, assessment)

    response = client.get(assessment.get_absolute_url())

    assert [(told.text, told.reason) for told in response.context["history"]] == [
        ("Trần Thị Mai trả lại hồ sơ để sửa. Lý do:", "Thiếu giấy xác nhận."),
        ("Bạn gửi hồ sơ.", ""),
        ("Bạn đăng ký danh hiệu.", ""),
    ]


@pytest.mark.parametrize(
    ("name", "args", "most"),
    [
        ("detail", [], 25),
        ("section", ["1"], 14),
        ("evidence", ["I.1.1"], 13),
        ("check", [], 19),
    ],
)
def test_the_pages_of_a_record_cost_few_queries(client, django_assert_max_num_queries, name, args, most):
    assessment = make_scored_assessment()
    for indicator in assessment.criteria_set.indicators:
        piece = assessment.evidence.create(kind="text", text=f"Minh chứng {indicator.code}")
        piece.indicators.add(indicator)
    sign_in(client, assessment)

    with django_assert_max_num_queries(most):
        client.get(page(name, assessment, *args))


# --- Scoring --------------------------------------------------------------------------------------


@pytest.mark.feature("A5")
@pytest.mark.parametrize(
    ("button", "leads_to"),
    [
        ({"next": "1"}, ("section", "2")),
        ({"later": "1"}, ("detail",)),
        ({"evidence": "I.1.3"}, ("evidence", "I.1.3")),
        ({}, ("section", "1")),
    ],
)
def test_a_part_is_saved_as_a_whole_and_each_button_leads_on(client, button, leads_to):
    assessment = make_assessment()
    sign_in(client, assessment)

    response = client.post(page("section", assessment, "1"), marks(assessment, 7, **button))

    assert response.url == page(leads_to[0], assessment, *leads_to[1:])
    assert own_scores(assessment) == {f"I.1.{number}": Decimal(7) for number in range(1, 5)}
    assert reload(assessment).own_total == 28


def test_the_last_part_leads_on_to_the_check(client):
    assessment = make_assessment()
    sign_in(client, assessment)

    shown = client.get(page("section", assessment, "3"))
    posted = client.post(page("section", assessment, "3"), marks(assessment, 7, "3", next="1"))

    assert "Lưu và xem lại hồ sơ" in words_of(shown)
    assert posted.url == page("check", assessment)


@time_machine.travel(NOVEMBER)
def test_saving_says_when_and_that_it_is_not_sent(client):
    assessment = make_assessment(campaign=make_campaign(2026))
    sign_in(client, assessment)

    response = client.post(page("section", assessment, "1"), marks(assessment, 7))

    assert messages_of(response) == ["Đã lưu phần 1 lúc 09:00, 15/11/2026. Hồ sơ chưa gửi."]
    response = client.post(page("section", assessment, "2"), marks(assessment, 7, "2") | {"score-I.2.1": ""})
    said = "Đã lưu phần 2 lúc 09:00, 15/11/2026. Phần này còn 1 chỗ chưa điền. Hồ sơ chưa gửi."
    assert messages_of(response)[-1] == said


def test_what_a_page_does_not_name_stays_as_it_is(client):
    assessment = make_scored_assessment()
    sign_in(client, assessment)

    client.post(
        page("section", assessment, "1"),
        {"score-I.1.2": "6", "version": str(reload(assessment).version)},
    )

    assert own_scores(assessment) == full_marks(assessment) | {"I.1.2": Decimal(6)}


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("11", "Điểm cao nhất là 10, bạn gõ 11. Gõ điểm từ 0 đến 10, cách nhau 1 điểm, ví dụ 7."),
        ("-1", "Điểm thấp nhất là 0, bạn gõ -1. Gõ điểm từ 0 đến 10, cách nhau 1 điểm, ví dụ 7."),
        (
            "7,5",
            "Điểm 7,5 không có trong thang điểm. Chọn 7 hoặc 8. "
            "Gõ điểm từ 0 đến 10, cách nhau 1 điểm, ví dụ 7.",
        ),
        ("bảy", "“bảy” không phải là số điểm. Gõ điểm từ 0 đến 10, cách nhau 1 điểm, ví dụ 7."),
    ],
)
def test_points_that_do_not_exist_stand_beside_their_field_and_nothing_is_saved(client, typed, message):
    assessment = make_assessment()
    sign_in(client, assessment)

    response = client.post(page("section", assessment, "1"), marks(assessment, 8) | {"score-I.1.2": typed})

    assert response.context["form"].errors == {"score-I.1.2": [message]}
    assert 'id="id_score-I.1.2_error"' in main_of(response)
    assert response.context["form"]["score-I.1.1"].value() == "8"
    assert own_scores(assessment) == {}
    assert reload(assessment).version == assessment.version


def make_set_in_half_points():
    criteria_set = CriteriaSet.objects.create(
        level=Level.CITIZEN,
        group=Group.I,
        version=2,
        title="Nửa điểm",
        basis_number="1/QĐ-THỬ",
        valid_from=clock.today(),
        status=Status.DRAFT,
        authority=Authority.PROVISIONAL,
        scoring_model=ScoringModel.POINTS,
        pass_mark=15,
        floor=5,
        step=Decimal("0.5"),
    )
    section = Criterion.objects.create(criteria_set=criteria_set, position=1, code="1", text="Tự học")
    for number in (1, 2):
        Criterion.objects.create(
            criteria_set=criteria_set,
            parent=section,
            position=number + 1,
            code=f"1.{number}",
            text=f"Chỉ số {number}",
            maximum=10,
        )
    publishing.publish(criteria_set)


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ("7,5", {}),
        ("7.5", {}),
        (
            "7,25",
            {
                "score-1.1": [
                    "Điểm 7,25 không có trong thang điểm. Chọn 7 hoặc 7,5. "
                    "Gõ điểm từ 0 đến 10, cách nhau 0,5 điểm, ví dụ 7,5."
                ]
            },
        ),
    ],
)
def test_other_steps_are_typed_in_a_field_of_text(client, typed, errors):
    load_criteria()
    make_set_in_half_points()
    assessment = make_assessment()
    sign_in(client, assessment)

    shown = client.get(page("section", assessment, "1"))
    response = client.post(page("section", assessment, "1"), marks(assessment, "8") | {"score-1.1": typed})

    assert '<input type="text" name="score-1.1"' in main_of(shown)
    assert (response.context["form"].errors if response.context else {}) == errors
    assert own_scores(assessment) == ({} if errors else {"1.1": Decimal("7.5"), "1.2": Decimal(8)})


def test_a_text_field_that_was_emptied_takes_its_points_back(client):
    load_criteria()
    make_set_in_half_points()
    assessment = make_scored_assessment()
    sign_in(client, assessment)

    client.post(page("section", assessment, "1"), marks(assessment, "8") | {"score-1.1": ""})

    assert own_scores(assessment) == {"1.1": None, "1.2": Decimal(8)}
    assert reload(assessment).own_total == 8


@pytest.mark.feature("D5")
def test_group_four_is_judged_passed_or_not(client):
    assessment = make_assessment(group=Group.IV)
    sign_in(client, assessment)

    shown = client.get(page("section", assessment, "1"))
    for code, given in (("1", "pass"), ("2", "pass"), ("3", "fail")):
        client.post(page("section", assessment, code), marks(assessment, given, code))

    assert "Tự đánh giá tiêu chí IV.1 Đạt Không đạt" in words_of(shown)
    assert "score-row" not in main_of(shown)
    assert own_scores(assessment) == {"IV.1": True, "IV.2": True, "IV.3": False}
    words = words_of(client.get(assessment.get_absolute_url()))
    assert "2 trên 3 tiêu chí tự đánh giá đạt. Cần đạt cả 3." in words
    assert "Gửi hồ sơ năm" in words
    assert "Đã đánh giá đủ các tiêu chí." in words
    assert "chỉ số" not in words.lower()
    assert "Tự đánh giá không đạt: Tiêu chí IV.3" in words


def test_a_returned_record_says_why_on_ones_own_page(client):
    returned = make_returned_assessment(reason="Thiếu ảnh giấy chứng nhận.")
    sign_in(client, returned)

    assert "Lý do ban trả lại “Thiếu ảnh giấy chứng nhận.”" in words_of(
        client.get(reverse("assessments:mine"))
    )


def test_who_did_not_achieve_is_told_whom_to_ask(client):
    assessment = make_confirmed_assessment(points=5)
    sign_in(client, assessment)

    words = words_of(client.get(assessment.get_absolute_url()))

    assert "Bạn không phải làm gì nữa. Chưa rõ vì sao thì hỏi ban khuyến học thôn Đông Hải." in words


def test_in_january_one_is_told_when_the_next_year_can_be_registered(client, time_machine):
    time_machine.move_to(moment(2026, 11, 15))
    sent = make_submitted_assessment(campaign=make_campaign(2026))
    time_machine.move_to(moment(2027, 1, 1), tick=False)
    closing.lock_confirmation(moment(2027, 1, 1))
    sign_in(client, sent)
    told = "Đăng ký năm 2027 mở khi hội khuyến học trung ương mở năm mới."

    for url in (reverse("assessments:mine"), sent.get_absolute_url()):
        assert told in words_of(client.get(url))

    make_campaign(2027)
    assert told not in words_of(client.get(reverse("assessments:mine")))
    assert told not in words_of(client.get(sent.get_absolute_url()))


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (moment(2026, 9, 15), "ban trả lại được từ ngày 01/10/2026."),
        (moment(2026, 11, 15), "ban trả lại được hồ sơ để bạn sửa."),
        (moment(2027, 1, 1), ""),
    ],
)
def test_the_receipt_says_how_to_correct_what_was_sent(time_machine, now, words):
    time_machine.move_to(moment(2026, 9, 1))
    sent = make_submitted_assessment(campaign=make_campaign(2026))

    time_machine.move_to(now)

    said = guidance.how_to_correct(sent, now)
    assert said == (words and f"Gửi nhầm thì báo ban khuyến học thôn Đông Hải: {words}")


def test_group_four_takes_no_points(client):
    assessment = make_assessment(group=Group.IV)
    sign_in(client, assessment)

    response = client.post(page("section", assessment, "1"), marks(assessment, "8"))

    assert response.context["form"].errors == {"score-IV.1": ["Chọn Đạt hoặc Không đạt."]}
    assert own_scores(assessment) == {}


def test_a_part_the_form_does_not_have_is_not_there(client):
    assessment = make_assessment()
    sign_in(client, assessment)

    assert client.get(page("section", assessment, "9")).status_code == 404


@pytest.mark.parametrize("version", ["", "mười"])
def test_a_page_that_came_incomplete_saves_nothing(client, version):
    assessment = make_assessment()
    sign_in(client, assessment)

    response = client.post(page("section", assessment, "1"), marks(assessment, 8) | {"version": version})

    assert "Trang này tải chưa xong. Mở lại trang rồi chấm lại." in words_of(response)
    assert own_scores(assessment) == {}


# --- One answer, as it is typed -------------------------------------------------------------------


def type_answer(client, assessment, points, *, seen="", code="I.1.1"):
    typed = {"version": str(assessment.version), f"score-{code}": points, "seen": seen}
    return client.post(
        page("section", assessment, "1"), typed, headers={"accept": "application/json", "referer": "x"}
    )


@pytest.mark.feature("A2")
@time_machine.travel(NOVEMBER)
def test_an_answer_is_saved_as_it_is_typed_and_says_when_and_what_it_comes_to(
    client, django_assert_max_num_queries
):
    assessment = make_assessment(campaign=make_campaign(2026))
    sign_in(client, assessment)

    with django_assert_max_num_queries(40):
        reply = type_answer(client, assessment, "9").json()

    assert own_scores(assessment) == {"I.1.1": 9}
    assert reply["version"] == reload(assessment).version
    assert reply["answers"]["score-I.1.1"] == {"value": "9", "words": "9 điểm"}
    assert "Lưu lần cuối lúc 09:00, 15/11/2026. Chưa gửi." in reply["saved"]
    assert "<strong>9</strong> trên 100 điểm" in reply["total"]


def test_an_answer_changed_elsewhere_is_not_written_over_and_both_are_told(client):
    assessment = make_assessment()
    sign_in(client, assessment)
    type_answer(client, assessment, "7")

    refused = type_answer(client, assessment, "9")

    assert refused.status_code == 409
    assert (refused.json()["here"], refused.json()["answers"]["score-I.1.1"]["words"]) == ("9 điểm", "7 điểm")
    assert own_scores(assessment) == {"I.1.1": 7}
    assert type_answer(client, assessment, "9", seen="7").status_code == 200
    assert own_scores(assessment) == {"I.1.1": 9}


def test_an_answer_whose_reply_was_lost_may_be_sent_again(client):
    assessment = make_assessment()
    sign_in(client, assessment)
    type_answer(client, assessment, "7")
    saved = reload(assessment).version

    again = type_answer(client, assessment, "7")

    assert again.status_code == 200
    assert reload(assessment).version == saved


@pytest.mark.parametrize(
    ("code", "points", "problem"),
    [
        ("I.1.1", "11", "Điểm cao nhất là 10"),
        ("I.2.1", "5", "Chỗ này không sửa được."),  # of another page
    ],
)
def test_an_answer_that_cannot_be_taken_is_told_why(client, code, points, problem):
    assessment = make_assessment()
    sign_in(client, assessment)

    refused = type_answer(client, assessment, points, code=code)

    assert refused.status_code == 422
    assert problem in refused.json()["problem"]
    assert own_scores(assessment) == {}


def test_an_answer_that_comes_after_the_end_is_told_so(client):
    assessment = make_assessment(campaign=open_campaign())
    sign_in(client, assessment)
    open_campaign(self_assessment=closed_window())

    refused = type_answer(client, assessment, "9")

    assert (refused.status_code, own_scores(assessment)) == (422, {})
    assert "hết" in refused.json()["problem"]


def test_an_answer_without_a_session_does_not_take_the_place_of_a_parked_page(client):
    assessment = make_assessment()
    sign_in(client, assessment)
    url = page("section", assessment, "1")
    client.get(url)
    end_session(client)
    post_from_page(client, url, marks(assessment, 9))

    refused = type_answer(client, assessment, "3")

    assert refused.status_code == 401
    sign_in(client, assessment)
    assert [field.value() for _line, field in client.get(url).context["form"].rows()] == ["9"] * 4
    type_answer(client, assessment, "9")  # as the page does with each of them, keeping them on the device
    assert "Đây là những gì bạn gõ" not in words_of(client.get(url))


# --- Two tabs, and sessions that end --------------------------------------------------------------


@time_machine.travel(NOVEMBER)
def test_the_second_tab_is_warned_and_writes_over_nothing(client):
    assessment = make_assessment(campaign=make_campaign(2026))
    sign_in(client, assessment)
    read_by_both = assessment.version
    client.post(page("section", assessment, "1"), marks(assessment, 7))

    typed = marks(assessment, 7) | {"score-I.1.2": "9", "version": str(read_by_both)}
    warned = client.post(page("section", assessment, "1"), typed)

    words = words_of(warned)
    assert "Hồ sơ đã được lưu ở nơi khác lúc 09:00, 15/11/2026, sau khi bạn mở trang này." in words
    assert "Chỉ số I.1.2 . Ở nơi khác: 7 điểm . Trên trang này: 9 điểm" in words
    assert "Chỉ số I.1.1 . Ở nơi khác" not in words
    assert own_scores(assessment)["I.1.2"] == 7
    assert warned.context["form"]["score-I.1.2"].value() == "9"

    # Left and opened again, also on another device, both answers still stand side by side.
    desk = Client()
    sign_in(desk, assessment)
    for device in (client, desk):
        shown = device.get(page("section", assessment, "1"))
        assert "Chỉ số I.1.2 . Ở nơi khác: 7 điểm . Trên trang này: 9 điểm" in words_of(shown)
        assert shown.context["form"]["score-I.1.2"].value() == "9"
    again = typed | {"version": shown.context["form"]["version"].value()}
    client.post(page("section", assessment, "1"), again)

    assert own_scores(assessment)["I.1.2"] == 9
    assert "Trên trang này" not in words_of(client.get(page("section", assessment, "1")))


def test_the_second_tab_may_also_take_what_is_saved(client):
    assessment = make_assessment()
    sign_in(client, assessment)
    client.post(page("section", assessment, "1"), marks(assessment, 7))

    typed = marks(assessment, 9) | {"version": str(assessment.version)}
    client.post(page("section", assessment, "1"), typed)
    response = client.post(page("section", assessment, "1"), typed | {"discard": "1"})

    assert response.url == page("section", assessment, "1")
    assert own_scores(assessment)["I.1.1"] == 7
    assert client.get(response.url).context["form"]["score-I.1.1"].value() == "7"


def test_a_tab_of_another_part_is_warned_too_but_finds_no_difference(client):
    assessment = make_assessment()
    sign_in(client, assessment)
    read_by_both = str(assessment.version)
    client.post(page("section", assessment, "2"), marks(assessment, 7, "2"))
    client.post(page("section", assessment, "1"), marks(assessment, 8))

    warned = client.post(page("section", assessment, "1"), marks(assessment, 8) | {"version": read_by_both})

    assert "Trang này không khác những gì đã lưu." in words_of(warned)
    assert "chưa được lưu" not in words_of(client.get(page("section", assessment, "1")))


def end_session(client):
    Session.objects.all().delete()
    del client.cookies["sessionid"]


def post_from_page(client, url, typed):
    return client.post(url, typed, headers={"referer": f"http://testserver{url}"})


def test_scores_typed_before_the_session_ended_come_back(client):
    assessment = make_assessment()
    sign_in(client, assessment)
    url = page("section", assessment, "1")
    client.get(url)
    end_session(client)
    post_from_page(client, url, marks(assessment, 9))
    sign_in(client, assessment)

    shown = client.get(url)

    assert "Đây là những gì bạn gõ trước khi cổng tự đăng xuất, chưa được lưu." in words_of(shown)
    assert [field.value() for _line, field in shown.context["form"].rows()] == ["9"] * 4
    assert own_scores(assessment) == {}

    client.post(url, marks(assessment, 9))

    assert own_scores(assessment)["I.1.1"] == 9
    assert "Đây là những gì bạn gõ" not in words_of(client.get(url))


def test_scores_of_an_ended_session_do_not_write_over_what_was_saved_meanwhile(client):
    assessment = make_assessment()
    sign_in(client, assessment)
    url = page("section", assessment, "1")
    client.get(url)
    typed = marks(assessment, 9)
    end_session(client)
    post_from_page(client, url, typed)
    workflow.save_scores(assessment, {"I.1.1": Decimal(5)}, by=assessment.citizen.user)
    sign_in(client, assessment)

    shown = client.get(url)

    assert "Chỉ số I.1.1 . Ở nơi khác: 5 điểm . Trên trang này: 9 điểm" in words_of(shown)
    assert own_scores(assessment)["I.1.1"] == 5
    client.post(url, typed | {"version": shown.context["form"]["version"].value()})
    assert own_scores(assessment)["I.1.1"] == 9


def test_scores_typed_after_the_end_are_shown_once_more_and_no_button_offers_to_save(client):
    assessment = make_assessment(campaign=open_campaign())
    sign_in(client, assessment)
    open_campaign(self_assessment=closed_window())

    response = client.post(page("section", assessment, "1"), marks(assessment, 9))

    words = words_of(response)
    assert "chưa gửi: đã khóa lúc" in words
    assert "Những gì vừa chọn ở trang này không lưu được." in words
    assert words.count("9 điểm") == 4
    assert "<button" not in main_of(response)
    assert f'href="{assessment.get_absolute_url()}"' in main_of(response)
    assert own_scores(assessment) == {}


@pytest.mark.parametrize(("name", "args"), [("section", ["1"]), ("check", []), ("evidence", ["I.1.1"])])
def test_what_can_no_longer_be_written_leads_to_the_record(client, name, args):
    assessment = make_submitted_assessment()
    sign_in(client, assessment)

    assert client.get(page(name, assessment, *args)).url == assessment.get_absolute_url()


# --- Sending --------------------------------------------------------------------------------------


@pytest.mark.feature("A8")
@time_machine.travel(NOVEMBER)
def test_the_check_page_shows_every_answer_with_a_way_to_change_it(client):
    assessment = make_scored_assessment(campaign=make_campaign(2026))
    piece = assessment.evidence.create(kind="text", text="Đọc báo hằng ngày.")
    piece.indicators.add(assessment.criteria_set.indicators[0])
    sign_in(client, assessment)

    response = client.get(page("check", assessment))

    words = words_of(response)
    for indicator in assessment.criteria_set.indicators:
        assert f"{indicator.code} {indicator.text} 8 điểm" in words
        assert f'#chi-so-{indicator.code}">Sửa' in main_of(response)
    assert "“Đọc báo hằng ngày.”" in words
    assert "80 trên 100 điểm. Cần từ 80 điểm." in words
    assert "Nơi xác nhận Ban khuyến học thôn Đông Hải, xã Thạch Khê, tỉnh Hà Tĩnh Sửa" in words
    assert f"đến {YEAR_END}, còn 46 ngày." in words
    assert "Với điểm này thì chưa đạt danh hiệu" not in words


@pytest.mark.feature("A5")
def test_a_result_that_would_not_reach_is_said_before_sending_and_may_be_sent(client):
    assessment = make_scored_assessment(points=6)
    sign_in(client, assessment)

    shown = client.get(page("check", assessment))
    sent = client.post(page("submit", assessment), looked_over(assessment))

    assert "60 trên 100 điểm. Cần từ 80 điểm, còn thiếu 20." in words_of(shown)
    assert "Với điểm này thì chưa đạt danh hiệu Bạn vẫn gửi được." in words_of(shown)
    assert sent.url == page("receipt", assessment)
    assert state_of(assessment) == State.SUBMITTED


def test_an_incomplete_record_names_what_is_missing_and_is_not_sent(client):
    assessment = make_scored_assessment()
    workflow.save_scores(assessment, {"I.2.3": None}, by=assessment.citizen.user)
    sign_in(client, assessment)

    shown = client.get(page("check", assessment))
    sent = client.post(page("submit", assessment), looked_over(assessment))

    assert "Còn 1 chỉ số chưa chấm: Chỉ số I.2.3" in words_of(shown)
    assert f'href="{page("section", assessment, "2")}#chi-so-I.2.3"' in main_of(shown)
    assert "Gửi hồ sơ</button>" not in main_of(shown)
    assert (sent.url, messages_of(sent)) == (
        page("check", assessment),
        ["Còn 1 chỉ số chưa chấm. Điền đủ rồi mới gửi được."],
    )
    assert state_of(assessment) == State.REGISTERED


@pytest.mark.feature("A8")
@time_machine.travel(NOVEMBER)
def test_the_receipt_says_number_time_board_and_points(client):
    province = make_province(code="42")
    village = make_village(commune=make_commune(province=province))
    assessment = make_scored_assessment(campaign=make_campaign(2026), board=village)
    sign_in(client, assessment)
    client.post(page("submit", assessment), looked_over(assessment))

    response = client.get(page("receipt", assessment))

    words = words_of(response)
    assert f"Đã gửi hồ sơ năm 2026 Số biên nhận 2026-42-{assessment.pk:07d}" in words
    assert "Gửi lúc 09:00, 15/11/2026" in words
    assert "Điểm tự chấm 80 trên 100" in words
    assert "Nơi xác nhận Ban khuyến học thôn Đông Hải, xã Thạch Khê, tỉnh Hà Tĩnh" in words
    assert (
        "Bây giờ bạn không phải làm gì. Ban khuyến học thôn Đông Hải xác nhận điểm đến "
        f"{YEAR_END}, còn 46 ngày." in words
    )
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in words


@pytest.mark.feature("A8")
def test_a_double_click_on_send_leads_to_one_receipt(client):
    assessment = make_scored_assessment()
    sign_in(client, assessment)
    typed = looked_over(assessment)

    first = client.post(page("submit", assessment), typed)
    second = client.post(page("submit", assessment), typed)

    assert (first.url, second.url) == (page("receipt", assessment), page("receipt", assessment))
    assert messages_of(second) == []
    assert Step.objects.filter(assessment=assessment, state=State.SUBMITTED).count() == 1
    assert Message.objects.filter(citizen=assessment.citizen).count() == 1


def test_a_click_that_loses_by_a_moment_leads_to_the_receipt_too(client, monkeypatch):
    assessment = make_scored_assessment()
    sign_in(client, assessment)
    submit = workflow.submit

    def after_the_other(record, **how):
        submit(reload(record), by=record.citizen.user)
        submit(record, **how)

    monkeypatch.setattr(workflow, "submit", after_the_other)

    response = client.post(page("submit", assessment), looked_over(assessment))

    assert (response.url, messages_of(response)) == (page("receipt", assessment), [])
    assert Step.objects.filter(assessment=assessment, state=State.SUBMITTED).count() == 1


def test_what_changed_since_the_check_is_looked_at_again_before_sending(client):
    assessment = make_scored_assessment()
    sign_in(client, assessment)
    read = looked_over(assessment)
    workflow.save_scores(assessment, {"I.1.1": Decimal(5)}, by=assessment.citizen.user)

    response = client.post(page("submit", assessment), read)

    assert response.url == page("check", assessment)
    (warning,) = messages_of(response)
    assert re.fullmatch(
        r"Hồ sơ đã được lưu ở nơi khác lúc .+, sau khi bạn mở trang này\. Xem lại rồi gửi\.", warning
    )
    assert state_of(assessment) == State.REGISTERED


@pytest.mark.parametrize("typed", [{}, {"saved_at": "hai"}, {"saved_at": "9" * 5000}])
def test_what_was_not_looked_over_is_not_sent(client, typed):
    assessment = make_scored_assessment()
    sign_in(client, assessment)

    assert client.post(page("submit", assessment), typed).url == page("check", assessment)
    assert state_of(assessment) == State.REGISTERED


def test_nothing_is_sent_after_the_end(client):
    assessment = make_scored_assessment(campaign=open_campaign())
    sign_in(client, assessment)
    open_campaign(self_assessment=closed_window())

    response = client.post(page("submit", assessment), looked_over(assessment))

    assert messages_of(response)[0].startswith("Đã hết hạn tự chấm: khóa lúc ")
    assert state_of(assessment) == State.REGISTERED


def test_sending_is_no_link(client):
    assessment = make_scored_assessment()
    sign_in(client, assessment)

    assert client.get(page("submit", assessment)).status_code == 405
    assert state_of(assessment) == State.REGISTERED


def test_a_session_that_ends_on_the_check_page_asks_for_nothing_to_be_typed_again(client):
    assessment = make_scored_assessment()
    sign_in(client, assessment)
    end_session(client)
    typed = looked_over(assessment)
    referer = f"http://testserver{page('check', assessment)}"
    client.post(page("submit", assessment), typed, headers={"referer": referer})
    sign_in(client, assessment)

    response = client.get(page("check", assessment))

    assert "Đây là những gì bạn gõ" not in words_of(response)
    assert "Gửi hồ sơ</button>" in main_of(response)


def test_there_is_no_receipt_before_sending(client):
    assessment = make_scored_assessment()
    sign_in(client, assessment)

    assert client.get(page("receipt", assessment)).url == assessment.get_absolute_url()


# --- Returned, judged, locked ---------------------------------------------------------------------


def test_a_returned_record_quotes_the_reason_is_corrected_and_sent_again(client):
    assessment = make_returned_assessment("Chỉ số I.2.2 chưa có minh chứng.")
    sign_in(client, assessment)

    shown = client.get(assessment.get_absolute_url())
    client.post(page("section", assessment, "2"), marks(assessment, 8, "2") | {"score-I.2.2": "6"})
    sent = client.post(page("submit", assessment), looked_over(assessment))

    words = words_of(shown)
    assert "Ban trả lại hồ sơ để bạn sửa “Chỉ số I.2.2 chưa có minh chứng.”" in words
    assert "rồi bấm Gửi hồ sơ một lần nữa" in words
    assert sent.url == page("receipt", assessment)
    assert state_of(assessment) == State.SUBMITTED
    rounds = Score.objects.filter(assessment=assessment, indicator__code="I.2.2").order_by("round")
    assert [(score.round, score.own_points) for score in rounds] == [(1, 8), (2, 6)]
    assert reload(assessment).own_total == 78


def test_a_sent_record_shows_the_own_points_and_the_way_to_the_receipt(client):
    assessment = make_submitted_assessment()
    sign_in(client, assessment)

    response = client.get(assessment.get_absolute_url())

    assert f'href="{page("receipt", assessment)}"' in main_of(response)
    assert "Bạn tự chấm 8 điểm" not in words_of(response)  # the label of a card, for phones, is an attribute
    assert main_of(response).count('data-label="Bạn tự chấm"') == 10
    assert 'data-label="Ban xác nhận"' not in main_of(response)


def test_a_judged_record_shows_both_sides_the_reasons_and_what_was_missing(client):
    assessment = make_submitted_assessment()
    changes = {"I.2.2": Change(Decimal(4), "Chứng chỉ mang tên người khác.")}
    workflow.confirm(assessment, by=make_confirmer(assessment.board), changes=changes)
    sign_in(client, assessment)

    response = client.get(assessment.get_absolute_url())

    words = words_of(response)
    assert (
        "Kết quả Không đạt Ban xác nhận 76 trên 100 điểm. Bạn tự chấm 80 điểm. Mức đạt là 80 điểm." in words
    )
    assert "Còn thiếu 4 điểm so với mức đạt. Dưới 5 điểm: chỉ số I.2.2." in words
    assert "Ban đổi Lý do: “Chứng chỉ mang tên người khác.” 8 điểm 4 điểm" in words


def test_group_four_shows_the_outcome_in_words(client):
    assessment = make_submitted_assessment(group=Group.IV)
    changes = {"IV.2": Change(False, "Chưa có minh chứng.")}
    workflow.confirm(assessment, by=make_confirmer(assessment.board), changes=changes)
    sign_in(client, assessment)

    words = words_of(client.get(assessment.get_absolute_url()))

    assert "Kết quả Không đạt Không đạt: tiêu chí IV.2." in words
    assert "Ban đổi Lý do: “Chưa có minh chứng.” Đạt Không đạt" in words


def test_a_record_the_board_left_behind_says_so_and_that_it_is_no_failure(client):
    with time_machine.travel(NOVEMBER):
        assessment = make_submitted_assessment(campaign=make_campaign(2026))
    with time_machine.travel(moment(2027, 1, 2, 9)):
        closing.lock_confirmation(clock.now())
        make_campaign(2027)
        sign_in(client, assessment)
        response = client.get(assessment.get_absolute_url())

    words = words_of(response)
    assert state_of(assessment) == State.UNCONFIRMED
    assert "Hồ sơ năm 2026 đã khóa" in words
    assert "Ban khuyến học chưa xác nhận hồ sơ năm 2026 của bạn trước khi khóa." in words
    assert "Đây không phải là “không đạt”." in words
    assert f"Khóa lúc {YEAR_END}. Hôm nay là 02/01/2027." in words
    assert (
        "Không phải lỗi của bạn Bạn đã gửi trong hạn, lúc 09:00, 15/11/2026. "
        "Hãy hỏi hội khuyến học xã Thạch Khê" in words
    )
    assert "Làm hồ sơ năm 2027" in words


@pytest.mark.parametrize("make", [make_scored_assessment, make_returned_assessment])
def test_a_record_the_citizen_left_behind_is_not_called_the_boards_fault(client, make):
    with time_machine.travel(NOVEMBER):
        assessment = make(campaign=make_campaign(2026))
    with time_machine.travel(moment(2027, 1, 2, 9)):
        sign_in(client, assessment)
        before = words_of(client.get(assessment.get_absolute_url()))
        closing.lock_confirmation(clock.now())
        after = words_of(client.get(assessment.get_absolute_url()))

    for words in (before, after):
        assert "Hồ sơ năm 2026 đã khóa" in words
        assert "Không phải lỗi của bạn" not in words


def test_a_year_long_past_still_shows_its_result(client):
    with time_machine.travel(moment(2024, 11, 1)):
        assessment = make_confirmed_assessment(campaign=make_campaign(2024))
    make_campaign()
    sign_in(client, assessment)

    response = client.get(assessment.get_absolute_url())

    assert "Ban đã xác nhận hồ sơ năm 2024: đạt, 80 điểm." in words_of(response)
    assert "xác nhận hồ sơ: Đạt, 80 điểm." in words_of(response)


@pytest.mark.feature("D4")
def test_a_section_shows_beside_each_criterion_what_it_rests_on(client):
    assessment = make_assessment()
    sign_in(client, assessment)
    part = part_of(assessment)
    shown = basis_by_criterion(client.get(page("section", assessment, part.code)))
    for criterion, (name, basis) in zip(part.indicators, shown.items(), strict=True):
        assert criterion.text in name
        assert criterion.basis
        assert basis.startswith(criterion.basis)
