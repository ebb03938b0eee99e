"""The gateways: one by HTTP, against answers as a company gave them, and those for trials."""

import json
import smtplib
import socket
import threading
import time
from pathlib import Path

import pytest

from delivery import gateways
from delivery.gateways import Folder, Http, Letter, Mail, Refused, configured
from delivery.models import Channel

pytestmark = pytest.mark.feature("I1")
RECORDED = Path(__file__).parent / "recorded"
LETTER = Letter("3f0c", "+84912345678", "", "Nguyen Thi Hoa: Ban da xac nhan ho so.")


class Replay:
    """Answers on the loopback with what was recorded; with nothing at all it keeps silent."""

    def __init__(self, name):
        self.answer = (RECORDED / f"{name}.http").read_bytes() if name else b""
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listening.getsockname()[1]}/send"
        self.asked = b""
        threading.Thread(target=self._answer, daemon=True).start()

    def _answer(self):
        connection, _address = self.listening.accept()
        with connection:
            while b'"text"' not in self.asked:
                self.asked += connection.recv(65536)
            if self.answer:
                connection.sendall(self.answer)
            else:
                time.sleep(2)


@pytest.fixture
def replay(settings):
    started = []

    def start(name):
        started.append(Replay(name))
        settings.SMS_HTTP_URL, settings.SMS_HTTP_TOKEN = started[-1].address, "a token"
        settings.SMS_SENDER = "KHUYENHOC"
        return started[-1]

    yield start
    for one in started:
        one.listening.close()


@pytest.mark.parametrize(
    ("name", "reference"),
    [("taken", "msg-20261120-7731"), ("taken_before", "msg-20261120-7731"), ("taken_without_a_word", "")],
)
def test_what_was_taken_now_or_before_has_gone_out(replay, name, reference):
    server = replay(name)

    assert Http().send(LETTER) == reference

    head, _, body = server.asked.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /send HTTP/1.1\r\n")
    assert b"Authorization: Bearer a token" in head
    assert b"idempotency-key: 3f0c" in head.lower()
    assert json.loads(body) == {"id": "3f0c", "to": LETTER.to, "from": "KHUYENHOC", "text": LETTER.text}


def test_a_number_that_does_not_exist_is_refused_for_good(replay):
    replay("no_such_number")

    with pytest.raises(Refused, match="422"):
        Http().send(LETTER)


@pytest.mark.parametrize(("name", "code"), [("busy", "503"), ("wrong_token", "401")])
def test_what_is_no_fault_of_the_number_is_tried_again(replay, name, code):
    replay(name)

    with pytest.raises(OSError, match=code):
        Http().send(LETTER)


def test_a_company_that_does_not_answer_costs_a_moment(replay, monkeypatch):
    monkeypatch.setattr(gateways, "TIMEOUT", 0.2)
    replay("")

    with pytest.raises(OSError, match="timed out"):
        Http().send(LETTER)


class MailServer:
    """Speaks as much SMTP on the loopback as one letter needs, and answers as told to its address."""

    def __init__(self, to_the_address):
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.answers = {"EHLO": "250 here", "MAIL": "250 ok", "RCPT": to_the_address, "QUIT": "221 bye"}
        threading.Thread(target=self._answer, daemon=True).start()

    def _answer(self):
        connection, _address = self.listening.accept()
        with connection, connection.makefile("rw", newline="\r\n") as lines:
            print("220 here", file=lines, flush=True)
            for line in lines:
                print(self.answers.get(line[:4].upper(), "250 ok"), file=lines, flush=True)


@pytest.mark.feature("I4")
@pytest.mark.parametrize(
    ("answer", "raised"),
    [("550 5.1.1 no such mailbox", Refused), ("450 4.2.0 come again later", smtplib.SMTPRecipientsRefused)],
)
def test_a_mailbox_that_does_not_exist_is_refused_for_good(settings, answer, raised):
    server = MailServer(answer)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port

    with pytest.raises(raised):
        Mail().send(Letter("3f0c", "hoa@example.com", "Chào", "Chào bạn."))
    server.listening.close()


def test_a_trial_writes_a_file_for_each_sms(settings, tmp_path):
    settings.OUTBOX_DIR = tmp_path
    for _ in range(2):
        Folder().send(LETTER)

    (written,) = (tmp_path / "sms").iterdir()
    assert written.read_text(encoding="utf-8") == f"{LETTER.to}\n\n{LETTER.text}\n"


def test_what_the_settings_name_is_what_the_portal_has(settings):
    settings.EMAIL_BACKEND_OUTSIDE = "django.core.mail.backends.dummy.EmailBackend"
    assert configured() == {}
    settings.SMS_GATEWAY = settings.SMS_GATEWAYS["file"]
    settings.EMAIL_BACKEND_OUTSIDE = "django.core.mail.backends.smtp.EmailBackend"
    assert configured().keys() == {Channel.SMS, Channel.EMAIL}
