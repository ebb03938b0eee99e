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
    "valid_from",
    "authority",
    "scoring_model",
    "pass_mark",
    "floor",
    "step",
    "hard_area_pass_mark",
)
# Compared as text, NULL as nothing: SQLite before 3.39 has no IS DISTINCT FROM.
CHANGED = " OR ".join(
    f"COALESCE(CAST(NEW.\"{column}\" AS TEXT), '') <> COALESCE(CAST(OLD.\"{column}\" AS TEXT), '')"
    for column in WHAT_A_SET_SAYS
)


def of_published(row):
    return (
        "EXISTS (SELECT 1 FROM criteria_criteriaset s "
        f"WHERE s.id = {row}.criteria_set_id AND s.status <> 'draft')"
    )


TRIGGERS = [
    Trigger(
        "criteria_set_never_changed",
        "criteria_criteriaset",
        "UPDATE",
        MESSAGE,
        f"OLD.status <> 'draft' AND (NEW.status = 'draft' OR {CHANGED})",
    ),
    Trigger("criteria_set_never_removed", "criteria_criteriaset", "DELETE", MESSAGE, "OLD.status <> 'draft'"),
    Trigger(
        "criterion_never_changed",
        "criteria_criterion",
        "UPDATE",
        MESSAGE,
        f"{of_published('OLD')} OR {of_published('NEW')}",
    ),
    Trigger("criterion_never_removed", "criteria_criterion", "DELETE", MESSAGE, of_published("OLD")),
    Trigger("criterion_never_put_in", "criteria_criterion", "INSERT", MESSAGE, of_published("NEW")),
]
