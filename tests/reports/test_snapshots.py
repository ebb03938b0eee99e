import datetime
import hashlib
import json

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from assessments import closing
from assessments.models import Assessment, State, Step
from audit import clock, events, sealing
from audit.models import Event, Look
from organizations.reforms import NewUnit
from reforms import carrying
from reports import snapshots, tasks
from reports.models import JobState, Snapshot
from tests.factories import (
    make_centre,
    make_citizen_with_account,
    make_commune,
    make_confirmed_assessment,
    make_officer,
    make_province,
    make_submitted_assessment,
    make_village,
    open_campaign,
)
from tests.pages import words_of
from tests.reforms.trees import YEARS_AGO, new_commune, planned, settle_all, two_communes

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path / "snapshots"


@pytest.fixture
def campaign():
    return open_campaign()


@pytest.fixture
def village():
    return make_village(commune=make_commune())


@pytest.fixture
def closed(folder, campaign, village):
    """A province's year after its closing: one confirmed, one that its board forgot."""
    confirmed = make_confirmed_assessment(board=village, campaign=campaign)
    make_submitted_assessment(board=village, campaign=campaign)
    close(campaign)
    tasks.take_up_snapshots()
    return confirmed


def close(campaign):
    """The end of the window came after all that was done."""
    campaign.windows.filter(step="confirmation").update(closes_at=clock.now())
    closing.lock_confirmation(clock.now())


def lines(snapshot):
    with snapshots.path_of(snapshot).open("rb") as file:
        return [json.loads(line) for line in file]


@pytest.mark.feature("E11")
def test_the_closed_year_of_a_province_stands_in_a_signed_file(closed):
    snapshot = Snapshot.objects.get()

    head, *records, end = lines(snapshot)
    assert (snapshot.state, snapshot.rows, end["records"]) == (JobState.DONE, 2, 2)
    assert (head["province"], head["year"], head["number"]) == (
        closed.province.code,
        closed.campaign.year,
        0,
    )
    assert [each["state"] for each in records] == [State.CONFIRMED, State.UNCONFIRMED]
    assert (records[0]["confirmed_total"], records[0]["outcome"]) == ("80", "achieved")
    assert snapshots.is_intact(snapshot)
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(snapshots.public_key())).verify(
        bytes.fromhex(snapshot.signature), bytes.fromhex(snapshot.checksum)
    )


def test_no_identity_number_and_no_telephone_stands_in_the_file(closed):
    text = snapshots.path_of(Snapshot.objects.get()).read_text()

    assert closed.citizen.identity_number not in text
    assert closed.citizen.masked_identity_number in text
    assert closed.citizen.phone not in text


@pytest.mark.feature("L2")
def test_the_newest_seal_is_printed_in_the_file(folder, campaign, village):
    make_confirmed_assessment(board=village, campaign=campaign)
    seal = sealing.seal_yesterday()
    close(campaign)
    tasks.take_up_snapshots()

    assert lines(Snapshot.objects.get())[0]["seal"] == f"{seal.day} {seal.hash}"


def test_nothing_is_written_while_a_year_is_open_or_unsettled(folder, campaign, village):
    make_submitted_assessment(board=village, campaign=campaign)
    tasks.take_up_snapshots()
    campaign.windows.filter(step="confirmation").update(closes_at=clock.now(), closed_at=clock.now())
    tasks.take_up_snapshots()

    assert Snapshot.objects.count() == 0


@pytest.mark.feature("E11")
def test_made_again_the_file_is_the_same_to_the_byte(closed, capsys):
    snapshot = Snapshot.objects.get()
    tasks.take_up_snapshots(addenda=True)

    assert Snapshot.objects.count() == 1
    assert snapshots.made_again_is_the_same(snapshot)
    call_command("verify_snapshots", province=closed.province.code, year=closed.campaign.year)
    assert "làm lại giống từng byte" in capsys.readouterr().out


def test_one_flipped_byte_in_the_file_is_found(closed, capsys):
    path = snapshots.path_of(Snapshot.objects.get())
    path.chmod(0o600)
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)

    with pytest.raises(SystemExit):
        call_command("verify_snapshots")
    assert "không khớp chữ ký" in capsys.readouterr().out


@pytest.mark.feature("E11")
def test_what_changes_later_goes_into_an_addendum_and_the_file_stays(closed):
    first = Snapshot.objects.get()
    before = snapshots.path_of(first).read_bytes()
    reopened = Assessment.objects.get(state=State.UNCONFIRMED)
    Assessment.objects.filter(pk=reopened.pk).update(state=State.SUBMITTED, closed_from="")
    reopened.refresh_from_db()
    Step.come_to(reopened, at=clock.now()).save()

    assert snapshots.differing(first) == [reopened.pk]
    tasks.take_up_snapshots(addenda=True)

    addendum = Snapshot.objects.get(number=1)
    head, *records, _end = lines(addendum)
    assert [(each["record"], each["state"]) for each in records] == [(reopened.pk, State.SUBMITTED)]
    assert head["previous"] == first.checksum
    assert snapshots.path_of(first).read_bytes() == before
    assert snapshots.made_again_is_the_same(addendum)


def test_a_run_that_died_is_taken_up(closed):
    Snapshot.objects.update(
        state=JobState.RUNNING, claim="x", heartbeat_at=clock.now() - datetime.timedelta(hours=1)
    )

    tasks.take_up_snapshots()

    assert Snapshot.objects.get().state == JobState.DONE
    assert list(events.faults()) == []


@pytest.mark.feature("E11", "L2")
def test_after_a_new_signing_key_old_files_are_still_verified_and_new_ones_signed_anew(
    closed, settings, capsys
):
    first = Snapshot.objects.get()
    settings.SIGNING_KEY = "another key, by which nothing was signed until this very moment"

    assert first.public_key != snapshots.public_key()
    call_command("verify_snapshots")
    assert "đúng chữ ký" in capsys.readouterr().out

    Step.come_to(closed, at=clock.now()).save()
    Assessment.objects.filter(pk=closed.pk).update(receipt_number="thay")
    tasks.take_up_snapshots(addenda=True)
    assert Snapshot.objects.get(number=1).public_key == snapshots.public_key()
    assert all(snapshots.is_intact(each) for each in Snapshot.objects.all())


@pytest.mark.feature("E11", "L2")
def test_a_key_put_in_beside_the_file_is_not_the_one_the_record_of_events_holds(closed, settings):
    snapshot = Snapshot.objects.get()
    path = snapshots.path_of(snapshot)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes().replace(b"achieved", b"ACHIEVED"))
    settings.SIGNING_KEY = "the key of somebody who writes rows and files, but no past events"
    checksum = hashlib.sha256(path.read_bytes()).digest()
    Snapshot.objects.update(
        checksum=checksum.hex(),
        signature=snapshots.signing_key().sign(checksum).hex(),
        public_key=snapshots.public_key(),
    )

    assert not snapshots.is_intact(Snapshot.objects.get())


@pytest.fixture
def unwritable(folder, campaign, village):
    """A closed year whose file cannot be written: where the folder is to be, a file stands."""
    folder.write_text("")
    make_submitted_assessment(board=village, campaign=campaign)
    close(campaign)
    tasks.take_up_snapshots()
    return folder


def wait(minutes):
    Snapshot.objects.update(heartbeat_at=timezone.now() - datetime.timedelta(minutes=minutes))
    tasks.take_up_snapshots()


def test_what_cannot_be_written_is_tried_again_ever_later_and_then_given_up(unwritable):
    waited = []
    for minutes in (1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 255, 256):
        before = Snapshot.objects.get()
        wait(minutes)
        if Snapshot.objects.get().attempts > before.attempts:
            waited.append(minutes)

    assert waited == [2, 4, 8, 16, 32, 64, 128]
    assert (Snapshot.objects.get().state, Snapshot.objects.get().attempts) == (JobState.FAILED, 8)


def test_what_was_given_up_is_tried_once_a_night_and_done_when_it_can_be(unwritable):
    Snapshot.objects.update(state=JobState.FAILED, attempts=snapshots.MOST_ATTEMPTS)
    tasks.take_up_snapshots()
    assert Snapshot.objects.get().state == JobState.FAILED

    tasks.take_up_snapshots(addenda=True)
    wait(10000)
    assert Snapshot.objects.get().state == JobState.FAILED

    unwritable.unlink()
    tasks.take_up_snapshots(addenda=True)
    assert Snapshot.objects.get().state == JobState.DONE


def test_health_says_which_file_cannot_be_written(client, unwritable, village):
    assert client.get("/healthz").json()["snapshots"] == "ok"
    for minutes in (3, 5):
        wait(minutes)

    province = village.parent.parent
    assert client.get("/healthz").json()["snapshots"] == (
        f"Tệp chốt năm {clock.today().year}, {province.full_name}: chưa ghi được sau 3 lần thử."
    )
    unwritable.unlink()
    wait(9)
    assert client.get("/healthz").json()["snapshots"] == "ok"


def test_the_province_and_the_centre_download_it_and_that_is_recorded(client, closed):
    snapshot = Snapshot.objects.get()
    address = reverse("reports:snapshot_download", args=[snapshot.pk])
    for organization in (closed.province, closed.province.parent):
        user = make_officer(organization)
        client.force_login(user)
        assert snapshot.checksum in words_of(client.get(reverse("reports:snapshots")))
        response = client.get(address)
        content = b"".join(response.streaming_content)
        response.close()
        assert content == snapshots.path_of(snapshot).read_bytes()
        assert Event.objects.get(verb="export", actor=user.pk).old == snapshot.file_name
        assert Look.objects.get(viewer=user.pk).place == closed.province_id

    client.force_login(make_officer(closed.commune))
    assert client.get(address).status_code == 404
    assert client.get(reverse("reports:snapshots")).status_code == 404


@pytest.mark.feature("E11", "G1")
def test_a_later_reform_changes_nothing_in_the_file_of_a_closed_year(folder, campaign):
    province, _officer, an, binh = two_communes()
    province.code = "42"
    province.save()
    other = make_province("Nghệ An", "40", valid_from=YEARS_AGO)
    village = make_village("Bắc", an, valid_from=YEARS_AGO)
    settle_all()
    for board in (village, an, binh):
        make_confirmed_assessment(citizen=make_citizen_with_account(board=board), campaign=campaign)
    close(campaign)
    tasks.take_up_snapshots()
    snapshot = Snapshot.objects.get()
    path = snapshots.path_of(snapshot)

    with time_machine.travel(timezone.now() + datetime.timedelta(days=3)):
        carrying.carry_out(planned("rename", [binh], type="phuong", organization=province))
    with time_machine.travel(timezone.now() + datetime.timedelta(days=5)):
        carrying.carry_out(
            planned("merge", [an, binh], new=(new_commune(parent=province),), organization=province)
        )
        united = NewUnit(kind="province", type="tinh", name="Nghệ Tĩnh", parent="TW", code=province.code)
        carrying.carry_out(planned("merge", [province, other], new=(united,), organization=make_centre()))
        tasks.take_up_snapshots(addenda=True)

        snapshot = Snapshot.objects.get()
        assert snapshot.province.code != lines(snapshot)[0]["province"]  # its code is of a closed era now
        assert snapshots.path_of(snapshot) == path
        assert snapshots.differing(snapshot) == []
        assert snapshots.made_again_is_the_same(snapshot)
