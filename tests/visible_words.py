"""Find visible words that are not translatable, not Vietnamese, or would come back in English: `make check`.

Three searches: text and attributes of the templates that stand outside a translation tag; Vietnamese words in
the code outside gettext, and sentences inside it without one Vietnamese letter; messages of Django and of the
packages that have no Vietnamese translation. Commands speak to operators on a terminal and need no gettext.
"""

import ast
import os
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import django
from django.template.base import Lexer, TokenType
from django.utils import translation

ROOT = Path(__file__).parent.parent
ROOMS = "vietnamese audit organizations criteria accounts assessments groups reports people".split()
ROOMS += "recognitions delivery portal config".split()
VISIBLE_ATTRIBUTES = set("alt title placeholder aria-label aria-description label data-label content".split())
# Words that look the same in Vietnamese, and Vietnamese ones without a mark.
FOREIGN_WORDS = set("excel qr e-mail email pdf zalo sms heic jpg jpeg png mb id kh trang sau".split())
# The country's name and motto stand on paper as they are, in every language.
OFFICIAL = {"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"}
# Code whose Vietnamese is data or notation, or speaks to operators, and is not a sentence on a page.
NOT_SENTENCES = (
    "/migrations/ /management/ /data/ vietnamese/ config/settings.py config/keys.py config/formats/ "
    "criteria/loading.py organizations/naming.py organizations/catalogue.py reports/letterhead.py".split()
)
GETTEXT = set("_ gettext gettext_lazy gettext_noop ngettext ngettext_lazy pgettext pgettext_lazy".split())
DJANGO = "django/conf django/contrib/admin django/contrib/auth django/contrib/contenttypes"
FROM_PACKAGES = f"{DJANGO} axes django_filters".split()
# Never shown here: the page of an empty project, kinds of columns, parts of a password hash.
NEVER_SHOWN = re.compile(
    r"<a href=|Django|install worked|Topics, references|Polling App|contribute|Syndication|integer|^File$"
    r"|^Image$|^%\(size\)d byte|truncated_text|^Email$|^variety$|^version$|cost$|^parallelism$|^block size$"
    r"|^HTTP Accept$|^Field filters$|^LogEntry Object$|^%\(class_name\)s %\(instance\)s$"
)
HOLE = "\ue000"  # stands for what a tag or variable puts there


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    faults = [*in_templates(), *in_code(), *from_packages()]
    for fault in faults:
        print(fault)
    if faults:
        sys.exit(f"\n{len(faults)} visible words or sentences to put right.")
    print("Visible words: every one is translatable and Vietnamese.")


def in_templates():
    for path in sorted(ROOT.glob("templates/**/*.*")) + sorted(ROOT.glob("*/templates/**/*.*")):
        if path.suffix in (".html", ".txt"):
            words = TemplateWords(path)
            yield from words.faults()


class TemplateWords(HTMLParser):
    def __init__(self, path):
        super().__init__(convert_charrefs=True)
        self.name = path.relative_to(ROOT)
        self.found = []
        html, self.translated = bare_html(path.read_text())
        if path.suffix == ".txt":
            self.handle_data(html)
        else:
            self.feed(html)
            self.close()

    def faults(self):
        yield from (f"{self.name}:{line}: not translatable: {text}" for line, text in self.found)
        yield from (
            f"{self.name}: not Vietnamese: {text}" for text in self.translated if not vietnamese(text)
        )

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        shown = VISIBLE_ATTRIBUTES | ({"value"} if attributes.get("type") in ("submit", "button") else set())
        if tag == "meta" and attributes.get("name") != "description":
            return
        for name, value in attributes.items():
            if name in shown:
                self.note(value)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)

    def handle_data(self, data):
        self.note(data)

    def note(self, text):
        for line in (text or "").splitlines():
            if any(letter.isalpha() for letter in line) and line.strip() not in OFFICIAL:
                self.found.append((self.getpos()[0], line.replace(HOLE, "…").strip()))


def bare_html(source):
    """The template without its tags, and the strings its translation tags hold."""
    html, translated, inside = [], [], None
    for token in Lexer(source).tokenize():
        text = token.contents
        name = text.split(maxsplit=1)[0] if token.token_type is TokenType.BLOCK and text else ""
        if name in ("blocktranslate", "blocktrans", "comment"):
            inside, block = name, []
        elif name.startswith("end") and inside and name[3:] == inside:
            if inside != "comment":
                translated.append("".join(block))
            inside = None
            html.append(HOLE)
        elif inside:
            block.append(text if token.token_type is TokenType.TEXT else HOLE)
            html.append("\n" * text.count("\n"))
        elif token.token_type is TokenType.TEXT:
            html.append(text)
        else:
            translated += re.findall(r"""^trans(?:late)? (?:"([^"]*)"|'[^']*')""", text)
            translated += re.findall(r"""_\("([^"]*)"\)""", text)
            html.append(HOLE if token.token_type is not TokenType.COMMENT else "")
    return "".join(html), [text for text in translated if text]


def vietnamese(text):
    """Whether a sentence has a letter beyond ASCII, or is made of words like QR; one word may be bare."""
    bare = re.sub(r"%\(\w+\)\w|\{\w*\}", "", text)
    words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", bare)
    words = [word for word in words if word.lower() not in FOREIGN_WORDS]
    if len(words) < 2:
        return True
    return any(letter.isalpha() and not letter.isascii() for letter in text)


def in_code():
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if not any(part in name for part in NOT_SENTENCES):
                yield from in_module(name, ast.parse(path.read_text()))


def in_module(name, tree):
    quiet = docstrings(tree) | {node for node in ast.walk(tree) if is_text(node) and node.value in OFFICIAL}
    for call in (node for node in ast.walk(tree) if is_gettext(node)):
        for text in (node for node in ast.walk(call) if is_text(node)):
            quiet.add(text)
            if not vietnamese(text.value):
                yield f"{name}:{text.lineno}: not Vietnamese: {text.value}"
    for text in (node for node in ast.walk(tree) if is_text(node) and node not in quiet):
        if re.search(
            "[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", text.value.lower()
        ):
            yield f"{name}:{text.lineno}: not translatable: {text.value}"


def docstrings(tree):
    """The strings that are statements of their own: docstrings and what stands in their place."""
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr) and is_text(node.value)}


def is_text(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def is_gettext(node):
    if not isinstance(node, ast.Call):
        return False
    function = node.func
    return getattr(function, "id", getattr(function, "attr", None)) in GETTEXT


def from_packages():
    packages = Path(django.__file__).parent.parent
    languages = {str(name) for _code, name in django.conf.global_settings.LANGUAGES}
    with translation.override("vi"):
        for package in FROM_PACKAGES:
            for context, message in messages_of(packages / package / "locale"):
                said = translation.pgettext(context, message) if context else translation.gettext(message)
                english = said == message and re.search("[a-z]{3}", message)
                if english and message not in languages and not NEVER_SHOWN.search(message):
                    yield f"locale/vi: no Vietnamese for {package}: {message}"


def messages_of(locale):
    """What the package says: the entries of its English catalogue, or of the first one it has."""
    catalogues = [locale / "en", *sorted(locale.glob("*"))]
    source = next(folder / "LC_MESSAGES" / "django.po" for folder in catalogues if folder.is_dir())
    for entry in source.read_text().split("\n\n"):
        if message := po_value(entry, "msgid"):
            yield po_value(entry, "msgctxt"), message


def po_value(entry, key):
    value = re.search(rf'^{key} ((?:"(?:[^"\\]|\\.)*"\s*)+)', entry, re.MULTILINE)
    parts = re.findall(r'"(?:[^"\\]|\\.)*"', value[1]) if value else []
    return "".join(ast.literal_eval(part) for part in parts)


if __name__ == "__main__":
    main()
