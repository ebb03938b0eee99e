"""The portal lives through the end of 31 December, with its own worker and beat."""

import pytest

from tests.processes import PATIENCE, Portal, own_database, wait_until

pytestmark = [pytest.mark.prove, pytest.mark.own_database, pytest.mark.feature("E2", "E3")]


def test_confirmation_closes_at_midnight_and_the_closing_is_recorded(tmp_path):
    with own_database() as database:
        portal = Portal(tmp_path, PORTAL_NOW="2026-12-31T23:57:00+07:00", **database)
        portal.start()
        try:
            assert wait_until(lambda: portal.health()[0], PATIENCE), portal.said()
            assert "đang mở đến hết ngày 31/12/2026 (thứ Năm)" in portal.get("/healthz")[1]["confirmation"]

            assert wait_until(lambda: "đã khóa" in portal.get("/healthz")[1]["confirmation"], 240)
            assert wait_until(
                lambda: "chưa được ghi nhận" not in portal.get("/healthz")[1]["confirmation"], 90
            )
        finally:
            portal.clean_up()
