"""What Lighthouse thinks of the ten main pages on a phone, and what each weighs: python -m bench.lighthouse.

Loads the demonstration into a folder of its own, serves it as `make serve` does, and asks Lighthouse as the
person the page is for. Needs Node (apt-get install -y nodejs npm) and Chromium; LIGHTHOUSE names the program,
without it npm's own is fetched. Fails when a mark is under 95 or a page over 100 kB.
"""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.request import HTTPCookieProcessor, build_opener

from bench.pages import sign_in
from tests.browsers import CHROMIUM
from tests.processes import Portal

LEAST, MOST_BYTES = 95, 100_000
TRIES = 3  # a machine that is busy elsewhere makes a page look slow, never fast
MARKS = ["performance", "accessibility", "best-practices"]
OWN, RECORD = r'href="(/danh-gia/\d+/(?:phan/[^"]+/)?)"', r'href="(/xac-nhan/\d+/)'
# Who, where, and the link to follow from there.
PAGES = [
    ("", "/", ""),
    ("", "/dang-nhap/", ""),
    ("", "/dang-ky/", ""),
    ("", "/huong-dan/cong-dan/", ""),
    ("congdan", "/danh-hieu/", ""),
    ("hocsinh", "/danh-hieu/", ""),
    ("congdan", "/danh-hieu/", OWN),
    ("bankhuyenhoc", "/xac-nhan/", ""),
    ("bankhuyenhoc", "/xac-nhan/", RECORD),
    ("hoixa", "/bao-cao/", ""),
]


def main():
    with served_demonstration() as address:
        failed = [page for page in PAGES if not any(measure(address, *page) for _try in range(TRIES))]
    sys.exit(f"{len(failed)} pages to put right." if failed else 0)


@contextlib.contextmanager
def served_demonstration():
    """The address of the portal as a server runs it, with the data of the trial."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as name:
        for mode, debug in (("run", "1"), ("serve", "0")):
            portal = Portal(Path(name), DEBUG=debug)
            portal.start([sys.executable, "deploy/start.py", mode])
            try:
                if not portal.comes_up():
                    raise SystemExit(portal.said())
                if mode == "serve":
                    yield f"http://127.0.0.1:{portal.port}"
            finally:
                portal.clean_up()


def measure(address, login, page, link):
    jar = CookieJar()
    browser = build_opener(HTTPCookieProcessor(jar))
    if login:
        sign_in(browser, address, login)
    if link:
        where = browser.open(address + page)
        if not (found := re.search(link, where.read().decode())):  # one step further: from the record
            raise SystemExit(f"{login} finds no {link} on {where.url}")
        page = found[1]
    headers = {"Cookie": "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)} if login else {}
    report = ask(address + page, headers)
    marks = [round(100 * report["categories"][name]["score"]) for name in MARKS]
    weight = int(report["audits"]["total-byte-weight"]["numericValue"])
    low = [
        f"{audit['id']} {audit.get('displayValue', '')}"
        for audit in report["audits"].values()
        if audit["score"] is not None and audit["score"] < 0.9 and audit["scoreDisplayMode"] != "informative"
    ]
    print(
        f"{login:14}{page:34}",
        *(f"{mark:4}" for mark in marks),
        f"{weight / 1000:8.1f} kB",
        *low,
        sep="  ",
        flush=True,
    )
    return min(marks) >= LEAST and weight <= MOST_BYTES


def ask(address, headers):
    program = os.environ.get("LIGHTHOUSE") or shutil.which("lighthouse")
    command = [program] if program else ["npx", "--yes", "lighthouse@12"]
    options = [
        f"--only-categories={','.join(MARKS)}",
        "--output=json",
        "--quiet",
        f"--extra-headers={json.dumps(headers)}",
        "--chrome-flags=--headless=new --no-sandbox --disable-background-networking",
    ]
    environment = os.environ | {"CHROME_PATH": CHROMIUM}
    said = subprocess.run(
        [*command, address, *options], env=environment, capture_output=True, text=True, check=False
    )
    if said.returncode:
        raise SystemExit(f"{address}: {said.stderr}")
    return json.loads(said.stdout)


if __name__ == "__main__":
    main()
