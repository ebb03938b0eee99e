"""Official papers as Word files, to be edited: the one module that knows python-docx."""

from typing import IO

from django.utils.translation import gettext as _
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from reports.cell_values import clean
from reports.papers import Article, Basis, Heading, Paper, Table, of_agency

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FACE = "Times New Roman"
SIZE = 14
SHEET = (Mm(210), Mm(297))  # A4, standing
SIDES = (37, 63)  # of the head: who speaks, and the country on one line in any face
CENTRE, LEFT, RIGHT, BOTH = (
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)


def write(paper: Paper, file: IO[bytes]) -> None:
    document = Document()
    _set_up(document, paper)
    _head(document, paper)
    _line(document.add_paragraph(), paper.title.upper(), CENTRE, bold=True, before=18)
    if paper.about:
        _line(document.add_paragraph(), paper.about, CENTRE, bold=True, after=12)
    for part in paper.body:
        _part(document, part, paper)
    document.paragraphs[-1].paragraph_format.keep_with_next = True  # no page has signatures alone
    _foot(document, paper)
    document.save(file)


def _part(document, part, paper):
    match part:
        case Table():
            _table(document, part, paper)
        case Heading():
            side = CENTRE if part.is_centred else LEFT
            _line(document.add_paragraph(), part.text, side, bold=True, before=6, after=6, keep=True)
        case Basis():
            _line(document.add_paragraph(), part.text, BOTH, italic=True, indent=Mm(10), after=6)
        case Article():
            paragraph = document.add_paragraph()
            _line(paragraph, f"{part.name} ", BOTH, bold=True, indent=Mm(10), after=6)
            paragraph.add_run(clean(part.text))
        case _:
            _line(document.add_paragraph(), part, BOTH, indent=Mm(10), after=6)


def _set_up(document, paper):
    section, margins = document.sections[0], paper.layout.margins
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = SHEET
    section.top_margin, section.bottom_margin = Mm(margins["top"]), Mm(margins["bottom"])
    section.left_margin, section.right_margin = Mm(margins["left"]), Mm(margins["right"])
    section.header_distance = Mm(10)
    # The number of the page in the middle at the top, not on the first.
    section.different_first_page_header_footer = True
    _field(section.header.paragraphs[0], "PAGE")
    style = document.styles["Normal"]
    style.font.name, style.font.size = FACE, Pt(SIZE)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FACE)
    style.paragraph_format.space_after = Pt(0)
    document.core_properties.title = clean(paper.title)
    document.core_properties.author = clean(paper.letterhead.agency)
    document.core_properties.language = "vi-VN"


def _field(paragraph, code):
    paragraph.alignment = CENTRE
    run = paragraph.add_run()
    for kind, text in (("begin", None), (None, code), ("end", None)):
        element = OxmlElement("w:instrText" if text else "w:fldChar")
        if text:
            element.text = text
        else:
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)


def _head(document, paper):
    layout, head = paper.layout, paper.letterhead
    left, right = _sides(document, paper)
    if head.above:
        _line(left, of_agency(head.above), CENTRE, size=12)
        left = left._parent.add_paragraph()
    _line(left, of_agency(head.agency), CENTRE, bold=True, size=12)
    _rule(left._parent.add_paragraph(), _widths(SIDES, paper)[0])
    _line(left._parent.add_paragraph(), paper.number, CENTRE, size=13, before=6)
    _line(right, layout.nation, CENTRE, bold=True, size=12)
    _line(right._parent.add_paragraph(), layout.motto, CENTRE, bold=True, underline=True, size=13)
    _line(right._parent.add_paragraph(), head.place_and_date, CENTRE, italic=True, size=13, before=6)


def _rule(paragraph, width):
    """A line of a third of the width, under who speaks."""
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = width // 3
    layout.line_spacing = Pt(3)
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().insert_element_before(borders, "w:spacing", "w:ind", "w:jc", "w:rPr")


def _sides(document, paper):
    """Two columns without lines, as wide as the text; the first paragraph of each."""
    table = document.add_table(rows=1, cols=2)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "0")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, _widths(SIDES, paper), strict=True):
        column.width = column.cells[0].width = width  # of the two, programs heed one
    return [cell.paragraphs[0] for cell in table.rows[0].cells]


def _widths(shares, paper):
    margins = paper.layout.margins
    whole = SHEET[0] - Mm(margins["left"] + margins["right"])
    return [int(whole * share / sum(shares)) for share in shares]


def _table(document, table, paper):
    made = document.add_table(rows=1, cols=len(table.headings), style="Table Grid")
    made.autofit = False
    widths = _widths(table.widths, paper)
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    _row(made.rows[0].cells, table.headings, widths, bold=True, alignments=[CENTRE] * len(widths))
    made.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    alignments = [RIGHT if at in table.numbers else LEFT for at in range(len(widths))]
    for row in table.rows:
        added = made.add_row()
        added._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        _row(added.cells, row, widths, alignments=alignments)
    document.add_paragraph()


def _row(cells, texts, widths, *, alignments, bold=False):
    for cell, text, width, alignment in zip(cells, texts, widths, alignments, strict=True):
        cell.width = width
        _line(cell.paragraphs[0], text, alignment, bold=bold, size=12)


def _foot(document, paper):
    left, right = _sides(document, paper)
    if paper.recipients:
        _line(left, _("Nơi nhận:"), LEFT, bold=True, italic=True, size=12, before=12)
        for each in paper.recipients:
            _line(left._parent.add_paragraph(), f"- {each}", LEFT, size=11)
    elif paper.left:
        _sign(left, paper.left)
    _sign(right, paper.right)


def _sign(paragraph, signature):
    cell = paragraph._parent
    for at, line in enumerate(signature.post):
        _line(
            paragraph if at == 0 else cell.add_paragraph(),
            line.upper(),
            CENTRE,
            bold=True,
            before=12 * (at == 0),
        )
    _line(cell.add_paragraph(), signature.name, CENTRE, bold=True, before=70)


def _line(
    paragraph,
    text,
    alignment,
    *,
    bold=False,
    italic=False,
    underline=False,
    size=SIZE,
    before=0,
    after=0,
    indent=None,
    keep=False,
):
    paragraph.alignment = alignment
    layout = paragraph.paragraph_format
    layout.space_before, layout.space_after = Pt(before), Pt(after)
    layout.first_line_indent, layout.keep_with_next = indent, keep
    run = paragraph.add_run(clean(str(text)))
    run.bold, run.italic, run.underline, run.font.size = bold, italic, underline, Pt(size)
