"""Confirmations and extensions the database refuses, by whatever way the row is written.

The conditions compare data of rows and never ask the database's own clock.
"""

from audit.triggers import Trigger

TABLE = "assessments_assessment"
SCORE = "assessments_score"
CONTEST = "assessments_contest"
JUDGED = "('confirmed', 'recognised')"


def governs(record: str) -> str:
    """Of the confirmation windows x: whether it is the one that governs the record."""
    return f"""x.campaign_id = {record}.campaign_id AND x.level = {record}.level AND x.step = 'confirmation'
    AND (x.province_id = {record}.province_id OR x.province_id IS NULL AND NOT EXISTS (
        SELECT 1 FROM assessments_window p
        WHERE p.campaign_id = {record}.campaign_id AND p.level = {record}.level AND p.step = 'confirmation'
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


def differ(*columns: str) -> str:
    """Whether any of the columns changes, empty ones included."""
    return " OR ".join(
        f"OLD.{name} <> NEW.{name} OR (OLD.{name} IS NULL) <> (NEW.{name} IS NULL)" for name in columns
    )


def same(row: str, *columns: str) -> str:
    return " AND ".join(
        f"({row}.{name} = NEW.{name} OR {row}.{name} IS NULL AND NEW.{name} IS NULL)" for name in columns
    )


OPEN_THEN = "x.opens_at <= NEW.confirmed_at AND NEW.confirmed_at < x.closes_at"
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
OWN = """EXISTS (
    SELECT 1 FROM accounts_citizen confirmer LEFT JOIN accounts_citizen subject ON subject.id = NEW.citizen_id
    WHERE confirmer.user_id = NEW.confirmed_by_id
    AND (confirmer.id = subject.id OR confirmer.household_id IN (subject.household_id, NEW.household_id))
)"""
APPROVED_FOR_SELF = """EXISTS (
    SELECT 1 FROM accounts_citizen approver
    JOIN assessments_assessment opened ON opened.id = NEW.assessment_id
    LEFT JOIN accounts_citizen subject ON subject.id = opened.citizen_id
    WHERE approver.user_id = NEW.approved_by_id
    AND (approver.id = subject.id OR approver.household_id IN (subject.household_id, opened.household_id))
)"""

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
# Of a record that is open again only the round it goes on in.
SCORE_LOCKED = f"""EXISTS (SELECT 1 FROM assessments_assessment a WHERE a.id = NEW.assessment_id
    AND {closed("a")}
    AND NOT (NEW.round = a.round
        AND {extended("a", "x.closed_at IS NULL", "('confirmation', 'contest')")}))"""
DECIDED_BY_FIRST = """NEW.decided_by_id IS NOT NULL AND EXISTS (
    SELECT 1 FROM assessments_assessment a LEFT JOIN accounts_citizen subject ON subject.id = a.citizen_id
    LEFT JOIN accounts_citizen reviewer ON reviewer.user_id = NEW.decided_by_id
    WHERE a.id = NEW.assessment_id AND (a.confirmed_by_id = NEW.decided_by_id OR reviewer.id = subject.id
        OR reviewer.household_id IN (subject.household_id, a.household_id))
)"""

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
        f"{NEWLY_JUDGED} AND NOT {EXTENDED_THEN} AND (NOT {IN_WINDOW} OR {closed('NEW')}) AND NOT {RESTORED}",
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
    Trigger("assessment_not_put_in_confirmed_by_self", TABLE, "INSERT", SELF, f"{PUT_IN_JUDGED} AND {OWN}"),
    Trigger(
        "extension_not_approved_for_self",
        "assessments_extension",
        "INSERT",
        "nobody reopens the own record or that of the own household",
        APPROVED_FOR_SELF,
    ),
    Trigger("score_judgement_locked", SCORE, "UPDATE", LOCKED, f"({SCORE_CHANGED}) AND {SCORE_LOCKED}"),
    Trigger("contest_decided_by_another", CONTEST, "UPDATE", OTHER, DECIDED_BY_FIRST),
]
