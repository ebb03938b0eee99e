from recognitions.models.decision import Decision, DecisionState, Nomination
from recognitions.models.recognition import Recognition
from recognitions.models.setting import LevelSetting

__all__ = ["Decision", "DecisionState", "LevelSetting", "Nomination", "Recognition"]
