"""From the confirmed records of a year to the recognitions, and what is refused on the way."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Message
from assessments import tally, workflow
from assessments.models import Assessment, BoardTally, State, Window, WindowStep
from assessments.workflow import Refused
from audit import clock
from audit.models import Event
from criteria.models import Level
from recognitions import deciding, minutes, revoking, submitting, tasks
from recognitions.forms import DecisionForm
from recognitions.models import Decision, DecisionState, LevelSetting, Recognition
from recognitions.models.decision import NUMBER_LENGTH
from recognitions.refusals import RefusedAt
from tests.at_once import at_once
from tests.factories import (
    allow_provisional,
    appoint,
    close_confirmation,
    make_centre,
    make_citizen_with_account,
    make_clan,
    make_commune,
    make_confirmed_assessment,
    make_confirmed_group_assessment,
    make_confirmer,
    make_contested_assessment,
    make_head,
    make_household,
    make_officer,
    make_province,
    make_submitted_assessment,
    make_unit,
    make_user,
    make_village,
    open_campaign,
    state_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B12", "H1")]

LONG = "Nguyễn Phước Công Tằng Tôn Nữ Hoàng Thị Quỳnh Ỷ Lan Phương Ánh"


class Place:
    """A commune with two villages, some confirmed records of a year, and the officer who decides."""

    def __init__(self):
        self.commune = make_commune()
        self.village = make_village(commune=self.commune)
        self.campaign = open_campaign()
        self.officer = make_officer(self.commune)

    def confirmed(self, points=8, board=None):
        return make_confirmed_assessment(points, board=board or self.village, campaign=self.campaign)

    def reopen(self):
        tomorrow = clock.now() + datetime.timedelta(days=1)
        Window.objects.filter(step=WindowStep.CONFIRMATION).update(closes_at=tomorrow)

    def gathered(self, within=None, level=Level.CITIZEN):
        close_confirmation(self.campaign)
        begun = minutes.begin(self.commune, level, self.campaign, within or self.commune, by=self.officer)
        minutes.work(begun.pk)
        return Decision.objects.get(pk=begun.pk)

    def minuted(self, decision, number="03/BB-HKH", on=None):
        minutes.sign(
            decision,
            number=number,
            on=on or clock.today(),
            chair="Lê Văn Bình",
            secretary="Phan Thị Lan",
            by=self.officer,
        )

    def submitted(self, decision, on=None):
        submitting.submit(
            decision, number="05/TTr-HKH", on=on or clock.today(), to="Ban Thường vụ", by=self.officer
        )

    def decided(self, decision, number="12/QĐ-HKH", on=None, months=12, by=None, before=lambda: None):
        deciding.decide(
            decision,
            number=number,
            on=on or clock.today(),
            signer_name="Nguyễn Văn Sơn",
            signer_post="Chủ tịch",
            months=months,
            by=by or self.officer,
        )
        before()
        tasks.recognise(decision.pk)

    def decide_all(self, number="12/QĐ-HKH"):
        decision = self.taken_to_submission()
        self.decided(decision, number=number)
        return decision.recognitions.order_by("pk")

    def taken_to_submission(self):
        decision = self.gathered()
        self.minuted(decision)
        self.submitted(decision)
        return decision


@pytest.fixture
def place():
    allow_provisional()
    return Place()


def refused(field, words, step):
    with pytest.raises(RefusedAt, match=words) as caught:
        step()
    assert caught.value.field == field


def test_the_way_from_the_confirmed_to_the_recognised(place):
    holders = [place.confirmed(), place.confirmed()]
    failed = place.confirmed(1)
    waiting = make_submitted_assessment(board=place.village, campaign=place.campaign)

    decision = place.gathered()
    assert (decision.state, decision.looked_at, decision.nominated) == (DecisionState.GATHERED, 3, 2)
    assert {each.holder_name for each in decision.nominations.all()} == {
        str(each.citizen) for each in holders
    }
    assert {each.place_name for each in decision.nominations.all()} == {"Thôn Đông Hải, Xã Thạch Khê"}
    assert not Recognition.objects.exists()

    place.minuted(decision)
    place.submitted(decision)
    assert not Recognition.objects.exists()
    place.decided(decision)

    decision.refresh_from_db()
    assert decision.state == DecisionState.DECIDED
    assert str(decision) == f"Quyết định số 12/QĐ-HKH ngày {clock.today():%d/%m/%Y}"
    assert decision.issuer_name == "Hội khuyến học xã Thạch Khê"
    assert {each.assessment_id for each in decision.recognitions.all()} == {each.pk for each in holders}
    assert [state_of(each) for each in holders] == [State.RECOGNISED, State.RECOGNISED]
    assert (state_of(failed), state_of(waiting)) == (State.CONFIRMED, State.SUBMITTED)
    until = deciding.last_day(clock.today(), 12)
    assert set(decision.recognitions.values_list("valid_from", "valid_until")) == {(clock.today(), until)}
    codes = set(decision.recognitions.values_list("code", flat=True))
    assert len(codes) == 2


def test_every_step_leaves_an_event_and_the_holders_are_told(place):
    holder = place.confirmed()
    decision = place.taken_to_submission()
    place.decided(decision)

    verbs = ["gather", "sign_minutes", "submit_decision", "decide", "recognise"]
    told = Event.objects.filter(verb__in=verbs).order_by("pk")
    assert list(told.values_list("verb", flat=True)) == verbs
    assert set(told.values_list("stream", "actor")) == {(place.commune.pk, place.officer.pk)}
    step = Event.objects.filter(verb="step", object_id=holder.pk).latest("pk")
    assert (step.old, step.new, step.subject) == ("confirmed", "recognised", holder.citizen_id)
    message = Message.objects.get(citizen=holder.citizen, key__startswith="recognised")
    assert message.subject == f"Danh hiệu năm {place.campaign.year} của bạn đã được công nhận"
    assert "12/QĐ-HKH" in message.body
    assert "hội khuyến học xã Thạch Khê" in message.body


def test_the_counters_of_the_boards_follow(place):
    place.confirmed(), place.confirmed(), place.confirmed(1)
    place.decided(place.taken_to_submission())

    counters = BoardTally.objects.exclude(count=0).values_list(*tally.Cell._fields, "count")
    tallied = {tally.Cell(*cell): count for *cell, count in counters}
    assert tallied == dict(tally.of(Assessment.objects.all()))


def test_a_second_click_anywhere_does_nothing_twice(place):
    place.confirmed()
    first = place.gathered()
    again = minutes.begin(place.commune, Level.CITIZEN, place.campaign, place.commune, by=place.officer)
    assert again == first
    minutes.work(first.pk)
    place.minuted(first), place.minuted(first)
    place.submitted(first), place.submitted(first)
    place.decided(first)
    deciding.recognise(first.pk)
    with pytest.raises(Refused, match="không làm được việc này nữa"):
        place.decided(first)

    assert Recognition.objects.count() == 1
    assert Event.objects.filter(verb="recognise").count() == 1


def test_who_is_left_out_is_not_recognised_and_the_minutes_keep_why(place):
    kept, left = place.confirmed(), place.confirmed()
    decision = place.gathered()
    row = decision.nominations.get(assessment=left)
    minutes.leave_out(row, "Đang có đơn phản ánh.", by=place.officer)
    place.minuted(decision), place.submitted(decision), place.decided(decision)

    assert list(decision.recognitions.values_list("assessment", flat=True)) == [kept.pk]
    assert state_of(left) == State.CONFIRMED
    later = place.gathered()
    assert list(later.nominations.values_list("assessment", flat=True)) == [left.pk]


def test_who_was_left_out_is_put_back_until_the_minutes_are_signed(place):
    place.confirmed()
    decision = place.gathered()
    row = decision.nominations.get()
    minutes.leave_out(row, "Nhầm.", by=place.officer)
    refused(None, "không còn ai", lambda: place.minuted(decision))
    minutes.take_in(row, by=place.officer)
    assert Decision.objects.get(pk=decision.pk).nominated == 1

    minutes.leave_out(row, "Nhầm.", by=place.officer)
    other = place.gathered(within=place.village)
    assert other.nominated == 1
    refused(None, "một đợt công nhận khác", lambda: minutes.take_in(row, by=place.officer))


def test_a_decision_given_up_lets_its_records_be_gathered_anew(place):
    place.confirmed()
    decision = place.taken_to_submission()
    minutes.drop(decision, "Người ký không đồng ý.", by=place.officer)

    assert place.gathered().nominated == 1
    assert not Recognition.objects.exists()


def test_nothing_is_gathered_before_the_confirmation_has_ended(place):
    place.confirmed()
    refused(
        "campaign",
        "chưa khóa",
        lambda: minutes.begin(place.commune, Level.CITIZEN, place.campaign, place.commune, by=place.officer),
    )


def test_nothing_is_gathered_where_nobody_is_confirmed_or_nobody_achieved(place):
    make_submitted_assessment(board=place.village, campaign=place.campaign)
    refused("level", "Chưa có hồ sơ nào được xác nhận", place.gathered)

    Window.objects.filter(step=WindowStep.CONFIRMATION).update(
        closes_at=clock.now() + datetime.timedelta(days=1)
    )
    place.confirmed(1)
    refused("level", "Không có hồ sơ nào đạt", place.gathered)


def test_nobody_is_gathered_twice(place):
    place.confirmed()
    place.gathered()
    refused("level", "đang ở một đợt khác", lambda: place.gathered(within=place.village))


def test_another_subtree_is_refused(place):
    elsewhere = make_village(commune=make_commune("Cẩm Bình", province=make_province()))
    place.confirmed()
    refused("within", "không thuộc", lambda: place.gathered(within=elsewhere))


def test_two_decisions_do_not_bear_one_number(place):
    place.confirmed()
    place.decided(place.taken_to_submission(), number="12/QĐ-HKH")
    place.reopen()
    place.confirmed()
    second = place.taken_to_submission()

    for same in ("012 / qđ-hkh", "12/QD-HKH", "12/Q\u00d0\u2013HKH"):
        refused("number", "Số này đã ghi", lambda number=same: place.decided(second, number=number))
    place.decided(second, number="13/QĐ-HKH")


def test_a_number_is_compared_as_it_is_read():
    assert deciding.number_key("0") == deciding.number_key("000") == "0"
    assert deciding.number_key("100/QĐ") != deciding.number_key("1/QĐ")
    assert len(deciding.number_key("ß" * NUMBER_LENGTH)) == NUMBER_LENGTH
    typed = DecisionForm({"number": "Số: 12/qđ-hkh"})
    assert not typed.is_valid()
    assert typed.cleaned_data["number"] == "12/qđ-hkh"


def test_a_decision_that_revokes_may_be_over_several_papers_and_no_other_bears_its_number(place):
    place.confirmed()
    place.confirmed()
    first, second = place.decide_all()
    for title in (first, second):
        revoking.revoke(title, by=place.officer, number="15/QĐ", revoked_on=clock.today(), reason="Sai.")

    refused("number", "Số này", lambda: deciding.ask_number(place.commune, "015/qđ", clock.today()))
    tomorrow = clock.today() + datetime.timedelta(days=1)
    refused("number", "Số này", lambda: deciding.ask_number(place.commune, "15/QĐ", tomorrow, revokes=True))


def test_whose_title_was_revoked_is_proposed_again_by_people_alone(place):
    place.confirmed()
    (title,) = place.decide_all()
    revoking.revoke(title, by=place.officer, number="15/QĐ", revoked_on=clock.today(), reason="Khai sai.")
    place.reopen()
    place.confirmed()

    decision = place.gathered()

    assert decision.nominated == 1
    left = decision.nominations.left_out().get()
    assert left.assessment == title.assessment
    assert "thu hồi theo quyết định số 15/QĐ" in left.left_out_reason
    minutes.take_in(left, by=place.officer)
    assert Decision.objects.get(pk=decision.pk).nominated == 2


def test_days_follow_one_another_and_none_is_before_the_confirmation_or_to_come(place):
    place.confirmed()
    decision = place.gathered()
    yesterday, tomorrow = (clock.today() + datetime.timedelta(days=days) for days in (-1, 1))

    refused("minutes_on", "ngày xác nhận cuối cùng", lambda: place.minuted(decision, on=yesterday))
    refused("minutes_on", "chưa đến", lambda: place.minuted(decision, on=tomorrow))
    place.minuted(decision)
    refused("submission_on", "ngày ghi trên biên bản", lambda: place.submitted(decision, on=yesterday))
    place.submitted(decision)
    refused("decided_on", "ngày ghi trên tờ trình", lambda: place.decided(decision, on=yesterday))
    refused("decided_on", "chưa đến", lambda: place.decided(decision, on=tomorrow))


def test_a_record_that_changed_since_stops_the_decision_and_is_named(place):
    place.confirmed()
    changed = place.confirmed()
    decision = place.taken_to_submission()
    Assessment.objects.filter(pk=changed.pk).update(outcome="not_achieved")

    refused(None, f"1 hồ sơ đã thay đổi.*{changed.citizen}", lambda: place.decided(decision))
    minutes.leave_out(decision.nominations.get(assessment=changed), "Xem lại.", by=place.officer)
    place.decided(decision)
    assert decision.recognitions.count() == 1


def test_a_record_that_waits_to_be_looked_at_again_is_left_for_a_later_decision(place):
    make_contested_assessment(board=place.village, campaign=place.campaign)
    other = make_confirmed_assessment(
        citizen=make_citizen_with_account(board=place.village), campaign=place.campaign
    )
    decision = place.taken_to_submission()
    assert [each.assessment for each in decision.nominations.all()] == [other]

    workflow.contest(other, {"I.2.1": "Tôi có giấy chứng nhận."}, by=other.citizen.user)
    refused(None, f"đang chờ xem lại: {other.citizen}", lambda: place.decided(decision))

    # What nobody looked at again in time stands.
    Window.objects.filter(step=WindowStep.CONTEST).update(closes_at=clock.now())
    place.decided(decision)
    assert decision.recognitions.count() == 1
    assert place.gathered().nominated == 1


def test_a_record_that_changes_while_the_titles_are_written_gives_the_decision_back(place):
    changed, _other = place.confirmed(), place.confirmed()
    decision = place.taken_to_submission()
    record = Assessment.objects.filter(pk=changed.pk)
    with pytest.raises(Refused, match="1 hồ sơ đã thay đổi"):
        place.decided(decision, before=lambda: record.update(outcome="not_achieved"))

    decision.refresh_from_db()
    assert (decision.state, decision.number, decision.signer_name) == (DecisionState.SUBMITTED, "", "")
    assert not Recognition.objects.exists()
    assert "12/QĐ-HKH" in Message.objects.get(key__startswith="given_back").subject
    minutes.leave_out(decision.nominations.get(assessment=changed), "Xem lại.", by=place.officer)
    place.decided(decision)
    assert decision.recognitions.count() == 1


def test_of_officers_who_press_together_one_decides_and_no_number_is_given_twice(shared_database):
    allow_provisional()
    place = Place()
    second = make_officer(place.commune)
    other_village = make_village("Nam", commune=place.commune)
    for board in (place.village, other_village):
        place.confirmed(board=board)
    decisions = [place.gathered(within=each) for each in (place.village, other_village)]
    for decision in decisions:
        place.minuted(decision)
        place.submitted(decision)

    def decide(decision, by, number):
        def press():
            try:
                place.decided(decision, number=number, by=by)
            except Refused:
                return False
            return True

        return press

    first, other = decisions
    told = at_once(
        *(decide(first, by, f"{at}/QĐ") for at, by in enumerate((place.officer, second, second), 11)),
        decide(other, place.officer, "11/QĐ"),
    )

    numbers = Decision.objects.decided().values_list("number", flat=True)
    assert sum(told[:3]) == 1
    assert sum(told) == len(numbers) == len(set(numbers)) == Recognition.objects.count()
    assert Assessment.objects.filter(state=State.RECOGNISED).count() == sum(told)


def test_provisional_criteria_need_the_centres_word_and_the_decision_keeps_it():
    place = Place()
    place.confirmed()
    refused("level", "bản tạm", place.gathered)

    allow_provisional(Level.CITIZEN, basis="Công văn số 45/KHVN")
    decision = place.gathered()
    assert (decision.is_provisional, decision.provisional_basis) == (True, "Công văn số 45/KHVN")

    place.minuted(decision)
    place.submitted(decision)
    LevelSetting.objects.all().delete()
    refused(None, "bản tạm", lambda: place.decided(decision))
    allow_provisional(Level.CITIZEN, basis="Công văn số 46/KHVN")
    place.decided(decision)
    assert Decision.objects.get().provisional_basis == "Công văn số 46/KHVN"


def test_only_an_officer_of_the_body_that_decides_takes_a_step(place):
    place.confirmed()
    decision = place.gathered()
    for other in (
        make_officer(make_centre()),
        make_confirmer(place.village),
        make_officer(place.commune.parent),
    ):
        place.officer = other
        for step in (place.gathered, lambda: place.minuted(decision)):
            with pytest.raises(PermissionDenied):
                step()


def test_the_province_decides_where_no_commune_stands_or_the_centre_says_so(place):
    province = place.commune.parent
    unit = make_unit("Trường Đại học Hà Tĩnh", parent=province)
    of_unit, of_commune = place.confirmed(board=unit), place.confirmed()
    place.commune, place.officer = province, make_officer(province)

    assert [each.assessment for each in place.gathered().nominations.all()] == [of_unit]

    allow_provisional(Level.CITIZEN, body_kind="province")
    assert [each.assessment for each in place.gathered(within=of_commune.commune).nominations.all()] == [
        of_commune
    ]


def test_every_title_of_groups_is_recognised_by_the_last_body_of_its_chain(place):
    head = make_head(make_household(place.village))
    clan, unit = make_clan(commune=place.commune), make_unit(parent=place.commune)
    groups = {
        Level.FAMILY: (head.household, head.user),
        Level.CLAN: (clan, appoint(make_user(), clan, "representative").user),
        Level.COMMUNITY: (place.village, make_confirmer(place.village, "Hồ Thị Mơ")),
        Level.UNIT: (unit, make_confirmer(unit, "Võ Thị Sáu")),
    }
    for level, (subject, by) in groups.items():
        record = make_confirmed_group_assessment(level, subject, by=by, campaign=place.campaign)
        decision = place.gathered(level=level)
        place.minuted(decision)
        place.submitted(decision)
        place.decided(decision, number=f"{level}/QĐ")

        recognition = Recognition.objects.get(assessment=record)
        assert recognition.holder_name == str(subject)
        assert state_of(record) == State.RECOGNISED
        Window.objects.filter(step=WindowStep.CONFIRMATION).update(
            closes_at=clock.now() + datetime.timedelta(days=1)
        )
    assert Message.objects.filter(user=groups[Level.CLAN][1], subject__contains="đã được công nhận").exists()


def test_a_name_of_sixty_letters_stands_whole(place):
    record = make_confirmed_assessment(board=place.village, campaign=place.campaign)
    type(record.citizen).objects.filter(pk=record.citizen_id).update(full_name=LONG)
    decision = place.gathered()
    assert decision.nominations.get().holder_name == LONG


def test_a_list_that_was_left_half_gathered_goes_on(place):
    place.confirmed(), place.confirmed()
    close_confirmation(place.campaign)
    begun = minutes.begin(place.commune, Level.CITIZEN, place.campaign, place.commune, by=place.officer)
    tasks.take_up_decisions()

    assert Decision.objects.get(pk=begun.pk).state == DecisionState.GATHERED
    assert begun.nominations.count() == 2


def test_terms_end_on_the_day_before(place):
    assert deciding.last_day(datetime.date(2027, 1, 15), 12) == datetime.date(2028, 1, 14)
    assert deciding.last_day(datetime.date(2027, 1, 31), 1) == datetime.date(2027, 2, 27)
    assert deciding.last_day(datetime.date(2027, 1, 15), None) is None


@pytest.mark.parametrize("count", [1, 6])
def test_what_a_decision_costs_does_not_grow_with_its_names(place, count, django_assert_max_num_queries):
    for _each in range(count):
        place.confirmed()
    decision = place.taken_to_submission()
    with django_assert_max_num_queries(51):
        place.decided(decision)
