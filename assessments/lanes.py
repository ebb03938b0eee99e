"""Which waiting records a board may confirm together and which it opens one by one, by rules it can read."""

import statistics
from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from assessments import queue
from assessments.models import Assessment
from assessments.scoring import Result
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
    middle = _middle(record.own_total for record in records)
    return {
        record.pk: list(
            _reasons(
                record,
                results[record.pk],
                evidenced.get(record.pk, 0),
                last_year.get(record.citizen_id),
                middle,
            )
        )
        for record in records
    }


def _middle(totals: Iterable[Decimal | None]) -> Decimal | None:
    known = [total for total in totals if total is not None]
    return statistics.median(known) if len(known) >= FEW else None


def _reasons(record, result, evidenced, last_year, middle):
    if not result.achieved:
        yield _("Điểm tự chấm chưa đủ để đạt.")
    if result.total != record.own_total:
        yield _("Tổng điểm không khớp với điểm từng chỉ số.")
    if not evidenced:
        yield _("Chưa có minh chứng nào.")
    if record.round > 1:
        yield _("Đã bị trả lại hoặc mở lại một lần.")
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
