from assessments.models.assessment import Assessment, Outcome, State
from assessments.models.campaign import Campaign, Extension, Window, WindowStep
from assessments.models.score import Evidence, Score
from assessments.models.step import Step

__all__ = [
    "Assessment",
    "Campaign",
    "Evidence",
    "Extension",
    "Outcome",
    "Score",
    "State",
    "Step",
    "Window",
    "WindowStep",
]
