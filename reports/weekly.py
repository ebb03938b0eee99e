"""Weekly figures of the last quarter, to the persons named, with the difference to the week before.

A report is counted once a week and organization and kept; who is named is told of it once, by a message which
leaves by e-mail like every other. Run twice, killed half-way or late, each week's report is the same and is
told once; of a week that went by without a run nothing is made up.
"""

import datetime
from dataclasses import asdict

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Appointment, Message, User
from assessments.models import Campaign
from audit import clock, events
from organizations.models import Organization
from reports import figures, scope
from reports.figures import Counts, Figure
from reports.models import WeeklyReader, WeeklyReport
from vietnamese import dates, numbers

BEGINS = (10, 1)
TOLD = [Figure.REGISTERED, Figure.SENT, Figure.CONFIRMED, Figure.ACHIEVED, Figure.WAITING]


class Refused(Exception):
    """The person cannot be named; the message says why."""


def is_sent_on(day: datetime.date) -> bool:
    """Whether the week of a day lies in the last quarter: from the first Monday of October."""
    monday = monday_of(day)
    return monday >= datetime.date(monday.year, *BEGINS)


def monday_of(day: datetime.date) -> datetime.date:
    return day - datetime.timedelta(days=day.weekday())


def candidates(organization):
    """Who acts for the organization or above it today, and so may see its figures."""
    seats = Appointment.objects.in_office().filter(
        organization__path__in=[*(one.path for one in organization.ancestors), organization.path]
    )
    return User.objects.filter(is_active=True, pk__in=seats.values("user")).order_by("full_name", "pk")


@transaction.atomic
def name(organization, user, *, by) -> None:
    if not candidates(organization).filter(pk=user.pk).exists():
        raise Refused(_("Chỉ người đang phụ trách tổ chức này hoặc cấp trên mới nhận được số liệu."))
    reader, is_new = WeeklyReader.objects.get_or_create(
        organization=organization, user=user, defaults={"named_by": by}
    )
    if is_new:
        events.record("name_weekly_reader", reader, by=by, at=clock.now(), organization=organization)


@transaction.atomic
def drop(reader: WeeklyReader, *, by) -> None:
    now = clock.now()
    events.record("drop_weekly_reader", reader, by=by, at=now, organization=reader.organization)
    reader.delete()


def send_due(now) -> int:
    """Tell everybody named of this week's figures; return how many messages were written."""
    today = dates.local_day(now)
    monday = monday_of(today)
    campaign = Campaign.objects.filter(year=monday.year).first()  # the last week may end in the next year
    if campaign is None or not is_sent_on(today):
        return 0
    named = WeeklyReader.objects.order_by().values("organization")
    written = 0
    for organization in Organization.objects.in_force().filter(pk__in=named).order_by("pk"):
        written += _send(organization, campaign, monday, now)
    return written


def _send(organization, campaign, monday, now) -> int:
    key = {"organization": organization, "campaign": campaign, "monday": monday}
    report = WeeklyReport.objects.filter(**key).first()
    counts = None if report else asdict(figures.summary(organization, campaign).total)
    with transaction.atomic():
        if report is None:
            defaults = {"counted_at": now, "counts": counts}
            report, _is_new = WeeklyReport.objects.get_or_create(**key, defaults=defaults)
        return _tell(report, monday)


def _tell(report, monday) -> int:
    organization, campaign = report.organization, report.campaign
    last = WeeklyReport.objects.filter(organization=organization, campaign=campaign, monday__lt=monday)
    last = last.order_by("monday").last()
    readers = WeeklyReader.objects.filter(organization=organization, user__is_active=True)
    keys = {f"weekly:{report.pk}:{reader.pk}": reader for reader in readers.select_related("user")}
    told = set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
    messages = [
        _message(key, reader.user, report, last)
        for key, reader in keys.items()
        if key not in told and _may_see(reader.user, organization)
    ]
    Message.objects.tell(messages)
    return len(messages)


def _may_see(user, organization):
    return any(one.contains(organization) for one in scope.overseen_by(user))


def _message(key, user, report, last):
    about = scope.Scope(report.organization, report.campaign, ())
    return Message(
        user=user,
        key=key,
        subject=_("Số liệu tuần từ %(monday)s: %(place)s")
        % {"monday": dates.day_words(report.monday), "place": report.organization.full_name},
        body="\n".join(words_of(report, last)),
        link=about.url("reports:summary"),
    )


def words_of(report, last) -> list[str]:
    """A line a figure, with the difference to the report before, and of when both are."""
    now, before = counts_of(report), counts_of(last) if last else None
    lines = [_("Số liệu lúc %(moment)s.") % {"moment": dates.moment_words(report.counted_at)}]
    if last:
        words = _("So với báo cáo lúc %(moment)s:") % {"moment": dates.moment_words(last.counted_at)}
        lines.append(words)
    for figure in TOLD:
        line = f"{figure.label}: {numbers.format_integer(now.of(figure))}"
        if before:
            line += f" ({_difference(now.of(figure) - before.of(figure))})"
        lines.append(line)
    return lines


def counts_of(report) -> Counts:
    return Counts(**report.counts)


def _difference(value) -> str:
    if not value:
        return _("không đổi")
    more = numbers.format_integer(abs(value))
    return (_("tăng %(more)s") if value > 0 else _("giảm %(more)s")) % {"more": more}
