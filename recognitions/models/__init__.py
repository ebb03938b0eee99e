from recognitions.models.certificate import (
    CertificatePrinting,
    CheckDay,
    Guessing,
    PrintingState,
    PublishedKey,
    SharedPage,
)
from recognitions.models.decision import Decision, DecisionState, Nomination
from recognitions.models.recognition import Recognition
from recognitions.models.setting import LevelSetting

__all__ = [
    "CertificatePrinting",
    "CheckDay",
    "Decision",
    "DecisionState",
    "Guessing",
    "LevelSetting",
    "Nomination",
    "PrintingState",
    "PublishedKey",
    "Recognition",
    "SharedPage",
]
