"""A rehearsal is the portal in a space of its own: nothing of it is seen outside, and no two of them mix."""

import dataclasses
import datetime
import io
import os
import re
import resource
import threading
import time

import kombu
import pytest
from django.conf import settings
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connections, transaction
from django.test import Client, RequestFactory
from django.urls import get_script_prefix, reverse
from django.utils import timezone

from accounts.models import Citizen, Message, User
from assessments.models import Assessment, Batch, Listed, Reminder, State
from assessments.tasks import work_on_batch
from audit import clock
from config.celery import app
from rehearsal import making, script, spaces
from rehearsal.middleware import SpaceMiddleware
from tests.digests import digests
from tests.factories import make_citizen_with_account, make_confirmer, make_officer, make_unit, moment
from vietnamese import dates

pytestmark = [pytest.mark.django_db, pytest.mark.feature("M4")]
OCTOBER = moment(2026, 10, 1, 8)


@pytest.fixture
def person(member):
    return signed_in(member)


def signed_in(user):
    client = Client()
    client.force_login(user, backend="accounts.sign_in.AnyNameBackend")
    return client


@pytest.fixture
def space(member):
    return making.make(member.appointments.get().organization, member)


def move_on(person, space, stage):
    return person.post(f"{space.address}/buoi-dien-tap/sang/", {"stage": stage}, follow=True)


def begin(person, board):
    return person.post(reverse("rehearsal:start"), {"board": board.code}, follow=True)


# --- Nothing outside ----------------------------------------------------------------------------------


def confirm_whole_list(person, space, board):
    begun = {"board": board.code, "year": space.card.year, "name": ""}
    page = person.post(f"{space.address}/xac-nhan/ca-danh-sach/", begun, follow=True)
    while page.context.get("shown"):
        rows = [row.pk for row, _record, _reads in page.context["shown"]]
        page = person.post(page.request["PATH_INFO"], {"act": "look", "row": rows}, follow=True)
    return person.post(page.request["PATH_INFO"], {"act": "confirm"}, follow=True)


def files_outside(folder):
    return {path for path in folder.rglob("*") if "rehearsals" not in path.relative_to(folder).parts}


def test_a_whole_rehearsal_leaves_nothing_outside(person, member):
    board = member.appointments.get().organization
    before, files = digests(), files_outside(settings.DATA_DIR)

    page = begin(person, board)
    space = spaces.of_user(member)
    assert page.redirect_chain[-1][0] == f"{space.address}/xac-nhan/"
    for stage in range(1, script.LAST + 1):
        if stage in (3, 6):
            assert confirm_whole_list(person, space, board).status_code == 200
        assert move_on(person, space, stage).status_code == 200
    sheet = person.get(f"{space.address}/buoi-dien-tap/to-tong-ket/")

    assert digests() == before
    assert mail.outbox == []
    assert files_outside(settings.DATA_DIR) == files
    assert "sessionid" not in {*sheet.cookies, *page.cookies}
    assert dict(sheet.context["sheet"].deeds)["Lần xác nhận cả danh sách"] == 2
    with spaces.entered(space, OCTOBER):
        assert Assessment.objects.filter(state=State.CONFIRMED, confirmed_by=space.card.user).count() > 3
        assert not Assessment.objects.filter(state__in=[State.SUBMITTED, State.REGISTERED]).exists()
        assert Message.objects.exists()
        assert Reminder.objects.filter(done_at__isnull=False).exists()
        assert Listed.objects.count() == 14
        call_command("verify_audit", stdout=io.StringIO())


def test_pages_look_the_same_on_either_side(person, space):
    page = f"http://testserver{space.address}/xac-nhan/"
    larger = person.post(f"{space.address}/hien-thi/", {"size": "large"}, headers={"referer": page})

    assert larger.url == f"{space.address}/xac-nhan/"
    assert 'data-size="large"' in person.get("/xac-nhan/").content.decode()


def test_of_the_roster_only_the_shape_is_taken(space):
    with spaces.entered(space, OCTOBER):
        assert Citizen.objects.count() == 14
        assert not Citizen.objects.filter(full_name__contains="Thật").exists()
        assert not Citizen.objects.exclude(identity_number=None, phone="", email="").exists()
        assert User.objects.exclude(password__startswith="!").count() == 0


def test_mail_and_files_stay_in_the_space(space, settings):
    settings.EMAIL_BACKEND = "rehearsal.outbox.EmailBackend"
    settings.EMAIL_BACKEND_OUTSIDE = "django.core.mail.backends.locmem.EmailBackend"
    with spaces.entered(space, OCTOBER):
        mail.send_mail("Nhắc", "Còn ba ngày", None, ["ban@example.com"])
        name = default_storage.save("evidence/giay.txt", ContentFile(b"x"))
        assert default_storage.exists(name)

    assert mail.outbox == []
    assert len(list(space.outbox.iterdir())) == 1
    assert (space.media / name).exists()
    assert not default_storage.exists(name)
    mail.send_mail("Nhắc", "Còn ba ngày", None, ["ban@example.com"])
    assert len(mail.outbox) == 1


@pytest.fixture
def with_broker():
    app.conf.task_always_eager = False
    yield
    app.conf.task_always_eager = True


def test_tasks_are_done_in_place_and_the_broker_gets_nothing(space, with_broker):
    with kombu.Connection("memory://") as broker:
        queue = broker.SimpleQueue("celery")
        with spaces.entered(space, OCTOBER), pytest.raises(Batch.DoesNotExist):
            work_on_batch.apply_async((10**9,), connection=broker)
        assert queue.qsize() == 0
        work_on_batch.apply_async((10**9,), connection=broker)
        assert queue.qsize() == 1


def test_what_is_not_rehearsed_is_not_there(person, space):
    for path in (
        "dien-tap/",
        "ho-so/",
        "quan-tri/",
        "healthz",
        "thay-doi-don-vi/",
        "bao-cao/chot-nam/1/tai-ve/",
        "bao-cao/tep/abc/",
    ):
        response = person.get(f"{space.address}/{path}")
        assert response.status_code == 403, path
        assert "không có trong buổi diễn tập" in response.content.decode()
    for path in ("bao-cao/xuat-excel/", "dang-xuat/", "nhat-ky/kiem-tra/", "ho-so/mat-khau/"):
        assert person.post(f"{space.address}/{path}").status_code == 403, path


# --- Kept apart ---------------------------------------------------------------------------------------


def test_two_rehearsals_at_one_time_do_not_mix(space):
    other = making.make(make_unit(), make_confirmer(make_unit()))
    together, found = threading.Barrier(2), {}

    def work(space, day):
        with spaces.entered(space, moment(2026, 10, day)):
            for number in range(30):
                together.wait()
                with transaction.atomic():
                    User.objects.create(username=f"{space.key}.{number}", full_name=space.key)
                assert clock.today() == datetime.date(2026, 10, day)
            found[day] = set(User.objects.filter(username__contains=".").values_list("full_name", flat=True))

    threads = [threading.Thread(target=work, args=each) for each in ((space, 5), (other, 20))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == {5: {space.key}, 20: {other.key}}
    assert clock.today() not in (datetime.date(2026, 10, 5), datetime.date(2026, 10, 20))


def test_an_error_brings_the_portal_back(member, space):
    outside = connections["default"]
    seen = []

    def fail(request):
        seen.append((connections["default"], get_script_prefix(), spaces.current()))
        raise ZeroDivisionError

    request = RequestFactory().get(f"{space.address}/xac-nhan/")
    request.COOKIES = {key: cookie.value for key, cookie in signed_in(member).cookies.items()}
    with pytest.raises(ZeroDivisionError):
        SpaceMiddleware(fail)(request)

    (inside, prefix, entered), *_none = seen
    assert inside is not outside
    assert (prefix, entered) == (f"{space.address}/", space)
    assert connections["default"] is outside
    assert (get_script_prefix(), spaces.current()) == ("/", None)
    assert User.objects.filter(pk=member.pk).exists()


def test_anothers_rehearsal_is_not_found(member, person, space):
    own_board = member.appointments.get().organization
    others = [make_confirmer(own_board), make_officer(own_board.parent), make_citizen_with_account().user]

    assert person.get(f"{space.address}/xac-nhan/").status_code == 200
    for other in others:
        assert signed_in(other).get(f"{space.address}/xac-nhan/").status_code == 404
        assert signed_in(other).post(f"{space.address}/buoi-dien-tap/sang/", {"stage": 1}).status_code == 404
    assert Client().get(f"{space.address}/xac-nhan/").status_code == 404
    for key in ("0" * 32, "..", f"..%2f{member.pk}-{space.key}"):
        assert person.get(f"/dien-tap/{key}/xac-nhan/").status_code == 404


def test_only_who_sits_on_the_board_begins_one(person, member):
    assert begin(person, make_unit()).status_code == 404
    citizen = signed_in(make_citizen_with_account().user)
    assert "không ở ban nào" in citizen.get(reverse("rehearsal:start")).content.decode()
    assert begin(citizen, member.appointments.get().organization).status_code == 404


# --- Its time, and what goes wrong --------------------------------------------------------------------


def test_a_second_click_changes_nothing(person, member, space):
    board = member.appointments.get().organization

    begin(person, board)
    move_on(person, space, 1)
    move_on(person, space, 1)
    move_on(person, space, 7)

    assert spaces.count() == 1
    assert space.card.stage == 1


def test_people_who_acted_once_do_not_act_again(space):
    with spaces.entered(space, script.STAGES[1].moment(2026)):
        script.act(space.card, 1)
        once = list(Assessment.objects.order_by("pk").values_list("citizen", "state", "version"))
        script.act(space.card, 1)
        assert list(Assessment.objects.order_by("pk").values_list("citizen", "state", "version")) == once


def test_its_clock_runs_on_and_stops_before_the_next_moment(space):
    began = timezone.now() - datetime.timedelta(minutes=20)
    for stage, expected in (
        (0, moment(space.card.year, 10, 1, 8, 20)),
        (5, moment(space.card.year + 1, 1, 1, 0, 4, 59)),
    ):
        card = dataclasses.replace(space.card, stage=stage, set_at=began.isoformat())
        assert abs(script.now_of(card) - expected) < datetime.timedelta(seconds=30)


def test_after_a_week_it_is_gone(person, space):
    a_week_ago = time.time() - spaces.KEPT.total_seconds() - 60
    os.utime(space.folder / spaces.MADE, (a_week_ago, a_week_ago))
    killed = spaces.folder() / f"{spaces.MAKING}abc"
    killed.mkdir()
    os.utime(killed, (a_week_ago, a_week_ago))

    assert person.get(f"{space.address}/xac-nhan/").status_code == 404
    assert space.folder.exists()
    assert spaces.forget_old() == 2
    assert not space.folder.exists()
    assert not killed.exists()


def test_it_is_removed_when_asked(person, space):
    assert person.post(reverse("rehearsal:remove"), follow=True).status_code == 200
    assert person.get(f"{space.address}/xac-nhan/").status_code == 404
    assert not space.folder.exists()


def test_a_full_disk_is_told_and_leaves_nothing_half_made(person, member):
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    room = 200_000  # the process may write no larger file
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, usual[1]))
    try:
        refused(person, member)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert begin(person, member.appointments.get().organization).redirect_chain[-1][0].endswith("/xac-nhan/")


def test_it_has_the_tables_of_the_portal(space):
    """They are made from the models, without the way the portal's own came about."""
    if connections["default"].vendor != "sqlite":
        pytest.skip("compared where both are of one kind")
    named = "SELECT type, tbl_name, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"

    def tables():
        with connections["default"].cursor() as cursor:
            cursor.execute(named)
            found = {row for row in cursor.fetchall() if row[1] != "django_migrations"}
            for kind, table, _name in list(found):
                if kind == "table":
                    cursor.execute(f"PRAGMA table_info({table})")
                    found |= {(table, *column[1:4]) for column in cursor.fetchall()}
            return found

    with spaces.entered(space, OCTOBER):
        inside = tables()
    assert inside == tables()


def refused(person, member):
    page = begin(person, member.appointments.get().organization)
    assert "Chưa mở được buổi diễn tập, chưa có gì được ghi." in page.content.decode()
    assert [each for each in spaces.folder().iterdir() if each.is_dir()] == []
    return page


def test_what_could_leave_the_space_is_known():
    """A thread has the portal's connection, a path under DATA_DIR is the portal's: in nothing rehearsed."""
    rooms = [
        "vietnamese",
        "audit",
        "organizations",
        "criteria",
        "accounts",
        "assessments",
        "people",
        "reports",
    ]
    ways_out = {
        f"{path.parent.name}/{path.name}"
        for room in [*rooms, "portal"]
        for path in (settings.BASE_DIR / room).rglob("*.py")
        if re.search(r"threading\.Thread|Executor\(|subprocess|settings\.DATA_DIR", path.read_text())
    }

    files = {"reports/exports.py", "reports/pulse.py", "reports/snapshots.py"}
    assert ways_out == files | {"portal/health.py", "portal/watch.py"}


def test_the_guide_counts_the_days_left_as_the_pages_do():
    closes = moment(2027, 1, 1)
    said = {
        stage: int(days.group(1))
        for stage in script.STAGES
        if (days := re.search(r"Còn (\d+) ngày", str(stage.to_do)))
    }

    assert len(said) == 2
    for stage, days in said.items():
        assert days == dates.days_left(closes, stage.moment(2026))
