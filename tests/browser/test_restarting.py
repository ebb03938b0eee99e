"""Nothing typed is lost when the server itself dies: killed in the middle, and started again."""

import contextlib
import http.client
import os
import re
import signal
import sqlite3
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import expect

from assessments import workflow
from tests.browser.test_drafts import choose, chosen, file_of, line_of, scan
from tests.browsers import PHONE, follow
from tests.factories import make_assessment, open_campaign
from tests.processes import wait_until
from tests.with_servers import free_port

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Server:
    """The portal as a process of its own, which can be killed and come back to what it had kept."""

    def __init__(self, folder):
        self.folder, self.port, self.process = folder, free_port(), None
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "PROCESS_DATA_DIR": str(folder),
        }

    def start(self):
        options = f"--bind 127.0.0.1:{self.port} --worker-class gthread --threads 4 --no-control-socket"
        command = [sys.executable, "-m", "gunicorn", "config.wsgi", *options.split(), "--log-level", "error"]
        self.process = subprocess.Popen(command, env=self.environment, start_new_session=True)
        assert wait_until(self.answers, 60)

    def answers(self):
        with contextlib.suppress(OSError, http.client.HTTPException):
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
            with contextlib.closing(line):
                line.request("GET", "/healthz/live")
                return line.getresponse().status == 200
        return False

    def kill(self):
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


def own_copy(folder):
    """What the tests' database holds at this moment, for a process that is not the tests'."""
    if connection.vendor == "postgresql":
        return f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{connection.settings_dict['NAME']}"
    connection.ensure_connection()
    with contextlib.closing(sqlite3.connect(folder / "db.sqlite3")) as copy:
        connection.connection.backup(copy)
    return f"sqlite:///{folder / 'db.sqlite3'}"


@pytest.fixture
def record():
    record = make_assessment(campaign=open_campaign())
    workflow.save_scores(record, {"I.1.3": 5}, by=record.citizen.user)
    return record


@pytest.fixture
def server(record, tmp_path):
    server = Server(tmp_path)
    yield server
    server.kill()


@pytest.fixture
def new_device(browser, record, server):
    """One more device on which the person of the record has signed in."""
    client = Client()
    client.force_login(record.citizen.user, backend="accounts.sign_in.AnyNameBackend")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    opened = []

    def open_device(**options):
        context = browser.new_context(viewport=PHONE, locale="vi-VN", base_url=server.url, **options)
        context.set_default_timeout(30_000)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": server.url}])
        opened.append(context)
        return context

    yield open_device
    for context in opened:
        context.close()


@pytest.mark.feature("A2", "A7", "J4")
def test_a_server_that_is_killed_and_comes_back_has_every_word(record, server, new_device, tmp_path):
    phone, plain = new_device(), new_device(java_script_enabled=False)
    server.environment["DATABASE_URL"] = own_copy(server.folder)
    server.start()
    scores, story, form = phone.new_page(), phone.new_page(), plain.new_page()
    scores.goto(f"/danh-gia/{record.pk}/phan/1/")
    story.goto(f"/danh-gia/{record.pk}/minh-chung/I.1.1/")
    form.goto(f"/danh-gia/{record.pk}/minh-chung/I.1.2/")
    choose(scores, "I.1.1", 9)
    expect(line_of(scores, "I.1.1")).to_contain_text("Đã lưu lúc")

    pieces = []

    def kill_at_the_fourth(route):
        pieces.append(route)
        if len(pieces) == 4:
            server.kill()
        route.continue_()

    story.route("**/tai-len/**", kill_at_the_fourth)
    story.set_input_files("[name=file]", file_of(tmp_path / "giay.pdf", scan()))
    story.fill("[name=text]", "Lớp học buổi tối ở nhà văn hóa.")
    story.get_by_role("button", name="Lưu minh chứng").click()
    expect(story.get_by_role("alert").get_by_text("cổng tự gửi tiếp từ chỗ dừng")).to_be_visible()
    story.unroute("**/tai-len/**")
    choose(scores, "I.1.2", 8)
    choose(scores, "I.1.1", 7)
    expect(scores.get_by_role("alert")).to_contain_text("Có 2 câu trả lời chưa gửi được về máy chủ.")
    form.fill("[name=text]", "Đọc sách ở thư viện xã.")
    form.get_by_role("button", name="Lưu minh chứng").click()
    expect(form.locator("h1")).to_have_count(0)  # but the browser's own page, from which one goes back

    server.start()
    scores.get_by_role("button", name="Gửi lại ngay").click()
    expect(scores.get_by_role("alert")).to_have_count(0)
    expect(line_of(scores, "I.1.2")).to_contain_text("Đã lưu lúc")
    expect(story).to_have_url(re.compile("/phan/1/"))
    scores.reload()
    for code, points in (("I.1.1", 7), ("I.1.2", 8), ("I.1.3", 5)):
        chosen(scores, code, points).to_be_checked()
    expect(scores.locator("[id='chi-so-I.1.1']")).to_contain_text("Lớp học buổi tối ở nhà văn hóa.")
    expect(scores.locator("[id='chi-so-I.1.1']")).to_contain_text("giay.pdf")

    form.go_back()
    expect(form.locator("[name=text]")).to_have_value("Đọc sách ở thư viện xã.")
    follow(form.get_by_role("button", name="Lưu minh chứng"))
    expect(form.locator("[id='chi-so-I.1.2']")).to_contain_text("Đọc sách ở thư viện xã.")
