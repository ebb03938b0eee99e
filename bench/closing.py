"""What the closing of a year costs, and how the portal answers meanwhile: python bench/closing.py [records].

350,000 records unless told, of boards of 55, on a SQLite file of its own in a temporary folder or on the
empty PostgreSQL that DATABASE_URL names. A page that reads, and a form that writes, are asked all the time.
"""

import contextlib
import itertools
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from http.cookiejar import CookieJar
from pathlib import Path
from random import Random
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
YEAR = "2025"
A_BOARD = 55
CHUNK = 5000


def main(records="350000"):
    from tests.with_servers import free_port

    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        keys = {
            name: secrets.token_hex(32) for name in ("SECRET_KEY", "DATA_KEYS", "DIGEST_KEY", "SIGNING_KEY")
        }
        settings = {"DEBUG": "0", "PORTAL_NOW": "", "DATA_DIR": folder, "PYTHONPATH": str(ROOT)}
        environment = os.environ | keys | settings | {"DJANGO_SETTINGS_MODULE": "config.settings"}
        for command in (["migrate", "-v0"], ["load_units", "--province", "42"], ["load_criteria"]):
            run(environment, "manage.py", *command)
        run(environment, "manage.py", "collectstatic", "--noinput", "-v0")
        run(environment, "manage.py", "open_campaign", YEAR)
        run(environment, __file__, "--fill", records)
        port = free_port()
        with web(environment, port), asked(f"http://127.0.0.1:{port}") as quiet:
            time.sleep(20)
        with web(environment, port), asked(f"http://127.0.0.1:{port}") as busy:
            began = time.monotonic()
            closing = subprocess.Popen(
                [sys.executable, "manage.py", "lock_confirmation", "--year", YEAR], cwd=ROOT, env=environment
            )
            _pid, status, used = os.wait4(closing.pid, 0)
            seconds = time.monotonic() - began
        if status:
            raise SystemExit("the closing failed")
        at_work = used.ru_utime + used.ru_stime
        print(
            f"{records} records closed in {seconds:.0f} s, {at_work:.0f} s of them at work, "
            f"peak memory {used.ru_maxrss / 1024:.0f} MiB"
        )
        for name in busy:
            print(f"{name:24} alone {told(quiet[name])}   meanwhile {told(busy[name])}")
        run(environment, "manage.py", "recount_tallies")


def run(environment, *command):
    subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, check=True)


# --- What is closed -------------------------------------------------------------------------------


def fill(records):
    """Sent records of citizens of a province, with the counters of their boards."""
    import django

    django.setup()
    from django.db import transaction

    from accounts.models import Citizen, Gender
    from assessments import tally
    from assessments.models import Assessment, Campaign, State
    from assessments.models.campaign import start_of
    from criteria.models import CriteriaSet
    from demonstration import places
    from organizations.models import Kind, Organization

    province = Organization.objects.in_force().get(code="42", kind=Kind.PROVINCE)
    campaign, form = Campaign.objects.get(year=YEAR), CriteriaSet.objects.filter(group="I").first()
    at = start_of(int(YEAR), 12)
    missing = max(0, records // A_BOARD - places.boards_of(province).count())
    made = places.make_up(Random(1), province, places.communes_of(province), missing)
    places.build(made, since=start_of(int(YEAR)))
    boards = list(places.boards_of(province).select_related("parent"))
    numbers = itertools.count(1)

    def citizen(board):
        number = next(numbers)
        commune = board.parent if board.parent.kind == Kind.COMMUNE else places.communes_of(province)[0]
        return Citizen(
            full_name=f"Nguyễn Thị Hoa {number}",
            name_search=f"nguyen thi hoa {number}",
            name_sort=f"hoa {number:06d}",
            birth_year=1960,
            gender=Gender.FEMALE,
            commune=board if board.kind == Kind.COMMUNE else commune,
            village=board if board.kind == Kind.VILLAGE else None,
            unit=board if board.kind == Kind.UNIT else None,
        )

    def record(person, board):
        return Assessment(
            citizen=person,
            campaign=campaign,
            criteria_set=form,
            board=board,
            commune=board if board.kind == Kind.COMMUNE else person.commune,
            province=province,
            state=State.SUBMITTED,
            own_total=80,
            receipt_number=f"{YEAR}-42-{person.pk:07d}",
            registered_at=at,
            saved_at=at,
            submitted_at=at,
            version=3,
        )

    turns = itertools.cycle(boards)
    for start in range(0, records, CHUNK):
        count = min(CHUNK, records - start)
        with transaction.atomic():
            homes = list(itertools.islice(turns, count))
            people = Citizen.objects.bulk_create([citizen(board) for board in homes], batch_size=500)
            written = Assessment.objects.bulk_create(map(record, people, homes), batch_size=500)
            tally.change(tally.NOTHING, tally.of(written))
    print(f"{len(boards)} boards", flush=True)


# --- Who asks meanwhile ---------------------------------------------------------------------------


@contextlib.contextmanager
def web(environment, port):
    command = ["gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2"]
    options = ["--worker-class", "gthread", "--threads", "4", "--no-control-socket", "--log-level", "error"]
    server = subprocess.Popen(
        [sys.executable, "-m", *command, *options], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        server.terminate()
        server.wait(30)


@contextlib.contextmanager
def asked(address):
    """Ask for the pages all the time; what is given fills with their times in milliseconds."""
    from tests.with_servers import wait_for

    wait_for(int(address.rpartition(":")[2]), 60)
    times = {"reads: /healthz": [], "writes: /dang-nhap/": []}
    ended = threading.Event()
    threads = [
        threading.Thread(target=ask, args=(ended, times["reads: /healthz"], lambda: read(address))),
        threading.Thread(target=ask, args=(ended, times["writes: /dang-nhap/"], lambda: write(address))),
    ]
    for thread in threads:
        thread.start()
    try:
        yield times
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def ask(ended, times, request):
    while not ended.is_set():
        began = time.perf_counter()
        request()
        times.append((time.perf_counter() - began) * 1000)
        ended.wait(0.1)


def read(address):
    with contextlib.suppress(HTTPError):  # 503: neither worker nor beat runs here
        build_opener().open(f"{address}/healthz", timeout=60).read()


def write(address):
    """A failed attempt to sign in, which is written down; under another name each time."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    page = browser.open(f"{address}/dang-nhap/", timeout=60).read().decode()
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    typed = {"csrfmiddlewaretoken": token, "username": secrets.token_hex(8), "password": "sai"}
    sent = Request(
        f"{address}/dang-nhap/", urlencode(typed).encode(), headers={"Referer": f"{address}/dang-nhap/"}
    )
    with contextlib.suppress(HTTPError):
        browser.open(sent, timeout=60).read()


def told(times):
    if len(times) < 2:
        return "not once"
    p95 = statistics.quantiles(times, n=20)[-1]
    median = statistics.median(times)
    return f"median {median:.0f} ms, p95 {p95:.0f}, worst {max(times):.0f} ({len(times)} asked)"


if __name__ == "__main__":
    if sys.argv[1:2] == ["--fill"]:
        fill(int(sys.argv[2]))
    else:
        main(*sys.argv[1:])
