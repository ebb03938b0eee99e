"""Confirmations the database refuses, by whatever way the row is written.

The conditions compare data of rows and never ask the database's own clock.
"""

from audit.triggers import Trigger

NEWLY_CONFIRMED = (
    "NEW.state = 'confirmed' AND (OLD.state <> 'confirmed' OR OLD.confirmed_at <> NEW.confirmed_at)"
)
SAME_MATTER = "x.campaign_id = NEW.campaign_id AND x.level = NEW.level AND x.step = 'confirmation'"
OPEN_THEN = "x.opens_at <= NEW.confirmed_at AND NEW.confirmed_at < x.closes_at"
IN_WINDOW = f"""EXISTS (
    SELECT 1 FROM assessments_window x
    WHERE {SAME_MATTER} AND {OPEN_THEN} AND (x.closed_at IS NULL OR NEW.confirmed_at <= x.closed_at)
    AND (x.province_id = NEW.province_id OR x.province_id IS NULL AND NOT EXISTS (
        SELECT 1 FROM assessments_window p
        WHERE p.campaign_id = NEW.campaign_id AND p.level = NEW.level AND p.step = 'confirmation'
        AND p.province_id = NEW.province_id
    ))
)"""
EXTENDED = f"""EXISTS (
    SELECT 1 FROM assessments_extension x
    LEFT JOIN organizations_organization above ON above.id = x.organization_id
    LEFT JOIN organizations_organization board ON board.id = NEW.board_id
    WHERE {SAME_MATTER} AND {OPEN_THEN}
    AND (x.assessment_id = NEW.id OR substr(board.path, 1, length(above.path)) = above.path)
)"""
OUTSIDE = f"NOT {IN_WINDOW} AND NOT {EXTENDED}"
OWN = """EXISTS (
    SELECT 1 FROM accounts_citizen confirmer JOIN accounts_citizen subject ON subject.id = NEW.citizen_id
    WHERE confirmer.user_id = NEW.confirmed_by_id
    AND (confirmer.id = subject.id OR confirmer.household_id = subject.household_id)
)"""
TABLE = "assessments_assessment"
LATE = "a confirmation outside its window"
SELF = "nobody confirms the own record or that of the own household"

TRIGGERS = [
    Trigger("assessment_confirmed_in_window", TABLE, "UPDATE", LATE, f"{NEWLY_CONFIRMED} AND {OUTSIDE}"),
    Trigger(
        "assessment_put_in_confirmed_in_window",
        TABLE,
        "INSERT",
        LATE,
        f"NEW.state = 'confirmed' AND {OUTSIDE}",
    ),
    Trigger("assessment_not_confirmed_by_self", TABLE, "UPDATE", SELF, f"{NEWLY_CONFIRMED} AND {OWN}"),
    Trigger(
        "assessment_not_put_in_confirmed_by_self", TABLE, "INSERT", SELF, f"NEW.state = 'confirmed' AND {OWN}"
    ),
]
