"""The board's pages: who sees and does what on each, and what each says."""

import datetime
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Citizen, Message, Role
from assessments import closing, queue, review, windows, workflow
from assessments.models import Assessment, Evidence, Extension, State, WindowStep
from assessments.models.score import EvidenceKind
from audit import clock
from criteria.models import Group, Level
from tests.factories import (
    appoint,
    closed_window,
    days_from_now,
    make_assessment,
    make_campaign,
    make_citizen,
    make_citizen_with_account,
    make_commune,
    make_confirmed_assessment,
    make_confirmer,
    make_household,
    make_officer,
    make_returned_assessment,
    make_submitted_assessment,
    make_unit,
    make_user,
    make_village,
    moment,
    open_campaign,
    reload,
    state_of,
)
from tests.pages import html_of, main_of, messages_of, words_of

pytestmark = pytest.mark.django_db

LIST = "/xac-nhan/"
BATCH = "/xac-nhan/nhieu-nguoi/"
DECEMBER = moment(2026, 12, 22, 9)
END = moment(2027, 1, 1)


def page_of(assessment):
    return reverse("assessments:board_detail", args=[assessment.pk])


def as_shown(response, **typed):
    """What the browser would send of the record's form: all as it stands, but for what was typed."""
    form = response.context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    data |= {form[name].html_initial_name: value for name, value in data.items() if name.startswith("score-")}
    return data | {name.replace("__", "-").replace("_", "."): value for name, value in typed.items()}


def first_code(assessment):
    return assessment.criteria_set.indicators[0].code


def send(client, assessment, act, typed=None, shown=None):
    """Press a button of the record's page, as it is shown now or was before."""
    shown = shown or client.get(page_of(assessment))
    return client.post(page_of(assessment), as_shown(shown) | {"act": act} | (typed or {}))


@pytest.fixture
def assessment():
    return make_submitted_assessment()


@pytest.fixture
def member(assessment, client):
    user = make_confirmer(assessment.board)
    client.force_login(user)
    return user


# --- Who ------------------------------------------------------------------------------------------


def own_record(assessment):
    appoint(assessment.citizen.user, assessment.board)
    return assessment.citizen.user


def same_household(assessment):
    assessment.citizen.household = make_household(village=assessment.board)
    assessment.citizen.save()
    relative = make_citizen_with_account("Nguyễn Văn Hùng", household=assessment.citizen.household)
    appoint(relative.user, assessment.board)
    return relative.user


def with_seat(role=Role.BOARD_MEMBER, **fields):
    def make(assessment):
        user = make_user()
        appoint(user, assessment.board, role, **fields)
        return user

    return make


LAST_WEEK = {"valid_to": datetime.date(2024, 6, 30)}
# Who → the status of list, record, confirming and returning, and whether a batch confirms.
RIGHTS = {
    "a member": (with_seat(), 200, 200, 302, True),
    "the chair": (with_seat(Role.BOARD_CHAIR), 200, 200, 302, True),
    "the person": (own_record, 200, 200, 403, False),
    "one of the household": (same_household, 200, 200, 403, False),
    "another board": (
        lambda assessment: make_confirmer(make_village("Tây Sơn", commune=assessment.commune)),
        200,
        404,
        404,
        False,
    ),
    "the commune above": (lambda assessment: make_officer(assessment.commune), 200, 200, 403, False),
    "the province": (lambda assessment: make_officer(assessment.province), 403, 200, 403, False),
    "the centre": (lambda assessment: make_officer(assessment.province.parent), 403, 200, 403, False),
    "another commune": (lambda assessment: make_officer(make_commune()), 200, 404, 404, False),
    "whose appointment ended": (with_seat(**LAST_WEEK), 403, 404, 404, False),
    "a representative": (with_seat(Role.REPRESENTATIVE), 403, 404, 404, False),
    "a citizen": (lambda assessment: assessment.citizen.user, 403, 404, 404, False),
    "nobody": (lambda assessment: make_user(), 403, 404, 404, False),
    "who is not signed in": (lambda assessment: None, 302, 302, 302, False),
}


@pytest.mark.feature("B6")
@pytest.mark.parametrize("who", RIGHTS)
def test_everyone_sees_and_does_what_the_seat_allows(client, assessment, who):
    make_user_of, lists, shows, acts, _batch = RIGHTS[who]
    user = make_user_of(assessment)
    if user:
        client.force_login(user)

    assert client.get(LIST).status_code == lists
    assert client.get(page_of(assessment)).status_code == shows
    sent = {"version": assessment.version, "reason": "Thiếu giấy.", "act": "return"}
    assert client.post(page_of(assessment), sent).status_code == acts
    assert state_of(assessment) == (State.RETURNED if acts == 302 and user else State.SUBMITTED)


@pytest.mark.feature("B6")
@pytest.mark.parametrize("who", RIGHTS)
def test_only_a_member_without_a_tie_confirms_one_or_several(client, assessment, who):
    make_user_of, _lists, _shows, acts, batch = RIGHTS[who]
    user = make_user_of(assessment)
    if user:
        client.force_login(user)
    scores = {f"score-{indicator.code}": "8" for indicator in assessment.criteria_set.indicators}

    client.get(BATCH, {"person": assessment.pk})
    client.post(BATCH, {"person": f"{assessment.pk}:{assessment.version}"})
    assert state_of(assessment) == (State.CONFIRMED if batch else State.SUBMITTED)
    if not batch:
        sent = scores | {"version": assessment.version, "act": "confirm"}
        assert client.post(page_of(assessment), sent).status_code == acts
        assert client.post(page_of(assessment)).status_code == acts
        assert state_of(assessment) == State.SUBMITTED


def test_names_of_other_boards_show_in_no_answer(client, assessment):
    client.force_login(make_confirmer(make_village("Tây Sơn", commune=assessment.commune)))
    name = assessment.citizen.full_name

    listed = client.get(LIST)
    previewed = client.get(BATCH, {"person": assessment.pk})
    confirmed = client.post(BATCH, {"person": f"{assessment.pk}:{assessment.version}"})

    for response in (listed, previewed, confirmed):
        assert response.status_code == 200
        assert name not in html_of(response)
    assert "1 hồ sơ không thuộc ban của bạn hoặc đã chuyển sang ban khác." in html_of(confirmed)
    assert client.get(LIST, {"board": assessment.board.code}).status_code == 404


@pytest.mark.parametrize(
    "address", [f"{LIST}?board=x", f"{LIST}?board=%00", f"{LIST}?board={'9' * 99}", f"{LIST}{'9' * 30}/"]
)
def test_an_address_that_leads_nowhere_is_not_found(client, assessment, member, address):
    assert client.get(address).status_code == 404


def test_the_commune_looks_at_a_board_below_and_reads_who_confirms(client, assessment):
    client.force_login(make_officer(assessment.commune))

    listed = client.get(LIST, {"board": assessment.board.code})
    shown = client.get(page_of(assessment))

    assert "checkbox" not in html_of(listed)
    assert "Bạn xem được, không xác nhận thay." in html_of(listed)
    assert 'name="act"' not in html_of(shown)
    assert "Ban khuyến học thôn Đông Hải xác nhận hồ sơ này. Bạn xem được, không xác nhận thay." in html_of(
        shown
    )


def test_ones_own_record_and_ones_households_are_listed_with_who_confirms_them_instead(client):
    board = make_village()
    household = make_household(village=board)
    mai = make_confirmer(board, "Trần Thị Mai")
    make_citizen("Trần Thị Mai", user=mai, board=board, household=household)
    make_confirmer(board, "Lê Thị Sâm")
    appoint(make_citizen_with_account("Trần Văn Út", board=board, household=household).user, board)
    own = make_submitted_assessment(citizen=mai.citizen)
    relative = make_citizen_with_account("Nguyễn Văn Hùng", board=board, household=household)
    make_submitted_assessment(citizen=relative, campaign=own.campaign)
    client.force_login(mai)

    listed = client.get(LIST)

    assert "checkbox" not in html_of(listed)
    assert [row.note for row in listed.context["rows"]] == [
        "Đây là hồ sơ của bạn. Người xác nhận: Lê Thị Sâm.",
        "Người này cùng hộ với bạn. Người xác nhận: Lê Thị Sâm.",
    ]
    assert "Đây là hồ sơ của bạn. Người xác nhận: Lê Thị Sâm." in html_of(client.get(page_of(own)))


def test_a_board_of_one_is_told_that_nobody_else_can_confirm(client, assessment):
    client.force_login(own_record(assessment))

    assert "Ban chưa có ai khác xác nhận được." in html_of(client.get(page_of(assessment)))


@pytest.mark.parametrize("who", RIGHTS)
def test_who_is_named_as_able_is_who_may_confirm(assessment, who):
    user = RIGHTS[who][0](assessment)
    make_confirmer(assessment.board, "Lê Thị Sâm")
    members = queue.members_by_board([assessment.board_id])[assessment.board_id]
    able = [each for each in members if not queue.is_tied(each, assessment)]

    assert (user in able) == Assessment.objects.for_confirmer(user or make_user()).contains(assessment)


# --- The list -------------------------------------------------------------------------------------


@pytest.fixture
def december():
    """A village board on 22 December: three wait, the fourth was confirmed."""
    with time_machine.travel(moment(2026, 12, 12, 9), tick=False):
        campaign = make_campaign(2026)
        board = make_village()
        waiting = [make_submitted_assessment(board=board, campaign=campaign) for _ in range(3)]
    with time_machine.travel(moment(2026, 12, 20, 9), tick=False):
        make_confirmed_assessment(board=board, campaign=campaign)
        member = make_confirmer(board)
    return waiting, member


def get_at(client, at, member, address, *arguments):
    with time_machine.travel(at, tick=False):
        client.force_login(member)
        return client.get(address, *arguments)


@pytest.mark.feature("B1")
def test_the_list_says_how_many_wait_until_when_and_how_fast_it_goes(client, december):
    _waiting, member = december

    response = get_at(client, DECEMBER, member, LIST)

    pace = response.context["pace"]
    assert (pace.waiting, pace.days_left, pace.needed, pace.speed) == (3, 9, 1, Decimal("0.1"))
    said = html_of(response)
    assert "Xem và xác nhận hồ sơ của 3 người. Việc xác nhận đang mở đến hết ngày 31/12/2026" in said
    assert "<strong>Cứ đà này, 2 trong 3 người không kịp</strong>" in said
    assert "Người chờ lâu nhất gửi ngày 12/12/2026, đã 10 ngày." in said
    assert "Đã xác nhận 1 trên 4 người đã gửi (25,0%)." in said


@pytest.mark.feature("B1")
def test_on_the_first_day_nobody_is_warned_by_a_speed(client, december):
    waiting, member = december
    Assessment.objects.filter(pk=waiting[0].pk).update(submitted_at=moment(2026, 9, 1))

    said = html_of(get_at(client, moment(2026, 10, 1, 8), member, LIST))

    assert "chưa đủ ngày để tính ban có kịp không" in said
    assert "không kịp</strong>" not in said


@pytest.mark.feature("B1")
def test_who_sent_before_it_opened_is_said_to_wait_since_it_opened(client, december):
    waiting, member = december
    Assessment.objects.filter(pk=waiting[0].pk).update(submitted_at=moment(2026, 2, 1))

    said = html_of(get_at(client, DECEMBER, member, LIST))

    assert "Tính từ ngày mở 01/10/2026, người ấy đã chờ 82 ngày." in said
    assert "Chờ xác nhận: 3 người</a>, ngày gửi sớm nhất: 01/02/2026" in said


@pytest.mark.feature("B1", "E2")
@pytest.mark.parametrize(
    ("at", "said", "is_open"),
    [
        (moment(2026, 9, 30, 23, 59, 59), "Việc xác nhận chưa mở, sẽ mở từ ngày 01/10/2026", False),
        (moment(2026, 10, 1), "Việc xác nhận đang mở đến hết ngày 31/12/2026 (thứ Năm), còn 91 ngày.", True),
        (moment(2026, 12, 31, 23, 59, 59), "hôm nay là ngày cuối, đến 23 giờ 59 phút", True),
        (END, "Việc xác nhận đã khóa lúc hết ngày 31/12/2026 (thứ Năm).", False),
    ],
)
def test_every_board_page_says_until_when_in_the_words_of_the_window(client, at, said, is_open):
    with time_machine.travel(moment(2026, 9, 15), tick=False):
        assessment = make_submitted_assessment(campaign=make_campaign(2026))
    member = make_confirmer(assessment.board)

    listed = get_at(client, at, member, LIST)
    previewed = get_at(client, at, member, BATCH, {"person": assessment.pk})
    shown = get_at(client, at, member, page_of(assessment))

    for response in (listed, previewed, shown):
        assert said in html_of(response)
    assert ("Xem trước khi xác nhận" in html_of(listed)) == is_open
    assert ('type="checkbox"' in html_of(listed)) == is_open
    assert ("Xác nhận 1 người" in html_of(previewed)) == is_open
    assert ('value="confirm"' in html_of(shown)) == is_open
    assert (listed.context["pace"] is not None) == is_open


@pytest.mark.parametrize("province_of_its_own", [False, True])
@pytest.mark.parametrize("extended", ["nothing", "the board", "the commune", "the record", "another board"])
@pytest.mark.parametrize(
    "at", [moment(2026, 12, 31, 23), moment(2027, 1, 5), moment(2027, 1, 20), moment(2027, 2, 20)]
)
def test_the_deadline_that_is_shown_is_the_one_that_decides(at, extended, province_of_its_own):
    with time_machine.travel(moment(2026, 12, 1), tick=False):
        assessment = make_submitted_assessment(campaign=make_campaign(2026))
    if province_of_its_own:
        assessment.campaign.windows.create(
            step=WindowStep.CONFIRMATION,
            level=Level.CITIZEN,
            province=assessment.province,
            opens_at=moment(2026, 11, 1),
            closes_at=moment(2027, 1, 10),
        )
    target = {
        "the board": {"organization": assessment.board},
        "the commune": {"organization": assessment.commune},
        "the record": {"assessment": assessment},
        "another board": {"organization": make_village()},
    }
    if extended in target:
        Extension.objects.create(
            campaign=assessment.campaign,
            step=WindowStep.CONFIRMATION,
            level=Level.CITIZEN,
            opens_at=moment(2027, 1, 2),
            closes_at=moment(2027, 2, 1),
            reason="Mất điện",
            decision_number="01/QĐ",
            approved_by=make_user(),
            **target[extended],
        )

    opening = windows.opening_of(WindowStep.CONFIRMATION, assessment, at)

    assert opening.is_open(at) == windows.is_open(WindowStep.CONFIRMATION, assessment, at)


@pytest.mark.feature("E7")
def test_after_the_closing_the_list_says_who_was_left_and_that_it_is_no_failure(client, december):
    _waiting, member = december
    with time_machine.travel(END, tick=False):
        closing.lock_confirmation(clock.now())

    response = get_at(client, END, member, LIST)
    left = get_at(client, END, member, LIST, {"state": "unconfirmed"})

    said = html_of(response)
    assert "Lúc này không xác nhận được. Việc xác nhận đã khóa lúc hết ngày 31/12/2026 (thứ Năm)." in said
    assert "Đã khóa, không còn ai chờ." in said
    assert "Xem 3 người ban chưa xác nhận" in said
    assert "Ban chưa xác nhận 3 người. Đây không phải là “không đạt”." in html_of(response)
    assert len(left.context["rows"]) == 3
    assert "Ban chưa xác nhận" in html_of(left)
    assert 'type="checkbox"' not in html_of(left)


@pytest.fixture
def all_shelves():
    """One board with records on every shelf, and one of another board and one of another year."""
    board = make_village()
    campaign = open_campaign()
    make_assessment(board=board)
    copies(make_submitted_assessment(board=board), 1)
    copies(make_returned_assessment(board=board), 2)
    copies(make_confirmed_assessment(board=board), 3)
    copies(make_confirmed_assessment(6, board=board), 1)
    make_confirmed_assessment(board=board, group=Group.IV)
    make_submitted_assessment()
    for source, state in closing.BECOMES.items():
        left = make_submitted_assessment(board=board)
        Assessment.objects.filter(pk=left.pk).update(state=state, closed_from=source)
    return board, campaign


@pytest.mark.feature("B1")
def test_each_count_equals_the_rows_behind_its_link(client, all_shelves):
    board, campaign = all_shelves
    client.force_login(make_confirmer(board))

    shelves = client.get(LIST).context["shelves"]

    assert {shelf.name: people for shelf, people in shelves} == {
        "waiting": 2,
        "returned": 4,
        "unsent": 2,
        "achieved": 5,
        "not_achieved": 2,
        "unconfirmed": 1,
        "all_but_sent": 0,
        "contested": 0,
    }
    for shelf, people in shelves:
        assert len(client.get(LIST, {"state": shelf.name}).context["rows"]) == people
    assert sum(people for _shelf, people in shelves) == queue.records_of(board, campaign).count()


@pytest.mark.parametrize("query", ["Đặng Ánh", "dang anh", "ÁNH đặng", "  anh   dang "])
def test_people_are_found_with_and_without_accents(client, query):
    board = make_village()
    found = make_submitted_assessment(citizen=make_citizen_with_account("Đặng Thị Ánh", board=board))
    make_submitted_assessment(board=board)
    make_returned_assessment(citizen=make_citizen_with_account("Đặng Văn Ánh", board=board))
    client.force_login(make_confirmer(board))

    response = client.get(LIST, {"name": query})

    assert [row.assessment for row in response.context["rows"]] == [found]
    counts = {shelf.name: people for shelf, people in response.context["shelves"]}
    assert (counts["waiting"], counts["returned"]) == (1, 1)


def test_a_name_that_is_not_there_says_so(client, member):
    response = client.get(LIST, {"name": "Không Ai"})

    assert "Ở mục “Chờ xác nhận” không có ai tên “Không Ai”." in html_of(response)


def test_who_has_waited_longest_comes_first_or_the_list_goes_by_given_name(client):
    board = make_village()
    names = ["Trần Văn Bình", "Lê Đức", "Bùi Thị An"]
    campaign = open_campaign()
    for days, name in enumerate(names):
        with time_machine.travel(days_from_now(days - 10), tick=False):
            make_submitted_assessment(citizen=make_citizen_with_account(name, board=board), campaign=campaign)
    client.force_login(make_confirmer(board))

    def listed(**filters):
        return [str(row.assessment.citizen) for row in client.get(LIST, filters).context["rows"]]

    assert listed() == names
    assert listed(order="name") == ["Bùi Thị An", "Trần Văn Bình", "Lê Đức"]
    assert listed(order="nonsense", page="nonsense", state="nonsense", year="nonsense") == names


def test_a_page_holds_twenty_five(client):
    first = make_submitted_assessment()
    copies(first, 26)
    client.force_login(make_confirmer(first.board))

    assert len(client.get(LIST).context["rows"]) == 25
    assert len(client.get(LIST, {"page": 2}).context["rows"]) == 2
    assert html_of(client.get(LIST, {"chosen": "all"})).count(" checked") == 25


def copies(assessment, count):
    """As many more people with the same record."""
    citizen, pk = assessment.citizen, assessment.pk
    people = Citizen.objects.bulk_create(
        Citizen(
            full_name=f"{citizen.full_name} {number}",
            name_search=citizen.name_search,
            name_sort=citizen.name_sort,
            birth_year=citizen.birth_year,
            gender=citizen.gender,
            commune=citizen.commune,
            village=citizen.village,
        )
        for number in range(count)
    )
    same = Assessment.objects.filter(pk=pk).values().get()
    del same["id"], same["citizen_id"], same["receipt_number"]
    Assessment.objects.bulk_create(
        Assessment(**same, citizen=each, receipt_number=f"copy-{pk}-{each.pk}") for each in people
    )


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_few_as_for_many(client, django_assert_max_num_queries, count):
    board = make_village()
    household = make_household(village=board)
    member = make_confirmer(board)
    make_citizen(user=member, board=board, household=household)
    for group in Group:
        copies(make_submitted_assessment(board=board, group=group), count - 1)
    for _ in range(count):
        make_submitted_assessment(citizen=make_citizen_with_account(board=board, household=household))
    client.force_login(member)

    with django_assert_max_num_queries(44):
        response = client.get(LIST)

    assert len(response.context["rows"]) == 5 * count


def test_who_sits_on_several_boards_chooses_between_them(client):
    village, unit = make_village(), make_unit()
    make_submitted_assessment(board=unit)
    other = make_submitted_assessment(board=village)
    user = make_confirmer(village)
    appoint(user, unit)
    client.force_login(user)

    response = client.get(LIST, {"board": village.code})

    assert [row.assessment for row in response.context["rows"]] == [other]
    assert response.context["own_boards"] == [(village, 1), (unit, 1)]


def test_an_earlier_year_is_one_link_away(client):
    with time_machine.travel(moment(2025, 11, 5), tick=False):
        earlier = make_confirmed_assessment(campaign=make_campaign(2025))
    open_campaign()
    client.force_login(make_confirmer(earlier.board))

    assert client.get(LIST).context["other_years"] == [2025]
    response = client.get(LIST, {"year": 2025, "state": "achieved"})
    assert [row.assessment for row in response.context["rows"]] == [earlier]
    assert "Việc xác nhận đã khóa lúc hết ngày 31/12/2025" in html_of(response)


def test_without_a_year_the_list_says_what_will_stand_there(client):
    client.force_login(make_confirmer(make_village()))

    response = client.get(LIST)

    assert response.status_code == 200
    assert "Chưa mở năm nào." in html_of(response)


def test_of_drafts_the_board_sees_the_name_alone(client):
    draft = make_assessment()
    indicator = draft.criteria_set.indicators[0]
    workflow.save_scores(draft, {indicator.code: Decimal(7)}, by=draft.citizen.user)
    piece = Evidence.objects.create(assessment=draft, kind=EvidenceKind.TEXT, text="Đọc sách nuôi ong")
    piece.indicators.add(indicator)
    client.force_login(make_confirmer(draft.board))

    shown = html_of(client.get(page_of(draft)))

    assert draft.citizen.full_name in shown
    assert "Đọc sách nuôi ong" not in shown
    assert indicator.text[:30] not in shown
    assert "Người này chưa gửi hồ sơ." in shown


# --- Several at once ------------------------------------------------------------------------------


@pytest.fixture
def five(client):
    """Five who wait at one board, and its member."""
    board = make_village()
    names = ["Bùi Thị An", "Trần Văn Bình", "Phạm Thị Chi", "Lê Đức", "Võ Thị Em"]
    waiting = [
        make_submitted_assessment(citizen=make_citizen_with_account(name, board=board)) for name in names
    ]
    client.force_login(make_confirmer(board))
    return waiting


def preview(client, chosen):
    response = client.get(BATCH, {"person": [assessment.pk for assessment in chosen]})
    return {
        "person": [
            f"{row.assessment.pk}:{row.assessment.version}" for row, _without in response.context["ready"]
        ]
    }


@pytest.mark.feature("B2")
def test_several_are_shown_with_what_they_come_to_and_then_confirmed(client, five):
    low = make_submitted_assessment(7, board=five[0].board)
    response = client.get(BATCH, {"person": [five[0].pk, five[1].pk, low.pk]})
    said = html_of(response)

    assert [row.result.achieved for row, _without in response.context["ready"]] == [True, True, False]
    assert "Xác nhận 3 người" in said
    assert "1 người sẽ là Không đạt" in said
    assert "dưới 80 điểm" in said
    without_low = client.get(response.context["without_failing"])
    assert [row.assessment for row, _without in without_low.context["ready"]] == five[:2]

    done = client.post(BATCH, preview(client, five[:2]))

    assert "Đã xác nhận 2 người" in html_of(done)
    assert done.context["skipped"] == []
    assert [state_of(each) for each in [*five, low]] == [State.CONFIRMED] * 2 + [State.SUBMITTED] * 4


@pytest.mark.feature("B2")
def test_those_that_changed_after_the_preview_are_exactly_the_skipped_ones(client, five):
    sent = preview(client, five)
    colleague = make_confirmer(five[0].board, "Lê Thị Sâm")
    workflow.send_back(five[1], by=colleague, reason="Thiếu giấy.")
    workflow.save_scores(five[1], {first_code(five[1]): Decimal(5)}, by=five[1].citizen.user)
    workflow.submit(five[1], by=five[1].citizen.user)  # waits again, but it is not what was shown
    workflow.send_back(five[2], by=colleague, reason="Thiếu giấy.")
    workflow.confirm(five[3], by=colleague)
    elsewhere = make_village("Tây Sơn", commune=five[4].commune)
    Assessment.objects.filter(pk=five[4].pk).update(board=elsewhere)

    done = client.post(BATCH, sent)

    assert done.context["confirmed"] == [five[0]]
    assert [assessment for assessment, _reason in done.context["skipped"]] == five[1:4]
    reasons = [reason for _assessment, reason in done.context["skipped"]]
    assert reasons[0].startswith("Hồ sơ đã được lưu ở nơi khác lúc ")
    assert reasons[1:] == [
        "Hồ sơ này đang ở tình trạng “bị trả lại” nên không làm được việc này.",
        "Hồ sơ này đang ở tình trạng “đã xác nhận” nên không làm được việc này.",
    ]
    assert done.context["gone"] == 1
    assert "Bỏ qua 4 người, lý do ghi ở dưới." in html_of(done)
    assert [state_of(each) for each in five] == [
        State.CONFIRMED,
        State.SUBMITTED,
        State.RETURNED,
        State.CONFIRMED,
        State.SUBMITTED,
    ]


def test_a_second_click_on_confirming_several_says_the_same_again(client, five):
    sent = preview(client, five)

    first, second = client.post(BATCH, sent), client.post(BATCH, sent)

    assert first.context["confirmed"] == second.context["confirmed"]
    assert second.context["skipped"] == []
    assert "Đã xác nhận 5 người" in html_of(second)
    assert Message.objects.filter(key__startswith="confirmed:").count() == 5


@pytest.mark.feature("E2")
def test_a_batch_shown_in_time_and_sent_too_late_confirms_nobody(client, december):
    waiting, member = december
    with time_machine.travel(moment(2026, 12, 31, 23, 59, 30), tick=False):
        client.force_login(member)
        sent = preview(client, waiting)
    with time_machine.travel(END, tick=False):
        done = client.post(BATCH, sent)

    assert done.context["confirmed"] == []
    assert {reason for _assessment, reason in done.context["skipped"]} == {
        "Đã hết hạn xác nhận: khóa lúc hết ngày 31/12/2026 (thứ Năm)."
    }
    assert "Chưa xác nhận được ai" in html_of(done)
    assert "Việc xác nhận đã khóa lúc hết ngày 31/12/2026" in html_of(done)
    assert [state_of(each) for each in waiting] == [State.SUBMITTED] * 3


@pytest.mark.parametrize(
    "sent", [{}, {"person": "x"}, {"person": "1:x"}, {"person": "9" * 30}, {"person": ["1"] * 101}]
)
def test_a_choice_that_cannot_be_read_leads_back_to_the_list(client, five, sent):
    for response in (client.get(BATCH, sent | {"back": "state=waiting"}), client.post(BATCH, sent)):
        if response.status_code == 200:  # one number a hundred times is one person
            assert sent == {"person": ["1"] * 101}
            continue
        assert response.status_code == 302
        assert response["Location"].startswith(LIST)


def test_nobody_ticked_is_said_in_the_list_one_came_from(client, five):
    response = client.get(BATCH, {"back": "name=an&chosen=all"}, follow=True)

    assert response.redirect_chain == [(f"{LIST}?name=an", 302)]
    assert messages_of(response) == ["Chưa chọn ai. Đánh dấu ít nhất một người."]
    assert 'role="alert"' in main_of(response)


def test_the_preview_says_why_some_of_the_chosen_cannot_be_confirmed(client, five):
    returned = make_returned_assessment(board=five[0].board)

    response = client.get(BATCH, {"person": [five[0].pk, returned.pk, 10**9]})

    assert [row.assessment for row, _without in response.context["ready"]] == [five[0]]
    assert "Hồ sơ đang ở tình trạng “bị trả lại”." in html_of(response)
    assert "1 hồ sơ không thuộc ban của bạn hoặc đã chuyển sang ban khác." in html_of(response)


@pytest.mark.parametrize("count", [1, 5])
def test_the_preview_costs_the_same_for_few_as_for_many(client, five, django_assert_max_num_queries, count):
    with django_assert_max_num_queries(30):
        response = client.get(BATCH, {"person": [each.pk for each in five[:count]]})

    assert len(response.context["ready"]) == count


# --- One record -----------------------------------------------------------------------------------


def test_a_record_is_confirmed_as_it_stands(client, assessment, member):
    response = send(client, assessment, "confirm")
    after = client.get(response["Location"])

    record = reload(assessment)
    assert (record.state, record.outcome, record.confirmed_total) == ("confirmed", "achieved", 80)
    assert record.confirmed_by == member
    assert messages_of(after) == ["Đã xác nhận hồ sơ của Nguyễn Thị Hoa: Đạt, 80 điểm."]
    assert 'role="status"' in html_of(after)
    assert "Trần Thị Mai xác nhận hồ sơ: Đạt, 80 điểm." in html_of(after)
    assert 'value="confirm"' not in html_of(after)


def test_after_a_step_the_one_who_has_waited_longest_is_one_link_away(client, assessment, member):
    second = make_submitted_assessment(board=assessment.board)
    make_submitted_assessment(board=assessment.board)

    after = client.get(send(client, assessment, "confirm")["Location"])

    assert after.context["next"] == second
    assert f'href="{page_of(second)}"' in html_of(after)


def test_group_iv_is_judged_and_confirmed_without_points(client):
    assessment = make_submitted_assessment(group=Group.IV)
    code = first_code(assessment)
    client.force_login(make_confirmer(assessment.board))
    shown = client.get(page_of(assessment))
    assert html_of(shown).count('type="radio"') == 6

    sent = {f"score-{code}": "fail", f"reason-{code}": "Chưa tự học."}
    after = client.get(send(client, assessment, "confirm", sent)["Location"])

    assert messages_of(after) == ["Đã xác nhận hồ sơ của Nguyễn Thị Hoa: Không đạt."]
    score = assessment.scores.get(indicator__code=code)
    assert (score.own_passed, score.confirmed_passed, score.reason) == (True, False, "Chưa tự học.")


@pytest.mark.feature("B5")
def test_one_changed_score_with_a_reason_changes_the_result(client, assessment, member):
    code = first_code(assessment)

    sent = {f"score-{code}": "4", f"reason-{code}": "Giấy ghi 3 buổi."}
    after = client.get(send(client, assessment, "confirm", sent)["Location"])

    record = reload(assessment)
    score = record.scores.get(indicator__code=code)
    assert (record.outcome, record.confirmed_total) == ("not_achieved", 76)
    assert (score.own_points, score.confirmed_points, score.changed_by) == (8, 4, member)
    said = html_of(after)
    assert "Trần Thị Mai chấm khác, lý do: <q>Giấy ghi 3 buổi.</q>" in said
    assert "Đã xác nhận hồ sơ của Nguyễn Thị Hoa: Không đạt, 76 điểm." in said


@pytest.mark.feature("B5")
def test_a_change_without_a_reason_is_refused_beside_its_field_and_loses_nothing(client, assessment, member):
    codes = [indicator.code for indicator in assessment.criteria_set.indicators]
    sent = {f"score-{codes[0]}": "5", f"score-{codes[1]}": "6", f"reason-{codes[1]}": "Ít buổi."}

    response = send(client, assessment, "confirm", sent)

    form = response.context["form"]
    assert form.errors == {f"reason-{codes[0]}": [f"Ghi lý do ban chấm khác ở chỉ số {codes[0]}."]}
    assert {name: form[name].value() for name in sent} == sent
    said = html_of(response)
    assert f'<p class="field-error" id="id_reason-{codes[0]}_error">' in said
    assert "<title>Có 1 lỗi: Hồ sơ của Nguyễn Thị Hoa" in said
    assert state_of(assessment) == State.SUBMITTED


@pytest.mark.feature("B5")
def test_the_general_reason_serves_every_change_without_its_own(client, assessment, member):
    codes = [indicator.code for indicator in assessment.criteria_set.indicators]
    sent = {
        f"score-{codes[0]}": "7",
        f"score-{codes[1]}": "9",
        f"reason-{codes[1]}": "Thêm một lớp.",
        "reason": "Theo biên bản họp ngày 20/12.",
    }

    send(client, assessment, "confirm", sent)

    reasons = dict(reload(assessment).scores.exclude(reason="").values_list("indicator__code", "reason"))
    assert reasons == {codes[0]: "Theo biên bản họp ngày 20/12.", codes[1]: "Thêm một lớp."}


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("11", "Điểm cao nhất là 10, bạn gõ 11."),
        ("7,5", "Điểm 7,5 không có trong thang điểm. Chọn 7 hoặc 8."),
        ("-1", "Điểm thấp nhất là 0, bạn gõ -1."),
        ("tám", "“tám” không phải là số điểm."),
        ("", "Chưa có điểm."),
    ],
)
def test_points_off_the_scale_are_refused_beside_the_field(client, assessment, member, typed, problem):
    code = first_code(assessment)

    response = send(client, assessment, "confirm", {f"score-{code}": typed, f"reason-{code}": "Ít buổi."})

    form = response.context["form"]
    assert list(form.errors) == [f"score-{code}"]
    assert form.errors[f"score-{code}"][0].startswith(problem)
    assert form[f"score-{code}"].value() == typed
    assert form[f"reason-{code}"].value() == "Ít buổi."
    assert state_of(assessment) == State.SUBMITTED


def test_a_record_is_returned_with_its_reasons(client, assessment, member):
    code = first_code(assessment)
    sent = {f"score-{code}": "99", f"reason-{code}": "Thiếu giấy.", "reason": "Bổ sung rồi gửi lại."}

    after = client.get(send(client, assessment, "return", sent)["Location"])

    assert state_of(assessment) == State.RETURNED
    assert assessment.steps.first().reason == f"Bổ sung rồi gửi lại.\nChỉ số {code}: Thiếu giấy."
    assert messages_of(after) == ["Đã trả lại hồ sơ của Nguyễn Thị Hoa. Lý do đã được báo cho người gửi."]
    assert "Trần Thị Mai trả lại hồ sơ để sửa." in html_of(after)


def test_returning_without_a_reason_is_refused_and_loses_nothing(client, assessment, member):
    code = first_code(assessment)

    response = send(client, assessment, "return", {f"score-{code}": "4", "reason": "   "})

    form = response.context["form"]
    assert form.errors == {"reason": ["Ghi lý do trả lại, để người gửi biết cần sửa gì."]}
    assert form[f"score-{code}"].value() == "4"
    assert state_of(assessment) == State.SUBMITTED


def test_adding_up_shows_what_it_comes_to_and_keeps_nothing(client, assessment, member):
    code = first_code(assessment)

    response = send(client, assessment, "add-up", {f"score-{code}": "5"})

    assert response.context["result"].total == 77
    assert "Tự chấm <strong>80</strong>, ban chấm <strong>77</strong>." in html_of(response)
    assert response.context["form"][f"score-{code}"].value() == "5"
    assert state_of(assessment) == State.SUBMITTED


def test_enter_in_a_field_only_adds_up(client, assessment, member):
    """The browser presses the first button of the form; it stands in the display bar and bears no act."""
    shown = client.get(page_of(assessment))
    said = html_of(shown)
    before = said[: said.index('value="confirm"')]
    assert '<button class="visually-hidden" form="xem-xet"' in before

    response = client.post(page_of(assessment), as_shown(shown))

    assert response.status_code == 200
    assert state_of(assessment) == State.SUBMITTED


# --- Two at once ----------------------------------------------------------------------------------


def test_of_two_members_on_one_record_the_second_reads_who_was_faster_and_keeps_the_text(
    client, assessment, member
):
    shown = client.get(page_of(assessment))
    workflow.confirm(assessment, by=make_confirmer(assessment.board, "Lê Thị Sâm"))
    code = first_code(assessment)
    sent = {f"score-{code}": "4", f"reason-{code}": "Giấy ghi 3 buổi."}

    response = send(client, assessment, "confirm", sent, shown)

    assert len(messages_of(response)) == 1
    assert messages_of(response)[0].startswith("Lê Thị Sâm đã xác nhận hồ sơ này lúc ")
    assert messages_of(response)[0].endswith(": Đạt, 80 điểm.")
    assert 'role="alert"' in main_of(response)
    assert response.context["unsaved"] == [
        (f"Ban chấm chỉ số {code}", "4"),
        (f"Lý do, nếu chấm khác chỉ số {code}", "Giấy ghi 3 buổi."),
    ]
    assert reload(assessment).confirmed_total == 80


@pytest.mark.parametrize("act", ["confirm", "return"])
def test_a_record_returned_and_sent_again_meanwhile_is_shown_anew_with_what_was_typed(
    client, assessment, member, act
):
    shown = client.get(page_of(assessment))
    codes = [indicator.code for indicator in assessment.criteria_set.indicators]
    workflow.send_back(assessment, by=member, reason="Thiếu giấy.")
    workflow.save_scores(assessment, {codes[1]: Decimal(5)}, by=assessment.citizen.user)
    workflow.submit(assessment, by=assessment.citizen.user)
    sent = {f"score-{codes[0]}": "4", f"reason-{codes[0]}": "Giấy ghi 3 buổi.", "reason": "Xem lại."}

    response = send(client, assessment, act, sent, shown)

    assert state_of(assessment) == State.SUBMITTED
    assert messages_of(response)[0].startswith("Hồ sơ đã được lưu ở nơi khác lúc ")
    form = response.context["form"]
    assert {name: form[name].value() for name in sent} == sent
    # What nobody touched follows the record; it is no change of the board's.
    assert form[f"score-{codes[1]}"].value() == "5"
    assert "Lần gửi trước" in html_of(response)

    again = client.post(page_of(assessment), as_shown(response) | {"act": act})

    assert again.status_code == 302
    assert state_of(assessment) == (State.CONFIRMED if act == "confirm" else State.RETURNED)
    if act == "confirm":
        assert reload(assessment).scores.filter(changed_by=member).count() == 1


@pytest.mark.parametrize("act", ["confirm", "return"])
def test_a_second_click_is_no_fault(client, assessment, member, act):
    shown = client.get(page_of(assessment))
    sent = {"reason": "Thiếu giấy."}

    first = send(client, assessment, act, sent, shown)
    second = send(client, assessment, act, sent, shown)

    assert (first.status_code, second.status_code) == (302, 302)
    after = client.get(second["Location"])
    assert 'role="alert"' not in main_of(after)
    assert "Trần Thị Mai đã " in messages_of(after)[-1]
    assert assessment.steps.filter(by=member).count() == 1


def test_another_opinion_of_ones_own_is_no_second_click(client, assessment, member):
    shown = client.get(page_of(assessment))
    code = first_code(assessment)
    send(client, assessment, "confirm", None, shown)

    response = send(
        client, assessment, "confirm", {f"score-{code}": "4", f"reason-{code}": "Ít buổi."}, shown
    )

    assert response.status_code == 200
    assert 'role="alert"' in main_of(response)
    assert (f"Ban chấm chỉ số {code}", "4") in response.context["unsaved"]
    assert reload(assessment).confirmed_total == 80


@pytest.mark.feature("E2")
@pytest.mark.parametrize("act", ["confirm", "return"])
def test_a_page_opened_before_the_end_and_sent_after_it_is_refused_and_shown_locked(client, december, act):
    waiting, member = december
    code = first_code(waiting[0])
    sent = {f"score-{code}": "7", f"reason-{code}": "Ít buổi.", "reason": "Thiếu giấy."}
    shown = get_at(client, END - datetime.timedelta(seconds=1), member, page_of(waiting[0]))
    with time_machine.travel(END, tick=False):
        response = send(client, waiting[0], act, sent, shown)

    assert messages_of(response) == ["Đã hết hạn xác nhận: khóa lúc hết ngày 31/12/2026 (thứ Năm)."]
    said = html_of(response)
    assert "Việc xác nhận đã khóa lúc hết ngày 31/12/2026 (thứ Năm)." in said
    assert 'name="act"' not in said
    assert [text for _label, text in response.context["unsaved"]] == ["7", "Ít buổi.", "Thiếu giấy."]
    assert state_of(waiting[0]) == State.SUBMITTED


def test_a_record_the_closing_settled_meanwhile_is_refused_in_words(client, assessment, member):
    shown = client.get(page_of(assessment))
    assessment.campaign.windows.update(opens_at=closed_window()[0], closes_at=closed_window()[1])
    closing.lock_confirmation(clock.now())

    response = send(client, assessment, "confirm", None, shown)

    (refusal,) = messages_of(response)
    assert refusal.startswith("Đã khóa lúc ")
    assert refusal.endswith("không làm gì được nữa. Hồ sơ được ghi là “ban chưa xác nhận”.")
    assert state_of(assessment) == State.UNCONFIRMED


# --- What stands on the page ----------------------------------------------------------------------


def test_the_page_shows_evidence_beside_its_indicator_and_escapes_what_citizens_type(
    client, assessment, member
):
    indicator = assessment.criteria_set.indicators[0]
    pieces = [
        Evidence(kind=EvidenceKind.TEXT, text="Mượn <b>6</b> cuốn sách"),
        Evidence(kind=EvidenceKind.LINK, url="https://thuvien.vn/the-doc"),
        Evidence(
            kind=EvidenceKind.FILE,
            file="evidence/a.jpg",
            name="Giấy khen.jpg",
            size=8000,
            content_type="image/jpeg",
        ),
        Evidence(
            kind=EvidenceKind.FILE,
            file="evidence/a.pdf",
            name="Sáng kiến.pdf",
            size=8000,
            content_type="application/pdf",
        ),
    ]
    for piece in pieces:
        piece.assessment = assessment
        piece.save()
        piece.indicators.add(indicator)

    said = html_of(client.get(page_of(assessment)))

    assert "Mượn &lt;b&gt;6&lt;/b&gt; cuốn sách" in said
    assert 'href="https://thuvien.vn/the-doc" target="_blank" rel="noopener noreferrer nofollow"' in said
    picture = reverse("assessments:evidence_file", args=[assessment.pk, pieces[2].pk])
    assert f'<img src="{picture}" alt="Ảnh minh chứng: Giấy khen.jpg"' in said
    assert "Sáng kiến.pdf" in said
    assert said.count("Không có minh chứng.") == 9


def test_the_page_shows_what_a_board_confirmed_last_year(client):
    citizen = make_citizen_with_account()
    with time_machine.travel(moment(2025, 11, 5), tick=False):
        make_confirmed_assessment(9, citizen=citizen, campaign=make_campaign(2025))
    with time_machine.travel(moment(2026, 11, 5), tick=False):
        assessment = make_submitted_assessment(citizen=citizen, campaign=make_campaign(2026))
        client.force_login(make_confirmer(assessment.board))
        response = client.get(page_of(assessment))
        listed = client.get(LIST)

    assert {line.last_year for line in response.context["review"].lines} == {9}
    assert html_of(response).count("<dt>Ban, năm 2025</dt>") == 11
    assert [row.last_year.confirmed_total for row in listed.context["rows"]] == [90]


def test_the_page_tells_of_the_years_before_and_leads_to_what_one_oversees(client):
    with time_machine.travel(moment(2024, 11, 5), tick=False):
        elsewhere = make_confirmed_assessment(9)
    citizen = elsewhere.citizen
    with time_machine.travel(moment(2025, 11, 5), tick=False):
        Citizen.objects.filter(pk=citizen.pk).update(village=make_village("Liên Thanh"))
        citizen.refresh_from_db()
        here = make_confirmed_assessment(6, citizen=citizen)
    with time_machine.travel(moment(2026, 11, 5), tick=False):
        record = make_submitted_assessment(citizen=citizen)
        client.force_login(make_confirmer(record.board))
        page = client.get(page_of(record))

        assert "2025 : Không đạt, 60 điểm 2024: Đạt, 90 điểm" in words_of(page)
        assert page_of(here) in html_of(page)
        assert page_of(elsewhere) not in html_of(page)


def test_who_leaves_a_record_as_it_is_goes_on_to_the_one_after_it(client):
    first = make_submitted_assessment()
    second, third = (
        make_submitted_assessment(board=first.board, campaign=first.campaign) for _record in range(2)
    )
    client.force_login(make_confirmer(first.board))

    after = [client.get(page_of(record)).context["next"] for record in (first, second, third)]
    assert after == [second, third, first]


def test_a_returned_record_is_read_as_it_was_sent(client):
    returned = make_returned_assessment()
    workflow.save_scores(returned, {first_code(returned): Decimal(3)}, by=returned.citizen.user)
    client.force_login(make_confirmer(returned.board))

    response = client.get(page_of(returned))

    assert response.context["review"].lines[0].own == 8
    assert response.context["review"].result.total == 80


def test_the_identity_number_is_on_none_of_the_pages(client, assessment, member):
    number = assessment.citizen.identity_number

    for address in (LIST, page_of(assessment), f"{BATCH}?person={assessment.pk}"):
        assert number not in html_of(client.get(address))


def test_a_record_costs_the_same_with_much_evidence(
    client, django_assert_max_num_queries, assessment, member
):
    for indicator in assessment.criteria_set.indicators:
        piece = Evidence.objects.create(assessment=assessment, kind=EvidenceKind.TEXT, text="Lời kể")
        piece.indicators.add(indicator)

    with django_assert_max_num_queries(42):
        client.get(page_of(assessment))


def test_what_was_typed_when_the_session_ended_stands_there_after_signing_in_again(client, assessment):
    user = make_confirmer(assessment.board)
    client.force_login(user)
    code = first_code(assessment)
    data = as_shown(client.get(page_of(assessment)))
    data |= {f"score-{code}": "4", f"reason-{code}": "Giấy ghi 3 buổi.", "act": "confirm"}
    client.session.flush()

    response = client.post(page_of(assessment), data, HTTP_REFERER=f"http://testserver{page_of(assessment)}")
    assert response.status_code == 302
    assert state_of(assessment) == State.SUBMITTED
    client.force_login(user)
    shown = client.get(page_of(assessment))

    form = shown.context["form"]
    assert form[f"score-{code}"].value() == "4"
    assert form[f"reason-{code}"].value() == "Giấy ghi 3 buổi."
    assert form.errors == {}


def test_the_board_goes_on_reading_the_form_that_was_sent_when_the_citizen_takes_another():
    assessment = make_returned_assessment()
    workflow.change_group(reload(assessment), group=Group.II, by=assessment.citizen.user)

    reads = review.of(reload(assessment), None)

    assert [line.own for line in reads.lines] == [8] * 10
    assert {line.indicator.criteria_set.group for line in reads.lines} == {"I"}


def test_a_criterion_that_is_judged_whole_is_headed_once(client):
    judged = make_submitted_assessment(group=Group.IV)
    client.force_login(make_confirmer(judged.board))

    page = html_of(client.get(page_of(judged)))

    assert page.count("Năng lực tự học, học tập suốt đời") == 1
    assert '<h2 id="chi-so-IV.1">IV.1 Năng lực tự học, học tập suốt đời</h2>' in page


@pytest.mark.feature("B7")
def test_a_member_is_told_of_another_who_has_the_record_open(client):
    record = make_submitted_assessment()
    members = [make_confirmer(record.board), make_confirmer(record.board, "Võ Văn Hai")]
    address = reverse("assessments:board_detail", args=[record.pk])
    for member in (members[1], make_officer(record.board.parent, "Phạm Thị Ba")):
        client.force_login(member)
        client.get(address)
    client.force_login(members[0])

    assert "Võ Văn Hai cũng đang xem hồ sơ này." in words_of(client.get(address))
    with time_machine.travel(clock.now() + datetime.timedelta(minutes=6)):
        assert "cũng đang xem" not in words_of(client.get(address))
