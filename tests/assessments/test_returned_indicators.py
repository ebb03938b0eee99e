"""A board returns some indicators alone: they may be changed, the others stand."""

import pytest
from django.urls import reverse

from assessments import evidence, workflow
from assessments.models import ReturnedScore, ReturnReason, State
from criteria.models import Group
from tests.factories import (
    full_marks,
    make_confirmer,
    make_returned_assessment,
    make_submitted_assessment,
    reload,
    state_of,
)
from tests.pages import main_of, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A10", "B5")]

BACK, STANDING = "I.1.1", "I.1.2"
WHY = "Minh chứng của năm khác: gửi minh chứng của năm nay."


@pytest.fixture
def member(assessment):
    return make_confirmer(assessment.board)


@pytest.fixture
def assessment():
    return make_submitted_assessment()


@pytest.fixture
def returned(assessment, member):
    workflow.send_back(
        assessment, by=member, reason=f"Chỉ số {BACK}: {WHY}", only={BACK: WHY}, version=assessment.version
    )
    return reload(assessment)


def shown(client, assessment):
    """What the board's form sends when nobody touches it."""
    client.force_login(make_confirmer(assessment.board))
    form = client.get(reverse("assessments:board_detail", args=[assessment.pk])).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    return data | {form[name].html_initial_name: data[name] for name in data if name.startswith("score-")}


def press(client, assessment, act, **typed):
    data = shown(client, assessment) | {name.replace("_", "-", 1): text for name, text in typed.items()}
    return client.post(reverse("assessments:board_detail", args=[assessment.pk]), data | {"act": act})


def section_of(assessment, code):
    part = next(
        part
        for part in assessment.criteria_set.sections
        if code in {indicator.code for indicator in part.indicators}
    )
    return reverse("assessments:section", args=[assessment.pk, part.code])


def test_one_indicator_is_returned_with_a_reason_from_the_list(client, assessment):
    response = press(client, assessment, "return", **{f"return_{BACK}": ReturnReason.OTHER_YEAR})

    assert response.status_code == 302
    assert state_of(assessment) == State.RETURNED
    assert workflow.asked_back(reload(assessment)) == {BACK: WHY}
    assert assessment.steps.first().reason == f"Chỉ số {BACK}: {WHY}"


def test_a_typed_reason_stands_beside_the_one_from_the_list_or_alone(client, assessment):
    press(
        client,
        assessment,
        "return",
        **{
            f"return_{BACK}": ReturnReason.MISSING,
            f"reason_{BACK}": "Cần giấy khen.",
            f"return_{STANDING}": ReturnReason.OTHER,
            f"reason_{STANDING}": "Ghi rõ ngày.",
        },
    )

    assert workflow.asked_back(reload(assessment)) == {
        BACK: f"{ReturnReason.MISSING.label} Cần giấy khen.",
        STANDING: "Ghi rõ ngày.",
    }


@pytest.mark.parametrize(
    ("act", "typed", "field", "said"),
    [
        ("return", {}, "reason", "Ghi lý do trả lại"),
        (
            "return",
            {f"return_{BACK}": "other", f"return_{STANDING}": "missing"},
            f"reason-{BACK}",
            f"Ghi lý do trả lại chỉ số {BACK}",
        ),
        (
            "return",
            {f"return_{BACK}": "missing", f"reason_{STANDING}": "Ghi rõ ngày."},
            f"return-{STANDING}",
            "chưa chọn trả lại chỗ này",
        ),
        ("return", {f"return_{BACK}": "made-up"}, f"return-{BACK}", "Chọn một lý do trong danh sách"),
        ("confirm", {f"return_{BACK}": "missing"}, f"return-{BACK}", "Muốn xác nhận thì bỏ chọn"),
    ],
)
def test_what_is_chosen_by_half_is_asked_beside_its_field_and_stays(
    client, assessment, act, typed, field, said
):
    response = press(client, assessment, act, **typed)

    assert state_of(assessment) == State.SUBMITTED
    form = response.context["form"]
    assert said in str(form.errors[field])
    for name, text in typed.items():
        assert form[name.replace("_", "-", 1)].value() == text


def test_a_reason_alone_returns_all_of_it_as_ever(client, assessment):
    press(client, assessment, "return", reason="Bổ sung giấy tờ.")

    returned = reload(assessment)
    workflow.save_scores(returned, full_marks(returned, 5), by=returned.citizen.user)
    assert not ReturnedScore.objects.exists()


def test_a_second_click_returns_once(client, assessment):
    client.force_login(make_confirmer(assessment.board))
    data = shown(client, assessment) | {"act": "return", f"return-{BACK}": "missing"}
    for _click in range(2):
        answer = client.post(reverse("assessments:board_detail", args=[assessment.pk]), data, follow=True)

    assert 'role="alert"' not in main_of(answer)
    assert assessment.steps.filter(state=State.RETURNED).count() == 1


# --- What the citizen may change ------------------------------------------------------------------


def test_the_returned_may_be_changed_and_nothing_else(returned):
    workflow.save_scores(returned, {BACK: 5}, by=returned.citizen.user)
    with pytest.raises(workflow.Refused, match=STANDING):
        workflow.save_scores(reload(returned), {STANDING: 5}, by=returned.citizen.user)

    assert workflow.own_scores(returned)[BACK] == 5
    assert workflow.own_scores(returned)[STANDING] == 8


def test_what_stands_may_be_sent_along_as_it_is(returned):
    workflow.save_scores(returned, full_marks(returned) | {BACK: 5}, by=returned.citizen.user)

    assert reload(returned).own_total == 75 + 2


def test_evidence_of_what_stands_is_neither_added_shared_nor_dropped(assessment, member):
    user, indicators = (
        assessment.citizen.user,
        {each.code: each for each in assessment.criteria_set.indicators},
    )
    workflow.send_back(assessment, by=member, reason="Sửa.")
    evidence.add(assessment, [indicators[STANDING]], by=user, text="Giấy khen.")
    workflow.submit(reload(assessment), by=user)
    returned = reload(assessment)
    workflow.send_back(returned, by=member, reason=WHY, only={BACK: WHY})
    piece = returned.evidence.get()

    evidence.share(piece, indicators[BACK], by=user)
    evidence.add(returned, [indicators[BACK]], by=user, text="Giấy mới.")
    for act in (
        lambda: evidence.add(returned, [indicators[BACK], indicators[STANDING]], by=user, text="Thêm."),
        lambda: evidence.share(piece, indicators["I.1.3"], by=user),
        lambda: evidence.drop(piece, indicators[STANDING], by=user),
    ):
        with pytest.raises(workflow.Refused, match="Ban không trả lại"):
            act()
    assert returned.evidence.count() == 2


def test_the_group_stays_while_only_some_is_returned(client, returned):
    with pytest.raises(workflow.Refused):
        workflow.change_group(returned, group=Group.II, by=returned.citizen.user)

    client.force_login(returned.citizen.user)
    assert client.get(reverse("assessments:change_group", args=[returned.pk])).status_code == 302


def test_a_forged_post_changes_nothing_that_stands(client, returned):
    client.force_login(returned.citizen.user)
    page = section_of(returned, BACK)
    form = client.get(page).context["form"]
    assert f"score-{STANDING}" not in form.fields
    client.post(
        page, {"version": returned.version, f"score-{BACK}": "6", f"score-{STANDING}": "1", "next": "1"}
    )

    assert workflow.own_scores(reload(returned))[BACK] == 6
    assert workflow.own_scores(reload(returned))[STANDING] == 8
    add = client.post(reverse("assessments:evidence", args=[returned.pk, STANDING]), {"text": "Thêm."})
    assert "Ban không trả lại" in add.content.decode()
    assert not returned.evidence.exists()


def test_the_citizen_reads_which_and_why_and_what_stands(client, returned):
    client.force_login(returned.citizen.user)

    record = words_of(client.get(returned.get_absolute_url()))
    assert "Chỉ sửa được những chỗ ban trả lại" in record
    assert WHY in record
    page = words_of(client.get(section_of(returned, BACK)))
    assert f"Ban trả lại, lý do: {WHY}" in page
    assert "Ban không trả lại chỗ này nên giữ nguyên" in page


def test_sent_again_the_board_reads_what_it_had_returned_and_a_whole_return_opens_all(
    client, returned, member
):
    workflow.save_scores(returned, {BACK: 5}, by=returned.citizen.user)
    workflow.submit(returned, by=returned.citizen.user)
    client.force_login(member)
    page = words_of(client.get(reverse("assessments:board_detail", args=[returned.pk])))
    assert f"Ban đã trả lại chỗ này, lý do: {WHY}" in page

    workflow.send_back(reload(returned), by=member, reason="Xem lại tất cả.")
    workflow.save_scores(reload(returned), {STANDING: 5}, by=returned.citizen.user)
    assert workflow.own_scores(reload(returned))[STANDING] == 5


def test_an_indicator_of_another_form_or_without_a_reason_is_refused(assessment, member):
    for only in ({"IV.1": WHY}, {BACK: ""}):
        with pytest.raises(workflow.Refused):
            workflow.send_back(assessment, by=member, reason="Sửa.", only=only)
    assert state_of(assessment) == State.SUBMITTED


def test_what_is_judged_without_points_is_returned_by_criterion_too(client):
    record = make_submitted_assessment(group=Group.IV)
    code = record.criteria_set.indicators[0].code
    press(client, record, "return", **{f"return_{code}": "missing"})

    client.force_login(record.citizen.user)
    assert f"Tiêu chí {code}" in words_of(client.get(record.get_absolute_url()))
    assert workflow.asked_back(reload(record)).keys() == {code}


def test_a_whole_return_has_no_list(client):
    returned = make_returned_assessment()
    client.force_login(returned.citizen.user)

    assert "Chỉ sửa được những chỗ" not in words_of(client.get(returned.get_absolute_url()))
