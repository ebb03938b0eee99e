from assessments.workflow import Refused


class RefusedAt(Refused):
    """A refusal that belongs beside one field of the form in which it was asked for."""

    def __init__(self, field, words):
        super().__init__(words)
        self.field = field
