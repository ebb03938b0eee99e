"""Paper in: whose sheet it is, why it may not be typed, and the record that is filled in and sent by it.

Whoever types fills in for the person who asked by a sheet: `assessments.workflow.begin_helping` and what is
bound to it, in one transaction. Nothing of it is done as the person.
"""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Citizen
from assessments import evidence, history, workflow
from assessments.models import Asked, Assessment, Campaign
from assessments.scoring import Given
from assessments.workflow import Refused
from audit import clock
from criteria.models import Level
from sheets import typed
from sheets.codes import SheetCode
from sheets.models import TypedSheet
from vietnamese import dates, numbers


def person_of(code: SheetCode, user) -> Citizen:
    """Whose sheet it is, for who may type it in. Raises Refused with words for who may not."""
    people = Citizen.objects.who_may_be_helped_by(user).select_related("commune", "village", "unit")
    if citizen := people.filter(pk=code.citizen).first():
        return citizen
    if Citizen.objects.filter(pk=code.citizen, user=user).exists():
        raise Refused(_("Đây là phiếu của chính bạn. Bạn tự chấm ở Trang của tôi."))
    raise Refused(
        _(
            "Phiếu này của ban khác, hoặc người ấy đã rời danh sách. Trên phiếu có ghi nộp cho ban nào: "
            "chuyển phiếu cho ban ấy."
        )
    )


def campaign_of(code: SheetCode) -> Campaign:
    campaign = Campaign.objects.until(clock.now()).filter(year=code.year).first()
    if campaign is None:
        raise Refused(_("Cổng không có năm %(year)d.") % {"year": code.year})
    return campaign


def record_of(citizen, campaign) -> Assessment | None:
    records = Assessment.objects.with_all().filter(level=Level.CITIZEN)
    return records.filter(citizen=citizen, campaign=campaign).first()


def why_not(record, user) -> str:
    """Why the sheet of this record is not typed in, any more or by this one; empty when it is."""
    if record.is_draft:
        return workflow.why_not_help(record, user)
    said = history.last_step_words(record)
    last = TypedSheet.objects.of(record).last()
    return f"{last.words} {said}" if last else said


def own_answers(record) -> int:
    """How many indicators the person scored alone on the portal: the sheet would take their place."""
    if record is None:
        return 0
    own = workflow.scores_of(record).filter(helped_by=None)
    return own.exclude(own_points=None, own_passed=None).count()


@transaction.atomic
def type_in(citizen, code: SheetCode, given: Mapping[str, Given], *, dated_on, by, photo=None, version=None):
    """Fill in and send the record by the sheet, in the name of who types. Raises Refused.

    With a version, raises Stale when the record was written since it was read.
    """
    reason = _("Phiếu giấy đề ngày %(day)s.") % {"day": dates.day_words(dated_on)}
    helping = workflow.begin_helping(
        citizen, campaign_of(code), asked=Asked.ON_PAPER, reason=reason, group=code.group, by=by
    )
    record = Assessment.objects.with_all().get(pk=helping.assessment_id)
    if version is not None and version != record.version:
        raise workflow.Stale(_("Hồ sơ này vừa được lưu ở nơi khác. Xem lại rồi bấm lần nữa."))
    if record.group != code.group:
        workflow.change_group(record, group=code.group, by=by)
        record = Assessment.objects.with_all().get(pk=record.pk)
    workflow.save_scores(record, given, by=by)
    if photo:
        evidence.add(record, record.criteria_set.indicators, by=by, file=photo)
    record.refresh_from_db()
    workflow.submit(record, by=by)
    return TypedSheet.objects.create(
        helping=helping,
        dated_on=dated_on,
        numbers=typed.written(given, record.rules()),
        typed_at=clock.now(),
        has_photo=photo is not None,
    )


def is_typed_already(record, given, *, dated_on, by) -> bool:
    """Whether this very sheet is in: the second of two clicks."""
    last = record and TypedSheet.objects.of(record).last()
    return bool(
        last
        and not record.is_draft
        and (last.helping.helper_id, last.dated_on) == (by.pk, dated_on)
        and last.numbers == typed.written(given, record.rules())
    )


def said_of(sheet) -> str:
    """For who typed it, to compare with the paper in hand."""
    record = sheet.helping.assessment
    said = {"name": record.subject, "numbers": sheet.numbers, "number": record.receipt_number}
    if record.own_total is None:
        return _("Đã nhập và gửi phiếu của %(name)s: %(numbers)s. Biên nhận %(number)s.") % said
    said["total"] = numbers.format_decimal(record.own_total)
    return _("Đã nhập và gửi phiếu của %(name)s: %(numbers)s, tổng %(total)s. Biên nhận %(number)s.") % said
