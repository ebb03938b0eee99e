"""The pages on which an association takes confirmed records to a decision."""

import pytest
from django.urls import reverse

from accounts.models import Message
from assessments.models import State
from audit import clock
from criteria.models import Level
from recognitions.models import Decision, DecisionState, LevelSetting
from tests.factories import (
    allow_provisional,
    close_confirmation,
    load_chains,
    make_centre,
    make_commune,
    make_confirmed_assessment,
    make_confirmer,
    make_officer,
    make_province,
    make_village,
    open_campaign,
    state_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B12", "H1")]


@pytest.fixture
def village():
    return make_village(commune=make_commune())


@pytest.fixture
def officer(village):
    return make_officer(village.parent)


@pytest.fixture
def record(village):
    allow_provisional()
    return make_confirmed_assessment(board=village, campaign=open_campaign())


@pytest.fixture
def over(record):
    close_confirmation(record.campaign)
    return record


def post(client, name, *args, **typed):
    return client.post(reverse(f"recognitions:{name}", args=args), typed)


def begin(client, village, record, **more):
    typed = {"level": "citizen", "campaign": record.campaign_id, "within": village.parent_id} | more
    return post(client, "begin", village.parent.code, **typed)


def today(format="%d/%m/%Y"):
    return clock.today().strftime(format)


def errors(response):
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def test_an_officer_takes_a_record_from_the_list_to_the_recognition(client, village, officer, over):
    client.force_login(officer)
    page = client.get(reverse("recognitions:begin", args=[village.parent.code]))
    assert "Lập danh sách đề nghị công nhận" in page.content.decode()

    answer = begin(client, village, over)
    decision = Decision.objects.get()
    assert answer.url == decision.get_absolute_url()
    seen = client.get(decision.get_absolute_url()).content.decode()
    assert str(over.citizen) in seen
    assert "Danh sách đề nghị có 1 tên" in seen

    post(
        client,
        "minutes",
        decision.pk,
        minutes_number="03/BB-HKH",
        minutes_on=today(),
        minutes_chair="Lê Văn Bình",
        minutes_secretary="Phan Thị Lan",
    )
    post(
        client,
        "submission",
        decision.pk,
        submission_number="05/TTr-HKH",
        submission_on=today(),
        submission_to="Ban Thường vụ",
    )
    typed = {
        "number": "12/QĐ-HKH",
        "decided_on": today(),
        "signer_name": "Nguyễn Văn Sơn",
        "signer_post": "Chủ tịch",
        "months": "12",
    }
    never = typed | {"decided_on": "31/12/9999", "months": "12"}
    assert list(errors(post(client, "decide", decision.pk, **never))) == ["decided_on"]
    to_check = post(client, "decide", decision.pk, **typed, act="check")
    assert "Xem lại trước khi lưu" in to_check.content.decode()
    assert Decision.objects.get().state == DecisionState.SUBMITTED
    post(client, "decide", decision.pk, **typed, act="save")

    assert state_of(over) == State.RECOGNISED
    seen = client.get(decision.get_absolute_url()).content.decode()
    assert f"Quyết định số 12/QĐ-HKH ngày {today()}" in seen
    again = post(client, "decide", decision.pk, **typed, act="save")  # the back button, and a second press
    assert again.status_code == 200
    assert Decision.objects.get().recognitions.count() == 1


def test_a_refusal_stands_beside_its_field_and_nothing_typed_is_lost(client, village, officer, record):
    client.force_login(officer)
    answer = begin(client, village, record)
    assert list(errors(answer)) == ["campaign"]
    assert "chưa khóa" in errors(answer)["campaign"][0]

    load_chains()
    close_confirmation(record.campaign)
    elsewhere = make_village(commune=make_commune("Cẩm Bình", province=make_province()))
    assert list(errors(begin(client, village, record, within=elsewhere.pk))) == ["within"]
    assert list(errors(begin(client, village, record, level="family"))) == ["level"]
    LevelSetting.objects.all().delete()
    assert "bản tạm" in errors(begin(client, village, record))["level"][0]
    allow_provisional()
    begin(client, village, record)
    answer = post(
        client,
        "minutes",
        Decision.objects.get().pk,
        minutes_number="03/BB-HKH",
        minutes_on="01/01/2020",
        minutes_chair="Lê Văn Bình",
        minutes_secretary="Phan Thị Lan",
    )
    assert list(errors(answer)) == ["minutes_on"]
    assert 'value="03/BB-HKH"' in answer.content.decode()


def test_a_long_list_is_the_workers(client, village, officer, over, monkeypatch):
    from recognitions import minutes

    monkeypatch.setattr(minutes, "AT_ONCE", 0)
    client.force_login(officer)
    begin(client, village, over)
    assert Decision.objects.get().state == DecisionState.GATHERED  # the tests' worker is at hand

    Decision.objects.update(state=DecisionState.GATHERING)
    seen = client.get(Decision.objects.get().get_absolute_url()).content.decode()
    assert "Cổng đang lập danh sách: 1 trên 1" in seen


def test_somebody_is_left_out_with_a_reason_and_put_back(client, village, officer, over):
    client.force_login(officer)
    begin(client, village, over)
    decision = Decision.objects.get()
    row = decision.nominations.get()

    assert "reason" in errors(post(client, "leave_out", decision.pk, row.pk, reason=""))
    post(client, "leave_out", decision.pk, row.pk, reason="Đang có đơn phản ánh.")
    seen = client.get(decision.get_absolute_url()).content.decode()
    assert "Danh sách không còn ai." in seen
    assert "Đang có đơn phản ánh." in seen
    post(client, "take_in", decision.pk, row.pk)
    assert Decision.objects.get().nominated == 1
    post(client, "drop", decision.pk, reason="Làm lại.")
    assert Decision.objects.get().state == DecisionState.DROPPED


def test_who_has_no_part_in_it_finds_nothing(client, village, officer, over):
    client.force_login(officer)
    begin(client, village, over)
    decision = Decision.objects.get()
    address = decision.get_absolute_url()
    for stranger in (over.citizen.user, make_confirmer(village), make_officer(make_commune("Cẩm Bình"))):
        client.force_login(stranger)
        assert client.get(address).status_code == 404
        assert (
            client.get(reverse("recognitions:document", args=[decision.pk, "bien-ban", "pdf"])).status_code
            == 404
        )
    client.force_login(make_officer(village.parent.parent))
    assert client.get(address).status_code == 200  # who stands above reads
    assert post(client, "minutes", decision.pk).status_code == 403


def test_the_centre_says_of_each_title_how_it_is_recognised(client):
    client.force_login(make_officer(make_centre()))
    assert client.get(reverse("recognitions:settings")).status_code == 200
    answer = post(client, "setting", "gia-dinh", on_provisional="on", basis="")
    assert list(errors(answer)) == ["basis"]
    post(client, "setting", "gia-dinh", on_provisional="on", basis="Công văn số 45/KHVN")
    assert LevelSetting.objects.get(level=Level.FAMILY).basis == "Công văn số 45/KHVN"
    post(client, "setting", "cong-dan", body_kind="province", basis="")
    assert LevelSetting.objects.get(level=Level.CITIZEN).body_kind == "province"


@pytest.mark.parametrize("count", [1, 6])
def test_the_page_costs_the_same_for_one_as_for_six(
    client, village, officer, record, count, django_assert_max_num_queries
):
    for _each in range(count - 1):
        make_confirmed_assessment(board=village, campaign=record.campaign)
    close_confirmation(record.campaign)
    client.force_login(officer)
    begin(client, village, record)
    with django_assert_max_num_queries(22):
        client.get(Decision.objects.get().get_absolute_url())
    assert not Message.objects.filter(key__startswith="recognised").exists()
