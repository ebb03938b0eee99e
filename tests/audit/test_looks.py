import base64
import datetime
import gzip
import html
import io
import json
import re
import time
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.urls import URLPattern, get_resolver, reverse
from PIL import Image

from accounts import placing
from assessments import evidence, workflow
from assessments.models import Draw, DrawnRecord, DrawStratum
from audit import clock, looks, tasks
from audit.models import ListedPerson, Look, Sight
from config.celery import app
from reports.models import ExportJob
from sheets import codes
from sheets.codes import SheetCode
from tests.factories import (
    appoint,
    make_citizen_with_account,
    make_confirmer,
    make_officer,
    make_scored_assessment,
    make_submitted_assessment,
    make_user,
    make_village,
)
from tests.pages import words_of

pytestmark = pytest.mark.django_db

NAME = "Phan Thị Huyền Trâm"
WORDS = "Tôi đọc sách ở tủ sách của thôn."


@pytest.fixture
def record(settings, tmp_path):
    """A record that was sent, of a person with a name like no other, with words and a picture behind it."""
    settings.MEDIA_ROOT = tmp_path / "media"
    citizen = make_citizen_with_account(NAME, board=make_village(), unit_text="Xưởng mộc Ba Hùng")
    record = make_scored_assessment(citizen=citizen)
    first = record.criteria_set.indicators[0]
    evidence.add(record, [first], by=citizen.user, text=WORDS)
    evidence.add(record, [first], by=citizen.user, file=evidence.checked(picture()))
    workflow.submit(record, by=citizen.user)
    return record


@pytest.fixture
def member(record):
    return make_confirmer(record.board, "Trần Thị Mai")


def picture():
    out = io.BytesIO()
    Image.new("RGB", (80, 40), "red").save(out, "JPEG")
    return SimpleUploadedFile("anh.jpg", out.getvalue(), "image/jpeg")


def look_at(client, record, user):
    client.force_login(user)
    return client.get(reverse("assessments:board_detail", args=[record.pk]))


@pytest.mark.feature("L4")
def test_a_board_that_opens_a_record_leaves_one_row(client, record, member):
    look_at(client, record, member)

    look = Look.objects.get()
    assert (look.viewer, look.organization, look.subject, look.record, look.sight) == (
        member.pk,
        record.board_id,
        record.citizen_id,
        record.pk,
        Sight.RECORD,
    )


def test_one_who_opens_the_own_record_leaves_none(client, record):
    client.force_login(record.citizen.user)
    client.get(reverse("assessments:detail", args=[record.pk]))
    appoint(record.citizen.user, record.board)
    client.get(reverse("assessments:board_detail", args=[record.pk]))

    assert Look.objects.count() == 0


def test_who_may_not_see_a_record_leaves_none(client, record):
    response = look_at(client, record, make_confirmer(make_village("Bắc Hải")))

    assert (response.status_code, Look.objects.count()) == (404, 0)


@pytest.mark.feature("L4")
def test_the_person_reads_who_looked_on_the_record_and_on_the_own_page(client, record, member):
    look_at(client, record, member)
    client.force_login(record.citizen.user)

    on_record = client.get(reverse("assessments:detail", args=[record.pk]))
    on_page = client.get(reverse("accounts:profile_looks"))

    said = "Ban khuyến học thôn Đông Hải (Trần Thị Mai) xem hồ sơ của bạn."
    assert said in words_of(on_record)
    assert said in words_of(on_page)


def test_an_officer_known_as_a_citizen_is_named_with_respect(client, record):
    user = make_citizen_with_account("Lê Thị Lan").user
    appoint(user, record.commune)
    look_at(client, record, user)
    client.force_login(record.citizen.user)

    page = client.get(reverse("accounts:profile_looks"))

    assert "Hội khuyến học xã Thạch Khê (bà Lê Thị Lan) xem hồ sơ của bạn." in words_of(page)


def test_a_person_nobody_looked_at_is_told_so(client, record):
    client.force_login(record.citizen.user)

    assert "Chưa có ai khác xem dữ liệu của bạn." in words_of(client.get(reverse("accounts:profile_looks")))


def test_looks_are_read_by_pages_at_the_same_cost(client, record, member, django_assert_max_num_queries):
    now = clock.now()
    Look.objects.bulk_create(
        Look(
            at=now,
            viewer=member.pk,
            organization=record.board_id,
            sight=Sight.RECORD,
            page="x",
            subject=record.citizen_id,
            record=record.pk,
        )
        for _ in range(120)
    )
    client.force_login(record.citizen.user)

    with django_assert_max_num_queries(18):
        response = client.get(reverse("accounts:profile_looks"), {"page": 3})

    assert len(response.context["looks"]) == 20


def test_whether_the_board_has_opened_a_record_since_it_was_sent_can_be_asked(client, record, member):
    sent = record.submitted_at
    assert looks.first_by_others(record.pk, since=sent) is None

    look_at(client, record, make_officer(record.commune))
    assert looks.first_by_others(record.pk, since=sent, organization=record.board_id) is None

    look_at(client, record, member)
    assert looks.first_by_others(record.pk, since=sent, organization=record.board_id).viewer == member.pk
    assert looks.first_by_others(record.pk, since=clock.now()) is None


def test_a_list_leaves_one_row_with_all_whom_it_named(client, record, member):
    others = [make_submitted_assessment(board=record.board, campaign=record.campaign) for _ in range(2)]
    client.force_login(member)

    client.get(reverse("assessments:board_queue"))

    look = Look.objects.get()
    assert look.sight == Sight.LIST
    assert {person.subject for person in look.listed.all()} == {each.citizen_id for each in [record, *others]}


def test_whom_an_officer_finds_to_give_an_account_back_is_written_down(client, record):
    client.force_login(make_officer(record.commune))

    client.post(
        reverse("accounts:hand_over", args=[record.commune.code]),
        {"identity_number": record.citizen.identity_number},
    )

    assert [each.subject for each in Look.objects.get().listed.all()] == [record.citizen_id]


def test_a_file_about_a_place_is_told_to_its_people_and_to_no_others(client, record):
    client.force_login(make_officer(record.province, "Lê Văn Bình"))
    client.post(reverse("reports:list_export")).close()
    elsewhere = make_citizen_with_account(board=make_village())

    client.force_login(record.citizen.user)
    page = client.get(reverse("accounts:profile_looks"))
    client.force_login(elsewhere.user)
    other_page = client.get(reverse("accounts:profile_looks"))

    said = "Hội khuyến học tỉnh Hà Tĩnh (Lê Văn Bình) tải tệp danh sách của tỉnh Hà Tĩnh, có thể có tên bạn."
    assert said in words_of(page)
    assert said not in words_of(other_page)


def test_a_file_made_on_the_server_leaves_a_row_too(record, tmp_path):
    call_command(
        "export_report",
        "citizens",
        organization=record.board.code,
        campaign=record.campaign.year,
        output=str(tmp_path / "list.xlsx"),
    )

    look = Look.objects.get()
    assert (look.viewer, look.place, look.code) == (None, record.board_id, ExportJob.objects.get().code)


@pytest.mark.feature("K7")
def test_looks_are_kept_as_long_as_is_said_and_then_go_by_themselves(settings, monkeypatch):
    monkeypatch.setattr(looks, "CHUNK", 3)
    second, kept_for = datetime.timedelta(seconds=1), datetime.timedelta(days=settings.LOOKS_KEPT_DAYS)
    for at in [clock.now() - kept_for - second] * 7 + [clock.now() - kept_for + second]:
        looks.write(looks.Noted(at=at, viewer=None, sight=Sight.LIST, page="a-page", listed=(1, 2)))
    kept = Look.objects.latest("at")

    tasks.forget_old_looks()

    assert Look.objects.get() == kept
    assert set(ListedPerson.objects.values_list("look", "subject")) == {(kept.pk, 1), (kept.pk, 2)}


def test_small_pictures_of_a_page_just_looked_at_count_once(record, member):
    noted = looks.Noted(clock.now(), member.pk, Sight.RECORD, "x", record=record.pk)
    looks.write(noted)
    looks.write(
        looks.Noted(
            clock.now(),
            member.pk,
            Sight.FILE,
            "y",
            record=record.pk,
            once_in=datetime.timedelta(minutes=10),
        )
    )

    assert [look.page for look in Look.objects.all()] == ["x"]


# --- Every page there is --------------------------------------------------------------------------


ABOUT_A_PERSON = {"admin:accounts_message_changelist", "admin:accounts_message_history"}  # without the name
BLANK_FORMS = {  # files without anybody's name
    "reforms:file_template",
    "people:roster_template",
    "revising:download_excel",
    "reports:typed_template",
}
NO_PAGES = {"admin:jsi18n", "admin:logout", "admin:autocomplete"}


def views(patterns=None, namespace=()):
    """Every named view of the portal with the names of its arguments."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name:
                yield ":".join([*namespace, pattern.name]), tuple(pattern.pattern.regex.groupindex)
        else:
            inner = (*namespace, pattern.namespace) if pattern.namespace else namespace
            yield from views(pattern.url_patterns, inner)


EVERY_VIEW = sorted({(name, arguments) for name, arguments in views() if name not in NO_PAGES})


def arguments_of(name, names, record, job):
    """A value for each argument of a view, so that the page is about the person where it can be."""
    piece = record.evidence.exclude(file="").get()
    if name.startswith("admin:"):
        model = name.removeprefix("admin:").rsplit("_", 1)[0]
        rows = {
            "accounts_citizen": record.citizen_id,
            "accounts_user": record.citizen.user_id,
            "assessments_assessment": record.pk,
            "accounts_message": record.citizen.messages.first().pk,
            "reports_exportjob": job.pk,
            "organizations_organization": record.board_id,
        }
        values = {
            "object_id": str(rows.get(model, 1)),
            "app_label": "accounts",
            "content_type_id": 1,
            "url": "x",
        }
    else:
        values = {
            "pk": record.pk,
            "code": record.criteria_set.indicators[0].code if "piece" in names else record.commune.code,
            "piece": piece.pk,
            "what": placing.UNIT.slug,
            "year": record.campaign.year,
            "level": record.level,
            "step": "confirmation",
            "letters": codes.written(SheetCode(record.citizen_id, record.campaign.year, record.group)),
            "number": 0,
            "form": "01kh",
            "uid": "x",
            "token": "x",
            "signed": "x",
            "slug": "cong-dan",
            "name": "danh-sach",
            "ending": "pdf",
            "nomination": 0,
            "named": "x",
            "offset": 0,
            "key": "x",
        }
        if name.startswith("reports:export"):
            values["code"] = job.code
        if name == "assessments:section":
            values["code"] = record.criteria_set.sections[0].code
        if name.startswith("watching:"):
            drawn = DrawnRecord.objects.get()
            values |= {"pk": drawn.draw_id, "row": drawn.pk}
    return {argument: values[argument] for argument in names}


@pytest.fixture
def everybody(record, member):
    return {
        "member": member,
        "commune": make_officer(record.commune),
        "province": make_officer(record.province),
        "admin": make_user("Quản trị", is_staff=True, is_superuser=True),
    }


def draw_to_check(record, officer):
    draw = Draw.objects.create(
        organization=record.commune,
        campaign=record.campaign,
        by=officer,
        share=5,
        least=1,
        most=5,
        state="drawn",
        announced_at=clock.now(),
        packed=gzip.compress(b"so_ho_so,nhom\n"),
    )
    stratum = DrawStratum.objects.create(draw=draw, code="tat-ca", population=1, size=1)
    DrawnRecord.objects.create(draw=draw, assessment=record, stratum=stratum)


@pytest.mark.long_on_sqlite
@pytest.mark.feature("L4")
def test_every_page_that_shows_a_person_to_another_leaves_one_row_about_that_person(
    client, record, everybody
):
    job = ExportJob.objects.create(
        report="citizens",
        organization=record.province,
        campaign=record.campaign,
        by=everybody["province"],
        state="done",
    )
    draw_to_check(record, everybody["commune"])
    shown, wrong = set(), []
    for who, user in everybody.items():
        client.force_login(user)
        for name, names in EVERY_VIEW:
            if name.startswith("admin:") != (who == "admin"):
                continue
            Look.objects.all().delete()
            response = client.get(
                reverse(name, kwargs=arguments_of(name, names, record, job)), query_of(name, record)
            )
            shows = response.status_code == 200 and (
                name in ABOUT_A_PERSON or (name not in BLANK_FORMS and _shows(response, record))
            )
            response.close()
            rows = list(Look.objects.all())
            if [_is_about(row, name, user, record) for row in rows] != [True] * shows:
                wrong.append(f"{name} as {who}: shows the person: {shows}, rows: {rows}")
            if shows:
                shown.add(name)

    assert wrong == [], "\n".join(wrong)
    assert shown >= {
        "assessments:board_queue",
        "assessments:board_batch",
        "assessments:board_detail",
        "assessments:evidence_file",
        "assessments:evidence_thumbnail",
        "watching:draw_records",
        "watching:draw_check",
        "reports:list",
        "reports:people",
        "accounts:place_typed_name",
        "admin:accounts_citizen_changelist",
        "admin:assessments_assessment_change",
    }


def _is_about(look, name, user, record):
    people = {look.subject, *look.listed.values_list("subject", flat=True)}
    return look.page == name and look.viewer == user.pk and record.citizen_id in people


def query_of(name, record):
    if name.startswith("admin:"):
        return {}
    if name == "assessments:board_batch":
        return {"person": record.pk}
    if name == "accounts:place_typed_name":
        return {"ten": placing.typed_names(record.commune)[0].key}
    return {"to-chuc": record.commune.code, "nam": record.campaign.year}


def _shows(response, record):
    if response.streaming or response["Content-Type"].startswith("image/"):
        return True
    text = html.unescape(response.content.decode(errors="replace"))
    return NAME in re.sub(r"\s+", " ", text) or WORDS in text


@pytest.fixture
def broker():
    """Tasks go where they are sent, and no worker takes them."""
    app.conf.task_always_eager = False
    yield
    app.conf.task_always_eager = True


@pytest.mark.django_db(transaction=True)
def test_a_page_does_not_wait_for_a_held_database_and_a_worker_writes_the_look(
    client, record, member, broker
):
    client.force_login(member)
    with another_writing():
        began = time.monotonic()
        response = client.get(reverse("assessments:board_detail", args=[record.pk]))
        waited = time.monotonic() - began

    assert (response.status_code, waited < 5) == (200, True)
    if connection.vendor == "sqlite":
        assert Look.objects.count() == 0
        run_what_was_sent("audit.tasks.write_look")
    assert Look.objects.get().subject == record.citizen_id


@contextmanager
def another_writing():
    """Somebody else in the middle of a write."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN IMMEDIATE" if connection.vendor == "sqlite" else "BEGIN")
            cursor.execute("UPDATE audit_streamhead SET sequence = sequence")
            yield
            cursor.execute("ROLLBACK")
    finally:
        other.close()


def run_what_was_sent(name):
    """Take the messages of one task from the broker's folder and do what they say, as a worker does."""
    for path in (settings.BROKER_DIR / "messages").iterdir():
        message = json.loads(path.read_text())
        if message["headers"]["task"] == name:
            path.unlink()
            (told,), _kwargs, _embed = json.loads(base64.b64decode(message["body"]))
            tasks.write_look(told)
