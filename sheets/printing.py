"""Paper out: who gets a sheet, in which order, and the file of a whole place that a worker draws."""

import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext as _

from accounts.models import Citizen
from assessments import workflow
from assessments.models import Assessment
from assessments.models.assessment import DRAFT_STATES
from audit import clock, events
from criteria.models import Group, Level
from organizations import boards
from sheets import drawing
from sheets.codes import SheetCode
from sheets.drawing import Sheet
from sheets.models import Order, Printing, PrintingState
from vietnamese import numbers

AT_ONCE = 30  # drawn while one waits
MOST = 3000
KEPT = datetime.timedelta(days=7)


def people(organization, campaign, *, with_sent=False, order=Order.NAME):
    """Who gets a sheet: those on the list whose record of the year is not sent, or all of them."""
    found = Citizen.objects.at(organization)
    if not with_sent:
        records = Assessment.objects.filter(
            citizen=OuterRef("pk"), campaign=campaign, level=Level.CITIZEN
        ).exclude(state__in=DRAFT_STATES)
        found = found.exclude(Exists(records))
    if order == Order.HOUSEHOLD:
        return found.order_by(F("household__name").asc(nulls_last=True), "household", "name_sort", "pk")
    return found.in_order()


def sheets(citizens, campaign) -> list[Sheet]:
    """A sheet for each, on the form of their record where they have one, else the one that suits them."""
    citizens = list(citizens.select_related("commune", "village", "unit", "household"))
    keys = [each.pk for each in citizens]
    chosen = dict(
        Assessment.objects.filter(citizen__in=keys, campaign=campaign, level=Level.CITIZEN).values_list(
            "citizen", "criteria_set__group"
        )
    )
    now, forms = clock.now(), {}
    for citizen in citizens:
        group = chosen.get(citizen.pk) or citizen.suggested_group
        if group not in forms:
            forms[group] = workflow.criteria_set_for(group, now)
    return [_sheet(each, campaign, forms[chosen.get(each.pk) or each.suggested_group]) for each in citizens]


def _sheet(citizen, campaign, form):
    where = [_("Nộp cho: %(board)s") % {"board": boards.name_of(citizen.board)}]
    if citizen.household:
        where.append(_("Hộ: %(household)s") % {"household": citizen.household})
    born = _("Sinh năm %(year)d") % {"year": citizen.birth_year}
    return Sheet(
        form=form,
        name=citizen.full_name,
        lines=[born, *where],
        code=SheetCode(citizen.pk, campaign.year, form.group),
    )


def empty(group: Group, campaign) -> bytes:
    """A form on which somebody writes who they are."""
    return drawing.draw([Sheet(workflow.criteria_set_for(group, clock.now()))], campaign.year)


def at_once(found, *, organization, campaign, by) -> bytes:
    """The sheets of a few, and the note of who took them."""
    made = sheets(found, campaign)
    pdf = drawing.draw(made, campaign.year)
    _record(organization, campaign, len(made), by)
    return pdf


def _record(organization, campaign, pages, by):
    events.record(
        "print_sheets",
        organization,
        by=by,
        at=clock.now(),
        organization=organization,
        new=_("%(pages)s phiếu giấy năm %(year)d")
        % {"pages": numbers.format_integer(pages), "year": campaign.year},
    )


# --- The worker's part ----------------------------------------------------------------------------


def work(pk: int) -> None:
    """Draw the file of a printing; done twice it is the same file."""
    printing = Printing.objects.select_related("organization", "campaign", "by").get(pk=pk)
    if printing.state != PrintingState.DRAWING:
        return
    printing.alive()
    found = people(
        printing.organization, printing.campaign, with_sent=printing.with_sent, order=printing.order
    )
    made = sheets(found[:MOST], printing.campaign)
    _note(printing, pages=len(made), drawn=0)
    pdf = drawing.draw(made, printing.campaign.year, lambda pages: _note(printing, drawn=pages))
    keep(printing, pdf)
    printing.finish()
    _record(printing.organization, printing.campaign, len(made), printing.by)


def _note(printing, **what):
    Printing.objects.filter(pk=printing.pk).update(heartbeat_at=clock.now(), **what)


def keep(printing, pdf: bytes) -> None:
    """Among the files that no address leads to; a rehearsal has its own."""
    default_storage.delete(_kept_as(printing))
    default_storage.save(_kept_as(printing), ContentFile(pdf))


def kept(printing):
    """The file, open for reading. Raises OSError where it is gone."""
    return default_storage.open(_kept_as(printing))


def _kept_as(printing):
    return f"sheets/{printing.pk}.pdf"


def forget(now) -> None:
    """Files of a week ago go; that they were made stays."""
    for printing in Printing.objects.filter(state=PrintingState.DONE, at__lt=now - KEPT):
        default_storage.delete(_kept_as(printing))
        Printing.objects.filter(pk=printing.pk).update(state=PrintingState.REMOVED)
