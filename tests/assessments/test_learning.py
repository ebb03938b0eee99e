"""The learning plan of the year, and an answer without evidence."""

import pytest
from django.urls import reverse

from assessments import learning, queue, workflow
from assessments.models import Assessment
from audit import clock
from audit.models import Event
from tests.factories import (
    load_criteria,
    make_assessment,
    make_citizen_with_account,
    make_confirmer,
    make_scored_assessment,
    open_campaign,
)
from tests.pages import messages_of, words_of
from vietnamese import dates

pytestmark = pytest.mark.django_db


def page(name, record, *args):
    return reverse(f"assessments:{name}", args=[record.pk, *args])


def plan_of(record):
    return [(each.form, each.what, each.done_on) for each in record.learning.all()]


def test_who_registers_names_how_they_mean_to_learn_or_leaves_it_open(client):
    load_criteria()
    open_campaign()
    for chosen in (["reading", "digital"], []):
        citizen = make_citizen_with_account()
        client.force_login(citizen.user)

        shown = client.get(reverse("assessments:register"))
        client.post(reverse("assessments:register"), {"group": "I", "learning": chosen})

        assert "Học dùng điện thoại, máy tính" in words_of(shown)
        record = Assessment.objects.get(citizen=citizen)
        assert [form for form, _what, _done_on in plan_of(record)] == chosen


def test_the_plan_is_written_ticked_off_and_told_as_evidence(client):
    record = make_assessment()
    client.force_login(record.citizen.user)

    for _press in range(2):
        answer = client.post(page("learning", record), {"form": "course", "what": "Trồng nấm"}, follow=True)
    assert messages_of(answer) == ["Đã lưu vào kế hoạch. Hồ sơ chưa gửi."]
    assert plan_of(record) == [("course", "Trồng nấm", None)]
    before = words_of(client.get(page("evidence", record, "I.1.2")))
    assert "Kể việc đã học" not in before

    planned = record.learning.get()
    for _press in range(2):
        client.post(page("learning", record), {"act": "done", "planned": planned.pk})
    assert plan_of(record) == [("course", "Trồng nấm", clock.today())]
    assert "Lớp, khóa học: Trồng nấm (đã học xong ngày" in words_of(client.get(record.get_absolute_url()))
    offered = client.get(page("evidence", record, "I.1.2"), {"ke-hoach": planned.pk})
    told = f"Đã học trong năm: Lớp, khóa học: Trồng nấm. Xong ngày {dates.day_words(clock.today())}."
    assert offered.context["form"]["text"].value() == told
    assert "Kể việc đã học trong kế hoạch (1)" in words_of(offered)

    client.post(page("learning", record), {"act": "undone", "planned": planned.pk})
    assert plan_of(record) == [("course", "Trồng nấm", None)]
    for _press in range(2):
        client.post(page("learning", record), {"act": "take-off", "planned": planned.pk})
    assert plan_of(record) == []
    verbs = Event.objects.filter(verb="learning", subject=record.citizen_id)
    assert list(verbs.order_by("pk").values_list("old", "new")) == [
        ("", "course"),
        ("", "done"),
        ("", "planned"),
        ("course", ""),
    ]


def test_a_way_nobody_chose_is_asked_for_and_what_was_typed_stays(client):
    record = make_assessment()
    client.force_login(record.citizen.user)

    response = client.post(page("learning", record), {"what": "Trồng nấm"})

    assert response.context["form"].errors == {"form": ["Chưa chọn cách học. Chọn một cách dưới đây."]}
    assert response.context["form"]["what"].value() == "Trồng nấm"
    assert plan_of(record) == []


def test_a_sent_record_shows_its_plan_and_lets_nothing_be_changed(client):
    record = make_scored_assessment()
    planned = learning.plan(record, "reading", by=record.citizen.user)
    workflow.submit(Assessment.objects.get(pk=record.pk), by=record.citizen.user)
    client.force_login(record.citizen.user)

    shown = client.get(page("learning", record))
    client.post(page("learning", record), {"act": "done", "planned": planned.pk})

    assert "chỉ còn để xem" in words_of(shown)
    assert 'name="act"' not in shown.content.decode()
    assert plan_of(record) == [("reading", "", None)]


def test_who_has_no_evidence_says_why_and_that_is_an_answer(client):
    record = make_scored_assessment()
    client.force_login(record.citizen.user)

    both = client.post(page("evidence", record, "I.1.1"), {"text": "Có giấy.", "none": "Giấy mất."})
    client.post(page("evidence", record, "I.1.1"), {"none": "Giấy tờ bị lũ cuốn."})

    assert both.context["form"].errors == {"none": ["Đã có minh chứng ở trên thì để trống ô này."]}
    assert [(piece.kind, piece.text) for piece in record.evidence.all()] == [("none", "Giấy tờ bị lũ cuốn.")]
    assert "Không có minh chứng vì: Giấy tờ bị lũ cuốn." in words_of(client.get(page("section", record, "1")))
    record.refresh_from_db()
    workflow.submit(record, by=record.citizen.user)
    assert queue.indicators_with_evidence([record]) == {}
    client.force_login(make_confirmer(record.board))
    board = client.get(reverse("assessments:board_detail", args=[record.pk]))
    assert "Không có minh chứng vì: Giấy tờ bị lũ cuốn." in words_of(board)
