"""From the confirmed records of a year to the minutes: who is proposed, who is left out, who signed."""

import datetime
from itertools import islice

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from assessments import releases, windows
from assessments.models import Outcome, WindowStep
from audit import clock, events
from criteria.models import Authority
from organizations.models import Kind
from recognitions import deciders
from recognitions.models import Decision, DecisionState, Nomination, Recognition
from recognitions.refusals import RefusedAt
from reports import letterhead
from vietnamese import dates, text

AT_ONCE = 300
CHUNK = 1000
STILL_CHANGING = [DecisionState.GATHERED, DecisionState.MINUTED, DecisionState.SUBMITTED]


# --- The list -------------------------------------------------------------------------------------


def ask_may_gather(issuer, level, campaign, within, now) -> None:
    """Raises RefusedAt beside the field which is to be put right."""
    if not issuer.contains(within):
        raise RefusedAt(
            "within",
            _("%(place)s không thuộc %(issuer)s. Chọn một nơi thuộc %(issuer)s.")
            % {"place": within, "issuer": letterhead.association(issuer)},
        )
    province = issuer.within(Kind.PROVINCE)
    window = windows.of_campaign(WindowStep.CONFIRMATION, campaign, province, level)
    if window is None or now < window.closes_at:
        until = dates.until_words(window.closes_at) if window else ""
        raise RefusedAt(
            "campaign",
            _("Năm %(year)s chưa khóa: các ban còn xác nhận đến %(until)s. Khóa rồi mới lập được biên bản.")
            % {"year": campaign, "until": until}
            if window
            else _("Năm %(year)s chưa đặt thời hạn xác nhận cho danh hiệu này.") % {"year": campaign},
        )
    found = deciders.records(issuer, level, campaign, within)
    judged = deciders.judged(found)
    if not judged.exists():
        raise RefusedAt(
            "level",
            _("Chưa có hồ sơ nào được xác nhận ở %(place)s. Xem lại danh hiệu, năm và phạm vi.")
            % {"place": within},
        )
    if not judged.filter(outcome=Outcome.ACHIEVED).exists() and not are_waiting(found):
        raise RefusedAt("level", _("Không có hồ sơ nào đạt ở %(place)s.") % {"place": within})
    ready = deciders.ready(found)
    if not ready.exists():
        if are_waiting(found):
            return
        raise RefusedAt(
            "level",
            _("Mọi hồ sơ đạt ở %(place)s đã được công nhận, đang ở một đợt khác, hoặc đang chờ xem lại.")
            % {"place": within},
        )
    if ready.filter(criteria_set__authority=Authority.PROVISIONAL).exists():
        ask_provisional("level", level)


def are_waiting(found) -> bool:
    """Whether people of these records wait for minutes to see their result: then some may name nobody."""
    waiting = releases.unreleased(found)
    return any(
        releases.is_held(province, campaign)
        for province, campaign in waiting.order_by().values_list("province", "campaign").distinct()
    )


def ask_provisional(field, level) -> str:
    """On which paper titles by provisional criteria rest. Raises RefusedAt where the centre allows none."""
    setting = deciders.setting_of(level)
    if not setting.on_provisional:
        raise RefusedAt(
            field,
            _(
                "Hồ sơ chấm theo bộ tiêu chí bản tạm. Trung ương chưa cho công nhận danh hiệu này theo bản "
                "tạm. Đề nghị trung ương cho phép ở trang Quy định công nhận."
            ),
        )
    return setting.basis


@transaction.atomic
def begin(issuer, level, campaign, within, *, by) -> Decision:
    """A decision whose list is to be gathered; `work` does it. A second click finds the first."""
    ask_officer(issuer, by)
    now = clock.now()
    same = {"issuer": issuer, "level": level, "campaign": campaign, "within": within}
    begun = Decision.objects.filter(
        **same, gathered_by=by, state__in=[DecisionState.GATHERING, DecisionState.GATHERED]
    ).first()
    if begun:
        return begun
    found = deciders.records(issuer, level, campaign, within)
    _give_up_without_a_body(found, by)
    ask_may_gather(issuer, level, campaign, within, now)
    ready = deciders.ready(found)
    is_provisional = ready.filter(criteria_set__authority=Authority.PROVISIONAL).exists()
    decision = Decision.objects.create(
        **same,
        issuer_name=capfirst(letterhead.association(issuer)),
        within_name=within.full_name,
        is_provisional=is_provisional,
        provisional_basis=ask_provisional("level", level) if is_provisional else "",
        gathered_by=by,
        gathered_at=now,
        nominated=ready.count(),
    )
    record(decision, "gather", by=by, new=str(decision.nominated))
    return decision


def _give_up_without_a_body(found, by):
    """What an association that was split up had begun over these records keeps nobody from them."""
    left = (
        Decision.objects.under_way()
        .without_a_body()
        .filter(
            state__in=[DecisionState.GATHERING, *STILL_CHANGING],
            pk__in=Nomination.objects.filter(is_open=True, assessment__in=found.values("pk")).values(
                "decision"
            ),
        )
    )
    for decision in left.select_related("issuer", "campaign"):
        _drop(decision, _("%(place)s đã thôi hoạt động.") % {"place": decision.issuer}, by)


def work(pk: int) -> None:
    """Write the list of a decision, a thousand rows at a time; taken up again it goes on."""
    decision = Decision.objects.select_related("issuer", "campaign", "within").get(pk=pk)
    if decision.state != DecisionState.GATHERING:
        return
    found = _records(decision)
    ready = deciders.with_names(deciders.ready(found)).order_by("pk")
    rows_left = ready.iterator(chunk_size=CHUNK)
    while rows := list(islice(rows_left, CHUNK)):
        decision.alive()
        revoked = _revoked(rows)
        made = [
            Nomination(
                decision=decision,
                assessment_id=row.pk,
                holder_name=row.subject_name,
                name_sort=row.subject_sort or text.name_sort_key(row.subject_name),
                place_name=deciders.place_of(row),
                **_left_to_people(decision, revoked.get(row.pk)),
            )
            for row in rows
        ]
        Nomination.objects.bulk_create(made, ignore_conflicts=True)
    Decision.objects.filter(pk=pk, state=DecisionState.GATHERING).update(
        looked_at=deciders.judged(found).count(), nominated=decision.nominations.proposed().count()
    )
    decision.finish()


def _revoked(rows):
    """Record → the title that was taken from it."""
    found = Recognition.objects.filter(assessment__in=[row.pk for row in rows], revoked_at__isnull=False)
    return {each.assessment_id: each for each in found.order_by("pk")}


def _left_to_people(decision, revoked):
    """Whose title was revoked is proposed again by people alone."""
    if revoked is None:
        return {}
    return {
        "is_open": False,
        "left_out_at": clock.now(),
        "left_out_by_id": decision.gathered_by_id,
        "left_out_reason": _("Danh hiệu đã bị thu hồi theo quyết định số %(number)s ngày %(day)s.")
        % {"number": revoked.revocation_number, "day": dates.day_words(revoked.revoked_on)},
    }


@transaction.atomic
def leave_out(nomination, reason, *, by) -> None:
    """Take somebody from the list, and say why; the record itself stays confirmed."""
    decision = hold(nomination.decision_id, STILL_CHANGING, by)
    now = clock.now()
    left = Nomination.objects.filter(pk=nomination.pk, left_out_at=None).update(
        is_open=False, left_out_at=now, left_out_by=by, left_out_reason=reason
    )
    if left:  # else a second click
        _count(decision)
        record(decision, "leave_out", by=by, nomination=nomination, reason=reason)


@transaction.atomic
def take_in(nomination, *, by) -> None:
    """Put somebody back on the list, until the minutes are signed."""
    decision = hold(nomination.decision_id, [DecisionState.GATHERED], by)
    try:
        with transaction.atomic():
            taken = Nomination.objects.filter(pk=nomination.pk, left_out_at__isnull=False).update(
                is_open=True, left_out_at=None, left_out_by=None, left_out_reason=""
            )
    except IntegrityError as error:
        raise RefusedAt(None, _("Hồ sơ này đang ở một đợt công nhận khác.")) from error
    if taken:
        _count(decision)
        record(decision, "take_in", by=by, nomination=nomination)


@transaction.atomic
def drop(decision, reason, *, by) -> None:
    """Give a decision up before it was made; its records may be gathered anew."""
    _drop(hold(decision.pk, STILL_CHANGING, by), reason, by)


def _drop(held, reason, by):
    held.nominations.filter(is_open=True).update(is_open=False)
    Decision.objects.filter(pk=held.pk).update(state=DecisionState.DROPPED)
    record(held, "drop_decision", by=by, new=reason)


def _count(decision):
    Decision.objects.filter(pk=decision.pk).update(nominated=decision.nominations.proposed().count())


# --- The minutes ----------------------------------------------------------------------------------


@transaction.atomic
def sign(decision, *, number, on, chair, secretary, by) -> None:
    """Write down by which number, of which day and by whom the minutes were signed; again to correct it."""
    held = hold(decision.pk, [DecisionState.GATHERED, DecisionState.MINUTED], by)
    ask_day(
        held, on, field="minutes_on", not_before=last_confirmed_on(held), what=_("ngày xác nhận cuối cùng")
    )
    if held.minuted_at is None and not may_sign(held):
        raise RefusedAt(None, _("Danh sách không còn ai. Đưa người vào lại, hoặc bỏ đợt này."))
    old = f"{held.minutes_number} {held.minutes_on:%d/%m/%Y}" if held.minutes_on else ""
    now = held.minuted_at or clock.now()
    if held.minuted_at is None:
        _let_out(held, now)
    Decision.objects.filter(pk=held.pk).update(
        state=DecisionState.MINUTED,
        minutes_number=number,
        minutes_on=on,
        minutes_chair=chair,
        minutes_secretary=secretary,
        minuted_by=by,
        minuted_at=now,
    )
    record(held, "sign_minutes", by=by, old=old, new=f"{number} {on:%d/%m/%Y}")


def may_sign(decision) -> bool:
    """Whether the minutes say anything: who is proposed, or to those who wait for it their result."""
    return bool(decision.nominated) or are_waiting(_judged(decision))


def _records(decision):
    issuer = deciders.body_of(decision.issuer) or decision.issuer
    within = issuer if decision.within.is_closed else decision.within
    return deciders.records(issuer, decision.level, decision.campaign, within)


def _judged(decision):
    return deciders.judged(_records(decision))


def _let_out(decision, now):
    """All that was looked at, who did not achieve included, sees the result from this moment on."""
    held = releases.is_held(decision.issuer.within(Kind.PROVINCE), decision.campaign)
    if held:
        releases.release(_judged(decision), now)
    else:
        Decision.objects.filter(pk=decision.pk).update(told_at=now)


def tell(pk: int) -> None:
    """To everybody whose result the minutes of a decision let out; done twice it tells once."""
    decision = Decision.objects.untold().select_related("issuer", "campaign", "within").filter(pk=pk).first()
    if decision is not None:
        releases.tell(_judged(decision), decision.minuted_at)
        Decision.objects.filter(pk=pk).update(told_at=clock.now())


def last_confirmed_on(decision) -> datetime.date:
    """The day in Vietnam on which the last of those proposed was confirmed; of nobody, of those looked at."""
    last = decision.nominations.proposed().aggregate(at=Max("assessment__confirmed_at"))["at"]
    last = last or _judged(decision).aggregate(at=Max("confirmed_at"))["at"]
    return dates.local_day(last) if last else datetime.date.min


def ask_day(decision, day, *, field, not_before, what) -> None:
    """Refuse a day to come and one before what the paper rests on."""
    if day > clock.today():
        raise RefusedAt(field, _("Ngày này chưa đến. Gõ ngày ghi trên văn bản đã ký."))
    if day < not_before:
        raise RefusedAt(
            field,
            _("Ngày này trước %(what)s (%(day)s). Gõ ngày ghi trên văn bản đã ký, từ ngày ấy trở đi.")
            % {"what": what, "day": dates.day_words(not_before)},
        )


# --- What every step goes through -----------------------------------------------------------------


def ask_officer(issuer, by) -> None:
    if not deciders.is_officer(by, issuer):
        raise PermissionDenied(
            _("Chỉ cán bộ của %(issuer)s làm được việc này.") % {"issuer": letterhead.association(issuer)}
        )


def hold(pk, states, by) -> Decision:
    """The decision, while nobody else takes a step of it, where it stands in one of the states.

    Of an association that was merged into another it is that one's from its next step on.
    """
    found = Decision.objects.select_for_update(of=("self",))
    held = found.select_related("issuer__heir", "campaign", "within").get(pk=pk)
    ask_officer(held.issuer, by)
    if held.state not in states:
        raise RefusedAt(
            None,
            _("Đợt này %(state)s nên không làm được việc này nữa. Mở lại trang để xem.")
            % {"state": held.get_state_display()},
        )
    body = deciders.body_of(held.issuer)
    if body != held.issuer:
        held.within = body if held.within.is_closed else held.within
        held.issuer, held.issuer_name = body, capfirst(letterhead.association(body))
        held.save(update_fields=["issuer", "issuer_name", "within"])
    return held


def record(decision, verb, *, by, old="", new="", nomination=None, reason=""):
    about = nomination.assessment if nomination else None
    events.record(
        verb,
        nomination or decision,
        by=by,
        at=clock.now(),
        organization=decision.issuer,
        subject=about.citizen_id if about else None,
        old=old,
        new=new,
        private={"reason": reason} if reason else {},
    )
