"""Confirmations and extensions the database refuses, by whatever way the row is written.

The conditions compare data of rows and never ask the database's own clock.
"""

from audit.triggers import Trigger

TABLE = "assessments_assessment"
SCORE = "assessments_score"
CONTEST = "assessments_contest"
PAPER = "assessments_paper"
PAPER_SCORE = "assessments_paperscore"
LOWERING = "assessments_lowering"
JUDGED = "('confirmed', 'recognised')"


def governs(record: str, step: str = "confirmation") -> str:
    """Of the windows x of a step: whether it is the one that governs the record."""
    return f"""x.campaign_id = {record}.campaign_id AND x.level = {record}.level AND x.step = '{step}'
    AND (x.province_id = {record}.province_id OR x.province_id IS NULL AND NOT EXISTS (
        SELECT 1 FROM assessments_window p
        WHERE p.campaign_id = {record}.campaign_id AND p.level = {record}.level AND p.step = '{step}'
        AND p.province_id = {record}.province_id
    ))"""


def closed(record: str) -> str:
    """Whether the closing of the record's confirmation was recorded."""
    return f"EXISTS (SELECT 1 FROM assessments_window x WHERE x.closed_at IS NOT NULL AND {governs(record)})"


def extended(record: str, condition: str, steps: str = "('confirmation')") -> str:
    """Whether there is an extension x that reaches the record."""
    return f"""EXISTS (
    SELECT 1 FROM assessments_extension x
    LEFT JOIN organizations_organization above ON above.id = x.organization_id
    LEFT JOIN organizations_organization board ON board.id = {record}.board_id
    WHERE x.campaign_id = {record}.campaign_id AND x.level = {record}.level AND x.step IN {steps}
    AND (x.assessment_id = {record}.id OR substr(board.path, 1, length(above.path)) = above.path)
    AND {condition})"""


def at(moment: str) -> str:
    """Whether the window or extension x is open at a moment."""
    return f"x.opens_at <= {moment} AND {moment} < x.closes_at"


def paper_open(record: str, moment: str) -> str:
    """Whether paper of before the lock may be typed in for the record at a moment."""
    return f"""(EXISTS (SELECT 1 FROM assessments_window x WHERE {at(moment)} AND {governs(record, "paper")})
    OR {extended(record, f"x.closed_at IS NULL AND {at(moment)}", "('paper')")})"""


def tied(person: str, record: str) -> str:
    """Whether a record is a user's own, that of the own household, or of a group the user belongs to."""
    return f"""(EXISTS (
    SELECT 1 FROM accounts_citizen person
    LEFT JOIN accounts_citizen subject ON subject.id = {record}.citizen_id
    WHERE person.user_id = {person}
    AND (person.id = subject.id OR person.household_id IN (subject.household_id, {record}.household_id))
) OR EXISTS (
    SELECT 1 FROM accounts_member member JOIN accounts_citizen person ON person.id = member.citizen_id
    WHERE person.user_id = {person} AND member.valid_to IS NULL
    AND (member.household_id = {record}.household_id OR member.organization_id = {record}.organization_id)
) OR EXISTS (
    SELECT 1 FROM accounts_appointment own WHERE own.user_id = {person} AND own.valid_to IS NULL
    AND own.organization_id = {record}.organization_id
))"""


def of_tied(person: str) -> str:
    """Of a row that hangs on a record: whether the person is tied to that."""
    return f"""EXISTS (SELECT 1 FROM assessments_assessment a
    WHERE a.id = NEW.assessment_id AND {tied(person, "a")})"""


def filled_in(person: str, record: str = "NEW") -> str:
    """Whether a user has filled in anything of the record for its person."""
    return f"""EXISTS (SELECT 1 FROM assessments_helping h WHERE h.assessment_id = {record}.id
    AND h.helper_id = {person} AND h.wrote_at IS NOT NULL)"""


def has_another(than: str, record: str, moment: str, condition: str = "1 = 1") -> str:
    """Whether the board of a record has another who may judge it, on a seat that fulfils a condition.

    Of the others only who certainly sits there: the day in Vietnam is left to the workflow.
    """
    day = f"substr(CAST({moment} AS text), 1, 10)"
    return f"""EXISTS (
    SELECT 1 FROM accounts_appointment seat JOIN accounts_user other ON other.id = seat.user_id
    WHERE seat.organization_id = {record}.board_id AND seat.role IN ('board_member', 'board_chair', 'officer')
    AND seat.user_id <> {than} AND other.is_active AND CAST(seat.valid_from AS text) <= {day}
    AND (seat.valid_to IS NULL OR CAST(seat.valid_to AS text) > {day})
    AND NOT {tied("seat.user_id", record)} AND NOT {filled_in("seat.user_id", record)} AND {condition})"""


def differ(*columns: str) -> str:
    """Whether any of the columns changes, empty ones included."""
    return " OR ".join(
        f"OLD.{name} <> NEW.{name} OR (OLD.{name} IS NULL) <> (NEW.{name} IS NULL)" for name in columns
    )


def same(row: str, *columns: str, of: str = "") -> str:
    """Whether a row holds what the new one does, empty ones included; `of` is what it is called there."""
    return " AND ".join(
        f"({row}.{name} = NEW.{of or name} OR {row}.{name} IS NULL AND NEW.{of or name} IS NULL)"
        for name in columns
    )


OPEN_THEN = at("NEW.confirmed_at")
IN_WINDOW = f"EXISTS (SELECT 1 FROM assessments_window x WHERE {OPEN_THEN} AND {governs('NEW')})"
# Until its end was recorded, as with a window.
EXTENDED_THEN = extended("NEW", f"x.closed_at IS NULL AND {OPEN_THEN}")
# What was confirmed before a whole subtree was given more time is settled; one record may be opened by
# itself, and points may be looked at again.
EXTENDED = extended(
    "NEW",
    "x.closed_at IS NULL "
    "AND (x.assessment_id = NEW.id OR x.step = 'contest' OR x.opens_at <= OLD.confirmed_at)",
    "('confirmation', 'contest')",
)
JUDGEMENT = ("outcome", "confirmed_total", "review_total", "confirmed_at", "confirmed_by_id")
# What an extension opened again and was not confirmed anew becomes exactly what it was, when that has ended.
RESTORED = f"""(OLD.state NOT IN {JUDGED} AND NEW.state = 'confirmed' AND EXISTS (
    SELECT 1 FROM assessments_reopening r JOIN assessments_extension x ON x.id = r.extension_id
    WHERE r.assessment_id = NEW.id AND r.state = 'confirmed' AND r.ended_at IS NULL
    AND x.closed_at IS NOT NULL AND {same("r", *JUDGEMENT, "round", "criteria_set_id")}
))"""
# What a sheet of paper of before the lock says, signed by a second member in the days for it.
BY_PAPER = f"""(OLD.state = 'unconfirmed' AND EXISTS (
    SELECT 1 FROM assessments_paper sheet WHERE sheet.assessment_id = NEW.id AND sheet.round = NEW.round
    AND sheet.signed_by_id = NEW.confirmed_by_id AND sheet.signed_at = NEW.confirmed_at
    AND sheet.outcome = NEW.outcome AND {same("sheet", "total", of="confirmed_total")}
) AND {paper_open("NEW", "NEW.confirmed_at")})"""
OWN = tied("NEW.confirmed_by_id", "NEW")
APPROVED_FOR_SELF = of_tied("NEW.approved_by_id")

AGREED = f"""EXISTS (SELECT 1 FROM assessments_lowering l WHERE l.assessment_id = NEW.id
    AND l.round = NEW.round AND l.outcome = NEW.outcome
    AND l.agreed_at = NEW.confirmed_at AND l.agreed_by_id = NEW.confirmed_by_id
    AND {same("l", "total", of="confirmed_total")})"""
HAS_ANOTHER = has_another("NEW.confirmed_by_id", "NEW", "NEW.confirmed_at")

NEWLY_JUDGED = (
    f"NEW.state IN {JUDGED} AND (OLD.state NOT IN {JUDGED} OR OLD.confirmed_at <> NEW.confirmed_at "
    "OR OLD.confirmed_by_id <> NEW.confirmed_by_id)"
)
PUT_IN_JUDGED = f"NEW.state IN {JUDGED}"
# Recognising what was confirmed, and revoking that, change nothing of the judgement.
JUDGEMENT_CHANGED = f"OLD.state IN {JUDGED} AND (NEW.state NOT IN {JUDGED} OR {differ(*JUDGEMENT)})"
SCORE_CHANGED = differ(
    "confirmed_points",
    "confirmed_passed",
    "reason",
    "changed_by_id",
    "review_points",
    "review_passed",
    "review_reason",
    "reviewed_by_id",
)
# What a signed sheet of paper says of this very indicator.
SCORE_OF_PAPER = f"""EXISTS (
    SELECT 1 FROM assessments_paperscore said JOIN assessments_paper sheet ON sheet.id = said.paper_id
    JOIN assessments_assessment a ON a.id = sheet.assessment_id
    WHERE said.score_id = NEW.id
    AND sheet.signed_at = a.confirmed_at AND sheet.signed_by_id = a.confirmed_by_id
    AND {same("said", "points", of="confirmed_points")} AND {same("said", "passed", of="confirmed_passed")}
    AND said.reason = NEW.reason AND (NEW.changed_by_id IS NULL OR NEW.changed_by_id = sheet.typed_by_id)
    AND {same("OLD", "review_points", "review_passed", "review_reason", "reviewed_by_id")}
)"""
# A sheet is dated while the confirmation ran, and typed in in the days for it.
PAPER_IN_TIME = f"""EXISTS (
    SELECT 1 FROM assessments_assessment a WHERE a.id = NEW.assessment_id AND EXISTS (
        SELECT 1 FROM assessments_window x WHERE {at("NEW.dated_at")} AND {governs("a")}
    ) AND {paper_open("a", "NEW.typed_at")}
)"""
# Of a record that is open again only the round it goes on in.
SCORE_LOCKED = f"""EXISTS (SELECT 1 FROM assessments_assessment a WHERE a.id = NEW.assessment_id
    AND {closed("a")}
    AND NOT (NEW.round = a.round
        AND {extended("a", "x.closed_at IS NULL", "('confirmation', 'contest')")}))"""
DECIDED_BY_FIRST = """NEW.decided_by_id IS NOT NULL AND EXISTS (
    SELECT 1 FROM assessments_assessment a LEFT JOIN accounts_citizen subject ON subject.id = a.citizen_id
    LEFT JOIN accounts_citizen reviewer ON reviewer.user_id = NEW.decided_by_id
    WHERE a.id = NEW.assessment_id AND (a.confirmed_by_id = NEW.decided_by_id OR EXISTS (
            SELECT 1 FROM assessments_lowering l WHERE l.assessment_id = a.id
            AND l.agreed_at = a.confirmed_at AND l.decided_by_id = NEW.decided_by_id
        ) OR reviewer.id = subject.id
        OR reviewer.household_id IN (subject.household_id, a.household_id))
)"""
DID_NOT_JUDGE = """seat.user_id <> a.confirmed_by_id AND NOT EXISTS (
    SELECT 1 FROM assessments_lowering l WHERE l.assessment_id = a.id
    AND l.agreed_at = a.confirmed_at AND l.decided_by_id = seat.user_id)"""
DECIDED_BY_WHO_FILLED_IN = f"""NEW.decided_by_id IS NOT NULL AND EXISTS (
    SELECT 1 FROM assessments_assessment a WHERE a.id = NEW.assessment_id
    AND {filled_in("NEW.decided_by_id", "a")}
    AND {has_another("NEW.decided_by_id", "a", "NEW.decided_at", DID_NOT_JUDGE)})"""

DRAFT_FORM = """EXISTS (SELECT 1 FROM criteria_criteriaset form
    WHERE form.id = NEW.criteria_set_id AND form.status = 'draft')"""
DRAFT_INDICATOR = """EXISTS (SELECT 1 FROM criteria_criterion line
    JOIN criteria_criteriaset form ON form.id = line.criteria_set_id
    WHERE line.id = NEW.indicator_id AND form.status = 'draft')"""
UNPUBLISHED = "nobody is judged by a set of criteria that is not published"

LATE = "a confirmation outside its window"
LOCKED = "a confirmation is locked since the closing was recorded"
SELF = "nobody confirms the own record or that of the own household"
OTHER = "another person than the first looks again, and nobody at the own record or that of the own household"

TRIGGERS = [
    # A year that is over may be put in as it was. What is there already is confirmed in time or not at all.
    Trigger(
        "assessment_put_in_confirmed_in_window",
        TABLE,
        "INSERT",
        LATE,
        f"{PUT_IN_JUDGED} AND NOT {IN_WINDOW} AND NOT {extended('NEW', OPEN_THEN)}",
    ),
    Trigger(
        "assessment_confirmed_in_window",
        TABLE,
        "UPDATE",
        LATE,
        f"{NEWLY_JUDGED} AND NOT {EXTENDED_THEN} AND (NOT {IN_WINDOW} OR {closed('NEW')}) AND NOT {RESTORED} "
        f"AND NOT {BY_PAPER}",
    ),
    Trigger(
        "assessment_judgement_locked",
        TABLE,
        "UPDATE",
        LOCKED,
        f"{JUDGEMENT_CHANGED} AND {closed('NEW')} AND NOT {EXTENDED}",
    ),
    Trigger(
        "assessment_not_confirmed_by_self",
        TABLE,
        "UPDATE",
        SELF,
        f"{NEWLY_JUDGED} AND {OWN} AND NOT {RESTORED}",
    ),
    Trigger(
        "assessment_not_lowered_by_one_of_two",
        TABLE,
        "UPDATE",
        "less than the own points is confirmed by two where the board has two",
        f"NEW.confirmed_total < NEW.own_total AND {NEWLY_JUDGED} AND NOT {AGREED} AND {HAS_ANOTHER} "
        f"AND NOT {RESTORED} AND NOT {BY_PAPER}",
    ),
    Trigger(
        "assessment_not_confirmed_by_who_filled_in",
        TABLE,
        "UPDATE",
        "who filled in a record does not confirm it where the board has another",
        f"{NEWLY_JUDGED} AND {filled_in('NEW.confirmed_by_id')} AND {HAS_ANOTHER} AND NOT {RESTORED} "
        f"AND NOT {BY_PAPER}",
    ),
    Trigger("assessment_not_put_in_confirmed_by_self", TABLE, "INSERT", SELF, f"{PUT_IN_JUDGED} AND {OWN}"),
    Trigger(
        "extension_not_approved_for_self",
        "assessments_extension",
        "INSERT",
        "nobody reopens the own record or that of the own household",
        APPROVED_FOR_SELF,
    ),
    Trigger(
        "extension_only_ends_earlier",
        "assessments_extension",
        "UPDATE",
        "an extension is never prolonged or moved",
        "NEW.closes_at > OLD.closes_at OR "
        + differ("campaign_id", "level", "step", "organization_id", "assessment_id", "opens_at"),
    ),
    Trigger(
        "score_judgement_locked",
        SCORE,
        "UPDATE",
        LOCKED,
        f"({SCORE_CHANGED}) AND {SCORE_LOCKED} AND NOT {SCORE_OF_PAPER}",
    ),
    Trigger(
        "paper_put_in_in_time",
        PAPER,
        "INSERT",
        "paper is dated while the confirmation ran, typed in in the days for it and signed afterwards",
        f"NEW.signed_at IS NOT NULL OR NOT {PAPER_IN_TIME}",
    ),
    Trigger("lowering_not_by_self", LOWERING, "INSERT", SELF, of_tied("NEW.decided_by_id")),
    Trigger("lowering_not_agreed_by_self", LOWERING, "UPDATE", SELF, of_tied("NEW.agreed_by_id")),
    Trigger("paper_not_typed_by_self", PAPER, "INSERT", SELF, of_tied("NEW.typed_by_id")),
    Trigger("paper_not_signed_by_self", PAPER, "UPDATE", SELF, of_tied("NEW.signed_by_id")),
    Trigger(
        "paper_only_signed",
        PAPER,
        "UPDATE",
        "what was typed of a paper stays, and is signed once",
        "OLD.signed_at IS NOT NULL OR "
        + differ("assessment_id", "round", "dated_at", "outcome", "total", "typed_by_id", "typed_at"),
    ),
    Trigger("paper_score_never_changed", PAPER_SCORE, "UPDATE", "what was typed of a paper stays"),
    Trigger(
        "paper_score_put_in_before_it_is_signed",
        PAPER_SCORE,
        "INSERT",
        "what was typed of a paper stays",
        "EXISTS (SELECT 1 FROM assessments_paper sheet WHERE sheet.id = NEW.paper_id "
        "AND sheet.signed_at IS NOT NULL)",
    ),
    Trigger("assessment_put_in_on_published", TABLE, "INSERT", UNPUBLISHED, DRAFT_FORM),
    Trigger(
        "assessment_moved_to_published",
        TABLE,
        "UPDATE",
        UNPUBLISHED,
        f"NEW.criteria_set_id <> OLD.criteria_set_id AND {DRAFT_FORM}",
    ),
    Trigger("score_put_in_on_published", SCORE, "INSERT", UNPUBLISHED, DRAFT_INDICATOR),
    Trigger(
        "score_moved_to_published",
        SCORE,
        "UPDATE",
        UNPUBLISHED,
        f"NEW.indicator_id <> OLD.indicator_id AND {DRAFT_INDICATOR}",
    ),
    Trigger("contest_decided_by_another", CONTEST, "UPDATE", OTHER, DECIDED_BY_FIRST),
    Trigger(
        "contest_not_decided_by_who_filled_in",
        CONTEST,
        "UPDATE",
        "who filled in a record does not look at it again where the board has another",
        DECIDED_BY_WHO_FILLED_IN,
    ),
]
