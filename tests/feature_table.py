"""Print docs/features.md with the tests that prove each row: `make features`.

A test proves the rows which its mark names: @pytest.mark.feature("B3", "B6").
"""

import re
import sys
from collections import defaultdict
from pathlib import Path

import pytest

TABLE = Path(__file__).parent.parent / "docs" / "features.md"
ROW = re.compile(r"\| ([A-Z]\d+) \| ([^|]+) \|")


class Collector:
    """Rows → the tests that name them, in the order they were found."""

    def __init__(self):
        self.tests = defaultdict(list)

    def pytest_collection_finish(self, session):
        for item in session.items:
            test = item.nodeid.partition("[")[0]
            for mark in item.iter_markers("feature"):
                for row in mark.args:
                    if test not in self.tests[row]:
                        self.tests[row].append(test)


def main():
    collector = Collector()
    found = pytest.main(["--collect-only", "-p", "no:terminal", "-p", "no:xdist"], plugins=[collector])
    if found not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        sys.exit("The tests cannot be collected; run pytest --collect-only to see why.")
    rows = []
    for line in TABLE.read_text().splitlines():
        print(line)
        if row := ROW.match(line):
            rows.append(row[1])
            for test in collector.tests[row[1]]:
                print(f"|  | ✓ {test} | | |")
    unknown = sorted(set(collector.tests) - set(rows))
    proved = [row for row in rows if collector.tests[row]]
    print(f"\nProved by tests: {len(proved)} of {len(rows)} rows: {' '.join(proved)}")
    print(f"Proved by none: {' '.join(row for row in rows if row not in proved)}")
    if unknown:
        sys.exit(f"Tests name rows that are not in the table: {', '.join(unknown)}")


if __name__ == "__main__":
    main()
