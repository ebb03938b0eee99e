"""The pages about a record in each state it can be in, and the pages that say that something is over."""

import contextlib

from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Headship
from assessments import closing, evidence, learning, workflow
from assessments.models import Asked, LearningForm, WindowStep
from audit import clock
from criteria.models import Group
from tests.factories import (
    days_from_now,
    make_assessment,
    make_campaign,
    make_citizen_with_account,
    make_confirmed_assessment,
    make_contested_assessment,
    make_group_assessment,
    make_household,
    make_recognition,
    make_returned_assessment,
    make_scored_assessment,
    make_submitted_assessment,
    open_window,
)
from tests.rights.rules import ADDRESSES
from tests.rights.world import LONG_NAME, Thing

OF_PERSON = [
    "portal:home",
    "portal:help_citizen",
    "accounts:inbox",
    "accounts:profile",
    "accounts:profile_looks",
    "assessments:mine",
    "assessments:register",
    "groups:mine",
    "recognitions:mine",
]
OF_BOARD = ["assessments:board_queue", "assessments:reviews", "assessments:helping"]


def told_in_other_states(world):
    """(where, answer): every page about a record, to its person and to its board, in each state."""
    for state, (make, when) in STATES.items():
        with transaction.atomic():
            citizen = make_citizen_with_account(LONG_NAME, board=world.place("thôn").row)
            client = Client()
            client.force_login(citizen.user)
            record = make(citizen=citizen, campaign=world.campaign)
            with when():
                yield from told_about(record, client, world, state)
            transaction.set_rollback(True)


def told_about(record, client, world, state):
    member = world.viewer("ban thôn").client
    for names, who in ((OF_PERSON, client), (OF_BOARD, member)):
        for name in names:
            yield f"{state}: {name}", who.get(reverse(name), follow=True)
    if record is None:
        return
    indicator = record.criteria_set.indicators[0]
    piece, helping = record.evidence.first(), record.helpings.first()
    more = {
        "code": indicator.code,
        "section": indicator.parent.code,
        "piece": piece.pk if piece else 1,
        "helping": helping.pk if helping else 1,
    }
    thing = Thing(state, world.place("thôn"), record, more=more)
    readers = {"own_records": client, "records": member, "contested": member}
    for name, address in ADDRESSES.items():
        if address.reading and address.of in readers:
            where = reverse(name, args=address.arguments(thing))
            yield f"{state}: {name}", readers[address.of].get(where, follow=True)


@contextlib.contextmanager
def locked():
    """The days after the closing, before anything recorded it."""
    with clock.set_to(days_from_now(40)):
        yield


@contextlib.contextmanager
def closed():
    """The same days, once the closing is recorded."""
    with clock.set_to(days_from_now(40)):
        closing.lock_confirmation(clock.now())
        yield


def nothing(**_fields):
    """Nobody has registered yet."""


def _filled(**fields):
    """With a plan, and evidence of each kind that needs no file."""
    record = make_scored_assessment(**fields)
    by, (first, second) = record.citizen.user, record.criteria_set.indicators[:2]
    evidence.add(record, [first], by=by, text="Đọc ba cuốn sách về nuôi gà.")
    evidence.add(record, [second], by=by, url="https://example.vn/lop-hoc")
    learning.plan(record, LearningForm.values[0], by=by, what="Đọc mỗi tối")
    return record


def _of_group_iv(**fields):
    return make_scored_assessment(group=Group.IV, **fields)


def _after_a_year(*, citizen, campaign):
    year = make_campaign(campaign.year - 1, **{step: open_window() for step in WindowStep.values})
    before = make_scored_assessment(7, citizen=citizen, campaign=year)
    evidence.add(before, before.criteria_set.indicators[:1], by=citizen.user, text="Đọc ba cuốn sách.")
    return make_assessment(citizen=citizen, campaign=campaign)


def _returned_in_part(**fields):
    record = make_submitted_assessment(**fields)
    member = _member(record)
    workflow.send_back(record, by=member, reason="Xem lại.", only={"I.1.1": "Chưa rõ đọc sách gì."})
    return record


def _member(record):
    return record.board.appointments.filter(role="board_chair").first().user


def _not_achieved(**fields):
    return make_confirmed_assessment(3, **fields)


def _recognised(**fields):
    record = make_confirmed_assessment(**fields)
    make_recognition(record)
    record.refresh_from_db()
    return record


def _helped(*, citizen, campaign):
    helper = citizen.board.appointments.filter(role="board_chair").first().user
    begun = workflow.begin_helping(
        citizen, campaign, asked=Asked.IN_PERSON, reason="Mắt kém", group=Group.I, by=helper
    )
    return begun.assessment


def _of_household(*, citizen, campaign):
    """The draft of the household whose head it is."""
    household = make_household(citizen.board)
    citizen.household = household
    citizen.save()
    Headship.objects.create(household=household, citizen=citizen)
    return make_group_assessment("family", household, by=citizen.user, campaign=campaign)


STATES = {
    "chưa đăng ký": (nothing, contextlib.nullcontext),
    "chưa chấm": (make_assessment, contextlib.nullcontext),
    "đã chấm": (_filled, contextlib.nullcontext),
    "đạt, không đạt": (_of_group_iv, contextlib.nullcontext),
    "có năm trước": (_after_a_year, contextlib.nullcontext),
    "có người giúp": (_helped, contextlib.nullcontext),
    "đã gửi": (make_submitted_assessment, contextlib.nullcontext),
    "bị trả lại": (make_returned_assessment, contextlib.nullcontext),
    "bị trả lại vài chỗ": (_returned_in_part, contextlib.nullcontext),
    "đã xác nhận": (make_confirmed_assessment, contextlib.nullcontext),
    "không đạt": (_not_achieved, contextlib.nullcontext),
    "đề nghị xem lại": (make_contested_assessment, contextlib.nullcontext),
    "đã công nhận": (_recognised, contextlib.nullcontext),
    "của gia đình": (_of_household, contextlib.nullcontext),
    "hết hạn, chưa đăng ký": (nothing, locked),
    "hết hạn, chưa gửi": (_filled, locked),
    "hết hạn, bị trả lại": (make_returned_assessment, locked),
    "hết hạn, đã gửi": (make_submitted_assessment, locked),
    "khóa, chưa gửi": (_filled, closed),
    "khóa, ban chưa xác nhận": (make_submitted_assessment, closed),
    "khóa, bị trả lại": (make_returned_assessment, closed),
    "khóa, đã xác nhận": (make_confirmed_assessment, closed),
    "khóa, của gia đình": (_of_household, closed),
}


def told_that_something_is_over(world):
    """(where, answer): what is not there, not for this person, out of date, or too late."""
    person, nobody = world.viewer("người dân").client, Client()
    yield "không có", person.get("/khong-co/")
    yield "không có, chưa đăng nhập", nobody.get("/khong-co/")
    yield "không được", person.get(reverse("assessments:board_list"))
    for name in ("accounts:first_sign_in", "accounts:regain"):
        yield f"đường dẫn cũ: {name}", nobody.get(reverse(name, args=["MQ", "x-y"]))
    yield "đường dẫn chia sẻ cũ", nobody.get(reverse("recognitions:shared", args=["made-up"]))
    yield "mã không có", nobody.get(reverse("recognitions:check_code", args=["ABCDEFGHJKLM"]))
    # The session ended while somebody typed: through the sign-in, back to what was typed.
    with transaction.atomic():
        record = make_assessment(board=world.place("thôn").row, campaign=world.campaign)
        leaver, section = Client(), reverse("assessments:section", args=[record.pk, "1"])
        came_from = {"Referer": f"http://testserver{section}"}
        typed = {"version": record.version, "score-I.1.1": "9"}
        yield "hết phiên", leaver.post(section, typed, headers=came_from, follow=True)
        leaver.force_login(record.citizen.user)
        yield "gõ trước khi hết phiên", leaver.get(section)
        transaction.set_rollback(True)
    strict = Client(enforce_csrf_checks=True)
    yield "không nhận", strict.post(reverse("accounts:sign_in"), {"username": "a"})
    with transaction.atomic():
        for _try in range(20):
            locked_out = nobody.post(reverse("accounts:sign_in"), {"username": "Hoa", "password": "sai"})
            if locked_out.status_code != 200:
                break
        yield "khóa đăng nhập", locked_out
        transaction.set_rollback(True)
    yield "qua mắt người khác", world.borrowed.client.get(reverse("assessments:board_queue"))
    yield "qua mắt người khác, không được", world.borrowed.client.post(reverse("assessments:board_queue"))
