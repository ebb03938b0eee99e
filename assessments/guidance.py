"""What a citizen does now, and until when: one sentence, made from the values that decide."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from assessments import history, scoring, windows, withholding, workflow
from assessments.models import Assessment, Outcome, State, WindowStep
from assessments.workflow import draft_step, own_scores, scores_of
from criteria.models import Level
from criteria.rules import ScoringModel
from organizations import boards
from organizations.models import Kind
from vietnamese import dates, numbers
from vietnamese.text import lower_first


@dataclass(frozen=True)
class Advice:
    """`more` is a second, quieter sentence; the link is the one act of the moment, if there is any."""

    sentence: str
    more: str = ""
    link: str = ""
    link_text: str = ""


def start(citizen, campaign, now) -> Advice:
    """What to do about this year's title."""
    if campaign is None:
        return Advice(_("Chưa mở năm nào để đăng ký. Hãy trở lại sau."))
    assessment = (
        Assessment.objects.filter(citizen=citizen, campaign=campaign, level=Level.CITIZEN)
        .select_related("campaign", "criteria_set", "board", "province")
        .first()
    )
    return (
        of(withholding.cover(assessment), now) if assessment else _about_registration(citizen, campaign, now)
    )


def _about_registration(citizen, campaign, now):
    board = citizen.board
    opening = windows.opening_at(WindowStep.REGISTRATION, campaign, board, now)
    if not (opening and opening.is_open(now)):
        province = board.within(Kind.PROVINCE)
        window = windows.of_campaign(WindowStep.REGISTRATION, campaign, province)
        return Advice(_closed_words(_("Đăng ký danh hiệu năm %(year)s"), campaign, window, now))
    if why := workflow.why_not_register(citizen, campaign, now):
        return Advice(why)
    return Advice(
        _("Đăng ký danh hiệu năm %(year)s đến %(until)s, %(left)s.") % _deadline(campaign, opening, now),
        _("Việc đăng ký là tự nguyện. Đăng ký xong, bạn tự chấm điểm rồi gửi cho ban khuyến học."),
        reverse("assessments:register"),
        _("Đăng ký danh hiệu năm %(year)s") % {"year": campaign},
    )


def of(assessment, now) -> Advice:
    """What to do about a record as it stands."""
    match assessment.state:
        case State.REGISTERED | State.RETURNED:
            return _about_draft(assessment, now)
        case State.SUBMITTED:
            return _about_waiting(assessment, now)
        case State.CONFIRMED:
            return _about_result(assessment)
        case State.RECOGNISED:
            said = _("Danh hiệu năm %(year)s của bạn đã được công nhận.") % {"year": assessment.campaign}
            return _with_link(assessment, said)
        case State.UNSENT:
            said = _("Hồ sơ năm %(year)s chưa gửi, nay đã khóa.") % {"year": assessment.campaign}
            return _with_link(assessment, said, _("Những gì bạn đã điền vẫn còn để xem lại."))
        case State.UNCONFIRMED:
            return _about_unconfirmed(assessment)


def _about_draft(assessment, now):
    step = draft_step(assessment)
    if not windows.is_open(step, assessment, now):
        name = (
            _("Hồ sơ năm %(year)s bị trả lại, chưa gửi lại")
            if assessment.state == State.RETURNED
            else _("Hồ sơ năm %(year)s chưa gửi")
        )
        window = windows.of(step, assessment)
        return _with_link(assessment, _closed_words(name, assessment.campaign, window, now))
    opening = windows.opening_of(step, assessment, now)
    # In the window itself the closing of the confirmation takes the draft along.
    if windows.why_again(opening) and (why := workflow.why_not_send(assessment, now)):
        return _with_link(assessment, why)
    rules = assessment.rules()
    unscored = scoring.judge(own_scores(assessment), rules).unscored
    return Advice(
        _act_of_draft(assessment, unscored, rules) % _deadline(assessment.campaign, opening, now),
        f"{_what_is_left(unscored, rules)} {windows.why_again(opening)}".rstrip(),
        assessment.get_absolute_url(),
        _("Tiếp tục hồ sơ năm %(year)s") % {"year": assessment.campaign},
    )


def _act_of_draft(assessment, unscored, rules):
    if assessment.state == State.RETURNED:
        return _("Sửa rồi gửi lại hồ sơ năm %(year)s đến %(until)s, %(left)s.")
    if not unscored:
        return _("Gửi hồ sơ năm %(year)s đến %(until)s, %(left)s.")
    if rules.model == ScoringModel.POINTS:
        return _("Chấm điểm rồi gửi hồ sơ năm %(year)s đến %(until)s, %(left)s.")
    return _("Tự đánh giá rồi gửi hồ sơ năm %(year)s đến %(until)s, %(left)s.")


def _what_is_left(unscored, rules):
    if unscored:
        return rules.left_words(len(unscored)) + "."
    if rules.model == ScoringModel.POINTS:
        return _("Đã chấm đủ các chỉ số. Xem lại, rồi bấm Gửi hồ sơ.")
    return _("Đã đánh giá đủ các tiêu chí. Xem lại, rồi bấm Gửi hồ sơ.")


def _about_waiting(assessment, now):
    name = boards.name_of(assessment.board)
    step = WindowStep.CONFIRMATION
    if windows.is_open(step, assessment, now):
        opening = windows.opening_of(step, assessment, now)
        more = _("%(board)s xác nhận điểm đến %(until)s, %(left)s.")
        more %= _deadline(assessment.campaign, opening, now) | {"board": capfirst(name)}
        more = f"{more} {windows.why_again(opening)}".rstrip()
        return _with_link(assessment, _("Bây giờ bạn không phải làm gì."), more)
    window = windows.of(step, assessment)
    if window and now < window.opens_at:
        more = _("%(board)s xác nhận điểm từ ngày %(opens)s đến %(until)s.")
        more %= {
            "board": capfirst(name),
            "opens": dates.day_words(dates.local_day(window.opens_at)),
            "until": dates.until_words(window.closes_at),
        }
        return _with_link(assessment, _("Bây giờ bạn không phải làm gì."), more)
    return _about_unconfirmed(assessment)


def how_to_correct(assessment, now) -> str:
    """What somebody does who sent a record with a mistake; empty when the board can no longer return it."""
    said = {"board": boards.name_of(assessment.board)}
    if windows.is_open(WindowStep.CONFIRMATION, assessment, now):
        return _("Gửi nhầm thì báo %(board)s: ban trả lại được hồ sơ để bạn sửa.") % said
    window = windows.of(WindowStep.CONFIRMATION, assessment)
    if window is None or now >= window.closes_at:
        return ""
    said["opens"] = dates.day_words(dates.local_day(window.opens_at))
    return _("Gửi nhầm thì báo %(board)s: ban trả lại được từ ngày %(opens)s.") % said


@dataclass(frozen=True)
class Withdrawal:
    """Whether a sent record can be taken back, and in words until when or why not."""

    is_possible: bool
    words: str


def withdrawal(assessment, now) -> Withdrawal:
    if workflow.can_withdraw(assessment, now):
        opening = windows.opening_of(workflow.withdrawal_step(assessment), assessment, now)
        words = _("Muốn sửa thì rút lại được đến %(until)s, khi ban chưa mở hồ sơ.")
        return Withdrawal(True, words % {"until": dates.until_words(opening.closes_at)})
    if assessment.state != State.SUBMITTED:
        return Withdrawal(False, "")
    why = workflow.why_not_withdraw(assessment, now)
    return Withdrawal(False, " ".join(filter(None, [why, how_to_correct(assessment, now)])))


def is_over(assessment, now) -> bool:
    """Whether the record can no longer come to a result: it was sent or not, the time for it has ended."""
    if assessment.is_draft:
        return not windows.is_open(draft_step(assessment), assessment, now)
    if assessment.state == State.SUBMITTED:
        window = windows.of(WindowStep.CONFIRMATION, assessment)
        ended = window is not None and now >= window.closes_at
        return ended and not windows.is_open(WindowStep.CONFIRMATION, assessment, now)
    return not assessment.is_judged


def _about_unconfirmed(assessment):
    year = {"year": assessment.campaign}
    if assessment.awaits_citizen:
        said = _("Hồ sơ năm %(year)s bị trả lại để sửa và chưa gửi lại khi khóa.") % year
        return _with_link(assessment, said, _("Đây không phải là “không đạt”."))
    said = _("Ban khuyến học chưa xác nhận hồ sơ năm %(year)s của bạn trước khi khóa.") % year
    return _with_link(assessment, said, _("Đây không phải là “không đạt”."))


def _about_result(assessment):
    if assessment.is_withheld:
        return _with_link(
            assessment,
            _("Ban đã xem xong hồ sơ năm %(year)s của bạn.") % {"year": assessment.campaign},
            _("Kết quả công bố cùng lúc cho mọi người, khi ký biên bản. Cổng sẽ báo cho bạn."),
        )
    said = _("Ban đã xác nhận hồ sơ năm %(year)s: %(result)s.")
    said %= {"year": assessment.campaign, "result": lower_first(history.result_words(assessment))}
    more = _("Bạn không phải làm gì nữa.")
    if assessment.outcome == Outcome.NOT_ACHIEVED:
        asked = _("Chưa rõ vì sao thì hỏi %(board)s.") % {"board": boards.name_of(assessment.board)}
        more = f"{more} {asked}"
    return _with_link(assessment, said, more)


def what_lacked(assessment) -> str:
    """Why a judged record did not achieve; empty when it did."""
    if assessment.outcome != Outcome.NOT_ACHIEVED:
        return ""
    rules = assessment.rules()
    final = {score.indicator.code: score.final for score in scores_of(assessment)}
    result = scoring.judge(final, rules)
    said = []
    if result.total is not None and scoring.still_needed(result.total, rules):
        needed = numbers.format_decimal(scoring.still_needed(result.total, rules))
        said.append(_("Còn thiếu %(needed)s điểm so với mức đạt.") % {"needed": needed})
    if result.under_floor:
        codes = ", ".join(result.under_floor)
        said.append(
            _("Dưới %(floor)s điểm: chỉ số %(codes)s.")
            % {"floor": numbers.format_decimal(rules.floor), "codes": codes}
            if result.total is not None
            else _("Không đạt: tiêu chí %(codes)s.") % {"codes": codes}
        )
    return " ".join(said)


def next_year_words(campaign, now) -> str:
    """When one may register again, while the year is over and the next is not open yet."""
    year = dates.local_day(now).year
    if campaign is None or year == campaign.year:
        return ""
    return _("Đăng ký năm %(year)s mở khi hội khuyến học trung ương mở năm mới.") % {"year": year}


def _closed_words(what, campaign, window, now):
    what %= {"year": campaign}
    if window is None:
        return _("%(what)s: chưa đặt thời hạn.") % {"what": what}
    if now < window.opens_at:
        opens = dates.day_words(dates.local_day(window.opens_at))
        return _("%(what)s: mở từ ngày %(opens)s.") % {"what": what, "opens": opens}
    return _("%(what)s: đã khóa lúc %(until)s.") % {
        "what": what,
        "until": dates.until_words(window.closes_at),
    }


def _with_link(assessment, sentence, more=""):
    text = _("Xem hồ sơ năm %(year)s") % {"year": assessment.campaign}
    return Advice(sentence, more, assessment.get_absolute_url(), text)


def _deadline(campaign, opening, now):
    return {
        "year": campaign,
        "until": dates.until_words(opening.closes_at),
        "left": dates.left_words(opening.closes_at, now),
    }
