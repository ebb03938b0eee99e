"""From the recognised to the commended: proposed by rule, chosen by people, honoured by a decision."""

from django.db import IntegrityError, transaction
from django.db.models import (
    Avg,
    Case,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    Max,
    OuterRef,
    Q,
    Subquery,
    When,
    Window,
)
from django.db.models.functions import Cast, Coalesce, Rank
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import Citizen, Message
from assessments import notices
from assessments.models import Assessment, CountedShare
from audit import clock, events
from criteria.models import Level
from organizations.models import Kind
from recognitions import deciders, deciding, exemplary, minutes
from recognitions.models import Commendation, CommendationList, Why
from recognitions.models.recognition import name_order
from recognitions.refusals import RefusedAt
from reports import letterhead
from vietnamese import search, text

# Of which places the highest are looked for, by who commends.
PLACES = {
    Kind.COMMUNE: "assessment__board",
    Kind.PROVINCE: "decision__issuer",
    Kind.CENTRE: "assessment__province",
}


# --- Who is proposed ------------------------------------------------------------------------------


def proposed(commending, why, name=""):
    """Whom one rule proposes for a list; of those proposed by people, whose name holds every word."""
    about = (commending.issuer, commending.level, commending.campaign)
    if why == Why.EXEMPLARY:
        return exemplary.found(*about).in_order()
    found = exemplary.given_within(*about)
    if why == Why.PERSON:
        return found.filter(_named(name, commending.level)).in_order() if name.strip() else found.none()
    total = Coalesce("assessment__review_total", "assessment__confirmed_total")
    found = found.annotate(total=Cast(total, FloatField()), share=_share("assessment"))
    # Of two sets, one with points and one without, each has its own highest.
    is_judged = Case(When(total=None, then=True), default=False)
    found = found.annotate(is_judged=is_judged, reached=Coalesce("total", "share"))
    place = Window(
        Rank(), partition_by=[PLACES[commending.body_kind], "is_judged"], order_by=F("reached").desc()
    )
    ranked = found.filter(reached__isnull=False).annotate(place=place)
    ranked = ranked.filter(place__lte=exemplary.rules()["highest"])
    return ranked.order_by("is_judged", "-reached", name_order(), "pk")


def _share(record):
    """The mean, in percent, of the shares that were counted for a record; None where there are none."""
    counted = CountedShare.objects.filter(assessment=OuterRef(record), denominator__gt=0)
    percent = ExpressionWrapper(100.0 * F("numerator") / F("denominator"), FloatField())
    return Subquery(counted.order_by().values("assessment").annotate(mean=Avg(percent)).values("mean"))


def shares_of(records) -> dict[int, float]:
    """Record → its mean share, of those whose set gives no points."""
    found = Assessment.objects.filter(pk__in=records, confirmed_total=None).annotate(share=_share("pk"))
    return {pk: round(share, 1) for pk, share in found.values_list("pk", "share") if share is not None}


def _named(name, level):
    if level == Level.FAMILY:
        # As it is called; or, with accents or without, as somebody of it is.
        called = Q(*(Q(holder_name__icontains=word) for word in text.nfc(name).split()))
        people = Citizen.objects.filter(household=OuterRef("assessment__household"))
        return called | Exists(people.matching(name))
    whose = "citizen" if level == Level.CITIZEN else "organization"
    return search.every_word(name, f"assessment__{whose}__name_search")


def of_oneself(user):
    """Records of which one chooses nobody: one's own, one's family's and those of one's groups."""
    return Assessment.objects.tied_to(user).order_by().values("pk")


def counted(commending) -> dict[str, int]:
    """How many are exemplary, how many this list has chosen, and how many its association honoured."""
    honoured = Commendation.objects.honoured().filter(
        list__issuer=commending.issuer, list__level=commending.level, campaign=commending.campaign
    )
    return {
        "exemplary": exemplary.found(commending.issuer, commending.level, commending.campaign).count(),
        "chosen": commending.chosen.count(),
        "honoured": honoured.count(),
    }


# --- Who is chosen --------------------------------------------------------------------------------


@transaction.atomic
def begin(issuer, level, campaign, form, *, by) -> CommendationList:
    """A list to choose for; a second click finds the first, and that of an association merged into this."""
    minutes.ask_officer(issuer, by)
    same = {"level": level, "campaign": campaign, "form": form, "decided_on": None}
    if begun := CommendationList.objects.gone_on_with(issuer).filter(**same).first():
        return begun
    commending, is_new = CommendationList.objects.get_or_create(
        **same,
        issuer=issuer,
        defaults={
            "issuer_name": capfirst(letterhead.association(issuer)),
            "body_kind": issuer.kind,
            "begun_by": by,
        },
    )
    if is_new:
        _record("begin_commending", commending, by=by)
    return commending


@transaction.atomic
def choose(commending, why, *, shown, ticked, by) -> tuple[int, int]:
    """Of the titles that were shown the ticked ones are on the list afterwards, the others not.

    Returns how many came and how many went. Raises RefusedAt where nothing was chosen at all.
    """
    held = _hold(commending.pk, by)
    standing = held.chosen.filter(recognition__in=shown).select_related("recognition__assessment")
    before = {each.recognition_id: each for each in standing}
    new = [pk for pk in ticked if pk in shown and pk not in before]
    gone = [each for pk, each in before.items() if pk not in ticked]
    if not new and not before:
        raise RefusedAt(None, _("Chưa chọn ai. Đánh dấu ít nhất một tên rồi lưu."))
    found = _may_be_chosen(held, new, by)
    _give_up_without_a_body(held, found, by)
    _ask_once(held, found)
    held.chosen.filter(pk__in=[each.pk for each in gone]).delete()
    try:
        with transaction.atomic():
            made = Commendation.objects.bulk_create(
                Commendation(
                    list=held,
                    recognition=each,
                    subject=each.subject,
                    campaign_id=held.campaign_id,
                    body_kind=held.body_kind,
                    why=why,
                    chosen_by=by,
                )
                for each in found
            )
    except IntegrityError as error:  # chosen on another list in the same moment
        raise RefusedAt(None, _("Chưa lưu được. Mở lại trang rồi làm lại.")) from error
    now = clock.now()
    events.record_many(
        events.Entry(
            verb,
            each,
            by=by,
            at=now,
            organization=held.issuer,
            subject=each.recognition.assessment.citizen_id,
        )
        for verb, those in (("unchoose_commended", gone), ("choose_commended", made))
        for each in those
    )
    return len(made), len(gone)


def _may_be_chosen(commending, keys, by):
    """The titles of these keys. Refused where one does not stand, stands elsewhere or is one's own."""
    here = exemplary.given_within(commending.issuer, commending.level, commending.campaign)
    found = list(here.filter(pk__in=keys).select_related("assessment"))
    if len(found) < len(set(keys)):
        raise RefusedAt(
            None,
            _("Có tên không chọn được: danh hiệu đã bị thu hồi, được cấp lại, hoặc không thuộc nơi này."),
        )
    if here.filter(pk__in=keys, assessment__in=of_oneself(by)).exists():
        raise RefusedAt(None, _("Không tự chọn mình, gia đình hay nhóm của mình. Nhờ cán bộ khác chọn."))
    return found


def _ask_once(commending, recognitions):
    """Nobody is commended twice for a year at one level."""
    again = _chosen_already(commending, recognitions).select_related("recognition").in_order()
    if names := ", ".join(each.recognition.holder_name for each in again[:5]):
        raise RefusedAt(
            None,
            _("Năm này đã được chọn khen ở cấp này, không chọn hai lần: %(names)s.") % {"names": names},
        )


def _chosen_already(commending, recognitions):
    return Commendation.objects.filter(
        subject__in=[each.subject for each in recognitions],
        campaign=commending.campaign,
        body_kind=commending.body_kind,
    )


@transaction.atomic
def drop(commending, reason, *, by) -> None:
    """Give a list up before it is decided: who was chosen may be chosen on another."""
    _drop(_hold(commending.pk, by), reason, by)


def _drop(held, reason, by):
    _record("drop_commending", held, by=by, old=str(held.chosen.count()), new=reason)
    held.chosen.all().delete()
    held.delete()


def _give_up_without_a_body(commending, recognitions, by):
    """What an association that was split up had begun keeps nobody of these from another list."""
    chosen = _chosen_already(commending, recognitions).values("list")
    left_behind = CommendationList.objects.under_way().without_a_body().filter(pk__in=chosen)
    for left in left_behind.select_related("issuer"):
        _drop(left, _("%(place)s đã thôi hoạt động.") % {"place": left.issuer}, by)


# --- The decision ---------------------------------------------------------------------------------


@transaction.atomic
def decide(commending, *, number, on, signer_name, signer_post, by) -> None:
    """Write down by which decision they are honoured, and tell them."""
    held = _hold(commending.pk, by)
    chosen = held.chosen.select_related(
        "recognition__assessment__household", "recognition__assessment__organization"
    ).in_order()
    if not chosen:
        raise RefusedAt(None, _("Danh sách chưa có ai. Chọn người rồi mới ghi quyết định."))
    if names := ", ".join(each.recognition.holder_name for each in chosen.no_longer_held()[:5]):
        raise RefusedAt(
            None,
            _("Danh hiệu đã bị thu hồi hoặc được cấp lại: %(names)s. Bỏ chọn các tên ấy rồi ghi lại.")
            % {"names": names},
        )
    last = chosen.aggregate(day=Max("recognition__valid_from"))["day"]
    minutes.ask_day(held, on, field="decided_on", not_before=last, what=_("ngày quyết định công nhận"))
    with deciding.one_number(held.issuer, number, on):
        CommendationList.objects.filter(pk=held.pk, decided_on=None).update(
            issuer=held.issuer, **deciding.written(held.issuer, number, on, signer_name, signer_post, by)
        )
    _record("decide_commended", held, by=by, new=f"{number} {on:%d/%m/%Y} {signer_name}")
    held.refresh_from_db()
    Message.objects.tell(_told(held, chosen))


def _told(commending, chosen):
    for each in chosen:
        for to in notices.holders_of(each.recognition.assessment):
            (pk,) = to.values()
            yield Message(
                **to,
                key=f"commended:{each.pk}:{pk}",
                subject=_("Chúc mừng: %(form)s cho %(title)s năm %(year)s")
                % {
                    "form": commending.get_form_display(),
                    "title": commending.get_level_display(),
                    "year": commending.campaign.year,
                },
                body=_("%(name)s: %(commended)s.")
                % {"name": each.recognition.holder_name, "commended": commending},
                link=each.recognition.get_absolute_url(),
            )


def _hold(pk, by) -> CommendationList:
    """The list, while nobody else changes it, and only until it is decided."""
    lists = CommendationList.objects.select_for_update(of=("self",))
    held = lists.select_related("issuer__heir", "campaign").filter(pk=pk).first()
    if held is None:
        raise RefusedAt(None, _("Danh sách này đã bỏ. Lập danh sách khác nếu cần."))
    minutes.ask_officer(held.issuer, by)
    if held.is_decided:
        raise RefusedAt(None, _("Danh sách này đã có quyết định, không đổi được nữa."))
    held.issuer = deciders.body_of(held.issuer)  # of an association that was merged into another
    return held


def _record(verb, commending, *, by, old="", new=""):
    events.record(verb, commending, by=by, at=clock.now(), organization=commending.issuer, old=old, new=new)
