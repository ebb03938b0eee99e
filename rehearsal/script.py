"""The year of a rehearsal: its moments, and what the made-up people do between them."""

import dataclasses
import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Citizen
from assessments import closing, evidence, reminders, workflow
from assessments.models import Assessment, Campaign, State
from assessments.workflow import Refused
from audit import clock
from demonstration import marks, words
from people import freezing
from rehearsal.spaces import Card, Space

RUNS_ON = datetime.timedelta(hours=2)  # so long a moment's clock runs, then it waits
# Before 1 October and up to each of the later moments: how many of a hundred register, and send.
REGISTER, SEND = [66, 12, 8, 4, 2, 2], [30, 22, 16, 12, 6, 6]
WITHOUT_EVIDENCE, ANSWER = 0.12, 0.8


@dataclass(frozen=True)
class Stage:
    day: tuple[int, int, int]  # year after the rehearsal's, month, day
    hour: tuple[int, int]
    called: Promise
    to_do: Promise

    def moment(self, year: int) -> datetime.datetime:
        after, month, day = self.day
        return datetime.datetime(year + after, month, day, *self.hour, tzinfo=timezone.get_default_timezone())


STAGES = [
    Stage(
        (0, 10, 1),
        (8, 0),
        _("ngày 01/10"),
        _("Từ hôm nay ban xác nhận được. Mở hồ sơ một người, đổi điểm một chỉ số, ghi lý do, rồi xác nhận."),
    ),
    Stage(
        (0, 11, 1),
        (8, 0),
        _("ngày 01/11"),
        _("Có thêm người gửi. Mở một hồ sơ chưa có minh chứng, bấm Trả lại và ghi chỗ cần bổ sung."),
    ),
    Stage(
        (0, 12, 10),
        (8, 0),
        _("ngày 10/12"),
        _("Bấm Xác nhận cả danh sách, xem mấy hồ sơ máy chọn, rồi xác nhận một lần cho nhiều người."),
    ),
    Stage(
        (0, 12, 20),
        (8, 0),
        _("ngày 20/12"),
        _("Còn 11 ngày. Xem ai chưa gửi. Người bị trả lại có thể đã gửi lại."),
    ),
    Stage(
        (0, 12, 30),
        (8, 0),
        _("ngày 30/12"),
        _("Còn 1 ngày. Xác nhận nốt những người đang chờ."),
    ),
    Stage(
        (0, 12, 31),
        (23, 50),
        _("23 giờ 50 ngày 31/12"),
        _("Còn mười phút là khóa. Ai còn chờ thì xác nhận ngay."),
    ),
    Stage(
        (1, 1, 1),
        (0, 5),
        _("ngày 01/01"),
        _("Cổng đã khóa. Thử xác nhận một người: không được nữa. Xem ai ghi là Ban chưa xác nhận."),
    ),
    Stage(
        (1, 1, 2),
        (8, 0),
        _("ngày 02/01"),
        _("Buổi diễn tập đã xong. Mở tờ tổng kết, in ra nếu cần."),
    ),
]
LAST = len(STAGES) - 1
NEVER = len(STAGES)


def now_of(card: Card) -> datetime.datetime:
    """The rehearsal's moment: the stage's, running on for a while, never up to the next."""
    passed = timezone.now() - datetime.datetime.fromisoformat(card.set_at)
    begins = STAGES[card.stage].moment(card.year)
    upto = begins + RUNS_ON
    if card.stage < LAST:
        upto = min(upto, STAGES[card.stage + 1].moment(card.year) - datetime.timedelta(seconds=1))
    return min(begins + passed, upto)


def move_on(space: Space, stage: int) -> bool:
    """Let everybody act up to a stage's moment and set the clock there; False when it stands there."""
    with space.held():
        card = space.card
        if stage != card.stage + 1 or stage > LAST:
            return False
        if stage < LAST - 1:  # up to the lock
            act(card, stage)
        by_itself(card, stage)
        space.write(dataclasses.replace(card, stage=stage, set_at=timezone.now().isoformat()))
        return True


def by_itself(card: Card, stage: int) -> None:
    """What beat would have the portal do by a stage's moment, of what a board sees."""
    with clock.set_to(STAGES[stage].moment(card.year)):
        freezing.freeze(clock.now())
        reminders.send(clock.now())
        closing.lock_confirmation(clock.now())


# --- Made-up people -----------------------------------------------------------------------------------


def act(card: Card, stage: int) -> None:
    """What the people do before a stage's moment, each at a moment of their own, in order.

    Through the portal's own steps. Killed half-way and begun again, nobody does a thing twice.
    """
    campaign = Campaign.objects.get(year=card.year)
    records = {record.citizen_id: record for record in Assessment.objects.filter(campaign=campaign)}
    everybody = Citizen.objects.select_related("user", "unit", "village", "commune").order_by("pk")
    acts = sorted(
        (act for one in everybody for act in _acts(card, stage, one, records.get(one.pk))),
        key=lambda act: (act[0], act[1].pk),
    )
    for at, citizen, does in acts:
        with clock.set_to(at):
            try:
                does(citizen, campaign, Random(f"{card.seed} {citizen.pk} {stage}"))  # noqa: S311 - no secret
            except Refused:  # as in life: too late, or somebody took it out of their hands
                continue


def _acts(card, stage, citizen, record) -> Iterator[tuple]:
    rng = Random(f"{card.seed} {citizen.pk}")  # noqa: S311 - no secret
    registers, sends = _stage(rng, REGISTER), _stage(rng, SEND)
    at = _moment(Random(f"{card.seed} {citizen.pk} {stage}"), card.year, stage)  # noqa: S311 - no secret
    if registers == stage and record is None:
        yield at, citizen, _register
    if max(registers, sends) == stage and (record is None or record.state == State.REGISTERED):
        yield at + datetime.timedelta(minutes=30), citizen, _send
    if record and record.state == State.RETURNED:
        yield at, citizen, _answer


def _stage(rng, shares):
    """The stage by which somebody does it; none of them for those who never do."""
    return rng.choices([*range(len(shares)), NEVER], [*shares, 100 - sum(shares)])[0]


def _moment(rng, year, stage):
    """By day, after the last stage's clock has run on and before the next begins."""
    after = STAGES[stage - 1].moment(year) if stage else STAGES[0].moment(year) - datetime.timedelta(days=60)
    begins, ends = after + RUNS_ON, STAGES[stage].moment(year) - datetime.timedelta(hours=2)
    return begins + max(ends - begins, datetime.timedelta()) * rng.random()


def _register(citizen, campaign, rng):
    workflow.register(citizen, campaign, group=citizen.suggested_group, by=citizen.user)


def _send(citizen, campaign, rng):
    record = _record_of(citizen, campaign)
    rules = record.rules()
    given = marks.own(rng, rules, marks.ability(rng))
    workflow.save_scores(record, given, by=citizen.user)
    if rng.random() > WITHOUT_EVIDENCE:
        _tell(record, rng, citizen)
    workflow.submit(_record_of(citizen, campaign), by=citizen.user)


def _answer(citizen, campaign, rng):
    """Most of those whose record came back add what was missing and send it again."""
    if rng.random() < ANSWER:
        _tell(_record_of(citizen, campaign), rng, citizen)
        workflow.submit(_record_of(citizen, campaign), by=citizen.user)


def _record_of(citizen, campaign):
    records = Assessment.objects.select_related("citizen__user", "campaign", "board", "criteria_set")
    return records.get(citizen=citizen, campaign=campaign)


def _tell(record, rng, citizen):
    """A few words behind some of the indicators."""
    indicators = list(record.criteria_set.indicators)
    for indicator in rng.sample(indicators, min(3, len(indicators))):
        told = rng.choice(words.evidence_for(record.group, indicator.code))
        evidence.add(record, [indicator], by=citizen.user, text=told)
