"""Which waiting records a board may confirm together and which it opens one by one, by rules it can read."""

import statistics
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Max
from django.utils.translation import gettext as _

from assessments import lowerings, queue
from assessments.models import Assessment, Contest, DrawnRecord, Verdict
from assessments.scoring import Result
from audit.models import Look, Sight
from vietnamese import numbers

FAR_FROM_LAST_YEAR = Decimal(15)  # points
FAR_FROM_THE_BOARD = Decimal(20)  # points
FEW = 5  # records of a board, of which no middle is taken


def rules() -> list[str]:
    """The rules in words, as the page shows them."""
    return [
        _("Điểm tự chấm chưa đủ để đạt."),
        _("Chưa có minh chứng nào."),
        _("Đã bị trả lại hoặc mở lại một lần."),
        _("Từng đề nghị xem lại kết quả của hồ sơ này."),
        _("Cán bộ hội đã xem cùng người này trong lúc làm hồ sơ."),
        _("Hậu kiểm một hồ sơ của người này có phát hiện."),
        _("Một thành viên đã chấm thấp hơn điểm tự chấm, chờ thành viên thứ hai."),
        _("Khác điểm ban xác nhận năm trước từ %(points)s điểm trở lên.")
        % {"points": numbers.format_decimal(FAR_FROM_LAST_YEAR)},
        _("Khác mức giữa của ban từ %(points)s điểm trở lên.")
        % {"points": numbers.format_decimal(FAR_FROM_THE_BOARD)},
    ]


def reasons(records: list[Assessment], results: dict[int, Result]) -> dict[int, list[str]]:
    """Record → why it is to be looked at by itself; nothing of those that are ready.

    `results` is what the own points of each come to.
    """
    evidenced = queue.indicators_with_evidence(records)
    last_year = queue.last_years_of(records)
    lowered = lowerings.waiting_of(records)
    middle = _middle(record.own_total for record in records)
    contested = set(Contest.objects.filter(assessment__in=records).values_list("assessment", flat=True))
    helped_at = _helped_at(records)
    found_wrong = _found_wrong(records)
    return {
        record.pk: list(
            _reasons(
                record,
                results[record.pk],
                evidenced.get(record.pk, 0),
                last_year.get(record.citizen_id),
                middle,
                is_contested=record.pk in contested,
                helped_at=helped_at.get(record.citizen_id),
                is_found_wrong=record.citizen_id in found_wrong,
                lowered=lowered.get(record.pk),
            )
        )
        for record in records
    }


def _middle(totals: Iterable[Decimal | None]) -> Decimal | None:
    known = [total for total in totals if total is not None]
    return statistics.median(known) if len(known) >= FEW else None


def _helped_at(records):
    """Person → when an officer last saw the portal with their eyes."""
    people = [record.citizen_id for record in records if record.citizen_id]
    looks = Look.objects.filter(sight=Sight.EYES, subject__in=people).order_by()
    return dict(looks.values_list("subject").annotate(Max("at")))


def _found_wrong(records):
    """Those of the people of whose records a check after the confirmation found one wrong."""
    people = [record.citizen_id for record in records if record.citizen_id]
    found = DrawnRecord.objects.filter(verdict=Verdict.FINDING, assessment__citizen__in=people)
    return set(found.order_by().values_list("assessment__citizen", flat=True))


def _reasons(
    record, result, evidenced, last_year, middle, *, is_contested, helped_at, is_found_wrong, lowered
):
    if lowered:
        yield lowered.waits_words
    if not result.achieved:
        yield _("Điểm tự chấm chưa đủ để đạt.")
    if result.total != record.own_total:
        yield _("Tổng điểm không khớp với điểm từng chỉ số.")
    if not evidenced:
        yield _("Chưa có minh chứng nào.")
    if record.round > 1:
        yield _("Đã bị trả lại hoặc mở lại một lần.")
    if is_contested:
        yield _("Từng đề nghị xem lại kết quả của hồ sơ này.")
    if helped_at and helped_at >= record.registered_at:
        yield _("Cán bộ hội đã xem cùng người này trong lúc làm hồ sơ.")
    if is_found_wrong:
        yield _("Hậu kiểm một hồ sơ của người này có phát hiện.")
    before = last_year and last_year.final_total
    if _is_far(record.own_total, before, FAR_FROM_LAST_YEAR):
        yield _("Năm trước %(before)s điểm, năm nay tự chấm %(now)s điểm.") % _points(
            before, record.own_total
        )
    if _is_far(record.own_total, middle, FAR_FROM_THE_BOARD):
        yield _("Mức giữa của ban %(before)s điểm, người này tự chấm %(now)s điểm.") % _points(
            middle, record.own_total
        )


def _is_far(one, other, distance):
    return one is not None and other is not None and abs(one - other) >= distance


def _points(before, now):
    return {"before": numbers.format_decimal(before), "now": numbers.format_decimal(now)}
