"""How fast the portal answers on this machine: `make bench`, or python -m bench.pages.

Starts the demonstration on a folder of its own, asks each page as the person it is for, one request after the
other, and prints the median and the 95th percentile in milliseconds.
"""

import re
import statistics
import tempfile
import time
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

from tests.processes import Portal

PASSWORD = "hoctapsuotdoi"
REQUESTS = 100
PAGES = [
    ("", "/"),
    ("", "/healthz"),
    ("", "/dang-nhap/"),
    ("", "/dang-ky/"),
    ("congdan", "/danh-hieu/"),
    ("bankhuyenhoc", "/xac-nhan/"),
    ("hoixa", "/bao-cao/"),
    ("hoitinh", "/bao-cao/"),
    ("hoitinh", "/to-chuc/"),
]


def main():
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        portal = Portal(Path(folder))
        print("Starting the demonstration…", flush=True)
        portal.start()
        try:
            if not portal.comes_up():
                raise SystemExit(portal.said())
            measure(f"http://127.0.0.1:{portal.port}")
        finally:
            portal.clean_up()


def measure(address):
    print(f"{'as':14}{'page':16}{'median ms':>10}{'p95 ms':>10}{'kB':>8}")
    for login in dict.fromkeys(login for login, _page in PAGES):
        browser = build_opener(HTTPCookieProcessor(CookieJar()))
        if login:
            sign_in(browser, address, login)
        for page in (page for who, page in PAGES if who == login):
            times, size = ask(browser, address + page)
            p95 = statistics.quantiles(times, n=20)[-1]
            print(
                f"{login:14}{page:16}{statistics.median(times):10.1f}{p95:10.1f}{size / 1000:8.1f}",
                flush=True,
            )


def ask(browser, address):
    times, size = [], 0
    for _request in range(REQUESTS):
        started = time.perf_counter()
        with browser.open(address) as answer:
            size = len(answer.read())
        times.append((time.perf_counter() - started) * 1000)
    return times, size


def sign_in(browser, address, login):
    page = browser.open(f"{address}/dang-nhap/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    form = urlencode({"csrfmiddlewaretoken": token, "username": login, "password": PASSWORD}).encode()
    request = Request(f"{address}/dang-nhap/", form, headers={"Referer": f"{address}/dang-nhap/"})
    if "/dang-nhap/" in browser.open(request).url:
        raise SystemExit(f"{login} could not sign in.")


if __name__ == "__main__":
    main()
