"""What is told to the citizen at each step, as rows of the inbox."""

from django.utils.translation import gettext as _

from accounts.models import Message
from assessments import history
from assessments.models import State
from organizations import boards


def tell(assessments, *, reason=""):
    """One notice per record of what it has come to; a step that runs twice tells once."""
    notices = [notice(assessment, reason) for assessment in assessments if assessment.citizen_id]
    Message.objects.tell([each for each in notices if each])


def notice(assessment, reason=""):
    """The notice of where the record stands, or None where there is nothing to tell."""
    words = _words(assessment, reason)
    if words is None:
        return None
    subject, body = words
    return Message(
        citizen_id=assessment.citizen_id,
        # A record may come to a state more than once; its version is never the same twice.
        key=f"{assessment.state}:{assessment.pk}:{assessment.version}",
        subject=subject,
        body=body,
        link=assessment.get_absolute_url(),
    )


def _words(assessment, reason):
    year, state = assessment.campaign.year, assessment.state
    if state == State.SUBMITTED:
        return (
            _("Đã gửi hồ sơ năm %(year)s") % {"year": year},
            _("Số biên nhận: %(number)s. Nơi xác nhận: %(board)s. Bây giờ bạn không phải làm gì.")
            % {"number": assessment.receipt_number, "board": boards.name_of(assessment.board)},
        )
    if state == State.RETURNED:
        return (
            _("Hồ sơ năm %(year)s bị trả lại để sửa") % {"year": year},
            _("Lý do của ban: “%(reason)s”. Sửa xong, bạn cần bấm Gửi hồ sơ một lần nữa.")
            % {"reason": reason},
        )
    if state == State.CONFIRMED:
        return (
            _("Ban đã xác nhận hồ sơ năm %(year)s") % {"year": year},
            _("Kết quả: %(result)s.") % {"result": history.result_words(assessment)},
        )
    if state == State.UNCONFIRMED and assessment.closed_from == State.RETURNED:
        return (
            _("Năm %(year)s: hồ sơ bị trả lại chưa gửi lại, nay đã khóa") % {"year": year},
            _(
                "Ban đã trả lại hồ sơ để bạn sửa, đến khi khóa cổng chưa nhận được hồ sơ gửi lại. "
                "Đây không phải là “không đạt”. Những gì bạn đã điền vẫn còn để xem lại."
            ),
        )
    if state == State.UNCONFIRMED:
        return (
            _("Năm %(year)s: ban chưa xác nhận hồ sơ của bạn") % {"year": year},
            _(
                "Đã hết hạn xác nhận mà %(board)s chưa xác nhận hồ sơ của bạn. "
                "Đây không phải là “không đạt”. Hỏi hội khuyến học xã để biết cách giải quyết."
            )
            % {"board": boards.name_of(assessment.board)},
        )
    if state == State.UNSENT:
        return (
            _("Năm %(year)s: hồ sơ của bạn chưa gửi, nay đã khóa") % {"year": year},
            _("Những gì bạn đã điền vẫn còn để xem lại. Năm %(next)s bạn đăng ký lại được.")
            % {"next": year + 1},
        )
    return None
