from audit.triggers import Trigger

# What is shipped has no drafter and is asked for by nobody.
TRIGGERS = [
    Trigger(
        "criteria_set_published_as_asked",
        "criteria_criteriaset",
        "UPDATE",
        "a set is published when another than the publisher asked for it as it is",
        "OLD.status = 'draft' AND NEW.status <> 'draft' AND NEW.drafted_by IS NOT NULL AND NOT EXISTS ("
        "SELECT 1 FROM revising_proposal p WHERE p.criteria_set_id = NEW.id AND p.revision = NEW.revision "
        "AND p.asked_by_id <> NEW.published_by)",
    ),
]
