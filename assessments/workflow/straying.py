"""What a board says of a record that somebody else should confirm, where it cannot pass it on itself."""

from django.utils.translation import gettext as _

from accounts.models import Message
from assessments import notices
from assessments.models import State
from assessments.workflow.steps import Refused, ask_confirmer, step
from audit import clock, events


def is_reported(assessment) -> bool:
    """Whether the board has said so of the record as it stands."""
    return Message.objects.filter(key=notices.key_of_stray(assessment)).exists()


@step
def report_stray(assessment, *, by, reason):
    """Ask the association above to put the person in the right place, with a reason; told once a version."""
    ask_confirmer(assessment, by)
    if not (assessment.is_draft or assessment.state == State.SUBMITTED):
        raise Refused(_("Hồ sơ này đã xong hoặc đã khóa nên ở nguyên nơi đã xác nhận."))
    if not reason.strip():
        raise Refused(_("Ghi lý do: vì sao không phải người của ban, nơi đúng là đâu."))
    told = notices.of_stray(assessment, by, reason.strip())
    if not told:
        raise Refused(_("Hội cấp trên chưa có ai để báo."))
    if is_reported(assessment):
        return
    entry = assessment.entry(
        "stray", by=by, at=clock.now(), old=assessment.board.code, private={"reason": reason.strip()}
    )
    events.record_many([entry])
    Message.objects.tell(told)
