from audit.triggers import Trigger

MESSAGE = "a published criteria set never changes"
# Retiring and ending a set are no change of what it says.
WHAT_A_SET_SAYS = (
    "level",
    "scope",
    "group",
    "version",
    "title",
    "basis_number",
    "basis_date",
    "basis_issuer",
    "basis_place",
    "basis_url",
    "note",
    "valid_from",
    "authority",
    "scoring_model",
    "total",
    "total_confidence",
    "pass_mark",
    "pass_mark_confidence",
    "floor",
    "floor_confidence",
    "step",
    "step_confidence",
    "hard_area_pass_mark",
    "hard_area_pass_mark_confidence",
)
SETTLED = ("is_graded",)
WHO = ("drafted_by", "published_by", "published_at")


# Compared as text, NULL as nothing: SQLite before 3.39 has no IS DISTINCT FROM.
def changed(*columns):
    return " OR ".join(
        f"COALESCE(CAST(NEW.\"{column}\" AS TEXT), '') <> COALESCE(CAST(OLD.\"{column}\" AS TEXT), '')"
        for column in columns
    )


def of_published(row):
    return (
        "EXISTS (SELECT 1 FROM criteria_criteriaset s "
        f"WHERE s.id = {row}.criteria_set_id AND s.status <> 'draft')"
    )


def under_published(row):
    return (
        "EXISTS (SELECT 1 FROM criteria_criterion c JOIN criteria_criteriaset s ON s.id = c.criteria_set_id "
        f"WHERE c.id = {row}.indicator_id AND s.status <> 'draft')"
    )


def sealed(name, table, holds):
    """No row of what a published set consists of is changed, taken away or put in."""
    return [
        Trigger(f"{name}_never_changed", table, "UPDATE", MESSAGE, f"{holds('OLD')} OR {holds('NEW')}"),
        Trigger(f"{name}_never_removed", table, "DELETE", MESSAGE, holds("OLD")),
        Trigger(f"{name}_never_put_in", table, "INSERT", MESSAGE, holds("NEW")),
    ]


# Two publishers at once are kept apart in criteria/publishing.py.
OVERLAPS = """NEW.status = 'published' AND EXISTS (
    SELECT 1 FROM criteria_criteriaset s WHERE s.id <> NEW.id AND s.status = 'published'
    AND s.level = NEW.level AND s.scope = NEW.scope AND s."group" = NEW."group"
    AND (s.valid_to IS NULL OR s.valid_to >= NEW.valid_from)
    AND (NEW.valid_to IS NULL OR s.valid_from <= NEW.valid_to)
)"""
OVERLAP_MESSAGE = "two published sets of one title are never in force on the same day"

TRIGGERS = [
    Trigger(
        "criteria_set_never_changed",
        "criteria_criteriaset",
        "UPDATE",
        MESSAGE,
        f"OLD.status <> 'draft' AND (NEW.status = 'draft' OR {changed(*WHAT_A_SET_SAYS, *SETTLED, *WHO)})",
    ),
    Trigger("criteria_set_never_removed", "criteria_criteriaset", "DELETE", MESSAGE, "OLD.status <> 'draft'"),
    Trigger(
        "criteria_set_keeps_its_drafter",
        "criteria_criteriaset",
        "UPDATE",
        "who drafted a set stays written",
        f"OLD.drafted_by IS NOT NULL AND ({changed('drafted_by')})",
    ),
    Trigger("criteria_set_put_in_alone", "criteria_criteriaset", "INSERT", OVERLAP_MESSAGE, OVERLAPS),
    Trigger("criteria_set_alone_in_force", "criteria_criteriaset", "UPDATE", OVERLAP_MESSAGE, OVERLAPS),
    *sealed("criterion", "criteria_criterion", of_published),
    *sealed("criteria_grade", "criteria_grade", of_published),
    *sealed("title_link", "criteria_titlelink", under_published),
]
