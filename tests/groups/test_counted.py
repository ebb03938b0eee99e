"""What is counted from a group's people stands beside what was entered, marked, and decides with it."""

import datetime

import pytest
from django.urls import reverse

from accounts.models import Message, Purpose, Role
from assessments import totals, workflow
from assessments.models import CountedShare, Score, State
from criteria.models import Level, TitleLink
from groups import members
from revising import drafting, publishing
from tests.factories import (
    appoint,
    load_all_criteria,
    load_chains,
    make_citizen_with_account,
    make_commune,
    make_confirmed_assessment,
    make_head,
    make_household,
    make_officer,
    make_province,
    make_unit,
    make_user,
    make_village,
    open_campaign,
    reload,
)

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A17")]


@pytest.fixture
def campaign():
    campaign = open_campaign()
    load_chains()
    load_all_criteria()
    return campaign


def enter_all(record, by):
    """Everything one may enter, at its best."""
    rules = record.rules()
    best = {code: True if most is None else most for code, most in rules.maxima.items()}
    given = {code: value for code, value in best.items() if rules.allows(code, value)}
    workflow.save_scores(record, given, by=by)


@pytest.mark.parametrize(("holds", "outcome"), [(True, "achieved"), (False, "not_achieved")])
def test_the_share_of_its_members_decides_over_a_unit_and_is_entered_by_nobody(campaign, holds, outcome):
    province = make_province()
    unit = make_unit("Sở Giáo dục và Đào tạo", province, type="agency")
    speaker, officer = make_user("Người đại diện"), make_officer(province)
    appoint(speaker, unit, Role.REPRESENTATIVE)
    person = make_citizen_with_account("Lê Thị Lan", board=unit)
    record = workflow.register_group(unit, Level.UNIT, campaign, by=speaker)
    member = members.add(unit, full_name="Lê Thị Lan", birth_year=1960, kind="adult", by=speaker)
    assert member.citizen == person
    members.agree(member, Purpose.COUNTED, by=person.user)
    if holds:
        make_confirmed_assessment(citizen=person, campaign=campaign)
    assert record.rules().computed
    computed = next(iter(record.rules().computed))
    with pytest.raises(workflow.Refused):
        workflow.save_scores(record, {computed: True}, by=speaker)
    enter_all(record, speaker)
    workflow.submit(record, by=speaker)
    workflow.confirm(record, by=officer)
    record = reload(record)
    assert (record.state, record.outcome) == (State.CONFIRMED, outcome)
    assert CountedShare.objects.filter(assessment=record, denominator=1, numerator=int(holds)).exists()
    kept = Score.objects.filter(assessment=record, indicator__code__in=record.rules().computed)
    assert holds in set(kept.values_list("confirmed_passed", flat=True))
    assert not list(totals.check([campaign]))


def test_a_share_without_a_percent_is_shown_and_blocks_nothing(client, campaign):
    village = make_village(commune=make_commune())
    head = make_head(make_household(village), birth_date=datetime.date(1970, 1, 1))
    client.force_login(head.user)
    here = reverse("groups:household", args=[head.household.pk])
    client.post(here)
    page = client.get(here).text
    assert "0 trên 1 người lớn" in page
    assert "chỉ để biết" in page
    record = head.household.assessments.get()
    assert "Cổng tính" in client.get(reverse("assessments:section", args=[record.pk, "GD2"])).text
    assert "Còn thiếu gì để đạt" in page
    enter_all(record, head.user)
    assert "Xem lại và gửi" in client.get(record.get_absolute_url()).text
    page = client.get(reverse("assessments:check", args=[record.pk])).text
    assert "Cổng tính" in page
    client.post(
        reverse("assessments:submit", args=[record.pk]), {"saved_at": reload(record).saved_at.isoformat()}
    )
    assert reload(record).state == State.SUBMITTED
    assert client.get(record.get_absolute_url()).status_code == 200


@pytest.mark.feature("D1")
def test_a_new_version_is_told_to_who_speaks_and_its_shares_are_counted_anew(client, campaign):
    province = make_province()
    unit, speaker = make_unit("Sở Giáo dục và Đào tạo", province, type="agency"), make_user("Người đại diện")
    appoint(speaker, unit, Role.REPRESENTATIVE)
    holder, other = (make_citizen_with_account(name, board=unit) for name in ("Lê Thị Lan", "Đỗ Văn Nam"))
    make_confirmed_assessment(citizen=holder, campaign=campaign)
    record = workflow.register_group(unit, Level.UNIT, campaign, by=speaker)
    for person in (holder, other):
        member = members.add(unit, full_name=str(person), birth_year=1960, kind="adult", by=speaker)
        members.agree(member, Purpose.COUNTED, by=person.user)
    enter_all(record, speaker)
    old, (computed,) = record.criteria_set, record.rules().computed
    assert workflow.own_scores(record)[computed] is False  # one of two

    drafter = make_user("Lê Văn Bình")
    new = drafting.copy(old, by=drafter)
    asked = next(each for each in new.indicators if not each.is_computed)
    type(asked).objects.filter(pk=asked.pk).update(text="Thường xuyên học tập trên mạng")
    TitleLink.objects.filter(indicator__criteria_set=new).update(minimum_percent=40)
    publishing.ask(new, by=drafter)
    publishing.publish(new, by=make_user("Hoàng Thị Yến"))
    assert workflow.carry_to_version([record.pk], old, new) == 1

    record = reload(record)
    assert workflow.own_scores(record)[computed] is True
    assert CountedShare.objects.filter(link__indicator__criteria_set=new, numerator=1, denominator=2).exists()
    (told,) = Message.objects.for_user(speaker).filter(key__startswith="criteria:")
    assert told.subject == "Sở Giáo dục và Đào tạo: 1 tiêu chí đã đổi, bạn xem lại rồi gửi"
    with pytest.raises(workflow.Refused, match="Xem những chỗ đã đổi"):
        workflow.submit(record, by=speaker)
    client.force_login(speaker)
    changed = client.get(reverse("assessments:changed_criteria", args=[record.pk]))
    assert list(changed.context["form"].fields) == ["version", f"score-{asked.code}"]
    workflow.look_at_criteria(record, {asked.code: True}, by=speaker)
    workflow.submit(reload(record), by=speaker)
    assert reload(record).state == State.SUBMITTED


@pytest.mark.feature("K4")
def test_who_takes_the_consent_back_counts_no_more(campaign):
    village = make_village(commune=make_commune())
    head = make_head(make_household(village))
    make_confirmed_assessment(citizen=head, campaign=campaign)
    record = workflow.register_group(head.household, Level.FAMILY, campaign, by=head.user)
    members.seed(head.household, by=head.user)
    member = head.memberships.get()

    def counted():
        return CountedShare.objects.filter(assessment=record).values_list("numerator", "denominator").get()

    assert counted() == (0, 1)
    members.agree(member, Purpose.COUNTED, by=head.user)
    assert counted() == (1, 1)
    members.take_back(member, Purpose.COUNTED, by=head.user)
    assert counted() == (0, 1)
    members.leave(member, by=head.user)
