"""The files pages are drawn with: all there, all ours or named with version and sum."""

import gzip
import hashlib
import re
from pathlib import Path

import pytest
from django.conf import settings

STATIC = settings.BASE_DIR / "static"
TEMPLATES = settings.BASE_DIR / "templates"
# What the content security policy would refuse.
REFUSED = (
    r'<script(?! type="module" src="{% static )|<style|\sstyle="|\son\w+="'
    r'|(?:src|href|action)="(?:https?:)?//'
)
DRAWS_DATA = r"\b(form-select|is-invalid|is-valid|form-check-input|btn-close|accordion|navbar-toggler)\b"


@pytest.mark.parametrize("sheet", ["tokens.css", "portal.css"])
def test_whatever_a_style_sheet_names_is_there(sheet):
    path = STATIC / "css" / sheet
    named = re.findall(r'url\("?([^")]+)"?\)', path.read_text())

    assert named
    assert [name for name in named if not (path.parent / name).resolve().is_file()] == []


def test_bootstrap_is_the_file_its_readme_names():
    sheet = (STATIC / "vendor" / "bootstrap.min.css").read_bytes()
    readme = (STATIC / "vendor" / "README.md").read_text()

    assert hashlib.sha256(sheet).hexdigest() in readme
    assert hashlib.sha256(sheet).hexdigest() in (STATIC / "vendor" / "fetch.sh").read_text()
    assert b"sourceMappingURL" not in sheet


def test_the_reader_of_codes_is_the_file_its_readme_names():
    digest = hashlib.sha256((STATIC / "vendor" / "jsqr.js").read_bytes()).hexdigest()

    assert digest in (STATIC / "vendor" / "README.md").read_text()
    assert digest in (STATIC / "vendor" / "fetch.sh").read_text()


def test_the_fonts_are_the_files_the_readme_names():
    readme = (STATIC / "vendor" / "README.md").read_text()
    fonts = list((STATIC / "fonts").glob("*.woff2"))

    assert len(fonts) == 6
    assert [font.name for font in fonts if hashlib.sha256(font.read_bytes()).hexdigest() not in readme] == []


def test_every_icon_a_template_names_is_in_the_sprite():
    drawn = set(re.findall(r'<symbol id="(\w+)"', (STATIC / "icons.svg").read_text()))
    named = set()
    for template in _templates():
        named |= set(re.findall(r'components/icon\.html" with name="(\w+)"', template.read_text()))
        named |= set(re.findall(r'\bicon="(\w+)"', template.read_text()))

    assert len(named) > 10
    assert named - drawn == set()


def test_no_template_writes_script_or_style_or_another_host():
    found = {
        str(template.relative_to(TEMPLATES)): match.group()
        for template in _templates()
        if (match := re.search(REFUSED, template.read_text()))
    }

    assert found == {}


def test_bootstraps_parts_that_draw_data_images_are_not_used():
    found = {
        str(template.relative_to(TEMPLATES)): match.group()
        for template in _templates()
        if (match := re.search(DRAWS_DATA, template.read_text()))
    }

    assert found == {}


def test_both_light_and_dark_define_every_colour():
    sheet = (STATIC / "css" / "tokens.css").read_text()
    light = _colours(sheet, ':root, [data-bs-theme="light"] {')
    by_choice = _colours(sheet, '[data-bs-theme="dark"] {')
    by_device = _colours(sheet, ":root:not([data-bs-theme]) {")

    assert len(light) == 22
    assert by_choice.keys() == light.keys()
    assert by_device == by_choice


def test_a_first_view_weighs_less_than_100_kilobytes():
    sheets = ["vendor/bootstrap.min.css", "css/tokens.css", "css/portal.css", "icons.svg"]
    packed = sum(len(gzip.compress((STATIC / name).read_bytes())) for name in sheets)
    fonts = sum(font.stat().st_size for font in (STATIC / "fonts").glob("be-*.woff2"))

    assert packed + fonts < 90_000  # which leaves ten for the page


def _templates() -> list[Path]:
    return sorted(TEMPLATES.rglob("*.html"))


def _colours(sheet, selector):
    """The colours the first block of this selector names."""
    start = sheet.index(selector)
    return dict(re.findall(r"--([\w-]+):\s*(#\w+)", sheet[start : sheet.index("}", start)]))
