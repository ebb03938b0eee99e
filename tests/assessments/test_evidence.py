"""What may stand behind a score: how it is judged, kept, shown and taken away."""

import io
import resource
import struct
from contextlib import contextmanager

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from assessments import closing, evidence, workflow
from assessments.evidence import Unfit
from assessments.models import Evidence, Extension, State, Window
from assessments.workflow import Refused
from audit import clock
from audit.models import Event
from criteria.models import Criterion, Group
from tests.factories import (
    closed_window,
    make_assessment,
    make_citizen_with_account,
    make_confirmer,
    make_extension,
    make_scored_assessment,
    make_submitted_assessment,
    make_village,
    open_campaign,
    reload,
)
from tests.pages import messages_of, words_of

pytestmark = pytest.mark.django_db

ORIENTATION, GPS = 0x0112, 0x8825
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + b"\x00" * 200
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00" * 100
MEGABYTE = 1024 * 1024


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def files_in(media):
    return [path for path in media.rglob("*") if path.is_file()]


def picture(format="JPEG", size=(80, 40), mode="RGB", colour="red", **how):
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, format, **how)
    return out.getvalue()


def upload(name="anh.jpg", content=None, content_type="image/jpeg"):
    return SimpleUploadedFile(name, picture() if content is None else content, content_type)


def opened(file):
    return Image.open(io.BytesIO(file.content))


def page(assessment, code="I.1.1"):
    return reverse("assessments:evidence", args=[assessment.pk, code])


def act(name, assessment, piece, code="I.1.1"):
    return reverse(f"assessments:{name}", args=[assessment.pk, code, piece.pk])


def served(name, piece):
    return reverse(f"assessments:{name}", args=[piece.assessment_id, piece.pk])


def sign_in(client, assessment):
    client.force_login(assessment.citizen.user)


def indicator_of(assessment, code="I.1.1"):
    return next(each for each in assessment.criteria_set.indicators if each.code == code)


def add(assessment, code="I.1.1", **what):
    if "file" in what:
        what["file"] = evidence.checked(what["file"])
    evidence.add(assessment, [indicator_of(assessment, code)], by=assessment.citizen.user, **what)
    return assessment.evidence.last()


def served_codes(piece):
    return [indicator.code for indicator in piece.indicators.order_by("position")]


# --- What is accepted -----------------------------------------------------------------------------


@pytest.mark.feature("A7")
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_picture_of_a_telephone_becomes_a_small_jpeg(format):
    file = evidence.checked(upload("Ảnh lớp học.HEIC", picture(format, (2000, 1500))))

    assert (file.name, file.content_type) == ("Ảnh lớp học.jpg", "image/jpeg")
    with opened(file) as kept:
        assert (kept.format, kept.size) == ("JPEG", (1600, 1200))


def test_a_small_picture_is_not_blown_up():
    with opened(evidence.checked(upload())) as kept:
        assert kept.size == (80, 40)


@pytest.mark.feature("A7")
def test_where_and_with_what_a_picture_was_taken_stays_behind_and_it_stands_upright():
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # turned to the right
    exif[0x010F] = "Samsung"
    exif.get_ifd(GPS)[1] = "N"

    file = evidence.checked(upload(content=picture(exif=exif, comment=b"a secret")))

    with opened(file) as kept:
        assert kept.size == (40, 80)
        assert not kept.getexif()
        assert set(kept.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"Samsung" not in file.content
    assert b"a secret" not in file.content


def test_what_hangs_behind_a_picture_is_not_kept():
    file = evidence.checked(upload(content=picture() + b"<script>alert(1)</script>"))

    assert b"script" not in file.content


def test_what_shines_through_a_picture_becomes_white():
    file = evidence.checked(upload("so.png", picture("PNG", mode="RGBA", colour=(0, 0, 0, 0))))

    with opened(file) as kept:
        assert kept.getpixel((1, 1)) == (255, 255, 255)


def test_a_pdf_is_kept_as_it_is():
    file = evidence.checked(upload("Giấy khen.PDF", PDF))

    assert (file.name, file.content, file.content_type) == ("Giấy khen.pdf", PDF, "application/pdf")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "anh.jpg",
            EXE,
            "Tệp “anh.jpg” mang đuôi .jpg nhưng bên trong không phải là ảnh hay PDF. "
            "Chọn ảnh chụp (JPEG, PNG, WebP, HEIC) hoặc tệp PDF.",
        ),
        (
            "ghi chu.txt",
            "Tôi học mỗi ngày.".encode(),
            "Tệp “ghi chu.txt” không phải là ảnh hay PDF. "
            "Chọn ảnh chụp (JPEG, PNG, WebP, HEIC) hoặc tệp PDF.",
        ),
        (
            "lop hoc.mp4",
            MP4,
            "Tệp “lop hoc.mp4” không phải là ảnh hay PDF. "
            "Đây là video: đưa lên mạng rồi dán đường dẫn vào ô Đường dẫn.",
        ),
        (
            "anh.gif",
            picture("GIF"),
            "Tệp “anh.gif” không phải là ảnh hay PDF. Chọn ảnh chụp (JPEG, PNG, WebP, HEIC) hoặc tệp PDF.",
        ),
        (
            "anh.jpg",
            picture(size=(800, 800), quality=95)[:900],
            "Tệp “anh.jpg” không mở được, có lẽ chưa tải lên trọn vẹn. Chọn lại, hoặc chụp lại tấm khác.",
        ),
        (
            "giay.pdf",
            PDF[:-8],
            "Tệp “giay.pdf” không mở được, có lẽ chưa tải lên trọn vẹn. Chọn lại, hoặc chụp lại tấm khác.",
        ),
    ],
)
def test_what_is_no_picture_and_no_pdf_is_refused_by_its_content(name, content, message):
    with pytest.raises(Unfit) as refusal:
        evidence.checked(upload(name, content))

    assert str(refusal.value) == message


def test_an_office_file_is_told_how_to_become_a_pdf():
    content_types = b"[Content_Types].xml"
    header = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 0, 0, 0, 0, 0, 0, len(content_types), 0)
    docx = (
        header
        + content_types
        + (struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 0, 0, 0, 0, 0, 0, 11, 0) + b"_rels/.rels")
        + (struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 0, 0, 0, 0, 0, 0, 17, 0) + b"word/document.xml")
    )

    with pytest.raises(Unfit, match="Mở tệp bằng Word hay Excel, lưu thành PDF rồi chọn tệp PDF ấy"):
        evidence.checked(upload("bao cao.docx", docx + b"\x00" * 100))


def test_a_picture_of_too_many_points_is_refused_before_it_fills_the_memory():
    bomb = picture("PNG", (8000, 7000), mode="1", colour=0)

    with pytest.raises(Unfit, match=r"Ảnh “anh\.png” có kích thước quá lớn"):
        evidence.checked(upload("anh.png", bomb))


def test_the_name_of_a_file_is_kept_readable():
    file = evidence.checked(upload("../../a\u202enh\x07 lớp.jpeg"))

    assert file.name == "anh lớp.jpg"


# --- Adding ---------------------------------------------------------------------------------------


@pytest.mark.feature("A6")
def test_words_a_link_and_a_file_are_kept_behind_one_indicator(client, media):
    assessment = make_assessment()
    sign_in(client, assessment)

    response = client.post(
        page(assessment),
        {"text": "Đọc báo hằng ngày.\nHọc cùng con.", "url": "khuyenhoc.vn/bai-1", "file": upload()},
    )

    text, link, file = assessment.evidence.order_by("kind").reverse()
    assert text.text == "Đọc báo hằng ngày.\nHọc cùng con."
    assert link.url == "https://khuyenhoc.vn/bai-1"
    assert (file.name, file.content_type, file.size) == ("anh.jpg", "image/jpeg", file.file.size)
    assert len(files_in(media)) == 1
    assert [served_codes(piece) for piece in (text, link, file)] == [["I.1.1"]] * 3
    assert {piece.added_by for piece in (text, link, file)} == {assessment.citizen.user}
    assert response.url == reverse("assessments:section", args=[assessment.pk, "1"]) + "#minh-chung-I.1.1"
    assert messages_of(response) == ["Đã lưu minh chứng cho chỉ số I.1.1. Hồ sơ chưa gửi."]


def test_after_one_piece_the_next_may_follow_at_once(client):
    assessment = make_assessment()
    sign_in(client, assessment)

    response = client.post(page(assessment), {"text": "Đọc báo.", "again": "1"})

    assert response.url == page(assessment)


@pytest.mark.feature("A6")
def test_one_piece_may_serve_several_indicators(client, media):
    assessment = make_assessment()
    sign_in(client, assessment)

    client.post(page(assessment), {"file": upload(), "also": ["I.1.2", "I.3.1"]})

    assert served_codes(assessment.evidence.get()) == ["I.1.1", "I.1.2", "I.3.1"]
    assert len(files_in(media)) == 1


@pytest.mark.feature("A6")
def test_what_the_record_has_already_may_be_used_again(client):
    assessment = make_assessment()
    piece = add(assessment, "I.1.1", text="Đọc báo.")
    sign_in(client, assessment)

    shown = client.get(page(assessment, "I.1.2"))
    response = client.post(act("evidence_share", assessment, piece, "I.1.2"))

    assert "Dùng lại minh chứng đã có ở chỗ khác của hồ sơ (1)" in shown.content.decode()
    assert messages_of(response) == ["Đã dùng minh chứng này cho chỉ số I.1.2. Hồ sơ chưa gửi."]
    assert served_codes(piece) == ["I.1.1", "I.1.2"]


def test_adding_leaves_an_event_and_the_time_of_the_save(client):
    assessment = make_assessment()
    before = assessment.saved_at

    piece = add(assessment, text="Đọc báo.")

    event = Event.objects.get(verb="evidence")
    assert (event.object_id, event.new, event.stream) == (piece.pk, "text", assessment.board_id)
    assert reload(assessment).saved_at > before
    assert reload(assessment).version == assessment.version


@pytest.mark.parametrize("typed", [{}, {"text": "  \n ", "url": " "}, {"also": ["I.1.2"]}])
def test_nothing_given_is_said_beside_the_field(client, typed):
    assessment = make_assessment()
    sign_in(client, assessment)

    response = client.post(page(assessment), typed)

    assert response.context["form"].errors == {
        "file": ["Chưa có gì để lưu. Chọn ảnh, kể bằng lời hoặc dán một đường dẫn."]
    }
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    "typed",
    ["javascript:alert(1)", "ftp://khuyenhoc.vn/a", "file:///etc/passwd", "data:text/html,a", "xem ở nhà"],
)
def test_only_addresses_of_the_web_are_links(client, typed):
    assessment = make_assessment()
    sign_in(client, assessment)

    response = client.post(page(assessment), {"url": typed, "text": "Tôi học ở nhà."})

    assert response.context["form"].errors == {
        "url": [
            "Đường dẫn này chưa mở được. Sao chép cả dòng địa chỉ, bắt đầu bằng https://, rồi dán vào đây."
        ]
    }
    assert response.context["form"]["text"].value() == "Tôi học ở nhà."
    assert not Evidence.objects.exists()


def test_fifty_megabytes_are_counted_and_not_kept(client, media, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    assessment = make_assessment()
    sign_in(client, assessment)
    heavy = upload("clip lop hoc.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * (50 * MEGABYTE - 4))

    response = client.post(page(assessment), {"file": heavy, "text": "Ảnh lớp học ở xã."})

    assert response.context["form"].errors == {
        "file": [
            "Tệp “clip lop hoc.jpg” nặng 50 MB, nhiều nhất là 20 MB. "
            "Ảnh thì chụp màn hình tấm ảnh ấy rồi chọn lại. PDF thì quét nhẹ hơn hoặc chia nhỏ ra."
        ]
    }
    assert 'id="id_file_error"' in response.content.decode()
    assert response.context["form"]["text"].value() == "Ảnh lớp học ở xã."
    assert not response.context["form"].files["file"].is_whole
    assert not Evidence.objects.exists()
    assert files_in(media) == files_in(tmp_path) == []


def test_a_byte_too_many_does_not_read_like_the_limit(settings):
    heavy = upload(content=b"")
    heavy.size = settings.EVIDENCE_MAX_BYTES + 1

    with pytest.raises(Unfit, match=r"nặng 20,1 MB, nhiều nhất là 20 MB"):
        evidence.checked(heavy)


def test_no_page_keeps_more_than_the_limit_of_what_anybody_sends_it(client, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    settings.EVIDENCE_MAX_BYTES = 3 * MEGABYTE
    two = [upload(f"{number}.jpg", b"\x00" * 2 * MEGABYTE) for number in (1, 2)]

    response = client.post(reverse("accounts:sign_in"), {"username": "a", "password": "b", "file": two})

    first, second = response.wsgi_request.FILES.getlist("file")
    assert (first.is_whole, first.size) == (True, 2 * MEGABYTE)
    assert (second.is_whole, second.size) == (False, 2 * MEGABYTE)


def test_an_exe_named_like_a_picture_is_refused_and_the_words_stay(client, media):
    assessment = make_assessment()
    sign_in(client, assessment)

    response = client.post(page(assessment), {"file": upload("anh.jpg", EXE), "text": "Ảnh lớp học."})

    assert response.context["form"].errors == {
        "file": [
            "Tệp “anh.jpg” mang đuôi .jpg nhưng bên trong không phải là ảnh hay PDF. "
            "Chọn ảnh chụp (JPEG, PNG, WebP, HEIC) hoặc tệp PDF."
        ]
    }
    assert "Chưa lưu gì. Chữ bạn gõ vẫn còn; tệp thì phải chọn lại." in response.content.decode()
    assert response.context["form"]["text"].value() == "Ảnh lớp học."
    assert not Evidence.objects.exists()
    assert files_in(media) == []


def test_an_empty_file_is_refused(client):
    assessment = make_assessment()
    sign_in(client, assessment)

    response = client.post(page(assessment), {"file": upload(content=b"")})

    assert response.context["form"].errors == {
        "file": ["Tệp này trống, không có gì bên trong. Chọn tệp khác."]
    }


@contextmanager
def no_room_for_files_above(size):
    """Every write beyond fails half-way, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


NO_ROOM = (
    "Máy chủ tạm thời hết chỗ chứa tệp nên chưa lưu được gì. Chữ bạn gõ vẫn còn: thử lại sau ít phút, "
    "hoặc báo hội khuyến học xã."
)


def test_a_full_disk_keeps_nothing_by_halves(client, media):
    assessment = make_assessment()
    sign_in(client, assessment)
    long = upload("giay.pdf", PDF[:-6] + b" " * 500_000 + b"%%EOF")

    with no_room_for_files_above(100_000):
        response = client.post(page(assessment), {"file": long, "text": "Giấy khen của xã."})

    assert response.context["form"].errors == {"file": [NO_ROOM]}
    assert response.context["form"]["text"].value() == "Giấy khen của xã."
    assert not Evidence.objects.exists()
    assert files_in(media) == []


def test_a_disk_that_is_full_while_the_file_arrives_is_said_too(client, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "nowhere"
    assessment = make_assessment()
    sign_in(client, assessment)

    response = client.post(page(assessment), {"file": upload(content=PDF + b" " * 2 * MEGABYTE)})

    assert response.context["form"].errors == {"file": [NO_ROOM]}


def test_a_row_that_cannot_be_written_leaves_no_file_behind(media):
    assessment = make_assessment()
    file = evidence.checked(upload())

    indicators = [indicator_of(assessment), Criterion(code="chưa lưu")]

    with pytest.raises(ValueError, match="Criterion"):
        evidence.add(assessment, indicators, by=assessment.citizen.user, file=file)

    assert files_in(media) == []
    assert not Evidence.objects.exists()


def test_a_double_click_keeps_one_piece_and_one_file(client, media):
    assessment = make_assessment()
    sign_in(client, assessment)

    for _click in range(2):
        client.post(page(assessment), {"file": upload(), "text": "Ảnh lớp học.", "url": "https://a.vn/1"})

    assert assessment.evidence.count() == 3
    assert len(files_in(media)) == 1


def test_words_told_on_two_devices_stand_side_by_side_before_the_later_are_saved(client):
    assessment = make_assessment()
    sign_in(client, assessment)
    newest = client.get(page(assessment)).context["form"]["newest"].value()
    later = {"text": "Học nấu ăn ở xã.", "newest": newest}
    client.post(page(assessment), {"text": "Học làm bánh.", "newest": newest})
    assert client.post(page(assessment), {"text": "Học làm bánh.", "newest": newest}).status_code == 302

    for shown in (client.post(page(assessment), later), client.get(page(assessment))):
        assert "Ở nơi khác: Học làm bánh. Trên trang này: Học nấu ăn ở xã." in words_of(shown)
    assert assessment.evidence.count() == 1

    client.post(page(assessment), later | {"newest": shown.context["form"]["newest"].value()})
    assert [piece.text for piece in assessment.evidence.order_by("pk")] == [
        "Học làm bánh.",
        "Học nấu ăn ở xã.",
    ]
    client.post(page(assessment), later | {"text": "Học may."})
    client.post(page(assessment), later | {"discard": "1"})
    assert client.get(page(assessment)).context["form"]["text"].value() is None


def test_there_is_a_most_of_files(client, monkeypatch, media):
    monkeypatch.setattr(evidence, "MOST_FILES", 1)
    assessment = make_assessment()
    sign_in(client, assessment)
    client.post(page(assessment), {"file": upload()})

    response = client.post(page(assessment), {"file": upload("hai.jpg", picture(colour="blue"))})

    assert response.context["form"].non_field_errors() == [
        "Hồ sơ đã có 1 tệp, là nhiều nhất. Bỏ bớt một tệp rồi mới thêm được."
    ]
    assert len(files_in(media)) == 1


def test_after_sending_nothing_is_added_and_the_words_stay(client):
    assessment = make_submitted_assessment()
    sign_in(client, assessment)

    response = client.post(page(assessment), {"text": "Quên chưa kể."})

    assert response.context["form"].non_field_errors() == [
        "Hồ sơ này đang ở tình trạng “đã gửi” nên không làm được việc này."
    ]
    assert response.context["form"]["text"].value() == "Quên chưa kể."
    assert not Evidence.objects.exists()


def test_after_the_end_nothing_is_added():
    assessment = make_assessment(campaign=open_campaign())
    open_campaign(self_assessment=closed_window())

    with pytest.raises(Refused, match="Đã hết hạn tự chấm"):
        add(assessment, text="Đọc báo.")

    assert not Evidence.objects.exists()


def test_words_typed_before_the_session_ended_come_back(client):
    assessment = make_assessment()
    sign_in(client, assessment)
    client.get(page(assessment))
    Session.objects.all().delete()
    del client.cookies["sessionid"]
    referer = f"http://testserver{page(assessment)}"
    typed = {"text": "Đọc báo.", "also": ["I.1.2"], "file": upload("lop.jpg")}
    client.post(page(assessment), typed, headers={"referer": referer})
    sign_in(client, assessment)

    shown = client.get(page(assessment))

    assert shown.context["form"]["text"].value() == "Đọc báo."
    assert shown.context["form"]["also"].value() == ["I.1.2"]
    assert "Tệp phải chọn lại: lop.jpg." in shown.content.decode()


def test_an_indicator_of_another_form_is_not_there(client):
    assessment = make_assessment(group=Group.IV)
    sign_in(client, assessment)

    assert client.get(page(assessment, "I.1.1")).status_code == 404
    assert client.get(page(assessment, "IV.1")).status_code == 200


# --- Taking away ----------------------------------------------------------------------------------


@pytest.mark.feature("A6")
def test_a_piece_taken_away_leaves_no_file(client, media, django_capture_on_commit_callbacks):
    assessment = make_assessment()
    piece = add(assessment, file=upload())
    sign_in(client, assessment)

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(act("evidence_drop", assessment, piece))

    assert messages_of(response) == ["Đã bỏ minh chứng khỏi chỉ số I.1.1. Hồ sơ chưa gửi."]
    assert not Evidence.objects.exists()
    assert files_in(media) == []
    assert Event.objects.filter(verb="evidence", old="file", object_id=piece.pk).count() == 1


def test_a_piece_that_serves_another_indicator_stays(client, media, django_capture_on_commit_callbacks):
    assessment = make_assessment()
    piece = add(assessment, file=upload())
    evidence.share(piece, indicator_of(assessment, "I.1.2"), by=assessment.citizen.user)
    sign_in(client, assessment)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(act("evidence_drop", assessment, piece))

    assert served_codes(piece) == ["I.1.2"]
    assert len(files_in(media)) == 1


@pytest.fixture
def reopened():
    """A confirmed record with a file behind it, opened again and returned; its page may be written."""
    assessment = make_scored_assessment()
    piece = add(assessment, file=upload())
    workflow.submit(assessment, by=assessment.citizen.user)
    confirmer = make_confirmer(assessment.board)
    workflow.confirm(assessment, by=confirmer)
    workflow.reopen(make_extension(assessment=assessment))
    workflow.send_back(reload(assessment), by=confirmer, reason="Thay ảnh.")
    return reload(assessment), piece


@pytest.mark.feature("A6", "E4")
def test_what_a_confirmation_rests_on_comes_back_with_it(
    client, reopened, media, django_capture_on_commit_callbacks
):
    assessment, piece = reopened
    sign_in(client, assessment)
    with django_capture_on_commit_callbacks(execute=True):
        responses = [client.post(act("evidence_drop", assessment, piece)) for _ in range(2)]
    assert "vẫn được giữ lại" in messages_of(responses[0])[0]
    assert served_codes(piece) == []
    assert "anh.jpg" not in words_of(client.get(page(assessment)))

    Window.objects.update(closes_at=clock.now())
    Extension.objects.update(closes_at=clock.now())
    closing.lock_confirmation(clock.now())

    assert reload(assessment).state == State.CONFIRMED
    assert served_codes(piece) == ["I.1.1"]
    assert len(files_in(media)) == 1


def test_what_was_added_since_the_reopening_leaves_no_file(
    reopened, media, django_capture_on_commit_callbacks
):
    assessment, _piece = reopened
    later = add(assessment, file=upload("khac.jpg", picture(colour="blue")))
    with django_capture_on_commit_callbacks(execute=True):
        evidence.drop(later, indicator_of(assessment, "I.1.1"), by=assessment.citizen.user)

    assert len(files_in(media)) == Evidence.objects.count() == 1


def test_taking_away_twice_is_no_error(client):
    assessment = make_assessment()
    piece = add(assessment, text="Đọc báo.")
    sign_in(client, assessment)
    address = act("evidence_drop", assessment, piece)
    client.post(address)

    assert client.post(address).url == page(assessment)


def test_after_sending_nothing_is_taken_away(client):
    assessment = make_scored_assessment()
    piece = add(assessment, text="Đọc báo.")
    workflow.submit(assessment, by=assessment.citizen.user)
    sign_in(client, assessment)

    for name in ("evidence_drop", "evidence_share"):
        response = client.post(act(name, assessment, piece))

        assert (
            messages_of(response)[-1] == "Hồ sơ này đang ở tình trạng “đã gửi” nên không làm được việc này."
        )
    assert served_codes(piece) == ["I.1.1"]


def test_nobody_adds_to_or_takes_from_a_record_of_somebody_else(client):
    assessment = make_assessment()
    piece = add(assessment, text="Đọc báo.")
    other = make_assessment(board=assessment.board, campaign=assessment.campaign)
    sign_in(client, other)

    assert client.post(page(assessment), {"text": "Của tôi."}).status_code == 404
    assert client.post(act("evidence_drop", assessment, piece)).status_code == 404
    assert client.post(act("evidence_share", assessment, piece, "I.1.2")).status_code == 404
    # Under the own record the piece of another is not found either.
    client.post(act("evidence_drop", other, piece))
    client.post(act("evidence_share", other, piece, "I.1.2"))
    assert assessment.evidence.count() == 1
    assert served_codes(piece) == ["I.1.1"]


# --- Showing --------------------------------------------------------------------------------------


def test_a_picture_opens_in_the_browser_and_may_do_nothing_there(client):
    piece = add(make_assessment(), file=upload("lớp học.jpg"))
    sign_in(client, piece.assessment)

    response = client.get(served("evidence_file", piece))

    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"].startswith("inline;")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert response["Cache-Control"] == "private, no-store"
    assert len(b"".join(response.streaming_content)) == piece.size


def test_a_pdf_is_saved_where_it_is_opened(client):
    piece = add(make_assessment(), file=upload("giấy khen.pdf", PDF))
    sign_in(client, piece.assessment)

    response = client.get(served("evidence_file", piece))

    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''gi%E1%BA%A5y%20khen.pdf"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert b"".join(response.streaming_content) == PDF


@pytest.mark.parametrize(
    ("name", "content", "framed"), [("giấy khen.pdf", PDF, True), ("lớp học.jpg", None, False)]
)
def test_a_pdf_alone_is_shown_inside_a_page_of_ours_and_may_do_nothing_there(client, name, content, framed):
    piece = add(make_assessment(), file=upload(name, content) if content else upload(name))
    sign_in(client, piece.assessment)

    response = client.get(served("evidence_file", piece), {"xem": "1"})

    by = "'self'" if framed else "'none'"
    assert response["Content-Disposition"].startswith("inline;")
    assert response["Content-Security-Policy"] == f"default-src 'none'; sandbox; frame-ancestors {by}"
    assert response["X-Frame-Options"] == ("SAMEORIGIN" if framed else "DENY")
    assert len(b"".join(response.streaming_content)) == piece.size
    assert response["X-Content-Type-Options"] == "nosniff"


def test_lists_show_a_picture_small(client):
    piece = add(make_assessment(), file=upload(content=picture(size=(1600, 1200))))
    sign_in(client, piece.assessment)

    response = client.get(served("evidence_thumbnail", piece))

    with Image.open(io.BytesIO(response.content)) as small:
        assert (small.format, small.size) == ("JPEG", (160, 120))
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"


def test_a_pdf_has_no_small_picture(client):
    piece = add(make_assessment(), file=upload("giay.pdf", PDF))
    sign_in(client, piece.assessment)

    assert client.get(served("evidence_thumbnail", piece)).status_code == 404


def test_words_and_lost_files_are_not_there_as_files(client, media):
    assessment = make_assessment()
    words, lost = add(assessment, text="Đọc báo."), add(assessment, file=upload())
    for path in files_in(media):
        path.unlink()
    sign_in(client, assessment)

    for piece in (words, lost):
        for name in ("evidence_file", "evidence_thumbnail"):
            assert client.get(served(name, piece)).status_code == 404


@pytest.mark.parametrize("name", ["evidence_file", "evidence_thumbnail"])
def test_who_may_see_a_file(client, name):
    assessment = make_scored_assessment()
    piece = add(assessment, file=upload())
    board, elsewhere = make_confirmer(assessment.board), make_confirmer(make_village("Tân Long"))
    neighbour = make_citizen_with_account("Lê Thị Hạnh", board=assessment.board).user

    assert client.get(served(name, piece)).status_code == 302  # to the sign-in page
    client.force_login(board)
    assert client.get(served(name, piece)).status_code == 404  # not sent to it yet

    workflow.submit(assessment, by=assessment.citizen.user)

    for user, status in ((assessment.citizen.user, 200), (board, 200), (elsewhere, 404), (neighbour, 404)):
        client.force_login(user)
        response = client.get(served(name, piece))
        b"".join(response)  # read to its end, where the file is closed
        assert response.status_code == status


def test_a_file_is_not_found_under_another_record(client):
    piece = add(make_assessment(), file=upload())
    other = make_assessment(board=piece.assessment.board, campaign=piece.assessment.campaign)
    sign_in(client, other)

    address = reverse("assessments:evidence_file", args=[other.pk, piece.pk])

    assert client.get(address).status_code == 404


def test_the_path_on_the_disk_says_nothing_and_leads_nowhere(client):
    piece = add(make_assessment(), file=upload("Nguyễn Thị Hoa.jpg"))
    sign_in(client, piece.assessment)

    assert "Hoa" not in piece.file.name
    assert len(piece.file.name.rpartition("/")[2]) == len("x" * 40 + ".jpg")
    assert client.get(f"/media/{piece.file.name}").status_code == 404
    assert client.get(f"/{piece.file.name}").status_code == 404


def test_words_are_shown_as_words(client):
    assessment = make_assessment()
    add(assessment, text="<script>alert(1)</script>\nDòng hai")
    sign_in(client, assessment)

    content = client.get(page(assessment)).content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>Dòng hai" in content
    assert "<script>" not in content


def test_a_link_opens_beside_the_page_and_tells_the_other_site_nothing(client):
    assessment = make_assessment()
    add(assessment, url="https://khuyenhoc.vn/bai?a=1&b=2")
    sign_in(client, assessment)

    content = client.get(reverse("assessments:section", args=[assessment.pk, "1"])).content.decode()

    assert (
        'href="https://khuyenhoc.vn/bai?a=1&amp;b=2" target="_blank" rel="noopener noreferrer nofollow"'
        in content
    )
