"""Confirmations and extensions the database refuses, by whatever way the row is written.

The conditions compare data of rows and never ask the database's own clock.
"""

from audit.triggers import Trigger

TABLE = "assessments_assessment"
JUDGED = "('confirmed', 'recognised')"
SAME_MATTER = "x.campaign_id = NEW.campaign_id AND x.level = NEW.level AND x.step = 'confirmation'"
OPEN_THEN = "x.opens_at <= NEW.confirmed_at AND NEW.confirmed_at < x.closes_at"
GOVERNS = """(x.province_id = NEW.province_id OR x.province_id IS NULL AND NOT EXISTS (
    SELECT 1 FROM assessments_window p
    WHERE p.campaign_id = NEW.campaign_id AND p.level = NEW.level AND p.step = 'confirmation'
    AND p.province_id = NEW.province_id
))"""
IN_WINDOW = f"EXISTS (SELECT 1 FROM assessments_window x WHERE {SAME_MATTER} AND {OPEN_THEN} AND {GOVERNS})"
CLOSED = (
    "EXISTS (SELECT 1 FROM assessments_window x "
    f"WHERE {SAME_MATTER} AND x.closed_at IS NOT NULL AND {GOVERNS})"
)
REACHED_BY_EXTENSION = f"""SELECT 1 FROM assessments_extension x
    LEFT JOIN organizations_organization above ON above.id = x.organization_id
    LEFT JOIN organizations_organization board ON board.id = NEW.board_id
    WHERE {SAME_MATTER}
    AND (x.assessment_id = NEW.id OR substr(board.path, 1, length(above.path)) = above.path)"""
EXTENDED_THEN = f"EXISTS ({REACHED_BY_EXTENSION} AND {OPEN_THEN})"
EXTENDED = f"EXISTS ({REACHED_BY_EXTENSION})"
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
JUDGEMENT_CHANGED = (
    f"OLD.state IN {JUDGED} AND (NEW.state NOT IN {JUDGED} OR OLD.outcome <> NEW.outcome "
    "OR coalesce(OLD.confirmed_total, -1) <> coalesce(NEW.confirmed_total, -1) "
    "OR OLD.confirmed_at <> NEW.confirmed_at OR OLD.confirmed_by_id <> NEW.confirmed_by_id)"
)
LATE = "a confirmation outside its window"
LOCKED = "a confirmation is locked since the closing was recorded"
SELF = "nobody confirms the own record or that of the own household"

TRIGGERS = [
    # A year that is over may be put in as it was. What is there already is confirmed in time or not at all.
    Trigger(
        "assessment_put_in_confirmed_in_window",
        TABLE,
        "INSERT",
        LATE,
        f"{PUT_IN_JUDGED} AND NOT {IN_WINDOW} AND NOT {EXTENDED_THEN}",
    ),
    Trigger(
        "assessment_confirmed_in_window",
        TABLE,
        "UPDATE",
        LATE,
        f"{NEWLY_JUDGED} AND NOT {EXTENDED_THEN} AND (NOT {IN_WINDOW} OR {CLOSED})",
    ),
    Trigger(
        "assessment_judgement_locked",
        TABLE,
        "UPDATE",
        LOCKED,
        f"{JUDGEMENT_CHANGED} AND {CLOSED} AND NOT {EXTENDED}",
    ),
    Trigger("assessment_not_confirmed_by_self", TABLE, "UPDATE", SELF, f"{NEWLY_JUDGED} AND {OWN}"),
    Trigger("assessment_not_put_in_confirmed_by_self", TABLE, "INSERT", SELF, f"{PUT_IN_JUDGED} AND {OWN}"),
    Trigger(
        "extension_not_approved_for_self",
        "assessments_extension",
        "INSERT",
        "nobody reopens the own record or that of the own household",
        APPROVED_FOR_SELF,
    ),
]
