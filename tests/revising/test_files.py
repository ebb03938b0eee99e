"""Drafts from files: what was downloaded comes back as it was, a fault is named with its place."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from openpyxl import load_workbook

from criteria import reading, writing
from criteria.drafts import Draft
from criteria.models import CriteriaSet, Status
from revising import drafting, workbooks
from tests.factories import make_centre, make_officer
from tests.pages import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("D1")]


@pytest.fixture
def drafter():
    call_command("load_criteria", verbosity=0)
    return make_officer(make_centre())


@pytest.fixture
def officer(client, drafter):
    client.force_login(drafter)
    return client


def send(client, content, name="bo.yaml"):
    return client.post(reverse("revising:upload"), {"file": SimpleUploadedFile(name, content)})


def downloaded(client, criteria_set, kind):
    response = client.get(reverse(f"revising:download_{kind}", args=[criteria_set.pk]))
    return b"".join(response.streaming_content) if response.streaming else response.content


def one_of(**fields):
    return CriteriaSet.objects.filter(**fields).order_by("pk").first()


def test_every_shipped_set_comes_back_from_both_files_as_it_was(drafter):
    for criteria_set in CriteriaSet.objects.all():
        said = Draft.of(criteria_set).says()
        file = BytesIO()
        workbooks.write([Draft.of(criteria_set)], file)
        for read in (
            workbooks.read(file),
            reading.read(BytesIO(writing.yaml_of([Draft.of(criteria_set)]).encode())),
        ):
            assert [draft.says() for draft in read] == [said], criteria_set


@pytest.mark.parametrize("kind", ["yaml", "excel"])
def test_a_file_becomes_a_draft_and_the_draft_the_same_file(officer, drafter, kind):
    sent = downloaded(officer, one_of(level="unit"), kind)

    answer = send(officer, sent, "bo.xlsx" if kind == "excel" else "bo.yaml")

    draft = CriteriaSet.objects.get(status=Status.DRAFT)
    assert answer.url == reverse("revising:detail", args=[draft.pk])
    assert draft.drafted_by == drafter.pk
    assert Draft.of(draft).says() == Draft.of(one_of(level="unit")).says()
    if kind == "yaml":
        assert downloaded(officer, draft, kind) == sent


def bad_files():
    """(what is wrong, how the text of a good file is spoilt, what is said)."""
    yield "duplicate code", lambda text: text.replace("code: I.1.2", "code: I.1.1"), "đã có ở dòng"
    yield "total", lambda text: text.replace("total: 100", "total: 99"), "cộng lại là 100"
    yield "pass mark", lambda text: text.replace("pass_mark: 80", "pass_mark: 101"), "lớn hơn tổng điểm 100"
    yield "ten megabytes", lambda text: text + "#" * 10 * 1024 * 1024, "lớn"
    yield "unknown field", lambda text: text.replace("pass_mark: 80", "passmark: 80"), "passmark"


@pytest.mark.parametrize(("what", "spoil", "said"), list(bad_files()))
def test_a_bad_file_is_refused_with_the_reason_and_nothing_is_taken(officer, what, spoil, said):
    text = downloaded(officer, one_of(group="I"), "yaml").decode()
    assert spoil(text) != text

    page = send(officer, spoil(text).encode())

    assert page.status_code == 200
    assert said in " ".join(page.context["form"].errors["file"])
    assert not CriteriaSet.objects.filter(status=Status.DRAFT).exists()


def test_a_bad_workbook_is_refused_with_its_row(officer):
    book = load_workbook(BytesIO(downloaded(officer, one_of(group="I"), "excel")))
    sheet = book.active
    codes = [row for row in sheet.iter_rows() if row[0].value == "chỉ số"]
    codes[1][1].value = codes[0][1].value
    file = BytesIO()
    book.save(file)

    page = send(officer, file.getvalue(), "bo.xlsx")

    assert f"dòng {codes[1][0].row}: Mã “I.1.1” đã có ở dòng {codes[0][0].row}." in words_of(page)
    assert not CriteriaSet.objects.filter(status=Status.DRAFT).exists()


def test_two_sets_in_force_at_once_and_a_link_to_nowhere_are_refused(officer, drafter):
    of_citizen = Draft.of(one_of(group="I"))
    twice = writing.yaml_of([of_citizen, of_citizen]).encode()
    assert "Hiệu lực chồng lên" in words_of(send(officer, twice))
    text = downloaded(officer, one_of(level="unit"), "yaml").decode()
    wrong = text.replace("source_level: citizen", "source_level: nobody", 1)
    assert wrong != text
    assert "source_level" in words_of(send(officer, wrong.encode()))
    assert not CriteriaSet.objects.filter(status=Status.DRAFT).exists()


def test_a_copy_says_what_its_original_says(drafter):
    for criteria_set in list(CriteriaSet.objects.all()):
        draft = drafting.copy(criteria_set, by=drafter)
        old, new = Draft.of(criteria_set).says(), Draft.of(draft).says()
        assert old[1:] == new[1:]
        assert {name for name in old[0] if old[0][name] != new[0][name]} <= {"valid_from"}
