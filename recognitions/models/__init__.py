from recognitions.models.certificate import (
    CertificatePrinting,
    CheckDay,
    PrintingState,
    PublishedKey,
    SharedPage,
)
from recognitions.models.commendation import Commendation, CommendationList, Form, Why
from recognitions.models.decision import Decision, DecisionState, Nomination
from recognitions.models.recognition import Recognition
from recognitions.models.setting import LevelSetting

__all__ = [
    "CertificatePrinting",
    "CheckDay",
    "Commendation",
    "CommendationList",
    "Decision",
    "DecisionState",
    "Form",
    "LevelSetting",
    "Nomination",
    "PrintingState",
    "PublishedKey",
    "Recognition",
    "SharedPage",
    "Why",
]
