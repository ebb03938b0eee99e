import pytest
from django.contrib import admin
from django.test import RequestFactory
from django.urls import reverse

from accounts.models import Appointment, Citizen, Message, User
from assessments.models import (
    Assessment,
    Campaign,
    Contest,
    Extension,
    Outage,
    Outcome,
    Paper,
    Reopening,
    Window,
    WindowStep,
)
from audit import clock, sealing
from audit.models import Event, Seal
from criteria.models import CriteriaSet, Level, Status
from organizations.models import Kind, Organization
from reports.models import ExportJob, Report, Snapshot
from tests.factories import (
    days_from_now,
    load_criteria,
    make_citizen,
    make_confirmed_assessment,
    make_confirmer,
    make_user,
    make_village,
    moment,
    state_paper_days,
)

pytestmark = pytest.mark.django_db

READ_ONLY = [
    User,
    Citizen,
    Appointment,
    Message,
    Event,
    Seal,
    Assessment,
    Campaign,
    Window,
    Extension,
    Outage,
    Contest,
    Paper,
    Reopening,
    ExportJob,
    Snapshot,
]
OURS = ["accounts", "assessments", "audit", "criteria", "organizations", "reports", "portal"]


@pytest.fixture
def administrator(client):
    user = make_user("Quản trị", is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


def page_of(model, page, *arguments):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=arguments)


def make_one_of_each(by):
    assessment = make_confirmed_assessment()
    campaign = assessment.campaign
    extension = Extension.objects.create(
        campaign=campaign,
        step=WindowStep.CONFIRMATION,
        level=Level.CITIZEN,
        opens_at=moment(2027, 1, 2),
        closes_at=moment(2027, 2, 1),
        reason="Mất điện",
        decision_number="01/QĐ",
        approved_by=by,
        assessment=assessment,
    )
    ExportJob.objects.create(
        report=Report.CITIZENS,
        organization=assessment.commune,
        campaign=campaign,
        by=by,
    )
    now = clock.now()
    state_paper_days(campaign, days_from_now(-1), days_from_now(1))
    Paper.objects.create(
        assessment=assessment,
        round=1,
        dated_at=now,
        outcome=Outcome.ACHIEVED,
        typed_by=by,
        typed_at=now,
    )
    Reopening.of(assessment, extension, by=by, at=now).save()
    Contest.objects.create(assessment=assessment, round=1, at=now)
    Outage.objects.create(begins_at=now, words="Cổng chậm.", recorded_by=by)
    Snapshot.objects.create(campaign=campaign, province=assessment.province, as_of=now)
    sealing.seal_yesterday()


@pytest.mark.parametrize("model", READ_ONLY)
def test_people_and_records_are_shown_and_never_changed(client, administrator, model):
    make_one_of_each(by=administrator)
    row = model.objects.first()

    assert client.get(page_of(model, "changelist")).status_code == 200
    assert client.get(page_of(model, "change", row.pk)).status_code == 200
    assert client.post(page_of(model, "change", row.pk), {}).status_code == 403
    assert client.post(page_of(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert client.post(page_of(model, "add"), {}).status_code == 403


def test_nothing_of_ours_can_be_added_or_deleted_and_only_reference_data_changed(administrator):
    request = RequestFactory().get("/")
    request.user = administrator
    ours = [model for model in admin.site._registry if model._meta.app_label in OURS]

    assert {*READ_ONLY, Organization, CriteriaSet} == set(ours)
    changeable = {model for model in ours if admin.site._registry[model].has_change_permission(request)}
    assert changeable == {Organization}
    for model in ours:
        assert not admin.site._registry[model].has_add_permission(request)
        assert not admin.site._registry[model].has_delete_permission(request)


def test_the_identity_number_is_masked_and_people_are_found_without_accents(client, administrator):
    citizen = make_citizen("Đặng Thị Ánh", identity_number="042160000001")

    pages = client.get(page_of(Citizen, "changelist"), {"q": "Đặng anh"}).content.decode()
    assert "Đặng Thị Ánh" in pages
    pages += client.get(page_of(Citizen, "change", citizen.pk)).content.decode()
    assert "********0001" in pages
    assert "042160000001" not in pages


def test_a_corrected_name_is_built_whole_and_leaves_an_event(client, administrator):
    village = make_village("Đông Hai")

    client.post(page_of(Organization, "change", village.pk), {"type": village.type, "name": "Đông Hải"})

    village.refresh_from_db()
    assert (village.full_name, village.name_search) == ("Thôn Đông Hải", "thon dong hai")
    event = Event.objects.get(verb="correct")
    assert (event.actor, event.old, event.new) == (administrator.pk, "Thôn Đông Hai", "Thôn Đông Hải: name")


def test_the_tree_is_not_moved_here(client, administrator):
    village, elsewhere = make_village(), make_village("Bắc Hải")

    client.post(
        page_of(Organization, "change", village.pk),
        {
            "type": village.type,
            "name": village.name,
            "parent": elsewhere.parent_id,
            "code": "X",
            "kind": Kind.UNIT,
        },
    )

    after = Organization.objects.get(pk=village.pk)
    assert (after.parent, after.code, after.kind) == (village.parent, village.code, village.kind)


def test_a_published_set_is_shown_and_a_draft_corrected(client, administrator):
    load_criteria()
    published = CriteriaSet.objects.filter(status=Status.PUBLISHED).first()

    assert client.get(page_of(CriteriaSet, "change", published.pk)).status_code == 200
    assert client.post(page_of(CriteriaSet, "change", published.pk), {}).status_code == 403


@pytest.mark.parametrize("make", [make_user, make_confirmer])
def test_the_admin_is_for_its_staff_alone(client, make):
    client.force_login(make() if make is make_user else make(make_village()))

    response = client.get(reverse("admin:index"))

    assert response.status_code == 302
    assert response.url.startswith(reverse("admin:login"))
