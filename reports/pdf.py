"""The documents of excel.py as PDF, to print and to sign: the one module that knows typst.

Text goes in as data, never as markup. A PDF is for people to read: MOST_ROWS keeps it to what anybody will.
"""

import hashlib
import json
import threading
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

import typst
from django.utils.translation import gettext as _

from reports import cells, excel
from reports.excel import Column, Document, Part, Written

CONTENT_TYPE = "application/pdf"
MOST_ROWS = 2_000
TEMPLATE = Path(__file__).parent / "data" / "table.typ"
FONTS = Path(__file__).parent / "data" / "fonts"
PAGE_WIDTH = 297  # millimetres, of A4 lying
MM_A_UNIT = 2.1  # of a column's width, at the size of the text
SIZE, SMALLEST = 12, 5.5  # points
_own = threading.local()  # a compiler serves one thread


class TooLong(Exception):
    """More rows than anybody reads on paper."""


def write(document: Document, file: IO[bytes]) -> Written:
    """Raises TooLong. The checksum is that of the whole file: nobody saves a PDF anew."""
    parts = [_part(part, document.columns) for part in document.parts]
    data = json.dumps(_data(document) | {"parts": parts}, ensure_ascii=False)
    pdf = _compiler().compile(format="pdf", sys_inputs={"document": data})
    file.write(pdf)
    return Written(sum(part["count"] for part in parts), hashlib.sha256(pdf).hexdigest())


def _compiler():
    if not hasattr(_own, "compiler"):
        _own.compiler = typst.Compiler(
            str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=[str(FONTS)], ignore_system_fonts=True
        )
    return _own.compiler


def _data(document) -> dict[str, Any]:
    layout, columns = document.layout, document.columns
    paper = PAGE_WIDTH - layout.margins["left"] - layout.margins["right"]
    scale = min(1, paper / (MM_A_UNIT * sum(column.width for column in columns)))
    return {
        "title": document.title,
        "agency": document.letterhead.agency,
        "above": document.letterhead.above,
        "place_and_date": document.letterhead.place_and_date,
        "nation": layout.nation,
        "motto": layout.motto,
        "number": layout.number,
        "margins": layout.margins,
        "code": document.code,
        "subtitles": list(document.subtitles),
        "size": max(SMALLEST, round(SIZE * scale, 1)),
        "widths": [column.width for column in columns],
        "headings": [asdict(cell) for row in cells.headings(columns) for cell in row],
        "notes": list(document.notes),
        "recipients": list(layout.recipients),
        "signer": list(layout.signer),
        "signing": layout.signing,
        "made_by": _("Mẫu trình bày: %(layout)s.") % {"layout": layout},
    }


def _part(part: Part, columns) -> dict[str, Any]:
    rows: list[dict[str, Any]] = []
    with excel.ending(part.rows) as told:
        for number, row in enumerate(told, 1):
            if number > MOST_ROWS:
                raise TooLong
            rows.append(_row(row, columns, number))
    count = len(rows)
    if part.total is not None:
        rows.append(_row(part.total, columns, None) | {"bold": True})
    return {"title": part.title, "rows": rows, "count": count}


def _row(row, columns: list[Column], number) -> dict[str, Any]:
    values = [column.read(row) if column.read else number for column in columns]
    return {
        "cells": [
            excel.clean(cells.words(value, column)) for value, column in zip(values, columns, strict=True)
        ],
        "sides": [_side(value, column) for value, column in zip(values, columns, strict=True)],
        "bold": False,
    }


def _side(value, column) -> str:
    if not column.read:
        return "center"
    return "right" if cells.is_number(value) else "left"
