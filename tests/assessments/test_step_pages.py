"""The pages on which a step is taken back, contested or looked at again."""

from decimal import Decimal

import pytest
from django.urls import reverse

from assessments import workflow
from assessments.models import Score, State
from assessments.workflow import Change
from audit import clock
from tests.factories import (
    closed_window,
    make_confirmed_assessment,
    make_confirmer,
    make_contested_assessment,
    make_officer,
    make_submitted_assessment,
    make_user,
    make_village,
    open_campaign,
    reload,
    state_of,
)
from tests.pages import messages_of, words_of

pytestmark = pytest.mark.django_db


def address(name, assessment):
    return reverse(f"assessments:{name}", args=[assessment.pk])


def person(*assessments):
    return {"person": [f"{each.pk}:{each.version}" for each in assessments]}


# --- Withdrawing ----------------------------------------------------------------------------------


@pytest.mark.feature("A9")
@pytest.mark.parametrize("page", ["detail", "receipt"])
def test_the_sent_record_and_its_receipt_offer_to_withdraw(client, page):
    assessment = make_submitted_assessment()
    client.force_login(assessment.citizen.user)

    assert "Rút lại để sửa" in words_of(client.get(address(page, assessment)))

    open_campaign(self_assessment=closed_window())
    said = words_of(client.get(address(page, assessment)))
    assert "Rút lại để sửa" not in said
    assert "Không rút lại được nữa: đã hết thời gian tự chấm. Gửi nhầm thì báo ban" in said


@pytest.mark.feature("A9", "E9")
@pytest.mark.parametrize("page", ["detail", "receipt"])
def test_once_the_board_has_opened_it_the_page_says_who_and_when(client, page):
    assessment = make_submitted_assessment()
    client.force_login(make_officer(assessment.commune))
    client.get(address("board_detail", assessment))
    assert workflow.can_withdraw(assessment, clock.now())  # the commune above has not begun on it
    client.force_login(make_confirmer(assessment.board))
    client.get(address("board_detail", assessment))

    client.force_login(assessment.citizen.user)
    said = words_of(client.get(address(page, assessment)))
    assert "Rút lại để sửa" not in said
    assert "Không rút lại được nữa. Lúc" in said
    assert "Ban khuyến học thôn Đông Hải (Trần Thị Mai) xem hồ sơ của bạn." in said
    response = client.post(address("withdraw", assessment))
    assert "Không rút lại được nữa" in messages_of(response)[0]
    assert state_of(assessment) == State.SUBMITTED


def test_what_the_board_opened_before_the_record_was_sent_again_does_not_count(client):
    assessment = make_submitted_assessment()
    confirmer = make_confirmer(assessment.board)
    client.force_login(confirmer)
    client.get(address("board_detail", assessment))
    workflow.send_back(assessment, by=confirmer, reason="Sửa lại.")
    workflow.submit(assessment, by=assessment.citizen.user)

    assert workflow.can_withdraw(reload(assessment), clock.now())


@pytest.mark.feature("A9")
def test_pressing_withdraw_twice_withdraws_once(client):
    assessment = make_submitted_assessment()
    client.force_login(assessment.citizen.user)

    for _click in range(2):
        response = client.post(address("withdraw", assessment), follow=True)
        assert "Chưa gửi" in words_of(response)
    assert state_of(assessment) == State.REGISTERED
    assert assessment.steps.filter(state=State.REGISTERED).count() == 2


def test_somebody_elses_record_is_not_there_to_withdraw_or_contest(client):
    assessment = make_confirmed_assessment()
    client.force_login(make_user())

    assert client.post(address("withdraw", assessment)).status_code == 404
    assert client.get(address("contest", assessment)).status_code == 404


# --- Undoing --------------------------------------------------------------------------------------


@pytest.mark.feature("B8")
def test_a_member_undoes_a_confirmation_on_the_record(client):
    assessment = make_confirmed_assessment()
    client.force_login(assessment.confirmed_by)
    assert "Hủy xác nhận" in words_of(client.get(address("board_detail", assessment)))

    for _click in range(2):
        response = client.post(address("board_undo", assessment), person(assessment), follow=True)
        assert "Đã hủy xác nhận hồ sơ của Nguyễn Thị Hoa" in words_of(response)
    assert state_of(assessment) == State.SUBMITTED
    assert assessment.steps.filter(state=State.SUBMITTED).count() == 2


def test_a_page_of_before_the_last_confirmation_undoes_nothing(client):
    assessment = make_confirmed_assessment()
    old = person(assessment)
    workflow.undo(assessment, by=assessment.confirmed_by)
    workflow.confirm(assessment, by=make_confirmer(assessment.board))
    client.force_login(assessment.confirmed_by)

    response = client.post(address("board_undo", assessment), old)

    assert "đã được lưu ở nơi khác" in messages_of(response)[0]
    assert state_of(assessment) == State.CONFIRMED


def test_others_have_no_button_and_may_not_undo(client):
    assessment = make_confirmed_assessment()
    for user, status in [
        (make_officer(assessment.commune), 403),
        (make_confirmer(make_village(commune=assessment.commune)), 404),
    ]:
        client.force_login(user)
        assert client.post(address("board_undo", assessment), person(assessment)).status_code == status
    client.force_login(make_officer(assessment.commune))
    assert "Hủy xác nhận" not in words_of(client.get(address("board_detail", assessment)))


@pytest.mark.feature("B8")
def test_one_tap_undoes_the_last_batch(client):
    village = make_village()
    records = [make_submitted_assessment(board=village) for _ in range(2)]
    client.force_login(make_confirmer(village))
    done = client.post("/xac-nhan/nhieu-nguoi/", person(*records))
    assert "Hủy xác nhận vừa rồi" in words_of(done)
    confirmed = person(*done.context["confirmed"])

    for _click in range(2):
        undone = client.post("/xac-nhan/nhieu-nguoi/huy/", confirmed)
        assert "Đã hủy xác nhận 2 người" in words_of(undone)
    assert {state_of(record) for record in records} == {State.SUBMITTED}


def test_what_changed_since_the_batch_is_named(client):
    village = make_village()
    records = [make_submitted_assessment(board=village) for _ in range(2)]
    confirmer = make_confirmer(village)
    client.force_login(confirmer)
    confirmed = client.post("/xac-nhan/nhieu-nguoi/", person(*records)).context["confirmed"]
    contested = confirmed[0]
    workflow.contest(contested, {"I.1.1": "Tôi có giấy."}, by=contested.citizen.user)

    undone = client.post("/xac-nhan/nhieu-nguoi/huy/", person(*confirmed))

    assert "Không hủy được" in words_of(undone)
    assert state_of(contested) == State.CONFIRMED
    assert client.post("/xac-nhan/nhieu-nguoi/huy/", {}).status_code == 302
    client.force_login(make_user())
    assert client.post("/xac-nhan/nhieu-nguoi/huy/", person(*confirmed)).status_code == 403


# --- Contesting -----------------------------------------------------------------------------------


def lowered():
    assessment = make_submitted_assessment()
    workflow.confirm(
        assessment,
        by=make_confirmer(assessment.board),
        changes={"I.2.1": Change(Decimal(4), "Chưa có giấy.")},
    )
    return assessment


@pytest.mark.feature("A11")
def test_the_citizen_contests_on_a_page_that_shows_both_points_and_the_reason(client):
    assessment = lowered()
    client.force_login(assessment.citizen.user)
    assert "Bạn được đề nghị xem lại một lần, đến hết ngày" in words_of(
        client.get(address("detail", assessment))
    )

    page = words_of(client.get(address("contest", assessment)))
    assert "Chưa có giấy." in page
    assert "Người xem lại: hội khuyến học xã Thạch Khê" in page

    data = {"reason-I.2.1": "Tôi có giấy chứng nhận."}
    for _click in range(2):
        response = client.post(address("contest", assessment), data, follow=True)
        assert "Đang chờ xem lại" in words_of(response)
    assert assessment.contest.scores.count() == 1


def test_without_a_reason_nothing_is_sent_and_the_page_says_so(client):
    assessment = lowered()
    client.force_login(assessment.citizen.user)

    response = client.post(address("contest", assessment), {})

    assert "Chưa ghi lý do ở chỗ nào" in words_of(response)
    assert not hasattr(reload(assessment), "contest")


def test_what_was_typed_too_late_is_still_on_the_page(client):
    assessment = lowered()
    open_campaign(contest=closed_window())
    client.force_login(assessment.citizen.user)
    assert client.get(address("contest", assessment)).status_code == 302

    response = client.post(address("contest", assessment), {"reason-I.2.1": "Tôi có giấy chứng nhận."})

    page = words_of(response)
    assert "Đã hết hạn đề nghị xem lại" in page
    assert "Tôi có giấy chứng nhận." in page
    assert "Gửi đề nghị xem lại" not in page


# --- Looking again --------------------------------------------------------------------------------


@pytest.mark.feature("A11")
def test_the_boards_list_has_a_shelf_of_contested_records(client):
    assessment = make_contested_assessment()
    client.force_login(make_confirmer(assessment.board))

    page = client.get("/xac-nhan/", {"state": "contested"})

    assert [row.assessment for row in page.context["rows"]] == [assessment]
    assert "1 hồ sơ chờ bạn xem lại" in words_of(page)
    assert page.context["counts"].sent == 1


@pytest.mark.feature("A11", "A12")
def test_somebody_else_of_the_board_looks_again_and_all_three_stand_side_by_side(client):
    assessment = make_contested_assessment(reasons={"I.2.1": "Cho tôi 9 điểm."})
    client.force_login(make_confirmer(assessment.board, "Phạm Văn Dũng"))
    assert assessment.citizen.full_name in words_of(client.get("/xac-nhan/xem-lai/"))
    page = client.get(address("review_contest", assessment))
    assert "Cho tôi 9 điểm." in words_of(page)

    data = {"version": reload(assessment).version, "score-I.2.1": "9", "reason-I.2.1": "Giấy hợp lệ."}
    response = client.post(address("review_contest", assessment), data, follow=True)

    assert "Đã xem lại hồ sơ của Nguyễn Thị Hoa: Đạt, 81 điểm." in words_of(response)
    assert "Phạm Văn Dũng xem lại, lý do: Giấy hợp lệ." in words_of(response)
    client.force_login(assessment.citizen.user)
    own = words_of(client.get(address("detail", assessment)))
    assert "Đã xem lại theo đề nghị của bạn" in own
    assert "8 điểm 8 điểm 9 điểm" in own
    assert "Sau khi xem lại: 81 điểm." in own


def test_who_decided_first_and_who_is_not_asked_may_not_look_again(client):
    assessment = make_contested_assessment()
    make_confirmer(assessment.board)
    for user, status in [
        (assessment.confirmed_by, 403),
        (make_officer(assessment.commune), 403),
        (make_user(), 404),
    ]:
        client.force_login(user)
        assert client.get(address("review_contest", assessment)).status_code == status

    client.force_login(assessment.confirmed_by)
    said = words_of(client.get(address("board_detail", assessment)))
    assert "không phải người đã xác nhận" in said
    assert "Xem lại theo đề nghị" not in said
    assert "Không có hồ sơ nào chờ bạn xem lại" in words_of(client.get("/xac-nhan/xem-lai/"))


def test_the_commune_finds_what_its_boards_cannot_look_at_again(client):
    assessment = make_contested_assessment()
    client.force_login(make_officer(assessment.commune))

    assert "1 hồ sơ chờ bạn xem lại" in words_of(client.get("/xac-nhan/"))
    assert client.get(address("review_contest", assessment)).status_code == 200


def test_points_and_reason_are_asked_for_beside_the_field_and_nothing_typed_is_lost(client):
    assessment = make_contested_assessment()
    client.force_login(make_confirmer(assessment.board))

    data = {"version": reload(assessment).version, "score-I.2.1": "12", "reason-I.2.1": ""}
    page = words_of(client.post(address("review_contest", assessment), data))

    assert "Ghi lý do. Người gửi đọc được." in page
    assert Score.objects.exclude(reviewed_by=None).count() == 0
