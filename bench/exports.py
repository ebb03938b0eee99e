"""How fast and in how much memory a list becomes an .xlsx, beside others: python -m bench.exports [rows].

350,000 rows of 40 columns unless told: names, numbers with leading zeros, points, days, sums. The same rows
for each, made before the clock starts; each writer in a process of its own, one after the other. The portal's
writer adds letterhead, second sheet and the proof of every row, which the others do not, so it is measured
without the proof too: no line, sum or trace of a row. BENCH_PYTHON names the interpreter that has the others
(bench/requirements.txt).
"""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OURS = ["portal", "portal, no proof"]
OTHERS = [
    "rustpy-xlsxwriter",
    "XlsxWriter",
    "PyExcelerate",
    "openpyxl write-only",
    "openpyxl",
    "import-export",
]
TURNS = int(os.environ.get("BENCH_TURNS", "1"))


def main(rows="350000", *names):
    measured = {}
    for _turn in range(TURNS):
        for name in names or [*OURS, *OTHERS]:
            told = measure(name, rows)
            print(f"{name}: {told}", flush=True)
            if "seconds" in told and told["seconds"] < measured.get(name, told)["seconds"]:
                measured[name] = told
            measured.setdefault(name, told)
    whole = {name: told for name, told in measured.items() if "seconds" in told}
    own = whole["portal"]["seconds"]
    print(f"\n{'':22}{'seconds':>9}{'CPU':>8}{'times ours':>12}{'peak MiB':>10}{'file MB':>9}")
    for name, told in sorted(whole.items(), key=lambda pair: pair[1]["seconds"]):
        print(
            f"{name:22}{told['seconds']:9.1f}{told['cpu']:8.1f}{told['seconds'] / own:12.2f}"
            f"{told['peak']:10.0f}{told['size']:9.1f}"
        )


def measure(name, rows):
    python = sys.executable if name in OURS else os.environ.get("BENCH_PYTHON", sys.executable)
    done = subprocess.run(
        [python, "-m", "bench.export_writers", name, rows], cwd=ROOT, capture_output=True, text=True
    )
    if done.returncode:
        return {"failed": done.stderr.strip().rpartition("\n")[2]}
    return json.loads(done.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
