"""Who may do what, as rules of the domain over the places of a small country.

A rule says of a viewer and what an address names: SUCCEEDS, REFUSED to who may know of it (403), or HIDDEN
from whom it does not concern (404). An address has a rule for reading and one for doing; without one it does
not take that method at all.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from audit import clock
from sheets import codes
from sheets.codes import SheetCode
from vietnamese.dates import day_words

SUCCEEDS, REFUSED, HIDDEN = "succeeds", 403, 404
BOARDS = ["village", "unit", "commune"]
ASSOCIATIONS = ["centre", "province", "commune"]


# --- Places -----------------------------------------------------------------------------------------


def reads_about(viewer, place):
    """Who sees it, and who helps it from beside the tree."""
    return SUCCEEDS if viewer.helps(place) else sees(viewer, place)


def helps(viewer, place):
    """The officers of an association that helps it, and not those above, who have pages of their own."""
    return SUCCEEDS if viewer.helps(place) else HIDDEN


def writes_its_contact(viewer, place):
    """Who sits on its board, and the officers above."""
    return _among_those_who_see(viewer, place, viewer.sits_at(place) or viewer.is_officer_above(place))


def adds_below(viewer, place):
    """Officers of it and above, where something can be founded without an official code."""
    may = viewer.is_officer_of(place) or viewer.is_officer_above(place)
    return _among_those_who_see(viewer, place, may and place.row.kind != "unit")


def sets_its_help(viewer, place):
    """Officers above a unit; no other kind of place is helped."""
    return reforms_it(viewer, place) if place.row.kind == "unit" else HIDDEN


def sees(viewer, place):
    """Who acts at a place or above it, whatever as."""
    return SUCCEEDS if viewer.acts_over(place) else HIDDEN


def _among_those_who_see(viewer, place, may):
    if place.is_closed or not viewer.acts_over(place):
        return HIDDEN
    return SUCCEEDS if may else REFUSED


def is_its_officer(viewer, place):
    """The officers of the association itself, not those above or below."""
    return _among_those_who_see(viewer, place, viewer.is_officer_of(place))


def appoints_there(viewer, place):
    """The officers of the association right above, nobody else."""
    return _among_those_who_see(viewer, place, viewer.is_officer_of(place.appointed_by))


def reforms_it(viewer, place):
    """The officers of any association above."""
    return _among_those_who_see(viewer, place, viewer.is_officer_above(place))


def keeps_its_list(viewer, place):
    """Whoever confirms there, and the officers above, while it is there."""
    if not viewer.acts_over(place):
        return HIDDEN
    has_list = place.row.kind in BOARDS and not place.is_closed
    return SUCCEEDS if has_list and (viewer.sits_at(place) or viewer.is_officer_above(place)) else REFUSED


def is_commune_seen(viewer, place):
    return sees(viewer, place) if place.row.kind == "commune" else HIDDEN


def is_officer_of_commune(viewer, place):
    return is_its_officer(viewer, place) if place.row.kind == "commune" else HIDDEN


def extends_there(viewer, place):
    """The centre everywhere, itself too; a province strictly below itself."""
    own = place.row.kind == "centre" and viewer.is_officer_of(place)
    deciding = [one for one in place.above if one.row.kind in ("centre", "province")]
    may = own or any(viewer.is_officer_of(one) for one in deciding)
    return SUCCEEDS if may and not place.is_closed else HIDDEN


def sets_its_deadlines(viewer, place):
    may = place.row.kind in ("centre", "province") and viewer.is_officer_of(place)
    return SUCCEEDS if may else HIDDEN


def reads_its_figures(viewer, place):
    return SUCCEEDS if viewer.confirms_over(place) else HIDDEN


def names_its_readers(viewer, place):
    """Officers of it and above, while it is there."""
    if reads_its_figures(viewer, place) == HIDDEN:
        return HIDDEN
    may = viewer.is_officer_of(place) or viewer.is_officer_above(place)
    return SUCCEEDS if may and not place.is_closed else REFUSED


def reads_its_typed(viewer, place):
    """Of a commune of today."""
    is_there = place.row.kind == "commune" and not place.is_closed
    return reads_its_figures(viewer, place) if is_there else HIDDEN


def types_its_figures(viewer, place):
    may = viewer.is_officer_of(place)
    return _among_those_who_read(viewer, place, may)


def gives_its_figures_back(viewer, place):
    return _among_those_who_read(viewer, place, viewer.is_officer_above(place))


def _among_those_who_read(viewer, place, may):
    if reads_its_typed(viewer, place) == HIDDEN:
        return HIDDEN
    return SUCCEEDS if may else REFUSED


def sets_its_targets(viewer, place):
    """The officers of a province or of the centre for their own; others who read its figures may not."""
    if not viewer.confirms_over(place):
        return HIDDEN
    may = place.row.kind in ("centre", "province") and viewer.is_officer_of(place) and not place.is_closed
    return SUCCEEDS if may else REFUSED


def takes_its_numbers(viewer, place):
    """Officers of it and above; who sits on its board sees the last digits."""
    if not viewer.confirms_over(place):
        return HIDDEN
    return SUCCEEDS if viewer.is_officer_of(place) or viewer.is_officer_above(place) else REFUSED


def reads_its_queue(viewer, place):
    return SUCCEEDS if place.row.kind in BOARDS and viewer.confirms_over(place) else HIDDEN


def helps_its_board(viewer, place):
    """The officers above a board: they see how it stands and write to it."""
    return reforms_it(viewer, place) if place.row.kind in BOARDS else HIDDEN


def takes_it_over(viewer, place):
    """The officers of the association right above."""
    return appoints_there(viewer, place) if place.row.kind in BOARDS else HIDDEN


def lists_boards_below(viewer, place):
    if not any(role == "officer" for role, _at in viewer.seats):
        return REFUSED
    return SUCCEEDS if viewer.is_officer_of(place) or viewer.is_officer_above(place) else HIDDEN


def gives_its_board_back(viewer, stand_in):
    """Who stands in, those right above, and the board itself."""
    place = stand_in.place
    may = viewer.is_officer_of(place.appointed_by) or viewer.sits_at(place) or viewer == stand_in.owner
    return _among_those_who_see(viewer, place, may)


# --- Records ----------------------------------------------------------------------------------------


def is_own(viewer, thing):
    return SUCCEEDS if thing.owner == viewer else HIDDEN


def oversees(viewer, record):
    """Boards and associations at the record's board or above it."""
    return SUCCEEDS if viewer.confirms_over(record.place) else HIDDEN


def confirms(viewer, record):
    """The record's own board, and never the own record."""
    if not viewer.confirms_over(record.place):
        return HIDDEN
    return SUCCEEDS if viewer.sits_at(record.place) and record.owner != viewer else REFUSED


def is_own_or_oversees(viewer, record):
    return SUCCEEDS if record.owner == viewer else oversees(viewer, record)


def reviews(viewer, record):
    """Another of the board. The board that stands here has one who has not judged; so nobody above does."""
    if not viewer.confirms_over(record.place):
        return HIDDEN
    return SUCCEEDS if viewer.sits_at(record.place) else REFUSED


def extends_record(viewer, record):
    return (
        extends_there(viewer, record.place) if not record.place.is_closed else _extends_closed(viewer, record)
    )


def extends_its_place(viewer, extension):
    return extends_there(viewer, extension.place)


def _extends_closed(viewer, record):
    """What was left at a place that is no more may be opened all the same."""
    deciding = [one for one in record.place.above if one.row.kind in ("centre", "province")]
    return SUCCEEDS if any(viewer.is_officer_of(one) for one in deciding) else HIDDEN


def helps_there(viewer, person):
    """Whoever sits on the person's board or was named by it."""
    return SUCCEEDS if viewer.helps_people_of(person.place) else HIDDEN


def names_helpers(viewer, place):
    """Who sits on the board itself."""
    if place.row.kind not in BOARDS:
        return HIDDEN
    return _among_those_who_see(viewer, place, viewer.sits_at(place))


def ends_its_helper(viewer, seat):
    return names_helpers(viewer, seat.place)


# --- The rest -----------------------------------------------------------------------------------------


def sits_at_centre(viewer, thing):
    return SUCCEEDS if viewer.name == "cán bộ trung ương" else REFUSED


def keeps_criteria(viewer, draft):
    """For all others a draft is not there."""
    return SUCCEEDS if viewer.name == "cán bộ trung ương" else HIDDEN


def sees_its_place(viewer, thing):
    return SUCCEEDS if viewer.acts_over(thing.place) else HIDDEN


def may_reform_for(viewer, thing):
    """Officers of the association on whose behalf it is planned, and of those above."""
    if not viewer.acts_over(thing.place):
        return HIDDEN
    may = viewer.is_officer_of(thing.place) or viewer.is_officer_above(thing.place)
    return SUCCEEDS if may else REFUSED


def sets_help_of_its_place(viewer, line):
    return sets_its_help(viewer, line.place)


def keeps_list_of_its_place(viewer, thing):
    return keeps_its_list(viewer, thing.place)


def keeps_list_of_commune(viewer, place):
    """Only the list of a whole commune shows both halves of a pair."""
    kept = keeps_its_list(viewer, place)
    return HIDDEN if kept == SUCCEEDS and place.row.kind != "commune" else kept


def keeps_list_of_its_commune(viewer, thing):
    return keeps_list_of_commune(viewer, thing.place)


def asked_for_it_and_keeps_the_list(viewer, thing):
    """A file that somebody sent, or had made, is theirs alone."""
    kept = keeps_its_list(viewer, thing.place)
    return HIDDEN if kept == SUCCEEDS and thing.owner != viewer else kept


def appoints_at_its_place(viewer, seat):
    return appoints_there(viewer, seat.place)


def holds_its_figures(viewer, thing):
    return reads_its_figures(viewer, thing.place)


def looks_into_its_flags(viewer, thing):
    """Officers above a board; not the board itself."""
    if not viewer.confirms_over(thing.place):
        return HIDDEN
    may = viewer.is_officer_above(thing.place) and not viewer.sits_at(thing.place)
    return SUCCEEDS if may else REFUSED


def draws_there(viewer, place):
    """The officers of the association itself; who sits above it reads what it drew."""
    if not viewer.confirms_over(place):
        return HIDDEN
    return SUCCEEDS if viewer.is_officer_of(place) and place.row.kind in ASSOCIATIONS else REFUSED


def draws_for_its_place(viewer, thing):
    return draws_there(viewer, thing.place)


def sets_when_results_show(viewer, place):
    """The officers of a province."""
    return decides_there(viewer, place) if place.row.kind == "province" else HIDDEN


def decides_there(viewer, place):
    """The officers of the association itself; for all others the page is not there."""
    return SUCCEEDS if viewer.is_officer_of(place) and place.row.kind in ASSOCIATIONS else HIDDEN


def gave(viewer, thing):
    """The officers of the association that decided."""
    return SUCCEEDS if viewer.is_officer_of(thing.place) else HIDDEN


def holds_or_gave(viewer, recognition):
    return SUCCEEDS if recognition.owner == viewer else gave(viewer, recognition)


def changes_what_it_gave(viewer, recognition):
    """Not who holds it."""
    return REFUSED if recognition.owner == viewer else gave(viewer, recognition)


def printed_it(viewer, printing):
    return SUCCEEDS if printing.owner == viewer else HIDDEN


def reads_its_province_again(viewer, place):
    if not viewer.confirms_over(place):
        return HIDDEN
    may = viewer.is_officer_of(place) or viewer.is_officer_above(place)
    return SUCCEEDS if may and place.row.kind == "province" else REFUSED


def is_own_and_still_in_reach(viewer, job):
    return SUCCEEDS if job.owner == viewer and viewer.confirms_over(job.place) else HIDDEN


def is_own_and_of_own_board(viewer, batch):
    """Who began it, while they sit on the board."""
    return SUCCEEDS if batch.owner == viewer and viewer.sits_at(batch.place) else HIDDEN


# --- Groups -----------------------------------------------------------------------------------------


def speaks_for(viewer, place):
    """Who acts for the group itself, whatever as but standing in there for a time; not who is above."""
    may = any(at == place and role not in ("stand_in", "helper") for role, at in viewer.seats)
    is_group = place.row.kind != "centre" and not place.is_closed
    return SUCCEEDS if may and is_group else HIDDEN


def sits_at_village(viewer, place):
    may = viewer.sits_at(place) and place.row.kind == "village" and not place.is_closed
    return SUCCEEDS if may else HIDDEN


def sits_at_its_village(viewer, household):
    return sits_at_village(viewer, household.place)


def speaks_for_household(viewer, household):
    return SUCCEEDS if household.owner == viewer else HIDDEN


def reads_group(viewer, record):
    """Boards and associations at the place of the group or above it."""
    return SUCCEEDS if viewer.confirms_over(record.more["group"]) else HIDDEN


def judges_group(viewer, record):
    """Who sits on the body the record lies with, and does not act for the group."""
    if not viewer.confirms_over(record.more["group"]):
        return HIDDEN
    is_own = any(at == record.more["group"] for _role, at in viewer.seats)
    return SUCCEEDS if viewer.sits_at(record.place) and not is_own else REFUSED


@dataclass(frozen=True)
class Address:
    """What it names, the arguments made of that, the rules; `query` and `typed` are what is sent along."""

    of: str
    arguments: Callable
    reading: Callable | None = None
    doing: Callable | None = None
    query: Callable = field(default=lambda thing: {})
    typed: Callable = field(default=lambda thing: {})


def by_code(reading=None, doing=None, more=(), **sent):
    return Address("places", lambda place: [place.row.code, *more], reading, doing, **sent)


def by_number(of, reading=None, doing=None, more=lambda thing: [], **sent):
    return Address(of, lambda thing: [thing.row.pk, *more(thing)], reading, doing, **sent)


def of_board(of, reading=None, doing=None, **sent):
    """By the code of its place and its own number."""
    return Address(of, lambda thing: [thing.place.row.code, thing.row.pk], reading, doing, **sent)


def form_of(places, **rules):
    """A report form about a place, which its query names."""
    return Address(places, lambda place: ["02kh"], query=lambda place: {"to-chuc": place.row.code}, **rules)


def own_record(reading=is_own, doing=is_own, more=lambda record: []):
    return by_number("own_records", reading, doing, more)


def of_draw(reading=None, doing=None):
    """By the number of its draw and its own."""
    return Address("drawn", lambda thing: [thing.row.draw_id, thing.row.pk], reading, doing)


def of_decision(of, reading=None, doing=None, more=lambda thing: []):
    """By the number of its decision."""
    return Address(of, lambda thing: [thing.row.decision_id, *more(thing)], reading, doing)


def _own_number(thing):
    return [thing.row.pk]


def _indicator(record):
    return [record.more["code"]]


def _piece(record):
    return [record.more["piece"]]


def _other(double):
    return {"voi": double.more["other"]}


THIS_YEAR = clock.today().year
ADDRESSES = {
    "accounts:message_read": by_number("messages", doing=is_own),
    "accounts:hand_over": by_code(is_its_officer, is_its_officer),
    "accounts:seats": by_code(appoints_there),
    "accounts:appoint": by_code(appoints_there, appoints_there),
    "accounts:appointment_end": of_board("seats", appoints_at_its_place, appoints_at_its_place),
    "accounts:appointment_slip": of_board("seats", doing=appoints_at_its_place),
    "accounts:slips": by_code(keeps_its_list, keeps_its_list),
    "accounts:see_as": by_code(is_its_officer, is_its_officer),
    "accounts:support_lines": by_code(sets_its_help, sets_its_help),
    "accounts:support_end": of_board("support_lines", doing=sets_help_of_its_place),
    "accounts:typed_names": by_code(is_commune_seen),
    "accounts:place_typed_name": by_code(
        is_officer_of_commune, is_officer_of_commune, ["thon"], query=lambda place: {"ten": "xom moi"}
    ),
    "assessments:detail": own_record(doing=None),
    "assessments:change_group": own_record(),
    "assessments:section": own_record(more=lambda record: [record.more["section"]]),
    "assessments:learning": own_record(),
    "assessments:check": own_record(doing=None),
    "assessments:changed_criteria": own_record(),
    "assessments:submit": own_record(reading=None),
    "assessments:receipt": own_record(doing=None),
    "assessments:withdraw": own_record(reading=None),
    "assessments:contest": own_record(),
    "assessments:evidence": own_record(more=_indicator),
    "assessments:evidence_arrive": own_record(None, more=lambda _record: [f"{64 * '0'}-9", 0]),
    "assessments:evidence_share": own_record(None, more=lambda record: _indicator(record) + _piece(record)),
    "assessments:evidence_drop": own_record(None, more=lambda record: _indicator(record) + _piece(record)),
    "assessments:help_begin": by_number("people", helps_there, helps_there),
    "assessments:help_stop": by_number("helped", doing=is_own),
    "assessments:help_slip": by_number("helped", is_own),
    "assessments:help_take_over": own_record(reading=None),
    "assessments:help_refuse": own_record(more=lambda record: [record.more["helping"]]),
    "assessments:helpers": by_code(names_helpers, names_helpers),
    "assessments:helper_end": of_board("helper_seats", doing=ends_its_helper),
    "assessments:evidence_file": by_number("records", is_own_or_oversees, more=_piece),
    "assessments:evidence_thumbnail": by_number("records", is_own_or_oversees, more=_piece),
    "assessments:batch": by_number("batches", is_own_and_of_own_board, is_own_and_of_own_board),
    "assessments:board_detail": by_number("records", oversees, confirms),
    "assessments:board_undo": by_number(
        "contested",
        doing=confirms,
        typed=lambda record: {"person": f"{record.row.pk}:{record.row.version}"},
    ),
    "assessments:stray": by_number("records", confirms, confirms),
    "assessments:paper": by_number("records", confirms, confirms),
    "assessments:paper_sign": by_number("records", doing=confirms),
    "assessments:review_contest": by_number("contested", reviews, reviews),
    "assessments:board_outlook": by_code(helps_its_board, helps_its_board),
    "assessments:nudge": by_code(doing=helps_its_board),
    "assessments:take_over": by_code(takes_it_over, takes_it_over),
    "assessments:end_take_over": of_board("stand_ins", doing=gives_its_board_back),
    "assessments:outage_end": by_number("outages", sits_at_centre, sits_at_centre),
    "assessments:give_back": Address(
        "outages", lambda outage: [outage.row.begins_at.year, "cong-dan"], sits_at_centre, sits_at_centre
    ),
    "assessments:end_extension": by_number("extensions", extends_its_place, extends_its_place),
    "assessments:extend_place": by_code(extends_there, extends_there),
    "assessments:extend_record": by_number("records", extends_record, extends_record),
    "assessments:window": Address(
        "places",
        lambda place: [place.row.code, clock.today().year, "cong-dan", "xac-nhan"],
        sets_its_deadlines,
        sets_its_deadlines,
    ),
    "delivery:unreached": by_code(keeps_its_list, keeps_its_list),
    "groups:household": by_number("households", speaks_for_household, speaks_for_household),
    "groups:household_clan": by_number("households", speaks_for_household, speaks_for_household),
    "groups:household_members": by_number("households", speaks_for_household, speaks_for_household),
    "groups:organization": by_code(speaks_for, speaks_for),
    "groups:organization_members": by_code(speaks_for, speaks_for),
    "groups:review": by_number("group_records", reads_group, judges_group),
    "groups:clan_households": Address("clans", lambda clan: [clan.row.code], is_own, is_own),
    "groups:village_household": of_board("households", sits_at_its_village, sits_at_its_village),
    "groups:village": by_code(sits_at_village, sits_at_village),
    "organizations:detail": by_code(reads_about),
    "organizations:contact": by_code(writes_its_contact, writes_its_contact),
    "organizations:add": by_code(adds_below, adds_below),
    "organizations:without_people": by_code(sees),
    "people:list": by_code(keeps_its_list),
    "people:unregistered": by_code(keeps_its_list, keeps_its_list),
    "people:person": of_board("people", keeps_list_of_its_place),
    "people:move": by_code(keeps_its_list, keeps_its_list),
    "people:depart": by_code(keeps_its_list, keeps_its_list),
    "people:transfers": by_code(keeps_its_list),
    "people:transfer": of_board("transfers", keeps_list_of_its_place),
    "people:transfer_undo": of_board("transfers", doing=keeps_list_of_its_place),
    "people:doubles": by_code(keeps_list_of_commune),
    "people:double": of_board("doubles", keeps_list_of_its_commune, keeps_list_of_its_commune, query=_other),
    "people:double_apart": of_board("doubles", doing=keeps_list_of_its_commune, query=_other),
    "people:rosters": by_code(keeps_its_list, keeps_its_list),
    "people:roster_template": by_code(keeps_its_list),
    "people:roster": of_board("rosters", keeps_list_of_its_place),
    "people:roster_download": of_board("rosters", asked_for_it_and_keeps_the_list),
    "people:roster_start": of_board("rosters", doing=keeps_list_of_its_place),
    "people:roster_decide": of_board("rosters", doing=keeps_list_of_its_place),
    "reports:number": by_number("records", oversees, oversees),
    "reports:helped": by_code(helps, helps),
    "reports:snapshot_download": by_number("snapshots", holds_its_figures),
    "reports:form": form_of("places", reading=reads_its_figures),
    "reports:form_excel": form_of("offices", doing=reads_its_figures),
    "reports:form_pdf": form_of("offices", doing=reads_its_figures),
    "reports:table_forget": by_number("tables", doing=is_own),
    "reports:typed_edit": by_code(reads_its_typed, types_its_figures, [THIS_YEAR]),
    "reports:typed_template": by_code(reads_its_typed, None, [THIS_YEAR]),
    "reports:typed_upload": by_code(None, types_its_figures, [THIS_YEAR]),
    "reports:typed_give_back": by_code(None, gives_its_figures_back, [THIS_YEAR]),
    "reports:export": Address("jobs", lambda job: [job.row.code], is_own),
    "reports:export_download": Address("jobs", lambda job: [job.row.code], is_own_and_still_in_reach),
    "reforms:file": by_number("files", sees_its_place),
    "reforms:file_download": by_number("files", sees_its_place),
    "reforms:file_start": by_number("files", doing=may_reform_for),
    "reforms:detail": by_number("reforms", sees_its_place),
    "reforms:carry_out": by_number("reforms", doing=may_reform_for),
    "reforms:undo": by_number("reforms", doing=may_reform_for),
    "reforms:place": by_number("reforms", doing=may_reform_for),
    "reforms:start": by_code(reforms_it),
    "reforms:plan": by_code(reforms_it, reforms_it, ["doi-ten"]),
    "sheets:print": by_code(keeps_its_list, keeps_its_list),
    "sheets:empty": by_code(keeps_its_list, query=lambda place: {"nhom": "I"}),
    "sheets:sheet": Address(
        "people",
        lambda person: [codes.written(SheetCode(person.row.pk, clock.today().year, "I"))],
        helps_there,
        helps_there,
    ),
    "sheets:printing": of_board("printings", asked_for_it_and_keeps_the_list),
    "sheets:download": of_board("printings", asked_for_it_and_keeps_the_list),
    "revising:copy": by_number("drafts", doing=keeps_criteria),
    "revising:edit": by_number("drafts", keeps_criteria, keeps_criteria),
    "revising:remove": by_number("drafts", doing=keeps_criteria),
    "revising:trial": by_number("drafts", keeps_criteria),
    "revising:try_out": by_number("drafts", doing=keeps_criteria),
    "revising:ask": by_number("drafts", doing=keeps_criteria),
    "revising:publish": by_number("drafts", doing=keeps_criteria),
    "watching:flag": by_number("flags", holds_its_figures, looks_into_its_flags),
    "recognitions:begin": by_code(decides_there, decides_there),
    "recognitions:release": by_code(sets_when_results_show, sets_when_results_show),
    "recognitions:decision": by_number("decisions", holds_its_figures),
    "recognitions:document": by_number(
        "decisions", holds_its_figures, more=lambda decision: ["danh-sach", "pdf"]
    ),
    "recognitions:minutes": by_number("decisions", draws_for_its_place, draws_for_its_place),
    "recognitions:submission": by_number("decisions", draws_for_its_place, draws_for_its_place),
    "recognitions:decide": by_number("decisions", draws_for_its_place, draws_for_its_place),
    "recognitions:drop": by_number("decisions", draws_for_its_place, draws_for_its_place),
    "recognitions:leave_out": by_number(
        "decisions", draws_for_its_place, draws_for_its_place, lambda decision: [decision.more["nomination"]]
    ),
    "recognitions:take_in": by_number(
        "decisions", doing=draws_for_its_place, more=lambda decision: [decision.more["nomination"]]
    ),
    "recognitions:setting": Address("drafts", lambda draft: ["gia-dinh"], keeps_criteria, keeps_criteria),
    "recognitions:certificate": by_number("recognitions", holds_or_gave),
    "recognitions:download": by_number("recognitions", holds_or_gave),
    "recognitions:badge": by_number("recognitions", holds_or_gave),
    "recognitions:revoke": by_number("recognitions", changes_what_it_gave, changes_what_it_gave),
    "recognitions:reissue": by_number("recognitions", changes_what_it_gave, changes_what_it_gave),
    "recognitions:certificates": of_decision("recognitions", gave),
    "recognitions:print_all": of_decision("recognitions", doing=gave),
    "recognitions:printing": of_decision("certificate_printings", printed_it, more=_own_number),
    "recognitions:download_all": of_decision("certificate_printings", printed_it, more=_own_number),
    "recognitions:commend": by_code(decides_there, decides_there),
    "recognitions:commending": by_number("commending", gave, gave),
    "recognitions:commend_decide": by_number("commending", gave, gave),
    "recognitions:commend_drop": by_number("commending", gave, gave),
    "recognitions:commended": by_number("commending", gave, more=lambda commending: ["docx"]),
    "watching:draw_start": by_number("draws", doing=draws_for_its_place),
    "watching:draw_records": by_number("draws", holds_its_figures),
    "watching:draw_check": of_draw(holds_its_figures, draws_for_its_place),
    "watching:draw_findings": by_number("draws", holds_its_figures),
    "watching:draw_findings_export": by_number("draws", doing=holds_its_figures),
}

# What an address names in its query, which no pattern shows: the pages of figures and the board's list.


def by_query(parameter, reading=None, doing=None, **more):
    query = {name.replace("_", "-"): value for name, value in more.items()}
    return Address(
        "places", lambda place: [], reading, doing, query=lambda place: {parameter: place.row.code} | query
    )


def file_of(**more):
    """A workbook about a place, which is written at once."""
    return Address(
        "offices",
        lambda place: [],
        doing=reads_its_figures,
        query=lambda place: {"to-chuc": place.row.code} | more,
    )


def file_of_day():
    return file_of(**{"tai-ngay": day_words(clock.today())})


BY_QUERY = {
    "assessments:board_list": by_query("place", lists_boards_below),
    "assessments:board_queue": by_query("board", reads_its_queue),
    "reports:summary": by_query("to-chuc", reads_its_figures),
    "reports:summary_export": file_of(),
    "reports:summary_as_at": by_query("to-chuc", reads_its_figures),
    "reports:summary_as_at_export": file_of_day(),
    "reports:list_as_at": by_query("to-chuc", reads_its_figures),
    "reports:list_as_at_export": file_of_day(),
    "reports:units_as_at": by_query("to-chuc", reads_its_figures),
    "reports:units_as_at_export": file_of_day(),
    "reports:list": by_query("to-chuc", reads_its_figures),
    "reports:list_export": file_of(),
    "reports:targets": by_query("to-chuc", reads_its_figures, sets_its_targets),
    "reports:members": by_query("to-chuc", reads_its_figures),
    "reports:table_rows": by_query("to-chuc", reads_its_figures),
    "reports:subjects": by_query("to-chuc", reads_its_figures, danh_hieu="clan"),
    "reports:full_list": by_query("to-chuc", takes_its_numbers, takes_its_numbers),
    "reports:people": by_query("to-chuc", reads_its_figures),
    "reports:table_save": by_query("to-chuc", doing=reads_its_figures),
    "reports:weekly": by_query("to-chuc", reads_its_figures, names_its_readers),
    "reports:weekly_drop": Address(
        "weekly_readers",
        lambda thing: [],
        doing=lambda viewer, thing: names_its_readers(viewer, thing.place),
        query=lambda thing: {"to-chuc": thing.place.row.code},
        typed=lambda thing: {"reader": thing.row.pk},
    ),
    "reports:typed": by_query("to-chuc", reads_its_figures),
    "reports:forms": by_query("to-chuc", reads_its_figures),
    "reports:extensions": by_query("to-chuc", reads_its_figures),
    "reports:extensions_export": file_of(),
    "watching:flags": by_query("to-chuc", reads_its_figures),
    "watching:read_again": by_query("to-chuc", doing=reads_its_province_again),
    "watching:draws": by_query("to-chuc", reads_its_figures),
    "watching:announce": by_query("to-chuc", draws_there, draws_there),
}
# Pages of figures that name no place.
OF_NO_PLACE = {
    "reports:snapshots",
    "reports:check_file",
    "reports:open_data",
    "reports:open_csv",
    "reports:open_dictionary",
}

# Whoever holds the link may use it: it is signed, works once and names nobody.
BY_LINK = {"accounts:first_sign_in", "accounts:regain"}
# By what a draw is redone, and by what titles are judged: published for everybody, and about nobody.
PUBLISHED = {
    "recognitions:revoked",
    "revising:detail",
    "revising:difference",
    "revising:download_excel",
    "revising:download_yaml",
    "watching:draw",
    "watching:draw_list",
    "watching:draw_sample",
}
# Whoever has what is printed or sent reads what it says: what was made up says nothing of anybody.
BY_KEY = {
    "recognitions:check_code": ["ABCDEFGHJKLM"],
    "recognitions:scanned": ["ABCDEFGHJKLM", "AEAAP2RG"],
    "recognitions:shared": ["made-up"],
}
