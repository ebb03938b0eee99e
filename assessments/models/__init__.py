from assessments.models.assessment import Assessment, Outcome, State
from assessments.models.batch import Batch, BatchRow, BatchState, RowState
from assessments.models.campaign import Campaign, Extension, Window, WindowStep
from assessments.models.chain import Answer, ReviewStep
from assessments.models.contest import Contest, ContestedScore
from assessments.models.criteria_move import CriteriaMove
from assessments.models.helping import Asked, Ending, Helping
from assessments.models.learning import LearningForm, PlannedLearning
from assessments.models.listed import FrozenList, Listed, ListedGroup
from assessments.models.lowering import LoweredScore, Lowering
from assessments.models.outage import Outage
from assessments.models.outlook import BoardOutlook
from assessments.models.paper import Paper, PaperScore
from assessments.models.place import FormerPlace, LaterPlace
from assessments.models.reminder import Audience, Reminder
from assessments.models.reopening import Reopening
from assessments.models.result_hold import ResultHold
from assessments.models.score import Evidence, ReturnedScore, ReturnReason, Score
from assessments.models.share import CountedShare
from assessments.models.stage import ReviewStage, Task
from assessments.models.stand_in import StandIn
from assessments.models.step import Step
from assessments.models.tally import BoardTally
from assessments.models.totals_check import TotalsCheck
from assessments.models.watch import (
    Draw,
    DrawnRecord,
    DrawState,
    DrawStratum,
    FindingKind,
    Flag,
    Reading,
    ReadingState,
    Rule,
    Stratum,
    Verdict,
)

__all__ = [
    "Answer",
    "Asked",
    "Assessment",
    "Audience",
    "Batch",
    "BatchRow",
    "BatchState",
    "BoardOutlook",
    "BoardTally",
    "Campaign",
    "Contest",
    "ContestedScore",
    "CountedShare",
    "CriteriaMove",
    "Draw",
    "DrawState",
    "DrawStratum",
    "DrawnRecord",
    "Ending",
    "Evidence",
    "Extension",
    "FindingKind",
    "Flag",
    "FormerPlace",
    "FrozenList",
    "Helping",
    "LaterPlace",
    "LearningForm",
    "Listed",
    "ListedGroup",
    "LoweredScore",
    "Lowering",
    "Outage",
    "Outcome",
    "Paper",
    "PaperScore",
    "PlannedLearning",
    "Reading",
    "ReadingState",
    "Reminder",
    "Reopening",
    "ResultHold",
    "ReturnReason",
    "ReturnedScore",
    "ReviewStage",
    "ReviewStep",
    "RowState",
    "Rule",
    "Score",
    "StandIn",
    "State",
    "Step",
    "Stratum",
    "Task",
    "TotalsCheck",
    "Verdict",
    "Window",
    "WindowStep",
]
