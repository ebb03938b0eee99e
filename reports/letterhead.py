"""What stands at the head of a document of an organization, after Nghị định 30/2020/NĐ-CP."""

from django.utils.translation import gettext as _

from organizations import boards
from organizations.models import Kind
from reports.excel import Letterhead
from vietnamese import dates

CENTRE_SEAT = "Hà Nội"


def of(organization, at) -> Letterhead:
    above = organization.parent
    return Letterhead(
        above=association(above) if above else "",
        agency=association(organization),
        place_and_date=f"{seat(organization)}, {date_words(dates.local_day(at))}",
    )


def association(organization) -> str:
    """The name of the body that speaks for an organization."""
    return organization.full_name if organization.kind == Kind.CENTRE else boards.name_of(organization)


def seat(organization) -> str:
    """The place named before the date: the province or commune, for a board that of what it stands under."""
    if organization.kind == Kind.CENTRE:
        return CENTRE_SEAT
    if organization.kind in (Kind.VILLAGE, Kind.UNIT, Kind.CLAN):
        return seat(organization.parent)
    return organization.name


def date_words(day) -> str:
    """Days to 9 and the months 1 and 2 carry a nought, as the decree wants it."""
    month = f"{day.month:02}" if day.month <= 2 else str(day.month)
    return _("ngày %(day)02d tháng %(month)s năm %(year)d") % {
        "day": day.day,
        "month": month,
        "year": day.year,
    }
