"""The list of records: its order, and its columns as a file."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import Citizen, Gender
from assessments import on_time
from assessments.models import Assessment, Outcome, State
from assessments.models.assessment import AWAITING_CITIZEN
from reports.excel import Column
from vietnamese import dates, phone


def in_order(records):
    """By given name, with everything a row shows, in one query."""
    return with_all(records).by_name()


def with_all(records):
    return records.select_related("citizen", "household", "organization", "board", "commune", "criteria_set")


@dataclass(frozen=True)
class Row:
    """What a page shows of one record, or of one person with or without one."""

    citizen: Citizen | None
    record: Assessment | None = None
    own_total: Decimal | None = None
    on_time: str = ""

    @property
    def name(self):
        """Of whomever the record is about."""
        record = self.record
        return self.citizen or (record.household or record.organization if record else None)


def record_rows(records) -> list[Row]:
    """In the order they come in."""
    records = list(with_all(records))
    told = on_time.of(records)
    return [Row(record.citizen, record, own_total(record), told[record.pk]) for record in records]


def person_rows(people) -> list[Row]:
    """With the year's record, where there is one (see figures.with_group)."""
    people = people.select_related("unit", "village", "commune").annotate(
        record_pk=F("record__pk"), record_state=F("record__state"), record_outcome=F("record__outcome")
    )
    return [Row(citizen) for citizen in people.in_order()]


def columns(campaign, now, *, full=False) -> list[Column]:
    """`full` shows identity numbers whole, else their last digits alone."""
    # Translated once and not for each of 350,000 rows.
    genders, states, outcomes = map(_words, (Gender, State, Outcome))
    awaiting = str(AWAITING_CITIZEN)
    deadlines = on_time.Deadlines(campaign, now)
    return [
        Column(_("STT"), None, 6),
        Column(_("Họ và tên"), lambda record: record.citizen.full_name, 23),
        Column(_("Ngày sinh"), lambda record: record.citizen.birth, 11, number="0"),
        Column(_("Giới tính"), lambda record: genders[record.citizen.gender], 7),
        _whole_number() if full else _masked_number(),
        Column(_("Điện thoại"), lambda record: phone.display(record.citizen.phone), 14),
        Column(_("Nơi xác nhận"), lambda record: record.board.full_name, 27),
        Column(_("Xã, phường"), lambda record: record.commune.full_name if record.commune else "", 16),
        Column(_("Nhóm"), lambda record: record.group, 8),
        Column(_("Điểm tự chấm"), own_total, 7),
        Column(_("Điểm xác nhận"), lambda record: record.final_total, 7),
        Column(
            _("Tình trạng"),
            lambda record: awaiting if record.closed_from == State.RETURNED else states[record.state],
            12,
        ),
        Column(_("Kết quả"), lambda record: outcomes.get(record.outcome), 10),
        Column(_("Ngày gửi"), lambda record: _day(record.submitted_at), 11),
        Column(_("Gửi đúng hạn"), deadlines.sending_words, 14),
        Column(_("Khóa"), deadlines.lock_words, 10),
        Column(_("Ngày xác nhận"), lambda record: _day(record.confirmed_at), 11),
        Column(_("Số biên nhận"), lambda record: record.receipt_number, 16),
    ]


def own_total(record):
    """Drafts are their writer's own affair: points are told of once they are sent."""
    return record.own_total if record.is_sent and not record.is_draft else None


def _words(choices):
    return {value: str(label).capitalize() for value, label in choices.choices}


def _masked_number():
    return Column(_("Số căn cước (đã che)"), lambda record: record.citizen.masked_identity_number, 14)


def _whole_number():
    return Column(_("Số căn cước"), lambda record: record.citizen.identity_number, 14, is_private=True)


def _day(moment):
    return dates.local_day(moment) if moment else None
