"""What Django and the packages say is Vietnamese, and the compiled catalogue is the one written by hand."""

import ast
import datetime
import gettext as catalogues
import struct

import pytest
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.paginator import InvalidPage, Paginator
from django.core.validators import FileExtensionValidator, URLValidator
from django.utils.timesince import timesince
from django.utils.translation import gettext, ngettext

FOLDER = settings.LOCALE_PATHS[0] / "vi" / "LC_MESSAGES"
NEVER_IN_ENGLISH = [
    "This field is required.",
    "Enter a valid value.",
    "Enter a valid email address.",
    "Enter a valid URL.",
    "Enter a valid date.",
    "Enter a number.",
    "Enter a whole number.",
    "Enter a complete value.",
    "No file was submitted.",
    "The submitted file is empty.",
    "Null characters are not allowed.",
    "File extension “%(extension)s” is not allowed. Allowed extensions are: %(allowed_extensions)s.",
    "Upload a valid image. The file you uploaded was either not an image or a corrupted image.",
    "Select a valid choice. That choice is not one of the available choices.",
    "Select a valid choice. %(value)s is not one of the available choices.",
    "Ensure this value is a multiple of step size %(limit_value)s.",
    "That page number is not an integer",
    "That page contains no results",
    "Value must be valid JSON.",
    "“%(value)s” is not a valid UUID.",
    "CSRF verification failed. Request aborted.",
    "This password is too common.",
    "This password is entirely numeric.",
    "The two password fields didn’t match.",
    "Your old password was entered incorrectly. Please enter it again.",
    "Please enter a correct %(username)s and password. Note that both fields may be case-sensitive.",
    "This account is inactive.",
    "Toggle theme (current theme: auto)",
    "Skip to main content",
    "Filter navigation items",
    "Delete",
    "Save",
    "Log in",
    "Account locked: too many login attempts. Please try again later.",
    "access attempts",
    "is greater than or equal to",
    "Select a lookup.",
    "Past 7 days",
]


@pytest.mark.parametrize("message", NEVER_IN_ENGLISH)
def test_a_message_people_see_is_vietnamese(message):
    assert gettext(message) != message


@pytest.mark.parametrize(
    "messages",
    [
        ("%(num)d year", "%(num)d years"),
        ("%(num)d month", "%(num)d months"),
        ("%(num)d week", "%(num)d weeks"),
        ("%(num)d day", "%(num)d days"),
        ("%(num)d hour", "%(num)d hours"),
        ("%(num)d minute", "%(num)d minutes"),
        ("Please submit at most %(num)d form.", "Please submit at most %(num)d forms."),
        ("entry", "entries"),
    ],
)
def test_a_counted_message_is_vietnamese(messages):
    assert ngettext(*messages, 1) not in messages
    assert ngettext(*messages, 2) not in messages


def test_every_line_written_by_hand_is_in_the_compiled_catalogue():
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = catalogues.GNUTranslations(file)

    written = _read_po((FOLDER / "django.po").read_text())

    assert len(written) > 200
    assert {key: compiled.gettext(key) for key in written if not isinstance(key, tuple)} == {
        key: value for key, value in written.items() if not isinstance(key, tuple)
    }
    assert all(
        compiled.ngettext(*key, 2) == value for key, value in written.items() if isinstance(key, tuple)
    )


@pytest.mark.parametrize("word", ["không hợp lệ", "vui lòng", "!"])
def test_the_catalogue_keeps_the_tone_of_the_portal(word):
    written = _read_po((FOLDER / "django.po").read_text())

    assert [value for value in written.values() if word in value.lower()] == []


def test_times_since_are_vietnamese():
    now = datetime.datetime(2026, 12, 22, 14, 5, tzinfo=datetime.UTC)

    assert timesince(now - datetime.timedelta(days=75, hours=3), now) == "2\xa0tháng, 2\xa0tuần"
    assert timesince(now - datetime.timedelta(hours=5, minutes=2), now) == "5\xa0giờ, 2\xa0phút"


def test_a_weak_password_is_refused_in_vietnamese():
    with pytest.raises(ValidationError) as refusal:
        validate_password("123456")

    assert refusal.value.messages == [
        "Mật khẩu này ngắn quá. Cần ít nhất 8 ký tự.",
        "Nhiều người dùng mật khẩu này nên dễ bị đoán. Chọn mật khẩu khác.",
        "Mật khẩu này chỉ có chữ số. Thêm vài chữ cái.",
    ]


def test_a_wrong_kind_of_file_is_refused_in_vietnamese():
    with pytest.raises(ValidationError) as refusal:
        FileExtensionValidator(["jpg", "pdf"])(type("File", (), {"name": "virus.exe"}))

    assert refusal.value.messages == ["Cổng không nhận tệp .exe. Chọn tệp thuộc loại: jpg, pdf."]


def test_a_page_that_is_not_there_is_said_in_vietnamese():
    with pytest.raises(InvalidPage, match="Không có trang này"):
        Paginator([1, 2, 3], 2).page(9)


def test_a_wrong_address_and_a_long_text_are_refused_in_vietnamese():
    with pytest.raises(ValidationError, match="Gõ đường dẫn đầy đủ"):
        URLValidator()("hoctap")

    with pytest.raises(ValidationError) as refusal:
        forms.CharField(max_length=3).clean("Ngọc Ánh")
    assert refusal.value.messages == ["Nhiều nhất 3 chữ, bạn gõ 8. Viết ngắn lại."]


def _read_po(text):
    """Message → translation; both English forms of a counted message are its key. Contexts are left out."""
    written = {}
    for block in text.split("\n\n")[1:]:
        parts, part = {}, None
        for line in block.splitlines():
            keyword, _space, quoted = line.partition(" ")
            if line.startswith('"'):
                parts[part] += ast.literal_eval(line)
            elif not line.startswith("#"):
                part = keyword
                parts[part] = ast.literal_eval(quoted)
        if "msgctxt" in parts or "msgid" not in parts:
            continue
        if "msgid_plural" in parts:
            written[parts["msgid"], parts["msgid_plural"]] = parts["msgstr[0]"]
        else:
            written[parts["msgid"]] = parts["msgstr"]
    return written


@pytest.mark.django_db
@pytest.mark.feature("J7")
def test_another_language_needs_its_words_and_a_line_in_the_settings(client, settings, tmp_path):
    """Of two words one is translated: the other stays Vietnamese."""
    (tmp_path / "km" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "km" / "LC_MESSAGES" / "django.mo").write_bytes(_compiled("Mật khẩu", "ពាក្យសម្ងាត់"))
    settings.LOCALE_PATHS = [tmp_path, *settings.LOCALE_PATHS]
    settings.LANGUAGES = [*settings.LANGUAGES, ("km", "ភាសាខ្មែរ")]

    page = client.get("/dang-nhap/", headers={"accept-language": "km,vi;q=0.5"}).content.decode()
    of_others = client.get("/dang-nhap/", headers={"accept-language": "en"}).content.decode()

    assert '<html lang="km"' in page
    assert "ពាក្យសម្ងាត់" in page
    assert ">Đăng nhập<" in page
    assert '<html lang="vi"' in of_others
    assert "ពាក្យសម្ងាត់" not in of_others


def _compiled(source, translated):
    """A catalogue of one line, as msgfmt makes it: a header, two tables of (length, offset), the words."""
    pairs = [(b"", b"Content-Type: text/plain; charset=UTF-8\n"), (source.encode(), translated.encode())]
    words, tables = b"", ([], [])
    for pair in pairs:
        for table, text in zip(tables, pair, strict=True):
            table += [len(text), 28 + 16 * len(pairs) + len(words)]
            words += text + b"\0"
    count = len(pairs)
    head = struct.pack("<7I", 0x950412DE, 0, count, 28, 28 + 8 * count, 0, 28 + 16 * count)
    return head + struct.pack(f"<{4 * count}I", *tables[0], *tables[1]) + words
