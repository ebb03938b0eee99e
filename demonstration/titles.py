"""The titles of the year before: what the commune and the province one signs in at decided in the new year.

Written through the same steps as in life, each on its day: every page of the way has something to show.
"""

import datetime

from django.db.models import F
from django.utils import timezone

from accounts.models import Message, User
from assessments.models import Campaign
from audit import clock
from criteria.models import Level
from recognitions import checking, deciding, minutes, revoking, sharing, submitting
from recognitions.models import Decision, LevelSetting, Recognition

BASIS = "Công văn số 45/KHVN ngày 02/11 (dữ liệu dùng thử)"
SIGNER = ("Nguyễn Đức Thịnh", "Chủ tịch")
TERM = 12  # months
ASKED = ["20/02", "03/05", "03/05", "19/09"]  # when somebody looked whether a paper is genuine


def decide(campaign: Campaign) -> None:
    """Nothing where the spring after that year has not come yet."""
    spring = _day(campaign, "01/04")
    if clock.now() < spring:
        return
    with clock.set_to(_day(campaign, "04/01")):
        centre = User.objects.get(username="trunguong")
        LevelSetting.objects.get_or_create(
            level=Level.CITIZEN,
            defaults={"on_provisional": True, "basis": BASIS, "by": centre, "at": clock.now()},
        )
    for username in ("hoixa", "hoitinh"):
        _decide(campaign, User.objects.get(username=username))
    _show(campaign)
    Message.objects.filter(planned_at=None).update(planned_at=F("at"))  # nothing of the past leaves now


def _show(campaign):
    """The link and the checks of who one signs in as, and what became of two others' papers."""
    holder = User.objects.get(username="congdan")
    held = Recognition.objects.held_by(holder).filter(decision__campaign=campaign).first()
    if held is None:
        return
    with clock.set_to(_day(campaign, "18/02")):
        sharing.share(holder.citizen)
    for asked in ASKED:
        if (at := _day(campaign, asked)) < clock.now():
            with clock.set_to(at):
                checking.check(held.code, address="")
    _spoil(campaign, held)


def _decide(campaign, officer):
    issuer = officer.appointments.officers().first().organization
    with clock.set_to(_day(campaign, "08/01")):
        try:
            begun = minutes.begin(issuer, Level.CITIZEN, campaign, issuer, by=officer)
        except minutes.RefusedAt:  # nobody there reached the title
            return
        minutes.work(begun.pk)
    with clock.set_to(_day(campaign, "10/01")):
        decision = Decision.objects.get(pk=begun.pk)
        minutes.sign(
            decision,
            number="01/BB-HKH",
            on=clock.today(),
            chair=officer.full_name,
            secretary="Trần Thị Hương",
            by=officer,
        )
    with clock.set_to(_day(campaign, "12/01")):
        to = "Ban Thường vụ Hội Khuyến học"
        submitting.submit(decision, number="02/TTr-HKH", on=clock.today(), to=to, by=officer)
    with clock.set_to(_day(campaign, "15/01")):
        name, post = SIGNER
        deciding.decide(
            decision,
            number="03/QĐ-HKH",
            on=clock.today(),
            signer_name=name,
            signer_post=post,
            months=TERM,
            by=officer,
        )
        deciding.recognise(decision.pk)


def _spoil(campaign, held):
    """Of the others of that decision one is revoked, and one paper was written wrongly and given anew."""
    officer = held.decision.decided_by
    others = Recognition.objects.changeable_by(officer).filter(decision=held.decision).exclude(pk=held.pk)
    revoked, renamed = [*others.filter(assessment__citizen__user=None).order_by("pk")[:2], None, None][:2]
    if revoked:
        with clock.set_to(_day(campaign, "10/03")):
            revoking.revoke(
                revoked,
                by=officer,
                number="09/QĐ-HKH",
                revoked_on=clock.today(),
                reason="Kê khai hai nơi, đã công nhận ở nơi làm việc.",
            )
    if renamed:
        with clock.set_to(_day(campaign, "12/03")):
            revoking.reissue(
                renamed,
                by=officer,
                holder_name=renamed.holder_name,
                place_name=f"{renamed.place_name} (ghi lại)",
                reason="Giấy cũ ghi thiếu tên xóm.",
            )


def _day(campaign, day) -> datetime.datetime:
    """Nine in the morning of a day of the year after, in Vietnam."""
    of_month, month = map(int, day.split("/"))
    return datetime.datetime(campaign.year + 1, month, of_month, 9, tzinfo=timezone.get_current_timezone())
