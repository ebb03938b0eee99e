from assessments.workflow import Refused


class RefusedAt(Refused):
    """A refusal that belongs beside one field of the form in which it was asked for."""

    def __init__(self, field, words):
        super().__init__(words)
        self.field = field


def beside(form, refusal) -> None:
    """Show a refusal at its field, or over the form where that does not ask for it."""
    field = getattr(refusal, "field", None)
    form.add_error(field if field in form.fields else None, str(refusal))
