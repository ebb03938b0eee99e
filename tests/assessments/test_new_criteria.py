"""Open records go on to a new version of their form; their people answer only what changed."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Message
from assessments import evidence, revised, tally, workflow
from assessments.models import CriteriaMove, ReturnedScore, Score, State
from assessments.models.assessment import Assessment
from audit import clock
from audit.models import Event
from criteria.models import CriteriaSet, Group
from tests.criteria.versions import new_version
from tests.factories import (
    closed_window,
    full_marks,
    make_confirmer,
    make_extension,
    make_scored_assessment,
    make_submitted_assessment,
    open_campaign,
    reload,
)
from tests.pages import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("D1")]

CHANGED, BIGGER, GONE, SAME = "I.1.1", "I.1.2", "I.3.2", "I.2.1"
TEXT = "Đọc sách, báo, nghe đài mỗi tuần"


def change_form(record, **fields):
    """A version that asks three things otherwise; the record is carried there."""
    old = CriteriaSet.objects.get(pk=record.criteria_set_id)
    fields = {"texts": {CHANGED: TEXT}, "maxima": {BIGGER: 15}, "gone": [GONE]} | fields
    new = new_version(old, **fields)
    workflow.carry_to_version([record.pk], old, new)
    return old, new


def own(record):
    return workflow.own_scores(reload(record))


def tallies_are_right(record):
    places = record.province_id or record.board_id
    return not list(tally.differences(record.campaign, places))


def test_what_says_the_same_stays_answered_and_the_old_answers_are_kept():
    record = make_scored_assessment(points=8)

    old, new = change_form(record)

    assert reload(record).criteria_set == new
    stands = [code for code in full_marks(reload(record)) if code not in (CHANGED, BIGGER)]
    assert own(record) == dict.fromkeys(stands, Decimal(8))
    assert reload(record).own_total == 8 * 7
    assert Score.objects.filter(assessment=record, indicator__criteria_set=old, own_points=8).count() == 10


def test_the_tallies_the_history_and_the_event_follow():
    record = make_scored_assessment()

    _old, new = change_form(record)

    assert tallies_are_right(record)
    assert record.steps.first().criteria_set == new
    told = Event.objects.get(verb="criteria")
    assert (told.object_id, told.old, told.new) == (record.pk, "1", "2")
    assert Message.objects.get(key=f"criteria:{record.pk}:{new.pk}").subject == (
        "2 tiêu chí đã đổi, bạn xem lại rồi gửi"
    )


def test_carrying_twice_does_nothing_the_second_time():
    record = make_scored_assessment()
    old, new = change_form(record)
    version = reload(record).version

    assert workflow.carry_to_version([record.pk], old, new) == 0
    assert reload(record).version == version


def test_it_is_not_sent_before_what_changed_was_looked_at():
    record = make_scored_assessment()
    change_form(record)
    record = reload(record)

    with pytest.raises(workflow.Refused, match="Xem những chỗ đã đổi"):
        workflow.submit(record, by=record.citizen.user)
    with pytest.raises(workflow.Refused, match=f"chỉ số {BIGGER} chưa trả lời"):
        workflow.look_at_criteria(record, {CHANGED: Decimal(9)}, by=record.citizen.user)
    workflow.look_at_criteria(record, {CHANGED: Decimal(9), BIGGER: Decimal(15)}, by=record.citizen.user)
    workflow.submit(record, by=record.citizen.user)

    assert (reload(record).state, reload(record).own_total) == (State.SUBMITTED, 9 + 15 + 8 * 7)


def test_a_pass_mark_alone_is_looked_at_too():
    record = make_scored_assessment()
    change_form(record, texts={}, maxima={}, gone=[], pass_mark=85)
    record = reload(record)

    assert own(record) == full_marks(record)
    with pytest.raises(workflow.Refused, match="Xem những chỗ đã đổi"):
        workflow.submit(record, by=record.citizen.user)
    workflow.look_at_criteria(record, {}, by=record.citizen.user)
    workflow.submit(record, by=record.citizen.user)


def test_a_source_that_is_cited_better_asks_nobody_anything():
    record = make_scored_assessment()
    change_form(record, texts={}, maxima={}, gone=[], basis_issuer="Trung ương Hội")

    workflow.submit(reload(record), by=record.citizen.user)

    assert not Message.objects.filter(key__startswith="criteria").exists()


def test_what_was_sent_stays_on_the_version_it_was_sent_on_until_it_comes_back():
    record = make_submitted_assessment()
    old, new = change_form(record)
    assert reload(record).criteria_set == old

    workflow.send_back(reload(record), by=make_confirmer(record.board), reason="Thiếu minh chứng.")
    assert list(workflow.left_on(old, new, clock.now())) == [record]


def test_a_record_returned_in_part_opens_what_changed_beside_what_the_board_asked():
    record = make_submitted_assessment()
    workflow.send_back(record, by=make_confirmer(record.board), reason="Xem lại.", only={SAME: "Mờ."})
    change_form(record)
    record = reload(record)

    assert set(workflow.asked_back(record)) == {SAME, CHANGED, BIGGER}
    assert workflow.asked_back(record)[SAME] == "Mờ."
    assert ReturnedScore.objects.filter(score__assessment=record).count() == 1 + 3
    with pytest.raises(workflow.Refused, match="giữ nguyên"):
        workflow.save_scores(record, {"I.2.2": Decimal(1)}, by=record.citizen.user)


def test_evidence_stands_behind_the_same_code():
    record = make_scored_assessment()
    indicators = {each.code: each for each in record.criteria_set.indicators}
    evidence.add(record, [indicators[SAME], indicators[GONE]], text="Tôi có giấy.", by=record.citizen.user)

    _old, new = change_form(record)

    piece = record.evidence.get()
    assert [each.code for each in piece.indicators.filter(criteria_set=new)] == [SAME]


def test_a_third_version_before_they_looked_is_compared_with_what_they_answered():
    record = make_scored_assessment()
    old, second = change_form(record)
    third = new_version(second, texts={SAME: "Khác hẳn."})
    workflow.carry_to_version([record.pk], second, third)

    changed = revised.of(reload(record))

    assert CriteriaMove.objects.get().from_set == old
    assert [line.indicator.code for line in changed.lines] == [CHANGED, BIGGER, SAME]
    assert changed.before[CHANGED].own == 8


@pytest.mark.parametrize("why", ["closed", "reopened", "later year"])
def test_others_stay_where_they_are(why):
    record = make_scored_assessment()
    if why == "closed":
        record.campaign.windows.filter(step="self_assessment").update(closes_at=closed_window()[1])
    if why == "reopened":
        extension = make_extension("self_assessment", assessment=record)
        extension.reopenings.create(
            assessment=record,
            at=clock.now(),
            by=record.citizen.user,
            state=State.UNSENT,
            round=1,
            criteria_set=record.criteria_set,
            board=record.board,
            in_hard_area=False,
        )
    fields = {"valid_from": clock.today().replace(year=clock.today().year + 1)} if why == "later year" else {}
    old, _new = change_form(record, **fields)

    assert reload(record).criteria_set == old


def test_the_page_asks_only_what_changed_and_keeps_what_is_typed(client):
    record = make_scored_assessment(points=8)
    change_form(record)
    client.force_login(record.citizen.user)

    assert "3 tiêu chí đã đổi" in words_of(client.get(record.get_absolute_url()))
    assert (
        b"g\xe1\xbb\xadi</button>" not in client.get(reverse("assessments:check", args=[record.pk])).content
    )
    address = reverse("assessments:changed_criteria", args=[record.pk])
    page = client.get(address)
    assert TEXT in words_of(page)
    assert "Trước đây bạn chọn: 8 điểm" in words_of(page)
    form = page.context["form"]
    assert list(form.fields) == ["version", f"score-{CHANGED}", f"score-{BIGGER}"]
    typed = {"version": form["version"].value(), f"score-{CHANGED}": "9", f"score-{BIGGER}": "16"}
    refused = client.post(address, typed)
    assert refused.context["form"][f"score-{BIGGER}"].errors
    assert refused.context["form"][f"score-{CHANGED}"].value() == "9"
    assert client.post(address, typed | {f"score-{BIGGER}": "14,0"}).status_code == 302
    assert own(record)[BIGGER] == 14
    assert client.get(address).status_code == 302


def test_answers_to_what_changed_are_kept_as_they_are_typed_and_by_two_devices(client):
    record = make_scored_assessment(points=8)
    change_form(record)
    client.force_login(record.citizen.user)
    address = reverse("assessments:changed_criteria", args=[record.pk])
    read_by_both = client.get(address).context["form"]["version"].value()
    name = f"score-{CHANGED}"

    def type_answer(points, seen):
        typed = {"version": read_by_both, "seen": seen, name: points}
        return client.post(address, typed, headers={"accept": "application/json"})

    assert own(record).get(CHANGED) is None  # what is shown is the answer to the version before
    assert type_answer("9", "8").json()["answers"][name]["value"] == "9"
    assert type_answer("7", "8").status_code == 409
    assert type_answer("6", "9").status_code == 200
    assert own(record)[CHANGED] == 6
    page = client.get(address)
    assert (page.status_code, page.context["form"][name].value()) == (200, "6")  # not looked at yet

    typed = {"version": read_by_both, name: "10", f"score-{BIGGER}": "12"}
    client.post(address, typed)
    for shown in (client.post(address, typed), client.get(address)):
        assert "Ở nơi khác: 6 điểm . Trên trang này: 10 điểm" in words_of(shown)
    client.post(address, typed | {"version": shown.context["form"]["version"].value()})
    assert (own(record)[CHANGED], own(record)[BIGGER]) == (10, 12)
    assert type_answer("9", "10").status_code == 422


def test_two_records_of_two_boards_go_at_one_stroke(django_assert_max_num_queries):
    campaign = open_campaign()
    records = [make_scored_assessment(campaign=campaign) for _ in range(4)]
    old = CriteriaSet.objects.get(group=Group.I)
    new = new_version(old, texts={CHANGED: TEXT})

    with django_assert_max_num_queries(60):
        assert workflow.carry_to_version([record.pk for record in records], old, new) == 4

    assert not Assessment.objects.filter(criteria_set=old).exists()
    assert all(tallies_are_right(record) for record in records)
