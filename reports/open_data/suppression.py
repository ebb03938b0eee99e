"""Which cells of a table of people are not shown, so that nobody few can be told from it. Pure.

A table has rows and columns of counts and a sum of each. A cell of 1 to K - 1 people is hidden. Then others
are hidden with it, sums too, until no hidden cell follows from what is shown. Rows and columns are the two
sides of a graph, the sums one row and one column more, and each hidden cell joins its row to its column: the
equations of the table tell a cell exactly when it lies on no closed way of hidden cells. Along such a way the
counts may be one more and one less in turn, and all sums stay as they are.
"""

from collections.abc import Sequence, Set
from itertools import product

K = 10

Cell = tuple[int, int]
Table = Sequence[Sequence[int]]


def with_sums(table: Table) -> list[list[int]]:
    """The same with the sum of each row at its end, and a last row of sums."""
    rows = [[*row, sum(row)] for row in table]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def hidden_together(tables: Sequence[Table], k: int = K) -> list[set[Cell]]:
    """The same of tables that part the same people, so that the last line of each, the sums, is one.

    Where one hides a cell of that line, another would tell it: then all hide the whole line, and a whole row
    each besides, in which anything that line may be finds its place.
    """
    hides = [hidden(table, k) for table in tables]
    if not any(row == len(table) for table, hide in zip(tables, hides, strict=True) for row, _column in hide):
        return hides
    return [hidden(table, k, _line_and_a_row(table)) for table in tables]


def _line_and_a_row(table) -> set[Cell]:
    """The row with the fewest people, if there is one without a cell of nobody among these."""
    fewest = min(range(len(table)), key=lambda row: (not all(table[row]), sum(table[row])))
    return set(product((fewest, len(table)), range(len(table[0]) + 1)))


def hidden(table: Table, k: int = K, first: Set[Cell] = frozenset()) -> set[Cell]:
    """The cells of with_sums(table) that are not to be shown; some may be chosen already."""
    cells = with_sums(table)
    everything = set(product(range(len(cells)), range(len(cells[0]))))
    hide = {(row, column) for row, column in everything if 0 < cells[row][column] < k} | first
    while told := exposed(hide):
        more = _cheapest_way_round(cells, hide, min(told))
        if more is None:
            return everything
        hide |= more
    return hide


def exposed(hide: set[Cell]) -> set[Cell]:
    """The hidden cells that follow from the shown ones: those whose row and column no other way joins."""
    return {cell for cell in hide if not _are_joined(cell, hide - {cell})}


def _are_joined(cell, hide):
    start, goal = ("row", cell[0]), ("column", cell[1])
    seen, waiting = {start}, [start]
    while waiting:
        side, place = waiting.pop()
        for row, column in hide:
            near = ("column", column) if side == "row" and row == place else None
            if side == "column" and column == place:
                near = ("row", row)
            if near and near not in seen:
                seen.add(near)
                waiting.append(near)
    return goal in seen


def _cheapest_way_round(cells, hide, cell) -> set[Cell] | None:
    """Up to three cells that close a way with this one, with the fewest people who are hidden with it.

    Cells of nobody help little: from them nothing can be taken away.
    """
    row, column = cell
    best, least = None, None
    for other_row, other_column in product(range(len(cells)), range(len(cells[0]))):
        if other_row == row or other_column == column:
            continue
        corners = {(row, other_column), (other_row, column), (other_row, other_column)}
        if any(not cells[r][c] for r, c in corners):
            continue
        cost = sum(cells[r][c] for r, c in corners - hide)
        if least is None or cost < least:
            best, least = corners, cost
    return best
