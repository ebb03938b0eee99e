"""Changes of the tree: what may be done, and doing it. People and records are carried by the floors above."""

from organizations.journal import Refused
from organizations.reforms.judging import MAY_STAND_UNDER, problems
from organizations.reforms.plans import ONE_DAY, NewUnit, Plan, new_key, record
from organizations.reforms.surgery import Carried, carry_out

__all__ = [
    "MAY_STAND_UNDER",
    "ONE_DAY",
    "Carried",
    "NewUnit",
    "Plan",
    "Refused",
    "carry_out",
    "new_key",
    "problems",
    "record",
]
