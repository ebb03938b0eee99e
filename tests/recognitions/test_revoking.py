"""Revoking, giving anew, and what becomes of papers when the body that gave them is renamed or merged."""

import datetime
import time

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import Message
from assessments.models import State
from assessments.workflow import Refused
from audit import clock, events
from audit.models import Event
from organizations.models import FormerName, Organization
from recognitions import checking, codes, revoking
from recognitions.models import Recognition
from tests.at_once import at_once
from tests.factories import (
    make_citizen_with_account,
    make_commune,
    make_confirmed_assessment,
    make_officer,
    make_province,
    make_recognition,
    make_user,
    make_village,
    moment,
    reload,
)
from tests.pages import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("H5")]
GENUINE = "Giấy này có thật và còn hiệu lực"


@pytest.fixture(autouse=True)
def _one_morning(time_machine):
    time_machine.move_to(moment(2026, 11, 20, 9), tick=False)


@pytest.fixture
def recognition():
    citizen = make_citizen_with_account("Nguyễn Thị Hoa", board=make_village())
    return make_recognition(make_confirmed_assessment(citizen=citizen), number="02/QĐ-HKH")


@pytest.fixture
def officer(recognition):
    return make_officer(recognition.decision.issuer)


def check(client, recognition):
    return words_of(client.get(reverse("recognitions:check_code", args=[recognition.code])))


FORM = {"number": "15/QĐ-HKH", "revoked_on": "20/11/2026", "reason": "Khai sai minh chứng."}


def test_the_next_check_after_revoking_says_so_with_the_decision_and_without_the_reason(
    client, recognition, officer
):
    assert GENUINE in check(client, recognition)
    client.force_login(officer)
    answer = client.post(reverse("recognitions:revoke", args=[recognition.pk]), FORM)
    assert answer.status_code == 302
    client.logout()

    words = check(client, recognition)
    assert GENUINE not in words
    assert "Giấy này đã bị thu hồi" in words
    assert "Thu hồi theo quyết định số 15/QĐ-HKH, ngày 20/11/2026" in words
    assert "Khai sai" not in words
    assert reload(recognition.assessment).state == State.CONFIRMED


def test_the_holder_is_told_why_and_the_record_of_the_portal_too(client, recognition, officer):
    client.force_login(officer)
    client.post(reverse("recognitions:revoke", args=[recognition.pk]), FORM)

    told = Message.objects.filter(citizen=recognition.assessment.citizen).latest("pk")
    assert "15/QĐ-HKH" in told.body
    assert "Khai sai minh chứng." in told.body
    event = Event.objects.get(verb="revoke_recognition")
    assert (event.actor, event.old, event.new) == (officer.pk, "02/QĐ-HKH", "15/QĐ-HKH")
    assert events.private_of(event) == {"reason": "Khai sai minh chứng."}
    client.force_login(recognition.assessment.citizen.user)
    page = words_of(client.get(recognition.get_absolute_url()))
    assert "Danh hiệu này đã bị thu hồi" in page
    assert "Khai sai minh chứng." in page
    assert client.get(reverse("recognitions:download", args=[recognition.pk])).status_code == 404


def test_a_check_that_is_under_way_while_it_is_revoked_tells_of_the_revoking(
    client, recognition, officer, monkeypatch
):
    count = checking._count

    def revoked_meanwhile(pk):
        count(pk)
        revoking.revoke(recognition, by=officer, number="1", revoked_on=clock.today(), reason="Khai sai.")

    monkeypatch.setattr(checking, "_count", revoked_meanwhile)

    words = check(client, recognition)
    assert GENUINE not in words
    assert "Giấy này đã bị thu hồi" in words


def test_of_two_who_press_one_revokes(recognition, officer):
    what = {"by": officer, "number": "1", "revoked_on": clock.today(), "reason": "Khai sai."}
    revoking.revoke(Recognition.objects.get(pk=recognition.pk), **what)

    with pytest.raises(Refused):
        revoking.revoke(recognition, **what)
    with pytest.raises(Refused):
        revoking.reissue(recognition, by=officer, holder_name="A", place_name="", reason="B")
    assert Event.objects.filter(verb="revoke_recognition").count() == 1


def test_no_check_that_begins_after_the_revoking_in_another_process_shows_it_valid(shared_database):
    recognition = make_recognition()
    officer = make_officer(recognition.decision.issuer)

    def keep_checking():
        seen, ends = [], time.perf_counter() + 20
        while time.perf_counter() < ends and [verdict for _at, verdict in seen].count("revoked") < 5:
            began = time.perf_counter()
            seen.append((began, checking.check(recognition.code, address="x").verdict.value))
        return seen

    def revoke():
        time.sleep(0.3)
        revoking.revoke(recognition, by=officer, number="1", revoked_on=clock.today(), reason="Khai sai.")
        return time.perf_counter()

    first, second, revoked_at = at_once(keep_checking, keep_checking, revoke)

    after = [verdict for began, verdict in [*first, *second] if began > revoked_at]
    assert set(after) == {"revoked"}
    assert "genuine" in {verdict for _began, verdict in [*first, *second]}


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"number": ""}, "Chưa ghi số quyết định"),
        ({"reason": " "}, "Chưa ghi lý do"),
        ({"revoked_on": "21/11/2026"}, "không thể sau ngày 20/11/2026"),
        ({"revoked_on": "19/11/2026"}, "không thể trước ngày 20/11/2026"),
    ],
)
def test_without_number_day_and_reason_nothing_is_revoked_and_nothing_typed_is_lost(
    client, recognition, officer, typed, told
):
    client.force_login(officer)
    answer = client.post(reverse("recognitions:revoke", args=[recognition.pk]), FORM | typed)

    assert told in words_of(answer)
    kept = [value for name, value in FORM.items() if name not in typed]
    assert all(value in answer.content.decode() for value in kept)
    assert Recognition.objects.standing().exists()


@pytest.mark.parametrize("act", ["revoke", "reissue"])
def test_the_body_that_gave_it_may_and_nobody_else(client, recognition, act):
    page = reverse(f"recognitions:{act}", args=[recognition.pk])
    answers = {}
    for who, user in {
        "above": make_officer(recognition.decision.issuer.parent),
        "elsewhere": make_officer(make_commune()),
        "holder": recognition.assessment.citizen.user,
        "stranger": make_user(),
    }.items():
        client.force_login(user)
        answers[who] = [client.get(page).status_code, client.post(page, FORM).status_code]

    hidden, refused = [404, 404], [403, 403]
    assert answers == {"above": hidden, "elsewhere": hidden, "holder": refused, "stranger": hidden}
    assert Recognition.objects.standing().count() == 1


def test_nobody_revokes_or_rewrites_the_own_paper(recognition):
    own = make_officer(recognition.decision.issuer)
    recognition.assessment.citizen.__class__.objects.filter(pk=recognition.assessment.citizen_id).update(
        user=own
    )

    with pytest.raises(PermissionDenied):
        revoking.reissue(recognition, by=own, holder_name="Người khác", place_name="", reason="Sai.")


# --- Giving anew --------------------------------------------------------------------------------------


def test_a_corrected_name_gives_a_new_paper_and_the_old_code_says_that_it_was_replaced(
    client, recognition, officer
):
    client.force_login(officer)
    page = reverse("recognitions:reissue", args=[recognition.pk])
    same = {"holder_name": "Nguyễn Thị Hoa", "place_name": recognition.place_name, "reason": "Sai dấu."}
    assert "giống hệt giấy cũ" in words_of(client.post(page, same))

    answer = client.post(page, same | {"holder_name": "Nguyễn Thị Hòa"})
    new = Recognition.objects.standing().get()
    assert answer.url == new.get_absolute_url()
    client.logout()

    assert (new.replaces, new.assessment, new.decision) == (
        recognition,
        recognition.assessment,
        recognition.decision,
    )
    assert codes.read(new.code) != recognition.code
    old = check(client, recognition)
    assert "đã được thay bằng giấy mới" in old
    assert GENUINE not in old
    assert new.code not in old
    assert GENUINE in check(client, new)
    assert "Nguyễn Thị Hòa" in check(client, new)
    assert reload(recognition.assessment).state == State.RECOGNISED
    told = Message.objects.filter(citizen=recognition.assessment.citizen).latest("pk")
    assert "Nguyễn Thị Hòa" in told.body
    event = Event.objects.get(verb="reissue_certificate")
    assert events.private_of(event)["new"] == "Nguyễn Thị Hòa"
    assert "Hòa" not in event.new


# --- Renamed and merged bodies ------------------------------------------------------------------------


def test_a_paper_names_its_issuer_as_on_the_day_though_it_was_renamed_since(client, recognition):
    issuer = recognition.decision.issuer
    named = recognition.decision.issuer_name
    began = {"valid_from": issuer.valid_from, "valid_to": datetime.date(2026, 12, 1)}
    FormerName.objects.create(organization=issuer, name=issuer.name, type=issuer.type, **began)
    Organization.objects.filter(pk=issuer.pk).update(name="Đồng Tiến", full_name="Xã Đồng Tiến")

    words = check(client, recognition)
    assert GENUINE in words
    assert named in words
    assert "Đồng Tiến" not in words


def test_after_a_merger_the_heir_revokes_what_the_closed_body_gave(client, recognition):
    issuer = recognition.decision.issuer
    heir = make_commune("Thạch Lạc", province=issuer.parent)
    Organization.objects.filter(pk=issuer.pk).update(valid_to=clock.today(), heir=heir)
    assert GENUINE in check(client, recognition)

    client.force_login(make_officer(heir))
    answer = client.post(reverse("recognitions:revoke", args=[recognition.pk]), FORM)

    assert answer.status_code == 302
    assert "đã bị thu hồi" in check(client, recognition)
    assert make_province()  # another province has no part in it
