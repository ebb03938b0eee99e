"""The titles of groups from registration to the last review, in a browser without JavaScript."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import Role
from assessments.models import Assessment, State
from criteria.models import Level
from groups import speaking
from tests.browsers import follow
from tests.factories import (
    appoint,
    load_chains,
    make_citizen_with_account,
    make_clan,
    make_commune,
    make_confirmer,
    make_group_set,
    make_head,
    make_household,
    make_officer,
    make_unit,
    make_user,
    make_village,
    open_campaign,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Hộ bà Nguyễn Hoàng Thị Phương Anh Thư và các con, cháu đang ở chung một nhà"


@pytest.fixture
def campaign():
    campaign = open_campaign()
    load_chains()
    for level, scope in (("family", ""), ("clan", ""), ("community", "village"), ("unit", "commune")):
        make_group_set(level, scope)
    return campaign


@pytest.fixture
def village():
    return make_village(commune=make_commune())


def groups_of(village):
    """(subject, who speaks for it, the bodies in their order) of each title of groups."""
    commune = village.parent
    chair, officer = make_confirmer(village), make_officer(commune)
    head = make_head(make_household(village, name=LONG))
    clan, unit = make_clan(commune=commune), make_unit(parent=commune)
    elder, speaker = make_user("Nguyễn Văn Thọ"), make_confirmer(unit)
    appoint(elder, clan, Role.REPRESENTATIVE)
    return [
        (Level.FAMILY, head.household, head.user, [chair, officer]),
        (Level.CLAN, clan, elder, [officer]),
        (Level.COMMUNITY, village, chair, [officer]),
        (Level.UNIT, unit, speaker, [officer]),
    ]


def score_and_send(page):
    follow(page.get_by_role("link", name="Chấm phần 1"))
    for box in page.locator("input[name^='score-']").all():
        box.fill("45")
    follow(page.get_by_role("button", name="Lưu và xem lại hồ sơ"))
    follow(page.get_by_role("button", name="Gửi hồ sơ"))
    expect(page.get_by_role("heading", name="Đã gửi hồ sơ")).to_be_visible()


@pytest.mark.feature("A17", "C1", "C2", "K4")
def test_each_title_from_registration_to_the_last_review(page, log_in, look, village, campaign):
    for level, subject, speaker, bodies in groups_of(village):
        is_first = level == Level.FAMILY
        see = look if is_first else lambda page, name="": None
        log_in(speaker)
        page.goto(reverse("groups:mine"))
        see(page, "nhom-cua-toi")
        follow(page.locator(f"a[href='{speaking.url_of(subject)}']"))
        see(page, "nhom")
        follow(page.get_by_role("button", name=f"Đăng ký {level.label}"))
        expect(page.get_by_role("status")).to_contain_text("Hồ sơ chưa gửi")
        see(page, "nhom-ho-so")
        score_and_send(page)
        see(page, "nhom-bien-nhan")
        record = Assessment.objects.get(level=level)
        for place, body in enumerate(bodies):
            is_last = place == len(bodies) - 1
            log_in(body)
            page.goto(f"{reverse('groups:board')}?loai={level}")
            see(page, f"nhom-cho-xet-{place}")
            follow(page.get_by_role("link", name=str(subject)))
            see(page, f"nhom-xet-{place}")
            if is_last and is_first:
                follow(page.get_by_role("button", name="Trả lại"))
                expect(page.get_by_role("alert").first).to_contain_text("Ghi lý do trả lại")
                page.fill("[name=reason]", "Thiếu sổ theo dõi việc học của các cháu.")
                follow(page.get_by_role("button", name="Trả lại"))
                log_in(speaker)
                page.goto(record.get_absolute_url())
                expect(page.locator("main")).to_contain_text("Thiếu sổ theo dõi")
                see(page, "nhom-tra-lai")
                follow(page.get_by_role("link", name="Xem lại và gửi").first)
                follow(page.get_by_role("button", name="Gửi hồ sơ"))
                log_in(body)
                page.goto(reverse("groups:review", args=[record.pk]))
            follow(page.get_by_role("button", name="Xác nhận kết quả" if is_last else "Chuyển lên"))
            expect(page.get_by_role("status").first).to_contain_text(str(subject))
        see(page, "nhom-ket-qua")
        record.refresh_from_db()
        assert (record.state, record.outcome) == (State.CONFIRMED, "achieved"), level
        log_in(speaker)
        page.goto(record.get_absolute_url())
        expect(page.locator("main")).to_contain_text("Đạt")
        see(page, "nhom-da-co-ket-qua")


@pytest.mark.feature("A17", "K4")
def test_members_agree_each_for_themselves_and_a_village_registers_households(
    page, log_in, look, village, campaign
):
    head = make_head(make_household(village, name=LONG))
    adult = make_citizen_with_account("Nguyễn Thị Bình", board=village, household=head.household)
    log_in(make_confirmer(village, "Phan Đình Cường"))
    page.goto(reverse("groups:village", args=[village.code]))
    look(page, "nhom-cac-ho")
    page.get_by_label(LONG).check()
    follow(page.get_by_role("button", name="Đăng ký các hộ đã đánh dấu"))
    expect(page.get_by_role("status")).to_contain_text("Đã đăng ký 1 hộ")
    look(page, "nhom-cac-ho-xong")
    follow(page.get_by_role("link", name="Đổi người đại diện của"))
    page.get_by_label("Nguyễn Văn An").check()
    follow(page.get_by_role("button", name="Ghi người đại diện"))
    expect(page.get_by_role("status")).to_contain_text("Nguyễn Văn An là người đại diện")
    look(page, "nhom-doi-dai-dien")

    log_in(head.user)
    page.goto(reverse("groups:household_members", args=[head.household.pk]))
    page.fill("[name=full_name]", "Nguyễn Thị Già")
    page.fill("[name=birth_year]", "1940")
    page.get_by_label("Người lớn").check()
    follow(page.get_by_role("button", name="Ghi vào danh sách"))
    expect(page.get_by_role("status")).to_contain_text("Nguyễn Thị Già")
    follow(page.get_by_role("link", name="Ghi giấy đã ký"))
    look(page, "nhom-thanh-vien")

    elder, clan = make_user("Nguyễn Văn Thọ"), make_clan(commune=village.parent)
    appoint(elder, clan, Role.REPRESENTATIVE)
    page.goto(speaking.url_of(head.household))
    follow(page.get_by_role("link", name="Ghi hộ vào một dòng họ"))
    look(page, "nhom-dong-ho-chua")
    page.get_by_label("Dòng họ").select_option(label=str(clan))
    follow(page.get_by_role("button", name="Ghi hộ vào dòng họ"))
    expect(page.get_by_role("status")).to_contain_text(str(clan))
    look(page, "nhom-dong-ho")
    log_in(elder)
    page.goto(speaking.url_of(clan))
    follow(page.get_by_role("link", name="Các hộ trong dòng họ"))
    look(page, "nhom-cac-ho-dong-ho")
    follow(page.get_by_role("button", name="Bỏ khỏi dòng họ"))
    expect(page.get_by_role("status")).to_contain_text("khỏi dòng họ")

    log_in(adult.user)
    page.goto(reverse("groups:memberships"))
    look(page, "nhom-dong-y")
    follow(page.get_by_role("button", name="Tôi đồng ý").first)
    expect(page.get_by_role("status")).to_contain_text("bạn đồng ý")
    follow(page.get_by_role("button", name="Rút lại"))
    expect(page.get_by_role("status")).to_contain_text("Đã rút lại")
