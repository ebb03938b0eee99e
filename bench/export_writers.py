"""One writer, one file, in this process; says what it took. See bench/exports.py."""

import datetime
import gc
import json
import os
import resource
import secrets
import sys
import tempfile
import time

COLUMNS = 40
DISTINCT = 5000  # rows that are told apart; the writers see as many as asked for, one by one
HEADINGS = [f"Cột số {place}" for place in range(1, COLUMNS + 1)]
NAMES = "Nguyễn Thị Ánh Tuyết,Đặng Văn Bình,Lê Quỳnh Ỷ Lan,Trần Quốc Toản,=1+1,Phạm Thị Kim Chi".split(",")
PLACES = [f"Thôn Đông Hải số {place}" for place in range(200)]


def prepared():
    """Plain values alone, which every writer takes: texts, whole numbers, points, days, empty cells."""
    first = datetime.date(1935, 1, 1)
    rows = []
    for number in range(DISTINCT):
        name = f"{NAMES[number % len(NAMES)]} {number}"
        part = [
            name,
            f"{number * 7919 % 10**12:012}",
            f"+849{number:08}",
            PLACES[number % len(PLACES)],
            first + datetime.timedelta(days=number * 29),
            number * 37 % 100_000,
            number % 1000 / 10,
            ["Đạt", "Không đạt", None][number % 3],
        ]
        rows.append(tuple(part * (COLUMNS // len(part))))
    return rows


def stream(rows, count):
    for number in range(count):
        yield rows[number % len(rows)]


def by_portal(rows, path, proof=True):
    from operator import itemgetter

    import django
    from django.conf import settings

    settings.configure(USE_TZ=True, TIME_ZONE="Asia/Ho_Chi_Minh", SIGNING_KEY=secrets.token_hex(32))
    django.setup()
    from reports import excel

    if not proof:
        excel._Table._prove = lambda self, rows, keys=(): None
    columns = [excel.Column(heading, itemgetter(place), 30) for place, heading in enumerate(HEADINGS)]
    document = excel.Document(
        sheet="Danh sách",
        letterhead=excel.Letterhead("Hội trên", "Hội", "Hà Nội"),
        title="Danh sách",
        subtitles=[],
        columns=columns,
        parts=[excel.Part(rows)],
        about=[("Báo cáo", "Danh sách")],
        at=datetime.datetime.now(datetime.UTC),
    )

    def write():
        with open(path, "wb") as file:
            assert excel.write(document, file).rows

    return write


def by_openpyxl(rows, path, write_only=False):
    from openpyxl import Workbook

    def write():
        workbook = Workbook(write_only=write_only)
        sheet = workbook.create_sheet("Danh sách") if write_only else workbook.active
        sheet.append(HEADINGS)
        for row in rows:
            sheet.append(row)
        workbook.save(path)

    return write


def by_xlsxwriter(rows, path):
    import xlsxwriter

    def write():
        options = {"constant_memory": True, "strings_to_formulas": False, "default_date_format": "dd/mm/yyyy"}
        workbook = xlsxwriter.Workbook(path, options)
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        for number, row in enumerate(rows, 1):
            sheet.write_row(number, 0, row)
        workbook.close()

    return write


def by_pyexcelerate(rows, path):
    from pyexcelerate import Workbook

    def write():
        workbook = Workbook()
        workbook.new_sheet("Danh sách", data=[HEADINGS, *rows])
        workbook.save(path)

    return write


def by_rust(rows, path):
    import rustpy_xlsxwriter

    def write():
        records = (dict(zip(HEADINGS, row, strict=True)) for row in rows)
        rustpy_xlsxwriter.write_worksheet(records, path)

    return write


def by_import_export(rows, path):
    from django.conf import settings

    settings.configure(IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT=False)
    from import_export.formats.base_formats import XLSX
    from tablib import Dataset

    def write():
        dataset = Dataset(headers=HEADINGS)
        dataset.extend(rows)
        with open(path, "wb") as file:
            file.write(XLSX().export_data(dataset))

    return write


WRITERS = {
    "portal": by_portal,
    "portal, no proof": lambda rows, path: by_portal(rows, path, proof=False),
    "openpyxl": by_openpyxl,
    "openpyxl write-only": lambda rows, path: by_openpyxl(rows, path, write_only=True),
    "XlsxWriter": by_xlsxwriter,
    "PyExcelerate": by_pyexcelerate,
    "rustpy-xlsxwriter": by_rust,
    "import-export": by_import_export,
}


def main(name, count):
    rows = prepared()
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        path = os.path.join(folder, "danh-sach.xlsx")
        write = WRITERS[name](stream(rows, int(count)), path)
        gc.collect()
        began, cpu = time.monotonic(), time.process_time()
        write()
        told = {"seconds": time.monotonic() - began, "cpu": time.process_time() - cpu}
        told["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        told["size"] = os.path.getsize(path) / 10**6
    print(json.dumps({name: round(value, 2) for name, value in told.items()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
