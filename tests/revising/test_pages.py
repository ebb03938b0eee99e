"""The pages of criteria: what everybody reads, and how officers of the centre write a draft."""

import pytest
from django.urls import reverse

from criteria.models import CriteriaSet, Group, Status
from revising import drafting, publishing, rerunning, tasks
from revising.models import Rerun
from tests.criteria.versions import say
from tests.factories import (
    load_criteria,
    make_centre,
    make_citizen_with_account,
    make_confirmer,
    make_officer,
    make_village,
)
from tests.pages import basis_by_criterion, words_of
from tests.revising.years import judged_year

pytestmark = [pytest.mark.django_db, pytest.mark.feature("D1")]


@pytest.fixture
def drafter():
    load_criteria()
    return make_officer(make_centre())


@pytest.fixture
def old(drafter):
    return CriteriaSet.objects.get(group=Group.I)


@pytest.fixture
def draft(old, drafter):
    return drafting.copy(old, by=drafter)


@pytest.fixture
def officer(client, drafter):
    client.force_login(drafter)
    return client


def at(name, draft):
    return reverse(f"revising:{name}", args=[draft.pk])


def typed_in(client, draft):
    """What the form sends when nobody touches it."""
    form = client.get(at("edit", draft)).context["form"]
    return {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}


def test_everybody_reads_what_is_in_force_and_nobody_else_a_draft(client, old, draft):
    assert str(old) in words_of(client.get(reverse("revising:index")))
    page = words_of(client.get(at("detail", old)))
    assert "324/QĐ-KHVN" in page
    assert "Lời văn:" not in page
    for visitor in (None, make_confirmer(make_village()), make_citizen_with_account().user):
        if visitor:
            client.force_login(visitor)
        assert client.get(at("detail", draft)).status_code == 404
        assert client.get(at("difference", draft)).status_code == 404


@pytest.mark.feature("D4")
def test_each_criterion_is_shown_with_what_it_rests_on(client, old):
    shown = basis_by_criterion(client.get(at("detail", old)))
    assert len(shown) == len(old.indicators)
    for criterion, (name, basis) in zip(old.indicators, shown.items(), strict=True):
        assert criterion.text in name
        assert criterion.basis
        assert basis.startswith(criterion.basis)


def test_staff_see_how_sure_the_words_are(client, old):
    client.force_login(make_confirmer(make_village()))

    assert "Lời văn: " in words_of(client.get(at("detail", old)))


def test_what_is_typed_is_saved_and_shows_as_the_difference(officer, old, draft):
    typed = typed_in(officer, draft)
    line, section = draft.criteria.get(code="I.1.1"), draft.sections[0]
    typed[f"c{line.pk}-text"] = line.text + " mỗi ngày"
    typed[f"c{line.pk}-law_text"] = "Điều 3"
    typed |= {"pass_mark": "82,5", "floor": "4"}
    typed[f"c{draft.criteria.get(code='I.3.2').pk}-gone"] = "on"
    typed |= {
        f"n{section.pk}-code": "I.1.9",
        f"n{section.pk}-text": "Học nghề",
        f"n{section.pk}-maximum": "10",
    }

    assert officer.post(at("edit", draft), typed | {"done": "1"}).url == at("detail", draft)

    draft.refresh_from_db()
    assert (draft.pass_mark, draft.revision) == (82.5, 2)
    page = words_of(officer.get(at("difference", draft)))
    assert "Thêm 1, bỏ 1, đổi 1 chỉ số." in page
    assert "82,5" in page
    assert "Học nghề" in page
    assert CriteriaSet.objects.get(pk=draft.pk).indicators[4].code == "I.1.9"


def test_what_does_not_add_up_is_refused_beside_its_field_and_nothing_typed_is_lost(officer, draft):
    typed = typed_in(officer, draft)
    line, section = draft.criteria.get(code="I.1.1"), draft.sections[0]
    typed |= {"title": "Tên mới", "total": "99", "pass_mark": "101", f"n{section.pk}-code": "I.1.2"}

    first = officer.post(at("edit", draft), typed).context["form"]
    assert list(first.errors) == [f"n{section.pk}-code", f"n{section.pk}-text"]
    typed[f"n{section.pk}-code"] = ""
    refused = officer.post(at("edit", draft), typed).context["form"]

    assert refused.errors["total"] == ["Các chỉ số cộng lại là 100 điểm, không phải số này."]
    assert refused.errors["pass_mark"] == ["Cao hơn tổng điểm: các chỉ số cộng lại là 100."]
    assert refused["title"].value() == "Tên mới"
    typed |= {"total": "", "pass_mark": "tám mươi", f"c{line.pk}-maximum": ""}
    assert "pass_mark" in officer.post(at("edit", draft), typed).context["form"].errors
    draft.refresh_from_db()
    assert (draft.revision, draft.pass_mark) == (1, 80)


def test_the_later_of_two_tabs_is_warned_and_keeps_what_it_typed(officer, draft):
    first, second = typed_in(officer, draft), typed_in(officer, draft)
    officer.post(at("edit", draft), first | {"title": "Bản một"})

    page = officer.post(at("edit", draft), second | {"title": "Tab hai"})
    assert "Người khác vừa lưu bản thảo này" in words_of(page)
    form = page.context["form"]
    assert form["title"].value() == "Tab hai"
    draft.refresh_from_db()
    assert draft.title == "Bản một"
    officer.post(at("edit", draft), second | {"title": "Tab hai", "revision": form["revision"].value()})

    draft.refresh_from_db()
    assert draft.title == "Tab hai"


def test_a_draft_is_asked_for_published_and_then_no_draft_any_more(officer, client, draft):
    officer.post(at("ask", draft))
    client.force_login(make_officer(make_centre(), "Hoàng Thị Yến"))
    client.post(at("publish", draft), {"revision": "2"})
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT

    for _click in range(2):
        assert client.post(at("publish", draft), {"revision": "1"}).url == at("detail", draft)

    draft.refresh_from_db()
    assert draft.status == Status.PUBLISHED
    assert client.get(at("edit", draft)).url == at("detail", draft)
    assert client.post(at("remove", draft)).status_code == 404
    assert client.get(at("trial", draft)).status_code == 404
    assert publishing.in_force_before(draft) is not None


def test_a_draft_can_be_thrown_away(officer, draft):
    publishing.ask(draft, by=make_officer(make_centre()))
    officer.post(at("remove", draft))

    assert not CriteriaSet.objects.filter(pk=draft.pk).exists()


@pytest.mark.feature("D3")
def test_a_trial_says_that_it_is_old_once_the_draft_changed(officer, draft):
    assert "Chưa có năm nào đã xác nhận" in words_of(officer.get(at("trial", draft)))
    judged_year()
    officer.post(at("try_out", draft), {"start": "1"})
    tasks.work_on_rerun(Rerun.objects.get().pk)
    assert "Nếu áp dụng cho năm" in words_of(officer.get(at("trial", draft)))
    assert "0 người đổi kết quả" in words_of(officer.get(reverse("revising:index")))
    say(draft, "I.1.1", text="Khác")
    CriteriaSet.objects.filter(pk=draft.pk).update(revision=2)

    assert "Bản thảo đã đổi sau lần tính này" in words_of(officer.get(at("trial", draft)))
    (province,) = rerunning.by_province(Rerun.objects.get())
    communes = officer.get(at("trial", draft), {"tinh": province["province"]})
    assert "Mọi tỉnh, thành phố" in words_of(communes)
