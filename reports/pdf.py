"""The documents of excel.py as PDF, to print and to sign, and any other template: alone here typst is known.

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
from reports.papers import Article, Basis, Heading, Paper, Table, of_agency

CONTENT_TYPE = "application/pdf"
MOST_ROWS = 2_000
TEMPLATE = Path(__file__).parent / "data" / "table.typ"
PAPER = TEMPLATE.with_name("paper.typ")
FONTS = Path(__file__).parent / "data" / "fonts"
PAGE_WIDTH = 297  # millimetres, of A4 lying
MM_A_UNIT = 2.1  # of a column's width, at the size of the text
SIZE, SMALLEST = 12, 5.5  # points
_own = threading.local()  # a compiler serves one thread


class TooLong(Exception):
    """More rows than anybody reads on paper."""


def write(document: Document, file: IO[bytes], most: int | None = None) -> Written:
    """Raises TooLong. The checksum is that of the whole file: nobody saves a PDF anew."""
    parts = [_part(part, document.columns, most or MOST_ROWS) for part in document.parts]
    pdf = compiled(TEMPLATE, document=_data(document) | {"parts": parts})
    file.write(pdf)
    return Written(sum(part["count"] for part in parts), hashlib.sha256(pdf).hexdigest())


def write_paper(paper: Paper, file: IO[bytes]) -> None:
    """A paper in words, as word.py writes it to be edited."""
    body = [_part_of_paper(part) for part in paper.body]
    file.write(compiled(PAPER, document=_data_of_paper(paper) | {"body": body}))


def _data_of_paper(paper):
    return {
        "title": excel.clean(paper.title),
        "about": excel.clean(paper.about),
        "above": of_agency(paper.letterhead.above),
        "author": paper.letterhead.agency,
        "agency": of_agency(paper.letterhead.agency),
        "place_and_date": paper.letterhead.place_and_date,
        "nation": paper.layout.nation,
        "motto": paper.layout.motto,
        "margins": paper.layout.margins,
        "number": paper.number,
        "recipients": list(paper.recipients),
        "left": asdict(paper.left) if paper.left else None,
        "right": asdict(paper.right),
    }


def _part_of_paper(part):
    match part:
        case Table():
            rows = [[excel.clean(text) for text in row] for row in part.rows]
            return asdict(part) | {"kind": "table", "rows": rows}
        case Heading():
            return {"kind": "heading", "text": excel.clean(part.text), "is_centred": part.is_centred}
        case Basis():
            return {"kind": "basis", "text": excel.clean(part.text)}
        case Article():
            return {"kind": "article", "name": part.name, "text": excel.clean(part.text)}
    return {"kind": "text", "text": excel.clean(part)}


def compiled(template: Path, *, fonts: Path = FONTS, tagged: bool = True, **said: Any) -> bytes:
    """A PDF of a template and what it is told, as JSON under names; the letters are those of `fonts`."""
    inputs = {name: json.dumps(value, ensure_ascii=False, default=str) for name, value in said.items()}
    return _compiler(template, fonts).compile(format="pdf", pdf_tags=tagged, sys_inputs=inputs)


def _compiler(template, fonts):
    known = _own.__dict__.setdefault("compilers", {})
    if template not in known:
        known[template] = typst.Compiler(
            str(template), root=str(template.parent), font_paths=[str(fonts)], ignore_system_fonts=True
        )
    return known[template]


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


def _part(part: Part, columns, most) -> dict[str, Any]:
    rows: list[dict[str, Any]] = []
    with excel.ending(part.rows) as told:
        for number, row in enumerate(told, 1):
            if number > most:
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
