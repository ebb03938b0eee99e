import datetime
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.management import call_command
from django.urls import reverse

from assessments import closing
from assessments.models import Assessment, State, Step
from audit import clock, events, sealing
from audit.models import Event, Look
from reports import snapshots, tasks
from reports.models import JobState, Snapshot
from tests.factories import (
    make_commune,
    make_confirmed_assessment,
    make_officer,
    make_submitted_assessment,
    make_village,
    open_campaign,
)
from tests.pages import words_of

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
