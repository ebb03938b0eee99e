import csv
import io
from fractions import Fraction

import pytest
from django.urls import reverse
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assessments.models import Outcome, State
from audit import clock
from organizations.models import Kind, Organization
from reports import tasks
from reports.models import OpenTables
from reports.open_data import publishing, suppression
from tests.factories import make_campaign, make_citizen, moment, open_window
from tests.reports.records import all_records, make_country, make_record, stands_in

pytestmark = pytest.mark.feature("G10")

tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 40), min_size=width, max_size=width), min_size=1, max_size=5
    )
)


def equations_of(rows, columns, called=lambda cell: cell):
    """Each row and each column of a table as cell → its sign: the last is the sum of the others."""
    for row in range(rows):
        yield {called((row, column)): _sign(column, columns) for column in range(columns)}
    for column in range(columns):
        yield {called((row, column)): _sign(row, rows) for row in range(rows)}


def follows(cell, hide, equations):
    """Whether the equations tell this cell: by elimination, and not by the graph."""
    unknown = sorted(hide)
    equations = [[equation.get(each, 0) for each in unknown] for equation in equations]
    target = [int(each == cell) for each in unknown]
    return _rank(equations) == _rank([*equations, target])


def _sign(place, length):
    return -1 if place == length - 1 else 1


def _rank(matrix):
    rows, rank = [[Fraction(value) for value in row] for row in matrix], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in range(rank, len(rows)) if rows[row][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        for row in range(len(rows)):
            if row != rank and rows[row][column]:
                factor = rows[row][column] / rows[rank][column]
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[rank], strict=True)]
        rank += 1
    return rank


@settings(max_examples=60)
@given(tables)
def test_no_small_cell_is_shown_or_follows_from_what_is_shown(table):
    hide = suppression.hidden(table)

    cells = suppression.with_sums(table)
    for row, line in enumerate(cells):
        for column, count in enumerate(line):
            assert not 0 < count < 10 or (row, column) in hide
    equations = list(equations_of(len(cells), len(cells[0])))
    assert [cell for cell in hide if follows(cell, hide, equations)] == []


def parted(table, cuts):
    """The people of a table parted anew into as many rows as there are cuts and one more: the same sums."""
    columns = []
    for total in map(sum, zip(*table, strict=True)):
        ends = sorted(total * cut // 100 for cut in cuts)
        columns.append([end - begin for begin, end in zip([0, *ends], [*ends, total], strict=True)])
    return [list(row) for row in zip(*columns, strict=True)]


@settings(max_examples=60)
@given(tables, st.lists(st.integers(0, 100), min_size=1, max_size=3))
@example([[30, 3, 50], [0, 40, 0]], [50])  # the first hides sums that the second would show
def test_no_small_cell_follows_from_two_tables_of_the_same_people(table, cuts):
    both = [table, parted(table, cuts)]
    hides = suppression.hidden_together(both)

    hidden, equations = set(), []
    for number, (one, hide) in enumerate(zip(both, hides, strict=True)):
        cells, last = suppression.with_sums(one), len(one)

        def called(cell, number=number, last=last):
            return (-1, cell[1]) if cell[0] == last else (number, *cell)

        assert all((r, c) in hide for r, row in enumerate(cells) for c, n in enumerate(row) if 0 < n < 10)
        hidden |= {called(cell) for cell in hide}
        equations += equations_of(len(cells), len(cells[0]), called)
    assert {cell[1] for cell in hides[0] if cell[0] == len(both[0])} == {
        cell[1] for cell in hides[1] if cell[0] == len(both[1])
    }
    assert [cell for cell in hidden if follows(cell, hidden, equations)] == []


def test_a_table_without_small_cells_is_shown_whole():
    assert suppression.hidden([[10, 0, 25], [300, 12, 0]]) == set()


def test_one_small_cell_takes_three_others_with_it():
    assert len(suppression.hidden([[3, 100, 50], [40, 90, 60], [70, 80, 20]])) == 4


@pytest.mark.django_db
def test_what_is_published_equals_a_plain_count_where_it_is_shown(client):
    campaign = make_country(21, people=90)
    centre = Organization.objects.get(kind=Kind.CENTRE)
    for _extra in range(12):
        board = Organization.objects.filter(kind=Kind.UNIT).first()
        make_record(make_citizen(board=board), campaign, State.CONFIRMED, Outcome.ACHIEVED)

    row = publishing.publish(campaign, clock.now())

    names = {}
    for record in all_records(campaign):
        names.setdefault((record.province or record.board).code, []).append(record)
    assert [line[0] for line in row.tables["tinh"]] == [*sorted(names), ""]
    for code, _name, *shown in row.tables["tinh"]:
        there = names[code] if code else [each for each in all_records(campaign) if stands_in(each, centre)]
        won = sum(each.outcome == Outcome.ACHIEVED for each in there)
        lost = sum(each.outcome == Outcome.NOT_ACHIEVED for each in there)
        plain = [won, lost, len(there) - won - lost, len(there)]
        assert all(cell in (None, count) for cell, count in zip(shown, plain, strict=True))
        assert not any(cell is not None and 0 < cell < 10 for cell in shown)
    assert any(cell is not None for line in row.tables["tinh"] for cell in line[2:])

    page = client.get(reverse("reports:open_data"))
    file = client.get(reverse("reports:open_csv"), {"nam": campaign.year})
    lines = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert page.status_code == 200
    assert lines[0] == publishing.COLUMNS
    assert len(lines) == 1 + sum(map(len, row.tables.values()))
    assert {name for name, _meaning in publishing.dictionary()} >= set(publishing.COLUMNS)
    assert file["Cache-Control"] == "public, max-age=3600"
    assert client.get(reverse("reports:open_csv"), {"nam": "x"}).status_code == 404


@pytest.mark.django_db
def test_a_year_is_published_once_on_the_first_of_march_and_stays(time_machine):
    campaign = make_campaign(2025, confirmation=open_window())
    make_record(make_citizen(), campaign, State.SUBMITTED)
    assert publishing.due(moment(2026, 2, 28, 23, 59)) == []
    assert publishing.due(moment(2026, 3, 1)) == [campaign]

    time_machine.move_to(moment(2026, 3, 1))
    tasks.publish_open_data()
    first = OpenTables.objects.get()
    make_record(make_citizen(), campaign, State.SUBMITTED)
    tasks.publish_open_data()
    publishing.publish(campaign, clock.now())

    assert [row.tables for row in OpenTables.objects.all()] == [first.tables]
