"""The list of a group's members, and what each of them agreed to. Every change leaves an event."""

from django.db import IntegrityError, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import lookers
from accounts.models import Citizen, Consent, Member, MemberKind, Message, Purpose
from assessments import chain
from assessments.workflow import Refused, recount_people
from audit import clock, events
from organizations.models import Household, Kind
from vietnamese import dates, text

# Every text anyone agreed to, by its version: a changed text is a new version, and the last one is asked for.
CONSENTS = {
    "2026-1": {
        Purpose.LISTED: gettext_lazy(
            "Tôi đồng ý để tên tôi có trong danh sách thành viên của nhóm. Người đại diện và các cấp xét "
            "danh hiệu của nhóm đọc được."
        ),
        Purpose.COUNTED: gettext_lazy(
            "Tôi đồng ý để kết quả Công dân học tập của tôi được xem khi xét danh hiệu của nhóm."
        ),
    },
}
CONSENT_VERSION = list(CONSENTS)[-1]
UNDER_AGE = 16  # the head of the household agrees for the younger ones


def text_of(purpose, version=CONSENT_VERSION) -> str:
    return CONSENTS[version][purpose]


def is_under_age(member) -> bool:
    return member.birth_year is not None and clock.today().year - member.birth_year < UNDER_AGE


def has_account(member) -> bool:
    return member.citizen is not None and member.citizen.user_id is not None


@transaction.atomic
def seed(household, *, by) -> None:
    """Put those who live in the household on its list of members, where nobody is on it yet."""
    if Member.objects.of(household).exists():
        return
    for citizen in household.members.present().in_order():
        kind = MemberKind.LEARNER if citizen.population == "learner" else MemberKind.ADULT
        _add(household, citizen.full_name, citizen.birth_year, kind, citizen, by)
    recount_people(household)


@transaction.atomic
def add(subject, *, full_name, birth_year, kind, by) -> Member:
    """Put somebody on the list; one the portal knows there by name and year is tied to it and told."""
    known = _known(subject, full_name, birth_year)
    same = Member.objects.of(subject).present().filter(full_name=text.nfc(full_name), birth_year=birth_year)
    if same.exists():
        raise Refused(_("%(name)s, sinh năm %(year)s, đã có trong danh sách.") % _said(full_name, birth_year))
    member = _add(subject, full_name, birth_year, kind, known, by)
    recount_people(subject)
    return member


def _said(full_name, birth_year):
    return {"name": full_name, "year": birth_year}


def _add(subject, full_name, birth_year, kind, citizen, by):
    try:
        with transaction.atomic():
            member = Member.objects.create(
                **chain.whose(subject),
                citizen=citizen,
                full_name=full_name,
                birth_year=birth_year,
                kind=kind,
                added_by=by,
            )
    except IntegrityError:
        raise Refused(_("%(name)s đã có trong danh sách.") % {"name": full_name}) from None
    _record("member", member, by, new=kind)
    tell(
        member.citizen,
        member.subject,
        by,
        f"member:{member.pk}",
        _("Bạn được ghi là thành viên của %(group)s"),
        _("%(by)s ghi. Xem rồi chọn đồng ý hay không với từng việc. Không đồng ý cũng không sao."),
    )
    return member


def _known(subject, full_name, birth_year):
    """The one person of the group's place with this name and year; nobody where there are two."""
    place = chain.place_of(subject)
    people = Citizen.objects.present()
    if isinstance(subject, Household):
        people = people.filter(village=place)
    elif place.kind in (Kind.UNIT, Kind.VILLAGE, Kind.COMMUNE):
        people = people.at(place)
    else:
        people = people.filter(commune=place.within(Kind.COMMUNE))
    found = list(people.filter(name_search=text.fold(full_name), birth_year=birth_year)[:2])
    return found[0] if len(found) == 1 else None


@transaction.atomic
def leave(member, *, by) -> None:
    """Take somebody off the list from today on; what the group was judged by stays.

    Who was put on it today has never been: only the record of events tells.
    """
    if clock.end(Member.objects.filter(pk=member.pk, valid_to=None)):
        _record("member_left", member, by)
        recount_people(member.subject)
        tell(
            member.citizen,
            member.subject,
            by,
            f"member_left:{member.pk}",
            _("Bạn không còn trong danh sách thành viên của %(group)s"),
            _("%(by)s bỏ tên bạn từ ngày %(day)s. Không đúng thì hỏi người ấy; bạn không phải làm gì khác."),
        )


@transaction.atomic
def agree(member, purpose, *, by, paper_of=None) -> None:
    """Note a consent to one purpose: from the own account, on paper, or by whom speaks for a child."""
    if why := why_not_agree(member, by, on_paper=paper_of is not None):
        raise Refused(why)
    try:
        with transaction.atomic():
            consent = Consent.objects.create(
                member=member,
                purpose=purpose,
                version=CONSENT_VERSION,
                given_at=clock.now(),
                given_by=by,
                paper_of=paper_of,
            )
    except IntegrityError:  # it stands already: a second click
        return
    _record("consent", member, by, new=f"{consent.purpose} {consent.version}")
    recount_people(member.subject)
    tell(
        member.citizen,
        member.subject,
        by,
        f"consent:{consent.pk}",
        _("%(group)s: đã ghi là bạn đồng ý"),
        _("%(by)s ghi ngày %(day)s: “%(text)s” Không đúng thì rút lại ở trang Nhóm có tên bạn."),
        text=text_of(purpose),
    )


def why_not_agree(member, by, *, on_paper) -> str:
    """Adults with an account agree there and nowhere else; without one by a signed paper."""
    is_own = member.citizen is not None and member.citizen.user_id == by.pk
    if is_own or is_under_age(member):
        return ""
    if has_account(member):
        return _("%(name)s có tài khoản: tự đồng ý ở trang Tài khoản của mình.") % {"name": member}
    return "" if on_paper else _("Ghi ngày trên giấy mà %(name)s đã ký.") % {"name": member}


@transaction.atomic
def take_back(member, purpose, *, by) -> None:
    """A consent ends; that it was given stays written. Raises Refused where another grown-up alone may."""
    is_own = member.citizen is not None and member.citizen.user_id == by.pk
    if has_account(member) and not is_own and not is_under_age(member):
        raise Refused(_("%(name)s có tài khoản: tự rút lại ở trang Tài khoản của mình.") % {"name": member})
    standing = Consent.objects.standing().filter(member=member, purpose=purpose)
    consent = standing.first()
    if consent and standing.update(withdrawn_at=clock.now(), withdrawn_by=by):
        _record("consent_withdrawn", member, by, old=purpose)
        recount_people(member.subject)
        tell(
            member.citizen,
            member.subject,
            by,
            f"consent_withdrawn:{consent.pk}",
            _("%(group)s: đã rút sự đồng ý của bạn"),
            _("%(by)s rút ngày %(day)s: “%(text)s” Không đúng thì hỏi người ấy."),
            text=text_of(purpose, consent.version),
        )


def tell(citizen, group, by, key, subject, body, **said):
    """To somebody of whom another wrote: who did, and what; they read it once they have an account."""
    if citizen is None or citizen.user_id == by.pk:
        return
    said |= {"group": group, "by": lookers.respectful(by), "day": dates.day_words(clock.today())}
    Message.objects.tell(
        [
            Message(
                citizen=citizen,
                key=key,
                subject=(subject % said)[:200],
                body=capfirst(body % said),
                link="/ho-so/nhom/",
            )
        ]
    )


def _record(verb, member, by, **values):
    entry = events.Entry(
        verb,
        member,
        at=clock.now(),
        by=by,
        organization=chain.place_of(member.subject),
        subject=member.citizen_id,
        **values,
    )
    events.record_many([entry])
