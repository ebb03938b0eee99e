"""Decisions and recognitions the database refuses, by whatever way the row is written."""

from assessments.triggers import differ
from audit.triggers import Trigger

DECISION = "recognitions_decision"
NOMINATION = "recognitions_nomination"
RECOGNITION = "recognitions_recognition"
COMMENDING = "recognitions_commendationlist"
COMMENDED = "recognitions_commendation"

FIXED = (
    "campaign_id",
    "level",
    "issuer_id",
    "issuer_name",
    "within_id",
    "within_name",
    "state",
    "is_provisional",
    "provisional_basis",
    "looked_at",
    "nominated",
    "minutes_number",
    "minutes_on",
    "minutes_chair",
    "minutes_secretary",
    "submission_number",
    "submission_on",
    "submission_to",
    "number",
    "number_key",
    "decided_on",
    "year",
    "signer_name",
    "signer_post",
    "valid_until",
    "decided_by_id",
    "decided_at",
)
PRINTED = (
    "decision_id",
    "assessment_id",
    "holder_name",
    "place_name",
    "valid_from",
    "valid_until",
    "code",
    "recognised_at",
    "replaces_id",
)
REVOKED = ("revoked_by_id", "revocation_reason", "revocation_number", "revoked_on")
ELSEWHERE = "a decision is over records of its own year, title and subtree alone, confirmed and achieved"
YEAR = "the year of a decision is that of its day"
OF_ANOTHER_YEAR = (
    "NEW.year IS NOT NULL AND CAST(NEW.year AS text) <> substr(CAST(NEW.decided_on AS text), 1, 4)"
)
SETTLED = "a decision that was made never changes"
KEPT = "a recognition stays as it was printed; it is revoked or replaced, once"


def fits(row: str) -> str:
    """Whether a row's record is one its decision may be over: after a reform both stand in their heirs."""
    return f"""EXISTS (
    SELECT 1 FROM recognitions_decision d
    JOIN organizations_organization issuer ON issuer.id = d.issuer_id
    LEFT JOIN organizations_organization heir ON heir.id = issuer.heir_id
    JOIN assessments_assessment a ON a.id = {row}.assessment_id
    JOIN organizations_organization board ON board.id = a.board_id
    LEFT JOIN organizations_organization later ON later.id = board.heir_id
    WHERE d.id = {row}.decision_id AND a.campaign_id = d.campaign_id AND a.level = d.level
    AND a.state IN ('confirmed', 'recognised') AND a.outcome = 'achieved'
    AND substr(COALESCE(later.path, board.path), 1, length(COALESCE(heir.path, issuer.path)))
        = COALESCE(heir.path, issuer.path))"""


# Of the day in Vietnam the workflow is sure to the hour, this one to the day of the world's clock.
EARLY = """EXISTS (SELECT 1 FROM recognitions_decision d
    JOIN assessments_assessment a ON a.id = NEW.assessment_id
    WHERE d.id = NEW.decision_id
    AND CAST(d.decided_on AS text) < substr(CAST(a.confirmed_at AS text), 1, 10))"""
UNDECIDED = """NOT EXISTS (SELECT 1 FROM recognitions_decision d WHERE d.id = NEW.decision_id
    AND d.state IN ('deciding', 'decided') AND d.number <> '')"""
# A new paper for the same title: places may have moved since, and what was revoked gets none.
REPLACED = """EXISTS (SELECT 1 FROM recognitions_recognition r
    WHERE r.id = NEW.replaces_id AND r.decision_id = NEW.decision_id AND r.assessment_id = NEW.assessment_id
    AND r.revoked_at IS NULL AND r.replaced_at IS NOT NULL)"""
COMMENDABLE = """EXISTS (
    SELECT 1 FROM recognitions_commendationlist l
    JOIN organizations_organization body ON body.id = l.issuer_id
    LEFT JOIN organizations_organization went_on ON went_on.id = body.heir_id
    JOIN recognitions_recognition r ON r.id = NEW.recognition_id
    JOIN recognitions_decision d ON d.id = r.decision_id
    JOIN organizations_organization giver ON giver.id = d.issuer_id
    LEFT JOIN organizations_organization heir ON heir.id = giver.heir_id
    JOIN assessments_assessment a ON a.id = r.assessment_id
    JOIN organizations_organization board ON board.id = a.board_id
    LEFT JOIN organizations_organization later ON later.id = board.heir_id
    WHERE l.id = NEW.list_id AND l.decided_on IS NULL AND l.campaign_id = d.campaign_id AND l.level = d.level
    AND NEW.campaign_id = l.campaign_id AND NEW.body_kind = l.body_kind
    AND r.revoked_at IS NULL AND r.replaced_at IS NULL
    AND substr(
            CASE WHEN giver.valid_to IS NULL THEN giver.path
                WHEN heir.kind = giver.kind THEN heir.path
                ELSE COALESCE(later.path, board.path) END,
            1, length(COALESCE(went_on.path, body.path))
        ) = COALESCE(went_on.path, body.path))"""
HONOURED = "who a decision honoured stays as it was decided"
BEFORE_THE_TITLE = """NEW.decided_on IS NOT NULL AND EXISTS (SELECT 1 FROM recognitions_commendation c
    JOIN recognitions_recognition r ON r.id = c.recognition_id
    WHERE c.list_id = NEW.id AND CAST(r.valid_from AS text) > CAST(NEW.decided_on AS text))"""

TRIGGERS = [
    Trigger(
        "decision_made_stays", DECISION, "UPDATE", SETTLED, f"OLD.state = 'decided' AND ({differ(*FIXED)})"
    ),
    Trigger(
        "decision_made_not_removed",
        DECISION,
        "DELETE",
        SETTLED,
        "OLD.state NOT IN ('gathering', 'gathered', 'dropped')",
    ),
    Trigger("decision_of_the_year_of_its_day", DECISION, "UPDATE", YEAR, OF_ANOTHER_YEAR),
    Trigger("decision_put_in_of_the_year_of_its_day", DECISION, "INSERT", YEAR, OF_ANOTHER_YEAR),
    Trigger("nomination_of_its_decision", NOMINATION, "INSERT", ELSEWHERE, f"NOT {fits('NEW')}"),
    Trigger(
        "nomination_minuted_stays",
        NOMINATION,
        "UPDATE",
        "what the minutes say of who is proposed stays",
        differ("decision_id", "assessment_id", "holder_name", "place_name"),
    ),
    Trigger(
        "recognition_of_its_decision",
        RECOGNITION,
        "INSERT",
        ELSEWHERE,
        f"NEW.replaces_id IS NULL AND NOT {fits('NEW')} OR NEW.replaces_id IS NOT NULL AND NOT {REPLACED}",
    ),
    Trigger(
        "recognition_after_the_decision",
        RECOGNITION,
        "INSERT",
        "nobody is recognised before the decision has its number",
        UNDECIDED,
    ),
    Trigger(
        "recognition_after_the_confirmation",
        RECOGNITION,
        "INSERT",
        "a decision is not older than the confirmation it rests on",
        EARLY,
    ),
    Trigger(
        "recognition_stays",
        RECOGNITION,
        "UPDATE",
        KEPT,
        f"{differ(*PRINTED)} OR OLD.revoked_at IS NOT NULL AND ({differ('revoked_at', *REVOKED)}) "
        f"OR OLD.replaced_at IS NOT NULL AND ({differ('replaced_at')})",
    ),
    Trigger("recognition_never_removed", RECOGNITION, "DELETE", KEPT),
    Trigger("recognition_never_emptied", RECOGNITION, "TRUNCATE", KEPT),
    Trigger(
        "commended_of_its_list",
        COMMENDED,
        "INSERT",
        "a list commends standing titles of its own year, level and subtree alone, until it is decided",
        f"NOT {COMMENDABLE}",
    ),
    Trigger("commended_stays", COMMENDED, "UPDATE", HONOURED),
    Trigger(
        "commended_not_removed",
        COMMENDED,
        "DELETE",
        HONOURED,
        "EXISTS (SELECT 1 FROM recognitions_commendationlist l"
        " WHERE l.id = OLD.list_id AND l.decided_on IS NOT NULL)",
    ),
    Trigger("commending_decided_stays", COMMENDING, "UPDATE", HONOURED, "OLD.decided_on IS NOT NULL"),
    Trigger(
        "commending_after_the_title",
        COMMENDING,
        "UPDATE",
        "nobody is commended before the title",
        BEFORE_THE_TITLE,
    ),
    Trigger("commending_of_the_year_of_its_day", COMMENDING, "UPDATE", YEAR, OF_ANOTHER_YEAR),
]
