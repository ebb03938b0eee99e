import pytest

from accounts.models import Population
from assessments.models import Outcome, State
from audit.models import Event
from criteria.models import Level
from reports import figures, targets
from reports.models import Target, Whom
from tests.factories import (
    make_campaign,
    make_centre,
    make_citizen,
    make_commune,
    make_officer,
    make_province,
    make_village,
)
from tests.reports.records import make_record

pytestmark = pytest.mark.django_db
TARGETS = "/bao-cao/chi-tieu/"
TYPED = {
    "level": "citizen",
    "whom": "worker",
    "figure": "da-dang-ky",
    "year": "2026",
    "percent": "92,5",
    "basis": "Kế hoạch 12/KH-UBND ngày 15/01/2026",
}


def achieved(campaign, village, population, count, of):
    for number in range(of):
        person = make_citizen(board=village, population=population)
        if number < count:
            make_record(person, campaign, State.CONFIRMED, Outcome.ACHIEVED)


@pytest.mark.feature("C5")
def test_each_target_stands_beside_what_was_reached_and_how_many_are_missing(client):
    campaign, village = make_campaign(2026), make_village()
    achieved(campaign, village, Population.VILLAGER, 3, 6)
    achieved(campaign, village, Population.OFFICIAL, 4, 4)
    achieved(campaign, village, Population.LEARNER, 0, 5)
    client.force_login(make_officer(village.parent))

    page = client.get("/bao-cao/", {"nam": "2026"})
    rows = {
        (row["target"].basis, row["target"].level, row["target"].whom): row for row in page.context["targets"]
    }
    adults = rows["677/QĐ-TTg", Level.CITIZEN, Whom.ADULTS]
    staff = rows["677/QĐ-TTg", Level.CITIZEN, Whom.OFFICIAL]

    assert adults["target"].year == 2030
    assert (adults["part"].text, adults["whole"].text, adults["rate"], adults["words"]) == (
        "7",
        "10",
        "70,0%",
        "đã đạt chỉ tiêu",
    )
    assert staff["words"] == "đã đạt chỉ tiêu"
    for cell in (adults["part"], adults["whole"], staff["part"]):
        assert str(client.get(cell.url).context["page"].paginator.count) == cell.text


@pytest.mark.feature("C5")
def test_how_many_are_missing_is_rounded_up():
    campaign, village = make_campaign(2026), make_village()
    achieved(campaign, village, Population.VILLAGER, 1, 7)
    summary = figures.summary(village, campaign)

    (adults,) = [
        each
        for each in targets.standing(targets.of_year(village, campaign.year), summary)
        if each.target.whom == Whom.ADULTS and each.target.basis == "677/QĐ-TTg"
    ]

    assert adults.missing == 4  # 60% of 7 are 4,2: five, and one is there


@pytest.mark.feature("C5")
def test_the_target_of_the_year_or_the_next_one_counts():
    def years(year):
        return {
            target.year for target in targets.of_year(make_province(), year) if target.level == Level.FAMILY
        }

    assert years(2024) == {2025}
    assert years(2025) == {2025}
    assert years(2026) == {2030}
    assert years(2031) == {2030}


@pytest.mark.feature("C5")
def test_a_province_sets_its_own_and_everybody_below_sees_it(client):
    province = make_province()
    make_campaign(2026)
    village = make_village(commune=make_commune(province=province))
    client.force_login(make_officer(province))

    said = client.post(f"{TARGETS}?to-chuc={province.code}&nam=2026", TYPED, follow=True)
    client.post(f"{TARGETS}?to-chuc={province.code}&nam=2026", TYPED | {"percent": "95"})

    assert "Đã lưu chỉ tiêu" in said.content.decode()
    (target,) = Target.objects.all()  # the second took the place of the first
    assert (target.organization, target.percent, target.whom) == (province, 95, Whom.WORKER)
    event = Event.objects.filter(verb="set_target").latest("pk")
    assert "92,5%" in event.old
    assert "95%" in event.new
    assert target in targets.of_year(village, 2026)
    assert target not in targets.of_year(make_province("Nghệ An"), 2026)

    client.post(f"{TARGETS}?to-chuc={province.code}&nam=2026", {"remove": target.pk})
    assert not Target.objects.exists()
    assert Event.objects.filter(verb="remove_target").exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"percent": "0"}, "Gõ số phần trăm lớn hơn 0."),
        ({"percent": "101"}, "từ 0 đến 100"),
        ({"level": "family"}, "Chọn Mọi người."),
        ({"year": "26"}, "Gõ năm từ 2021 đến 2045."),
        ({"basis": ""}, "Ghi số và ngày của văn bản."),
    ],
)
def test_what_makes_no_sense_is_said_beside_the_field_and_nothing_is_lost(client, typed, words):
    province = make_province()
    make_campaign(2026)
    client.force_login(make_officer(province))

    page = client.post(f"{TARGETS}?to-chuc={province.code}&nam=2026", TYPED | typed).content.decode()

    assert words in page
    assert TYPED["basis"] in page or "basis" in typed
    assert not Target.objects.exists()


def test_nobody_removes_the_target_of_another_place(client):
    centre, province = make_centre(), make_province()
    make_campaign(2026)
    target = Target.objects.create(
        organization=centre, year=2030, percent=50, basis="Kế hoạch của trung ương"
    )
    client.force_login(make_officer(province))

    answer = client.post(f"{TARGETS}?to-chuc={province.code}&nam=2026", {"remove": target.pk})

    assert answer.status_code == 404
    assert Target.objects.get() == target
