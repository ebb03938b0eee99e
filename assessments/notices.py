"""What is told to the citizen at each step, as rows of the inbox."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import lookers
from accounts.models import Appointment, Message
from assessments import history, windows
from assessments.models import State, WindowStep
from assessments.withholding import withheld
from organizations import boards
from organizations.models import Household
from vietnamese import dates
from vietnamese.text import lower_first

RELEASE = "release"
LATER = gettext_lazy("Kết quả công bố cùng lúc cho mọi người, khi ký biên bản. Cổng sẽ báo cho bạn.")


def tell(assessments, *, reason="", step=""):
    """One notice per record of what it has come to; a step that runs twice tells once.

    The step is named where the state alone does not say what happened.
    """
    assessments = list(assessments)
    hidden = withheld(assessments)
    notices = [
        notice(assessment, reason, step, is_withheld=assessment.pk in hidden)
        for assessment in assessments
        if assessment.citizen_id
    ]
    of_groups = [
        each
        for assessment in assessments
        if assessment.is_of_group
        for each in _of_group(assessment, reason, step, is_withheld=assessment.pk in hidden)
    ]
    Message.objects.tell([*filter(None, notices), *of_groups])


def speakers_of(subject) -> list[dict]:
    """To whom what happens with a group is told: the head of a household, who speaks for an organization."""
    if isinstance(subject, Household):
        heads = subject.headships.in_office().values_list("citizen", flat=True)
        return [{"citizen_id": pk} for pk in heads]
    seats = subject.appointments.speaking().filter(user__is_active=True)
    return [{"user_id": pk} for pk in seats.order_by("user").values_list("user", flat=True).distinct()]


def holders_of(record) -> list[dict]:
    """To whom what becomes of a title is told: whose record it is, or who speaks for the group."""
    return speakers_of(record.subject) if record.is_of_group else [{"citizen_id": record.citizen_id}]


def _of_group(assessment, reason, step, *, is_withheld=False):
    words = (_("đã xem xong"), LATER) if is_withheld else _words_of_group(assessment, reason, step)
    if words is None:
        return
    said = {
        "title": assessment.get_level_display(),
        "year": assessment.campaign.year,
        "who": assessment.subject,
    }
    subject = _("%(title)s năm %(year)s: %(what)s") % (said | {"what": words[0]})
    occasion = "group_release" if step == RELEASE else "group"
    for whom in speakers_of(assessment.subject):
        (to,) = whom.values()
        yield Message(
            **whom,
            key=f"{occasion}:{assessment.pk}:{assessment.version}:{to}",
            subject=subject[:200],
            body=f"{assessment.subject}. {words[1]}",
            link=assessment.get_absolute_url(),
        )


def _words_of_group(assessment, reason, step):
    """The subject's end and the body; the deadline travels with what is to be put right."""
    board = {"board": boards.name_of(assessment.board)}
    match step:
        case "sent_on":
            return _("đã chuyển lên cấp trên"), _("Hồ sơ nay ở %(board)s. Bạn không phải làm gì.") % board
        case "withdraw":
            return _("đã rút lại để sửa"), _("Sửa xong, bạn cần bấm Gửi hồ sơ một lần nữa.")
        case "undo":
            said = _("%(board)s đã hủy lần xác nhận vừa rồi. Hồ sơ vẫn ở đó, bạn không phải làm gì.")
            return _("đang xem lại kết quả"), said % {"board": capfirst(board["board"])}
        case "reopen":
            return _("được mở lại"), _reopened_words(assessment, reason)
        case "restore":
            result = {"result": history.result_words(assessment)}
            said = _("Kết quả đã xác nhận trước đó được giữ nguyên: %(result)s.")
            return _("hết thời gian mở lại"), said % result
        case "revoked":
            return _("bị thu hồi"), reason
    match assessment.state:
        case State.SUBMITTED:
            return _("đã gửi"), _("%(board)s đang xem. Bây giờ bạn không phải làm gì.") % {
                "board": capfirst(board["board"])
            }
        case State.RETURNED:
            window = windows.of(WindowStep.ANSWER, assessment)
            until = dates.until_words(window.closes_at) if window else _("chưa đặt hạn")
            said = _("Lý do của %(board)s: “%(reason)s”. Sửa rồi gửi lại trước: %(until)s.")
            return _("bị trả lại để sửa"), said % (board | {"reason": reason, "until": until})
        case State.CONFIRMED:
            result = {"result": history.result_words(assessment)}
            return _("đã có kết quả"), _("Kết quả: %(result)s.") % result
        case State.RECOGNISED:
            return _("đã được công nhận"), reason
        case State.UNCONFIRMED:
            return _("chưa có kết quả khi khóa"), _("Đây không phải là “không đạt”. Hỏi hội khuyến học xã.")
        case State.UNSENT:
            return _("chưa gửi, nay đã khóa"), _("Những gì bạn đã điền vẫn còn để xem lại.")
    return None


def notice(assessment, reason="", step="", *, is_withheld=False):
    """The notice of where the record stands, or None where there is nothing to tell."""
    if is_withheld:
        words = (
            _("Ban đã xem xong hồ sơ năm %(year)s của bạn") % {"year": assessment.campaign.year},
            LATER,
        )
    else:
        words = _words_of_step(assessment, reason, step) or _words(assessment, reason)
    if words is None:
        return None
    subject, body = words
    return Message(
        citizen_id=assessment.citizen_id,
        # A record may come to a state more than once; its version is never the same twice.
        key=f"{step if step == RELEASE else assessment.state}:{assessment.pk}:{assessment.version}",
        subject=subject,
        body=body,
        link=assessment.get_absolute_url(),
    )


def _words_of_step(assessment, reason, step):
    year = {"year": assessment.campaign.year}
    match step:
        case "withdraw":
            return (
                _("Bạn đã rút lại hồ sơ năm %(year)s để sửa") % year,
                _("Hồ sơ chưa gửi. Sửa xong, bạn cần bấm Gửi hồ sơ một lần nữa."),
            )
        case "helped":
            said = year | {"who": lookers.respectful(history.last_step(assessment).by)}
            return (
                _("Hồ sơ năm %(year)s của bạn đã gửi, %(who)s điền giúp") % said,
                _(
                    "Số biên nhận: %(number)s. Nơi xác nhận: %(board)s. Có chỗ sai thì rút lại để sửa; "
                    "không nhờ ai điền thì mở hồ sơ và bấm “Tôi không nhờ”."
                )
                % {"number": assessment.receipt_number, "board": boards.name_of(assessment.board)},
            )
        case "refused":
            return (
                _("Hồ sơ năm %(year)s của bạn trở lại chưa gửi") % year,
                _(
                    "Bạn đã nói không nhờ ai điền. Ban và hội khuyến học được báo. "
                    "Muốn tham gia thì xem lại, sửa rồi tự bấm Gửi hồ sơ."
                ),
            )
        case "undo":
            return (
                _("Ban xem lại hồ sơ năm %(year)s của bạn") % year,
                _("Ban đã hủy lần xác nhận vừa rồi. Hồ sơ vẫn ở ban, bạn không phải làm gì."),
            )
        case "contest":
            return (
                _("Đã nhận đề nghị xem lại hồ sơ năm %(year)s") % year,
                _("Người khác với người đã xác nhận sẽ xem. Có kết quả, cổng báo cho bạn."),
            )
        case "review":
            return (
                _("Đã xem lại hồ sơ năm %(year)s theo đề nghị của bạn") % year,
                _("Kết quả: %(result)s.") % {"result": history.result_words(assessment)},
            )
        case "paper":
            return (
                _("Ban đã xác nhận hồ sơ năm %(year)s theo phiếu giấy") % year,
                _("Kết quả: %(result)s. %(paper)s")
                % {"result": history.result_words(assessment), "paper": reason},
            )
        case "release":
            return (
                _("Kết quả hồ sơ năm %(year)s của bạn") % year,
                _("Kết quả: %(result)s.") % {"result": history.result_words(assessment)},
            )
        case "revoked":
            return _("Danh hiệu năm %(year)s của bạn bị thu hồi") % year, reason
        case "reopen":
            return _("Hồ sơ năm %(year)s của bạn được mở lại") % year, _reopened_words(assessment, reason)
        case "restore":
            return (
                _("Hết thời gian mở lại hồ sơ năm %(year)s") % year,
                _("Kết quả đã xác nhận trước đó được giữ nguyên: %(result)s.")
                % {"result": history.result_words(assessment)},
            )


def tell_of_criteria(records, criteria_set, changed):
    """To those whose open record, or that of whose group, came to a new version: what they are to look at."""
    subject = (
        _("%(count)d tiêu chí đã đổi, bạn xem lại rồi gửi") % {"count": changed}
        if changed
        else _("Cách tính kết quả đã đổi, bạn xem lại rồi gửi")
    )
    body = _(
        "Bộ tiêu chí mới áp dụng từ ngày %(day)s. Những gì bạn đã điền ở các chỗ không đổi vẫn còn. "
        "Mở hồ sơ, xem những chỗ đã đổi và trả lời, rồi mới gửi được."
    ) % {"day": dates.day_words(criteria_set.valid_from)}
    Message.objects.tell(
        Message(
            **whom,
            key=":".join(["criteria", str(record.pk), str(criteria_set.pk), *number]),
            subject=(f"{record.subject}: {subject}" if record.is_of_group else subject)[:200],
            body=body,
            link=record.get_absolute_url(),
        )
        for record in records
        for whom, number in _writers(record)
    )


def _writers(record):
    """Who writes a record, and by what a notice to one of several is told apart."""
    if not record.is_of_group:
        return [({"citizen_id": record.citizen_id}, [])]
    return [(whom, [str(*whom.values())]) for whom in speakers_of(record.subject)]


def tell_of_left(record):
    """To the board of a record it left unconfirmed, and to its commune: once a year, be they many."""
    if record.is_of_group:
        subject = _("%(title)s năm %(year)s: còn hồ sơ chưa có kết quả khi khóa") % {
            "title": record.get_level_display(),
            "year": record.campaign.year,
        }
        body = _("Đây không phải là “không đạt”. Mở danh sách để xem là ai.")
        _tell_members(record, record.board_id, subject, body, reverse("groups:board"))
        return
    year = {"year": record.campaign.year}
    listed = {"board": record.board.code, "year": record.campaign.year, "state": "unconfirmed"}
    subject = _("Năm %(year)s: ban còn hồ sơ chưa xác nhận khi khóa") % year
    body = _(
        "Hồ sơ gửi đúng hạn mà ban chưa xác nhận được ghi là “ban chưa xác nhận”. Đây không phải là "
        "“không đạt”. Mở danh sách để xem là ai. "
        "Đã chấm trên phiếu giấy, hoặc cần mở lại, thì hỏi hội khuyến học tỉnh."
    )
    _tell_members(
        record, record.board_id, subject, body, f"{reverse('assessments:board_queue')}?{urlencode(listed)}"
    )
    if record.commune_id and record.commune_id != record.board_id:
        place = year | {"commune": record.commune.full_name}
        subject = _("Năm %(year)s: có ban ở %(commune)s còn hồ sơ chưa xác nhận khi khóa") % place
        body = _("Xem là ban nào ở trang Số liệu. Cần mở lại thì đề nghị hội khuyến học tỉnh gia hạn.")
        _tell_members(record, record.commune_id, subject, body, reverse("reports:summary"))


def _tell_members(record, organization, subject, body, link):
    members = Appointment.objects.filled().filter(organization=organization)
    occasion = f"left:{record.campaign_id}:{record.level}:{organization}"
    Message.objects.tell(
        Message(user_id=user, key=f"{occasion}:{user}", subject=subject, body=body, link=link)
        for user in members.order_by("user").values_list("user", flat=True).distinct()
    )


def tell_of_paper(paper):
    """To the other members of the board: one of them is to sign; and to the person, that it was typed in."""
    record = paper.assessment
    to_person = Message(
        citizen_id=record.citizen_id,
        key=f"paper:{paper.pk}:citizen",
        subject=_("Ban đã nhập phiếu giấy của hồ sơ năm %(year)s") % {"year": record.campaign.year},
        body=_("%(paper)s Có người thứ hai xem lại thì kết quả mới có hiệu lực, và bạn được báo.")
        % {"paper": paper.words},
        link=record.get_absolute_url(),
    )
    Message.objects.tell([to_person] if record.citizen_id else [])
    members = Appointment.objects.filled().filter(organization=record.board).exclude(user=paper.typed_by)
    Message.objects.tell(
        Message(
            user_id=user,
            key=f"paper:{paper.pk}:{user}",
            subject=_("Phiếu giấy của %(name)s chờ thành viên thứ hai") % {"name": record.subject},
            body=_("%(paper)s So với phiếu rồi xác nhận, hoặc nhập lại.") % {"paper": paper.words},
            link=reverse("assessments:board_detail", args=[record.pk]),
        )
        for user in members.order_by("user").values_list("user", flat=True).distinct()
    )


def tell_of_lowering(lowering, seconds):
    """To the members who could agree: one of them is to."""
    record = lowering.assessment
    said = {
        "name": record.subject,
        "first": lowering.decided_by,
        "result": history.judged_words(lowering.outcome, lowering.total),
    }
    body = _(
        "%(first)s chấm thấp hơn điểm tự chấm, kết quả sẽ là: %(result)s. Xem rồi đồng ý, hoặc chấm lại."
    )
    Message.objects.tell(
        Message(
            user_id=member.pk,
            key=f"lowering:{lowering.pk}:{member.pk}",
            subject=_("Điểm của %(name)s chờ thành viên thứ hai") % said,
            body=body % said,
            link=reverse("assessments:board_detail", args=[record.pk]),
        )
        for member in seconds
    )


def of_drawn(row, by):
    """To the person of a record that was drawn: that it was checked again, once."""
    record = row.assessment
    said = {"year": record.campaign.year, "by": by, "body": boards.name_of(row.draw.organization)}
    return Message(
        citizen_id=record.citizen_id,
        key=f"drawn:{row.pk}",
        subject=_("Hồ sơ năm %(year)s của bạn được xem lại theo mẫu") % said,
        body=_(
            "%(by)s, %(body)s, đã xem lại hồ sơ này vì nó được rút trong mẫu kiểm tra. Kết quả đã xác nhận "
            "không đổi. Bạn không phải làm gì."
        )
        % said,
        link=record.get_absolute_url(),
    )


def of_help_begun(helping):
    """To the person: who fills in for them, how they asked and why, and what they can do about it."""
    record = helping.assessment
    said = {
        "year": record.campaign.year,
        "who": lookers.respectful(helping.helper),
        "board": boards.name_of(helping.board),
        "asked": lower_first(helping.get_asked_display()),
        "reason": helping.reason,
    }
    return Message(
        citizen_id=record.citizen_id,
        key=f"helping:{helping.pk}",
        subject=_("%(who)s điền giúp hồ sơ năm %(year)s của bạn") % said,
        body=_(
            "%(board)s ghi: bạn đã nhờ (%(asked)s), vì: “%(reason)s”. Bạn tự làm tiếp lúc nào cũng được. "
            "Không nhờ thì mở hồ sơ và bấm “Tôi không nhờ”."
        )
        % (said | {"board": capfirst(said["board"])}),
        link=record.get_absolute_url(),
    )


def of_help_stopped(helping):
    """To the person: that the one who filled in has left off, and that nothing was sent."""
    said = {"year": helping.assessment.campaign.year, "who": lookers.respectful(helping.helper)}
    return Message(
        citizen_id=helping.assessment.citizen_id,
        key=f"help_stopped:{helping.pk}",
        subject=_("%(who)s thôi điền giúp hồ sơ năm %(year)s của bạn") % said,
        body=_("Hồ sơ chưa gửi. Những gì đã điền vẫn còn, bạn tự làm tiếp hoặc nhờ người khác."),
        link=helping.assessment.get_absolute_url(),
    )


def of_help_taken_over(helping):
    """To who was filling in: the person goes on alone."""
    return Message(
        user_id=helping.helper_id,
        key=f"help_taken_over:{helping.pk}",
        subject=_("%(name)s tự làm tiếp hồ sơ của mình") % {"name": helping.assessment.subject},
        body=_("Bạn không phải điền giúp nữa. Những gì đã điền vẫn còn."),
    )


def of_help_refused(helping, *, was_sent_back):
    """To the board, to the association above it and to who filled in: the person never asked for it."""
    record = helping.assessment
    said = {
        "name": record.subject,
        "helper": helping.helper,
        "board": boards.name_of(record.board),
        "words": helping.words,
    }
    body = _("Người điền: %(helper)s; ban: %(board)s.") % said
    if helping.words:
        body += " " + _("%(name)s viết: “%(words)s”.") % said
    if was_sent_back:
        body += " " + _("Hồ sơ đã trở lại tình trạng chưa gửi. Hỏi lại người ấy.")
    else:
        body += " " + _("Tình trạng hồ sơ không đổi. Ban và hội xem lại cùng người ấy.")
    above = who_sorts_out(record)
    told = {*_seated(record.board), *(_seated(above) if above else []), helping.helper_id}
    return [
        Message(
            user_id=user,
            key=f"help_refused:{helping.pk}:{user}",
            subject=_("%(name)s nói không nhờ điền giúp hồ sơ") % said,
            body=body,
        )
        for user in sorted(told)
    ]


def key_of_stray(assessment, to="citizen") -> str:
    """Once a version of the record."""
    return f"stray:{assessment.pk}:{assessment.version}:{to}"


def of_stray(assessment, by, reason):
    """That a board takes a person for somebody else's: to the association that can tell, then to the person.

    Nothing where nobody acts for any association above.
    """
    above = who_sorts_out(assessment)
    if above is None:
        return []
    said = {
        "name": assessment.subject,
        "by": by,
        "board": boards.name_of(assessment.board),
        "above": boards.name_of(above),
        "reason": reason,
    }
    to_officers = [
        Message(
            user_id=user,
            key=key_of_stray(assessment, user),
            subject=_("%(name)s có lẽ thuộc nơi khác") % said,
            body=_("%(by)s, %(board)s: “%(reason)s”. Xem rồi chuyển người này sang đúng nơi.") % said,
            link=reverse("people:person", args=[assessment.board.code, assessment.citizen_id]),
        )
        for user in _seated(above)
    ]
    to_citizen = Message(
        citizen_id=assessment.citizen_id,
        key=key_of_stray(assessment),
        subject=_("Hồ sơ của bạn có lẽ gửi nhầm nơi"),
        body=_(
            "%(by)s, %(board)s, thấy bạn thuộc nơi khác: “%(reason)s”. %(above)s sẽ xem. "
            "Bạn chưa phải làm gì. Nơi ghi ở trang Tài khoản sai thì bạn tự sửa được."
        )
        % (said | {"above": capfirst(said["above"])}),
        link=assessment.get_absolute_url(),
    )
    return [*to_officers, to_citizen]


def who_sorts_out(assessment):
    """The nearest association above the board for which anybody acts."""
    above = [assessment.commune, assessment.province]
    return next((one for one in above if one and one != assessment.board and _seated(one)), None)


def _seated(organization):
    seats = Appointment.objects.filled().filter(organization=organization)
    return list(seats.order_by("user").values_list("user", flat=True).distinct())


def _reopened_words(assessment, reason):
    if assessment.state == State.SUBMITTED:
        return _("%(reason)s Hồ sơ đã ở ban, bạn không phải làm gì.") % {"reason": _sentence(reason)}
    return _("%(reason)s Hồ sơ chưa gửi. Mở hồ sơ để xem còn làm được gì, đến khi nào.") % {
        "reason": _sentence(reason)
    }


def _sentence(words):
    return words if words.endswith((".", "!", "?")) else f"{words}."


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
    if state == State.RECOGNISED:
        return _("Danh hiệu năm %(year)s của bạn đã được công nhận") % {"year": year}, reason
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
