"""What an association had begun goes on in its heir; what was split up keeps nobody from their title."""

import pytest
from django.urls import reverse

from audit import clock
from criteria.models import Level
from organizations.models import Organization, Reform
from recognitions import commending, deciders, deciding, minutes, submitting
from recognitions.models import CommendationList, Decision, DecisionState, Recognition, Why
from recognitions.refusals import RefusedAt
from reforms import carrying
from tests.factories import (
    allow_provisional,
    close_confirmation,
    make_confirmed_assessment,
    make_officer,
    make_recognition,
    make_village,
    open_campaign,
)
from tests.reforms.trees import YEARS_AGO, new_commune, planned, settle_all, two_communes

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B12", "H5")]


class Land:
    """Two communes, one of them with two villages, and somebody in each who reached the title."""

    def __init__(self):
        allow_provisional()
        self.province, self.above, self.an, self.binh = two_communes()
        self.villages = [make_village(name, self.an, valid_from=YEARS_AGO) for name in ("Bắc", "Nam")]
        self.campaign = open_campaign()
        self.records = [
            make_confirmed_assessment(board=board, campaign=self.campaign)
            for board in [*self.villages, self.an]
        ]
        close_confirmation(self.campaign)
        settle_all()
        self.officer = make_officer(self.an)

    def gathered(self, issuer, by):
        begun = minutes.begin(issuer, Level.CITIZEN, self.campaign, issuer, by=by)
        minutes.work(begun.pk)
        return Decision.objects.get(pk=begun.pk)

    def minuted(self, decision, by):
        minutes.sign(
            decision, number="1/BB", on=clock.today(), chair="Lê Văn Bình", secretary="Phan Thị Lan", by=by
        )

    def decided(self, decision, by):
        submitting.submit(decision, number="2/TTr", on=clock.today(), to="Ban Thường vụ", by=by)
        deciding.decide(
            decision,
            number="3/QĐ",
            on=clock.today(),
            signer_name="Nguyễn Văn Sơn",
            signer_post="Chủ tịch",
            months=12,
            by=by,
        )
        deciding.recognise(decision.pk)

    def merge(self):
        reform = planned("merge", [self.an], existing=(self.binh.code,), organization=self.province)
        carrying.carry_out(reform)
        return make_officer(self.binh)

    def split(self):
        news = (new_commune("Bắc An", "18001", self.province), new_commune("Nam An", "18003", self.province))
        children = {self.villages[0].code: "18001", self.villages[1].code: "18003"}
        reform = planned("split", [self.an], new=news, children=children, organization=self.province)
        carrying.carry_out(reform)


@pytest.fixture
def land():
    return Land()


def test_a_merger_hands_what_was_begun_to_the_heir_who_decides_it(client, land):
    decision = land.gathered(land.an, land.officer)
    land.minuted(decision, land.officer)

    heir = land.merge()
    client.force_login(heir)
    assert client.get(decision.get_absolute_url()).status_code == 200
    land.decided(decision, heir)

    decision.refresh_from_db()
    assert (decision.issuer, decision.state) == (land.binh, DecisionState.DECIDED)
    assert decision.issuer_name == "Hội khuyến học xã Bình"
    assert set(decision.recognitions.values_list("assessment", flat=True)) == {
        each.pk for each in land.records
    }


def test_after_a_merger_the_heir_gathers_what_the_closed_body_had_left(land):
    heir = land.merge()

    decision = land.gathered(land.binh, heir)

    assert decision.nominated == len(land.records)
    land.minuted(decision, heir)
    land.decided(decision, heir)
    assert Recognition.objects.standing().count() == len(land.records)


def test_after_a_split_each_part_gathers_its_own_and_what_was_begun_is_given_up(client, land):
    begun = land.gathered(land.an, land.officer)
    land.split()
    client.force_login(land.above)
    assert "đã chia ra hoặc thôi hoạt động" in client.get(begun.get_absolute_url()).content.decode()

    found = {}
    for code in ("18001", "18003"):
        part = Organization.objects.get(code=code)
        officer = make_officer(part)
        decision = land.gathered(part, officer)
        found[code] = list(decision.nominations.values_list("assessment", flat=True))
        land.minuted(decision, officer)
        land.decided(decision, officer)
    # Who stood right with the commune that is no more is left to who stands above.
    left = deciders.records(land.province, Level.CITIZEN, land.campaign)

    assert found == {"18001": [land.records[0].pk], "18003": [land.records[1].pk]}
    assert list(left) == [land.records[2]]
    begun.refresh_from_db()
    assert begun.state == DecisionState.DROPPED


def test_a_reform_that_is_undone_lets_who_began_go_on(land):
    decision = land.gathered(land.an, land.officer)
    land.merge()
    carrying.undo(Reform.objects.get())

    land.minuted(decision, land.officer)

    decision.refresh_from_db()
    assert (decision.issuer, decision.state) == (land.an, DecisionState.MINUTED)


# --- Commendations --------------------------------------------------------------------------------


def chosen(land, issuer, title, by):
    about = commending.begin(issuer, Level.CITIZEN, land.campaign, "praise", by=by)
    commending.choose(about, Why.PERSON, shown=[title.pk], ticked=[title.pk], by=by)
    return about


def test_after_a_merger_the_heir_finds_the_open_list_and_decides_or_gives_it_up(client, land):
    title, other = (make_recognition(each, issuer=land.an, by=land.officer) for each in land.records[:2])
    about = chosen(land, land.an, title, land.officer)
    heir = land.merge()

    client.force_login(heir)
    begin = reverse("recognitions:commend", args=[land.binh.code])
    assert about.get_absolute_url() in client.get(begin).content.decode()
    assert chosen(land, land.binh, other, heir) == about  # one open list of a form
    client.post(reverse("recognitions:commend_drop", args=[about.pk]), {"reason": "Lập lại."})
    assert not CommendationList.objects.exists()


def test_after_a_split_the_open_list_keeps_nobody_from_another(land):
    title, other = (make_recognition(each, issuer=land.an, by=land.officer) for each in land.records[:2])
    left = chosen(land, land.an, title, land.officer)
    land.split()
    part = Organization.objects.get(code="18001")
    officer = make_officer(part)

    about = chosen(land, part, title, officer)
    assert not CommendationList.objects.filter(pk=left.pk).exists()
    with pytest.raises(RefusedAt, match="không thuộc nơi này"):
        chosen(land, part, other, officer)
    commending.decide(
        about, number="5/QĐ", on=clock.today(), signer_name="Lê Sơn", signer_post="Chủ tịch", by=officer
    )
    assert title.commendations.get().list.issuer == part
