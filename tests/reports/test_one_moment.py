"""Whatever is confirmed while a page or a file is made: all that it tells is a plain count at one moment.

Between any two things that an answer asks of the database, somebody else takes a step of the real workflow on
a connection of their own.
"""

import io
import json
import queue
import random
import re
import threading
from operator import attrgetter

import pytest
from django.db import connection, connections
from openpyxl import load_workbook

from accounts.models import Citizen, Population
from assessments import batches, closing, workflow
from assessments.models import Assessment, Campaign, State, WindowStep
from audit import clock
from criteria.models import Group
from organizations.models import Kind, Organization
from reports import exports, filters, snapshots
from reports.figures import Figure
from reports.models import Snapshot
from tests.assessments.masses import with_evidence
from tests.factories import (
    closed_window,
    full_marks,
    make_citizen_with_account,
    make_commune,
    make_confirmer,
    make_officer,
    make_province,
    make_scored_assessment,
    make_unit,
    make_village,
    open_campaign,
)
from tests.reports.records import all_people, all_records, count, stands_below, stands_in
from vietnamese.dates import day_words

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("G1", "G3")]
COUNTED = re.compile(r'^SELECT.*"(assessments_assessment|accounts_citizen)"', re.DOTALL)


class Meanwhile:
    """The steps of others, and what stood in the tables after each."""

    def __init__(self, campaign, members, chance):
        self.campaign, self.members, self.chance = campaign, members, chance
        self.seen = [self._now()]
        self.taken = set()
        self._wanted, self._done = queue.Queue(), queue.Queue()
        self._thread = threading.Thread(target=self._work, args=[connections["default"]])

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *exception):
        self._wanted.put(False)
        self._thread.join()

    def between(self, execute, sql, params, many, context):
        """Wraps what a reader executes."""
        if COUNTED.search(sql) and self.chance.random() < 0.8:
            self.step()
        return execute(sql, params, many, context)

    def step(self, name=""):
        self._wanted.put(name or "any")
        if error := self._done.get(timeout=60):
            raise error

    def _work(self, database):
        connections["default"] = type(database)(database.settings_dict | {}, "default")
        try:
            while name := self._wanted.get():
                error = None
                try:
                    self._take(name)
                    self.seen.append(self._now())
                except BaseException as its_own:
                    error = its_own
                self._done.put(error)
        finally:
            connection.close()

    def _now(self):
        return all_records(self.campaign), all_people()

    def _take(self, name):
        record = Assessment.objects.get(pk=self.chance.choice(all_records(self.campaign)).pk)
        name = name if name == "lock" else self.chance.choice(LIKELY[record.state])
        try:
            STEPS[name](record, self.members[record.board])
        except workflow.Refused:
            return
        self.taken.add(name)


def confirm_whole_list(record, board):
    batch = batches.begin(record.board, record.campaign, by=board[0])
    while rows := batches.to_look_at(batch):
        batches.look(batch, [row.pk for row in rows], [])
    batch.refresh_from_db()
    batches.start(batch)
    batches.work(batch.pk)


def lock(record, board):
    opens_at, closes_at = closed_window()
    record.campaign.windows.filter(step=WindowStep.CONFIRMATION).update(
        opens_at=opens_at, closes_at=closes_at
    )
    closing.lock_confirmation(clock.now())


STEPS = {
    "submit": lambda one, board: workflow.submit(one, by=one.citizen.user),
    "withdraw": lambda one, board: workflow.withdraw(one, by=one.citizen.user),
    "return": lambda one, board: workflow.send_back(one, by=board[0], reason="Thiếu minh chứng."),
    "confirm": lambda one, board: workflow.confirm(one, by=board[0]),
    "confirm_list": confirm_whole_list,
    "undo": lambda one, board: workflow.undo(one, by=board[0]),
    "contest": lambda one, board: workflow.contest(
        one, {next(iter(full_marks(one))): "Tôi có giấy."}, by=one.citizen.user
    ),
    "review": lambda one, board: workflow.review(one, {}, by=board[1]),
    "depart": lambda one, board: Citizen.objects.filter(pk=one.citizen_id).update(departed_on=clock.today()),
    "lock": lock,
}
LIKELY = {
    State.REGISTERED: ["submit"],
    State.RETURNED: ["submit"],
    State.SUBMITTED: ["return", "confirm", "confirm", "confirm_list", "withdraw"],
    State.CONFIRMED: ["undo", "undo", "undo", "contest", "review", "depart"],
    State.UNCONFIRMED: ["depart"],
    State.UNSENT: ["depart"],
}


# --- What is asked, and the plain count ---------------------------------------------------------------


def figures_page(client, where, figure):
    total = client.get("/bao-cao/", where).context["total"]
    return [cell.text for cell in total.cells if "Tỷ lệ" not in str(cell.heading)]


def plain_figures(records, people, figure):
    counts = count(records, people)
    shown = [Figure.REGISTERED, Figure.SENT, Figure.CONFIRMED, Figure.ACHIEVED, Figure.NOT_ACHIEVED]
    return [str(counts.people), *(str(counts.of(one)) for one in shown), "0", str(counts.unconfirmed)]


def figures_file(client, where, figure):
    rows = rows_of(client, "", where)
    whole = next(row for row in rows if row[1] == "Cộng")
    return whole[2 : 3 + len(Figure)]


def plain_figures_in_file(records, people, figure):
    counts = count(records, people)
    return [counts.people, *(counts.of(one) for one in Figure)]


def past_day_page(client, where, figure):
    page = client.get(
        "/bao-cao/tai-ngay/", where | {"tai-ngay": day_words(clock.today()), "cau-truc": "hien-nay"}
    )
    return [cell.text for cell in page.context["total"].cells][: len(Figure)]


def plain_past_day(records, people, figure):
    return [str(count(records, []).of(one)) for one in Figure]


def list_page(client, where, figure):
    page = client.get("/bao-cao/danh-sach/", where | {filters.FIGURE: figure.value}).context["page"]
    return page.paginator.count, sorted((row.record.pk, row.record.state) for row in page)


def plain_list(records, people, figure):
    of_it = [record for record in records if count([record], []).of(figure)]
    return len(of_it), sorted((record.pk, record.state) for record in of_it)


def list_file(client, where, figure):
    rows = rows_of(client, "danh-sach/", where | {filters.FIGURE: figure.value})
    return sorted(row[1] for row in rows if isinstance(row[0], int))


def plain_names(records, people, figure):
    return sorted(one.citizen.full_name for one in records if count([one], []).of(figure))


def people_page(client, where, figure):
    page = client.get("/bao-cao/nguoi-dan/", where).context["page"]
    return page.paginator.count, sorted(row.citizen.pk for row in page)


def plain_people(records, people, figure):
    return len(people), sorted(one.pk for one in people)


def groups_page(client, where, figure):
    total = client.get("/bao-cao/bieu/nhom/", where).context["total"]
    return [cell.text for cell in total if cell.text.isdigit()]  # a share of nobody is a dash


def plain_groups(records, people, figure):
    told = []
    for group in Group:
        of_group = count([one for one in records if one.criteria_set.group == group], [])
        told += [of_group.registered, of_group.achieved]
    whole = count(records, people)
    return [str(each) for each in (*told, whole.registered, whole.achieved, whole.people)]


def unconfirmed_page(client, where, figure):
    page = client.get("/bao-cao/bieu/chua-xac-nhan/", where).context
    return page["page"].paginator.count, sorted(row[1].text for row in page["rows"])


def plain_unconfirmed(records, people, figure):
    names = [one.citizen.full_name for one in records if State.SUBMITTED in (one.state, one.closed_from)]
    return len(names), sorted(names)


def holders_file(client, where, figure):
    rows = rows_of(client, "bieu/nguoi-dat/", where)
    return sorted(row[1] for row in rows if isinstance(row[0], int) and row[1] and "Người" in str(row[1]))


def plain_holders(records, people, figure):
    return plain_names(records, people, Figure.ACHIEVED)


def free_table(client, where, figure):
    asked = {"hang": "tinh-trang", "cot": "ket-qua", "do": figure.value}
    rows = client.get("/bao-cao/bieu/tu-chon/", where | asked).context["rows"]
    return {row[1].text: row[-1].text for row in rows}


def plain_by_state(records, people, figure):
    told = {}
    for state in State:
        words = str(state.label)[:1].upper() + str(state.label)[1:]
        if of_it := [one for one in records if one.state == state]:
            told[words] = str(count(of_it, []).of(figure) + int(told.get(words, 0)))
    return told


def boards_file(client, where, figure):
    rows = [row for row in rows_of(client, "bieu/cac-ban/", where) if isinstance(row[0], int)]
    return {row[4]: row[6:9] for row in rows if row[6]}


def plain_boards(records, people, figure):
    told = {}
    for board in Organization.objects.filter(kind__in=["commune", "village", "unit"]):
        counts = count([one for one in records if one.board == board], [])
        if counts.registered:
            told[board.code] = [counts.registered, counts.waiting, counts.confirmed]
    return told


def closing_file(client, where, figure):
    """The file of the year of the province, of which the records of the place asked for are taken."""
    place = Organization.objects.get(code=where["to-chuc"])
    Snapshot.objects.all().delete()
    snapshot = Snapshot.objects.create(
        campaign=Campaign.objects.get(year=where["nam"]),
        province=place.within(Kind.PROVINCE),
        as_of=clock.now(),
    )
    snapshots.run(snapshot.pk)
    with snapshots.path_of(snapshot).open("rb") as file:
        told = [line for line in map(json.loads, file) if "record" in line]
    snapshots.path_of(snapshot).unlink()
    if place.kind == Kind.COMMUNE:
        told = [line for line in told if line["commune"] == place.code]
    return [(line["record"], line["state"], line["outcome"], line["confirmed_total"]) for line in told]


def plain_lines(records, people, figure):
    return [
        (one.pk, one.state, one.outcome, "" if one.confirmed_total is None else f"{one.confirmed_total:.0f}")
        for one in sorted(records, key=attrgetter("pk"))
    ]


FIGURES = [*Figure, *[Figure.WAITING, Figure.CONFIRMED, Figure.ACHIEVED] * 3]
ASKED = [
    (figures_page, plain_figures),
    (figures_file, plain_figures_in_file),
    (closing_file, plain_lines),
    (past_day_page, plain_past_day),
    *[(list_page, plain_list)] * 4,
    (list_file, plain_names),
    (people_page, plain_people),
    (groups_page, plain_groups),
    (unconfirmed_page, plain_unconfirmed),
    (holders_file, plain_holders),
    (free_table, plain_by_state),
    (boards_file, plain_boards),
]


def rows_of(client, report, where):
    """The cells of the first sheet; a file that a worker wrote is fetched from its page."""
    query = "&".join(f"{name}={value}" for name, value in where.items())
    answer = client.post(f"/bao-cao/{report}xuat-excel/?{query}")
    if answer.status_code == 302:
        answer = client.get(f"{answer.url}tai-ve/")
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]


# --- The proof ----------------------------------------------------------------------------------------


@pytest.fixture
def scene(shared_database):
    """A province with two communes, whose people are known to their boards, and a member for each step."""
    campaign, province = open_campaign(), make_province()
    an, binh = make_commune("An", province=province), make_commune("Bình", province=province)
    boards = [make_village("Đông", an), make_village("Đoài", binh), make_unit(parent=an)]
    members = {board: [make_confirmer(board) for _ in range(2)] for board in boards}
    records = []
    for number in range(9):
        citizen = make_citizen_with_account(f"Người {number}", board=boards[number % 3])
        Citizen.objects.filter(pk=citizen.pk).update(population=list(Population)[number % 4])
        record = make_scored_assessment(
            8 if number % 4 else 1, citizen=citizen, campaign=campaign, group=list(Group)[number % 4]
        )
        if number % 3:
            workflow.submit(record, by=citizen.user)
        records.append(record)
    with_evidence(records)
    return campaign, members, [province, an]


@pytest.mark.parametrize(
    ("seed", "rounds"), [(1, 1), *(pytest.param(seed, 12, marks=pytest.mark.prove) for seed in (2, 3, 4))]
)
def test_every_answer_is_a_plain_count_at_one_moment_while_others_confirm(
    client, scene, monkeypatch, seed, rounds
):
    campaign, members, places = scene
    chance = random.Random(seed)
    officers = {place: make_officer(place) for place in places}
    with Meanwhile(campaign, members, chance) as meanwhile:
        for turn in range(rounds * len(ASKED)):
            ask, plain = ASKED[turn % len(ASKED)]
            place, figure = chance.choice(places), chance.choice(FIGURES)
            client.force_login(officers[place])
            by_worker = chance.random() < 0.5
            monkeypatch.setattr(exports, "MOST_ROWS_AT_ONCE", 0 if by_worker else 5_000)
            monkeypatch.setattr(snapshots, "CHUNK", 2)
            before = len(meanwhile.seen) - 1
            with connection.execute_wrapper(meanwhile.between):
                told = ask(client, {"to-chuc": place.code, "nam": campaign.year}, figure)
            moments = [
                plain(
                    [record for record in records if stands_in(record, place)],
                    [person for person in people if stands_below(person, place)],
                    figure,
                )
                for records, people in meanwhile.seen[before:]
            ]
            assert told in moments, (ask.__name__, turn, place, figure, by_worker)
            if turn == rounds * len(ASKED) - 4:
                meanwhile.step("lock")
    assert meanwhile.taken >= {"confirm", "return", "undo", "lock"}, meanwhile.taken
    assert len(meanwhile.seen) > 2 * rounds * len(ASKED)
