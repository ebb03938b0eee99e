"""Who held a title five years running, who is commended, and what is refused on the way."""

import datetime
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from accounts.models import Message
from assessments.models import Assessment, CountedShare, State
from audit import clock
from audit.models import Event
from criteria.models import CriteriaSet, Denominator, Level
from organizations.models import Kind, Organization
from recognitions import commending, deciding, exemplary, revoking, sharing
from recognitions.models import Commendation, CommendationList, Why
from recognitions.refusals import RefusedAt
from tests.factories import (
    make_citizen_with_account,
    make_clan,
    make_commune,
    make_confirmed_assessment,
    make_confirmed_group_assessment,
    make_confirmer,
    make_decision,
    make_head,
    make_household,
    make_officer,
    make_recognition,
    make_village,
    open_campaign,
)

pytestmark = [pytest.mark.django_db, pytest.mark.feature("H1")]
THIS = clock.today().year
FIVE = range(THIS - 4, THIS + 1)


def without_points(record, numerator, denominator):
    """As if its set gave none, with one share counted."""
    Assessment.objects.filter(pk=record.pk).update(confirmed_total=None)
    draft, _is_new = CriteriaSet.objects.get_or_create(
        level=Level.COMMUNITY, scope="commune", version=99, defaults={"valid_from": clock.today()}
    )
    indicator, _is_new = draft.criteria.get_or_create(position=1, code="1", text="Tỷ lệ")
    link, _is_new = indicator.links.get_or_create(source_level=Level.CITIZEN, denominator=Denominator.ADULTS)
    CountedShare.objects.create(
        assessment=record, link=link, numerator=numerator, denominator=denominator, counted_at=clock.now()
    )


def copied(record, year, **fields):
    """The same record in another year, as it was confirmed."""
    copy = Assessment.objects.get(pk=record.pk)
    copy.pk, copy.state, copy.campaign = None, State.CONFIRMED, open_campaign(year=year)
    copy.receipt_number = f"{record.receipt_number}-{year}"
    for name, value in fields.items():
        setattr(copy, name, value)
    copy.save(force_insert=True)
    return copy


class Place:
    """A commune with a village and the officer who chooses."""

    def __init__(self):
        self.commune = make_commune()
        self.village = make_village(commune=self.commune)
        self.officer = make_officer(self.commune)
        self.confirmer = make_confirmer(self.village)

    def citizen(self, name="Nguyễn Thị Hoa", board=None):
        return make_citizen_with_account(name, board=board or self.village)

    def held(self, citizen, *years, points=8, by=None, officer=None):
        """Their titles of these years; the last one. Of each further year the record is a copy."""
        first, *more = years
        record = make_confirmed_assessment(
            points, citizen=citizen, campaign=open_campaign(year=first), by=by or self.confirmer
        )
        held = [record, *(copied(record, year) for year in more)]
        return [make_recognition(each, by=officer or self.officer) for each in held][-1]

    def list(self, form="praise"):
        return commending.begin(self.commune, Level.CITIZEN, open_campaign(), form, by=self.officer)

    def chosen(self, *recognitions, why=Why.EXEMPLARY, of=None):
        about = of or self.list()
        pks = [each.pk for each in recognitions]
        commending.choose(about, why, shown=pks, ticked=pks, by=self.officer)
        return about

    def list_of(self, title):
        return title.commendations.get().list

    def decided(self, about, number="20/QĐ-HKH", on=None):
        commending.decide(
            about,
            number=number,
            on=on or clock.today(),
            signer_name="Nguyễn Văn Sơn",
            signer_post="Chủ tịch",
            by=self.officer,
        )


@pytest.fixture
def place():
    return Place()


def found(place, level=Level.CITIZEN):
    return list(exemplary.found(place.commune, level, open_campaign()))


def refused(field, words, step):
    with pytest.raises(RefusedAt, match=words) as caught:
        step()
    assert caught.value.field == field


# --- Exemplary ------------------------------------------------------------------------------------


def test_five_years_running_are_found_a_gap_and_a_revoked_year_break_them(place):
    steady = place.held(place.citizen("Lê Quỳnh Ỷ Lan"), *FIVE)
    place.held(place.citizen("Đặng Thị Ẩn"), THIS - 5, *FIVE[:2], *FIVE[3:])
    place.held(place.citizen("Trần Văn Bình"), *FIVE[:4])
    broken = place.citizen("Phan Thị Mơ")
    place.held(broken, *FIVE)
    third = broken.assessments.get(campaign__year=FIVE[2]).recognitions.get()
    revoking.revoke(
        third, by=place.officer, number="9/QĐ-HKH", revoked_on=clock.today(), reason="Khai không đúng."
    )

    assert found(place) == [steady]
    (years,) = exemplary.years_of(found(place), Level.CITIZEN, open_campaign()).values()
    assert [each.decision.campaign.year for each in years] == [*reversed(FIVE)]


def test_a_paper_given_anew_and_a_title_of_another_commune_count(place):
    citizen = place.citizen()
    elsewhere = make_village(commune=make_commune())
    place.held(citizen, *FIVE[1:])
    citizen.village, citizen.commune = elsewhere, elsewhere.parent
    citizen.save()
    place.held(citizen, FIVE[0], by=make_confirmer(elsewhere), officer=make_officer(elsewhere.parent))
    last = citizen.assessments.get(campaign__year=THIS).recognitions.get()
    new = revoking.reissue(
        last, by=place.officer, holder_name="Nguyễn Thị Hòa", place_name="Thôn", reason="Ghi sai tên."
    )

    assert found(place) == [new]


def test_families_count_by_household_and_a_clan_that_became_another_goes_on_in_it(place):
    household = make_household(place.village)
    head = make_head(household)
    old = make_clan(commune=place.commune)
    new = make_clan("Dòng họ Nguyễn", commune=place.commune)
    campaign, *_others = [open_campaign(year=year) for year in FIVE]
    family = make_confirmed_group_assessment(Level.FAMILY, household, by=head.user, campaign=campaign)
    of_clan = make_confirmed_group_assessment(Level.CLAN, old, by=make_confirmer(old), campaign=campaign)
    for year in FIVE:
        ours = family if year == FIVE[0] else copied(family, year)
        theirs = (
            of_clan if year == FIVE[0] else copied(of_clan, year, organization=old if year < THIS else new)
        )
        make_decision([ours], issuer=place.commune, by=place.officer)
        make_decision([theirs], issuer=place.commune, by=place.officer)

    assert [each.assessment.household for each in found(place, Level.FAMILY)] == [household]
    assert found(place, Level.CLAN) == []
    Organization.objects.filter(pk=old.pk).update(heir=new)
    assert [each.assessment.organization for each in found(place, Level.CLAN)] == [new]


@pytest.mark.parametrize("count", [1, 3])
def test_what_a_page_of_proposals_costs_does_not_grow_with_its_names(
    client, place, count, django_assert_max_num_queries
):
    for at in range(count):
        place.held(place.citizen(f"Nguyễn Thị {at}"), *FIVE)
    about = place.list()
    client.force_login(place.officer)

    with django_assert_max_num_queries(21):
        page = client.get(about.get_absolute_url())

    assert len(page.context["rows"]) == count
    assert f"{THIS}, {THIS - 1}, {THIS - 2}, {THIS - 3}, {THIS - 4}" in page.content.decode()


# --- The way of a commendation --------------------------------------------------------------------


@pytest.mark.parametrize("kind", [Kind.COMMUNE, Kind.PROVINCE, Kind.CENTRE])
def test_an_officer_ticks_who_is_commended_and_the_holder_sees_the_decision(client, place, kind):
    body = place.commune.within(kind)
    holder = place.citizen("Lê Quỳnh Ỷ Lan")
    title, other = place.held(holder, *FIVE), place.held(place.citizen("Đặng Thị Ẩn"), *FIVE)
    client.force_login(make_officer(body))
    begun = client.post(
        reverse("recognitions:commend", args=[body.code]),
        {"level": "citizen", "campaign": open_campaign().pk, "form": "praise"},
    )
    about = CommendationList.objects.get()
    assert begun.url == about.get_absolute_url()

    nobody = client.post(about.get_absolute_url(), {"shown": [title.pk, other.pk]})
    assert "Chưa chọn ai" in nobody.content.decode()
    ticked = {"shown": [title.pk, other.pk], "chosen": [title.pk, other.pk]}
    assert client.post(about.get_absolute_url(), ticked).status_code == 302
    client.post(about.get_absolute_url(), ticked | {"chosen": [title.pk]})
    assert about.chosen.get().recognition == title
    highest = client.get(about.get_absolute_url(), {"cach": "cao-nhat"}).content.decode()
    assert "Lê Quỳnh Ỷ Lan" in highest
    seen = client.get(about.get_absolute_url()).content.decode()
    assert "2 công dân tiêu biểu, 1 được chọn, 0 được khen." in seen

    signed = {"number": "20/QĐ-HKH", "signer_name": "Nguyễn Văn Sơn", "signer_post": "Chủ tịch"}
    signed["decided_on"] = f"{clock.today():%d/%m/%Y}"
    decide = reverse("recognitions:commend_decide", args=[about.pk])
    assert "Chưa lưu" in client.post(decide, signed | {"act": "check"}).content.decode()
    client.post(decide, signed | {"act": "save"})
    seen = client.get(about.get_absolute_url()).content.decode()
    assert "2 công dân tiêu biểu, 1 được chọn, 1 được khen." in seen

    client.force_login(holder.user)
    words = f"Giấy khen theo Quyết định số 20/QĐ-HKH ngày {clock.today():%d/%m/%Y}"
    assert words in client.get(reverse("recognitions:mine")).content.decode()
    told = Message.objects.get(key__startswith="commended:")
    assert (told.citizen, words in told.body) == (holder, True)
    verbs = Event.objects.filter(verb__contains="commend").values_list("verb", flat=True)
    assert sorted(verbs) == [
        "begin_commending",
        "choose_commended",
        "choose_commended",
        "decide_commended",
        "unchoose_commended",
    ]


def test_the_list_leaves_as_workbook_as_word_and_to_be_printed(client, place):
    name = "Nguyễn Phước Công Tằng Tôn Nữ Hoàng Thị Quỳnh Ỷ Lan Phương Ánh"
    about = place.chosen(place.held(place.citizen(name), THIS), why=Why.PERSON)
    place.decided(about)
    client.force_login(place.officer)

    def file(ending):
        return client.get(reverse("recognitions:commended", args=[about.pk, ending])).content

    sheet = load_workbook(io.BytesIO(file("xlsx"))).worksheets[0]
    assert name in [cell.value for row in sheet.iter_rows() for cell in row]
    paper = Document(io.BytesIO(file("docx")))
    assert name in [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    assert file("pdf").startswith(b"%PDF")


def test_the_highest_of_each_place_and_who_is_looked_for_by_name_are_proposed(place):
    beside = make_village("Nam Giang", commune=place.commune)
    high = [place.held(place.citizen(f"Lê Thị {at}"), THIS, points=at) for at in (8, 9, 10, 10)]
    lone = place.held(place.citizen("Võ Văn Ân", beside), THIS, by=make_confirmer(beside))

    about = place.list()

    assert set(commending.proposed(about, Why.HIGHEST)) == {*high[1:], lone}
    assert list(commending.proposed(about, Why.PERSON, "vo an")) == [lone]
    assert not commending.proposed(about, Why.PERSON, " ")


def test_of_groups_without_points_the_highest_shares_of_each_place_are_proposed(client, place):
    titles = []
    for at, (numerator, denominator) in enumerate([(7, 10), (8, 10), (9, 10), (9, 10), (0, 0)]):
        village = make_village(f"Đông {at}", commune=place.commune)
        record = make_confirmed_group_assessment(
            Level.COMMUNITY, village, by=make_confirmer(village), points=50
        )
        without_points(record, numerator, denominator)
        titles.append(make_recognition(record, by=place.officer))
    about = commending.begin(place.commune, Level.COMMUNITY, open_campaign(), "praise", by=place.officer)

    assert list(commending.proposed(about, Why.HIGHEST)) == [titles[2], titles[3], titles[1]]
    client.force_login(place.officer)
    page = client.get(about.get_absolute_url(), {"cach": "cao-nhat"}).content.decode()
    assert "80%" in page


def test_a_family_is_found_by_the_names_of_its_people_with_accents_or_without(place):
    head = make_head(make_household(place.village, name="Hộ ông Ẩn"), "Đặng Văn Ẩn")
    record = make_confirmed_group_assessment(Level.FAMILY, head.household, by=head.user)
    title = make_recognition(record, issuer=place.commune, by=place.officer)
    about = commending.begin(place.commune, Level.FAMILY, open_campaign(), "praise", by=place.officer)

    for typed in ("dang an", "Đặng Ẩn", "Hộ ông Ẩ\u0309n".replace("Ẩ\u0309", "A\u0302\u0309")):
        assert list(commending.proposed(about, Why.PERSON, typed)) == [title]
    assert not commending.proposed(about, Why.PERSON, "Võ")


# --- What is refused ------------------------------------------------------------------------------


def test_nobody_is_commended_of_another_subtree_twice_or_by_themselves(place):
    elsewhere = Place()
    title = place.held(place.citizen(), THIS)
    other = elsewhere.held(elsewhere.citizen(), THIS)
    own = place.held(make_citizen_with_account("Lê Văn Bình", board=place.village), THIS)
    own.assessment.citizen.__class__.objects.filter(pk=own.assessment.citizen_id).update(user=place.officer)

    refused(None, "không thuộc nơi này", lambda: place.chosen(other))
    refused(None, "Không tự chọn", lambda: place.chosen(own))
    place.chosen(title)
    refused(None, "không chọn hai lần", lambda: place.chosen(title, of=place.list("honour")))
    with pytest.raises(PermissionDenied):
        commending.choose(place.list(), Why.PERSON, shown=[], ticked=[], by=elsewhere.officer)


def test_a_decision_with_nobody_a_number_given_a_day_too_early_or_a_revoked_title_is_refused(place):
    title, other = (place.held(place.citizen(name), THIS) for name in ("Lê Thị Hà", "Võ Văn Ân"))
    yesterday = clock.today() - datetime.timedelta(days=1)

    refused(None, "chưa có ai", lambda: place.decided(place.list()))
    about = place.chosen(title)
    refused("decided_on", "trước", lambda: place.decided(about, on=yesterday))
    refused("decided_on", "chưa đến", lambda: place.decided(about, on=clock.today() + datetime.timedelta(1)))
    refused("number", "Số này", lambda: place.decided(about, number=title.decision.number))
    place.decided(about)
    refused(None, "đã có quyết định", lambda: place.decided(about))
    again = place.chosen(other)
    refused("number", "Số này", lambda: place.decided(again, number="020 / qđ-hkh"))
    revoking.revoke(
        other, by=place.officer, number="9/QĐ-HKH", revoked_on=clock.today(), reason="Khai không đúng."
    )
    refused(None, "Võ Văn Ân", lambda: place.decided(again, number="21/QĐ-HKH"))
    refused(None, "thu hồi", lambda: place.chosen(other, of=place.list("honour")))


def test_an_open_list_is_given_up_and_its_people_are_chosen_on_another(client, place):
    title = place.held(place.citizen(), THIS)
    about = place.chosen(title)
    client.force_login(place.officer)
    drop = reverse("recognitions:commend_drop", args=[about.pk])
    assert drop in client.get(about.get_absolute_url()).content.decode()
    assert client.post(drop, {"reason": ""}).status_code == 200

    assert client.post(drop, {"reason": "Lập nhầm hình thức."}).status_code == 302

    assert not CommendationList.objects.exists()
    place.decided(place.chosen(title, of=place.list("honour")))
    refused(None, "đã có quyết định", lambda: commending.drop(place.list_of(title), "A", by=place.officer))


def test_one_number_is_given_once_whatever_a_decision_is_about(place):
    title = place.held(place.citizen(), THIS)
    place.decided(place.chosen(title), number="20/QĐ-HKH")
    refused(
        "number",
        "Số này",
        lambda: revoking.revoke(
            title, by=place.officer, number="20/qđ-hkh", revoked_on=clock.today(), reason="Sai."
        ),
    )
    refused("number", "Số này", lambda: deciding.ask_number(place.commune, "020/QĐ-HKH", clock.today()))


def test_a_commendation_stands_on_the_shared_page_and_goes_on_with_a_paper_given_anew(client, place):
    title = place.held(place.citizen(), THIS)
    place.decided(place.chosen(title))
    citizen = title.assessment.citizen
    sharing.share(citizen)
    revoking.reissue(
        title, by=place.officer, holder_name="Nguyễn Thị Hoa B", place_name="", reason="Sai tên."
    )

    shown = client.get(reverse("recognitions:shared", args=[citizen.shared_pages.get().key]))

    assert "Giấy khen theo Quyết định số 20/QĐ-HKH" in shown.content.decode()


def test_the_database_refuses_the_same_whoever_writes_the_row(place):
    title = place.held(place.citizen(), THIS)
    elsewhere = Place()
    other = elsewhere.held(elsewhere.citizen(), THIS)
    about = place.list()

    def row(recognition, **fields):
        given = {"list": about, "subject": "x", "campaign": about.campaign, "body_kind": "commune"}
        given |= {"why": Why.PERSON, "chosen_by": place.officer} | fields
        return Commendation.objects.create(recognition=recognition, **given)

    def no(write, words):
        with pytest.raises(IntegrityError, match=words), transaction.atomic():
            write()

    no(lambda: row(other), "subtree")
    no(lambda: row(title, body_kind="province"), "level")
    kept = row(title)
    no(lambda: row(title), "(?i)unique")
    lists = CommendationList.objects.filter(pk=about.pk)
    early = clock.today() - datetime.timedelta(days=1)
    signed = {"number": "1", "number_key": "1", "signer_name": "A", "signer_post": "B"}
    signed |= {"decided_by": place.officer, "decided_at": clock.now()}
    no(lambda: lists.update(decided_on=early, year=early.year, **signed), "before the title")
    no(lambda: lists.update(decided_on=clock.today(), year=THIS), "(?i)constraint")
    place.decided(about)
    no(lambda: lists.update(number="2"), "stays as it was decided")
    no(kept.delete, "stays as it was decided")
