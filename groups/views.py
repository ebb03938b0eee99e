"""The pages of those who speak for a group, of its members, and of the bodies that judge it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import lookers
from accounts.models import Consent, Headship, Member, Purpose
from assessments import chain, history, lowerings, queue, windows, workflow
from assessments import review as reading
from assessments.forms.board import ReviewForm
from assessments.models import Assessment, Campaign, State, WindowStep
from assessments.views.board import sections_of
from audit import clock
from audit.models import Sight
from criteria.models import Level
from groups import families, households, members, shown, speaking
from groups.forms import (
    CheckForm,
    ClanForm,
    HeadChoiceForm,
    HeadForm,
    HouseholdsFileForm,
    MemberForm,
    PaperForm,
)
from organizations import boards
from organizations.models import Household, Kind
from vietnamese import numbers

PAGE_SIZE = 25

# --- Those who speak for a group ------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def mine(request):
    """The groups one speaks for; with a press, the own household where nobody speaks for it yet."""
    now = clock.now()
    campaign = Campaign.objects.current(now)
    headless = speaking.headless_household_of(request.user)
    if request.method == "POST":
        return _become_head(request, headless)
    bodies = list(speaking.bodies_of(request.user))
    return render(
        request,
        "groups/mine.html",
        {
            "campaign": campaign,
            "groups": speaking.groups_of(request.user, campaign, now),
            "headless": headless,
            "memberships": speaking.memberships_of(request.user).exists(),
            "bodies": bodies,
            "waiting": speaking.waiting_at(bodies, campaign).count() if campaign and bodies else 0,
            "villages": [each for each in bodies if each.kind == Kind.VILLAGE],
        },
    )


def _become_head(request, headless):
    if headless is None:
        messages.error(request, _("Hộ của bạn đã có người đại diện, hoặc bạn chưa được ghi vào hộ nào."))
        return redirect("groups:mine")
    try:
        families.become_head(headless, request.user.citizen, by=request.user)
    except workflow.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Bạn là người đại diện của %(household)s.") % {"household": headless})
    return redirect("groups:mine")


@require_http_methods(["GET", "HEAD", "POST"])
def household(request, pk):
    return _group(request, get_object_or_404(speaking.households_of(request.user), pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
def organization(request, code):
    return _group(request, get_object_or_404(speaking.organizations_of(request.user), code=code))


def _group(request, subject):
    """One group in this year: how it stands, what counts for it, and its registration."""
    now = clock.now()
    campaign = Campaign.objects.current(now)
    level = speaking.level_of(subject)
    record = _record_of(subject, level, campaign)
    if request.method == "POST":
        return _register(request, subject, level, campaign)
    why_not = ""
    if record is None and campaign is not None:
        why_not = workflow.why_not_register_group(subject, level, campaign, now)
    links = chain.links(level, chain.scope_of(level, subject), subject)
    return render(
        request,
        "groups/group.html",
        {
            "subject": subject,
            "level": level,
            "campaign": campaign,
            "record": record,
            "why_not": why_not,
            "registration": campaign and links and _registration_words(campaign, links[0].body, level, now),
            "stops": chain.stops(record) if record else [],
            "way": links,
            "shown": shown.of(record, request.user) if record else [],
            "tips": shown.tips(record) if record else [],
            "members": Member.objects.of(subject).present().count(),
            "members_url": speaking.url_of(subject, "_members"),
            "earlier": _earlier(subject, level, campaign),
        },
    )


def _record_of(subject, level, campaign):
    field = "household" if isinstance(subject, Household) else "organization"
    records = Assessment.objects.filter(**{field: subject}, level=level, campaign=campaign)
    return records.with_all().first()


def _earlier(subject, level, campaign):
    field = "household" if isinstance(subject, Household) else "organization"
    records = Assessment.objects.filter(**{field: subject}, level=level).exclude(campaign=campaign)
    return records.select_related("campaign", "criteria_set").order_by("-campaign__year")


def _registration_words(campaign, board, level, now):
    return windows.words(windows.opening_at(WindowStep.REGISTRATION, campaign, board, now, level), now)


def _register(request, subject, level, campaign):
    if campaign is None:
        raise Http404
    try:
        if isinstance(subject, Household):
            record = households.register_one(subject, campaign, by=request.user)
        else:
            record = workflow.register_group(subject, level, campaign, by=request.user)
    except workflow.Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(speaking.url_of(subject))
    messages.success(
        request,
        _("Đã đăng ký %(title)s năm %(year)s. Hồ sơ chưa gửi.")
        % {"title": Level(level).label, "year": campaign},
    )
    return redirect(record)


# --- A household's clan ---------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def household_clan(request, pk):
    """The clan a household belongs to: joined and left by its head."""
    subject = get_object_or_404(speaking.households_of(request.user), pk=pk)
    clans = families.clans_for(subject)
    form = ClanForm(request.typed, clans=clans)
    if request.method == "POST":
        try:
            if request.POST.get("act") == "leave":
                if subject.clan is not None:
                    families.leave_clan(subject, subject.clan, by=request.user)
                messages.success(request, _("Hộ của bạn không thuộc dòng họ nào."))
                return redirect("groups:household_clan", pk)
            if form.is_valid():
                families.join_clan(subject, form.cleaned_data["clan"], by=request.user)
                said = {"clan": form.cleaned_data["clan"]}
                messages.success(request, _("Đã ghi hộ của bạn vào %(clan)s.") % said)
                return redirect("groups:household_clan", pk)
        except workflow.Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("groups:household_clan", pk)
    return render(
        request,
        "groups/household_clan.html",
        {"subject": subject, "back": speaking.url_of(subject), "form": form, "has_clans": clans.exists()},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def clan_households(request, code):
    """The households of a clan: put in and taken out by who speaks for it."""
    clan = get_object_or_404(speaking.organizations_of(request.user).filter(kind=Kind.CLAN), code=code)
    found, form = families.households_of(clan), HeadForm()
    if request.method == "POST" and request.POST.get("act") == "leave":
        chosen = found.filter(pk=numbers.key(request.POST.get("ho"))).first()
        if chosen is not None:
            families.leave_clan(chosen, clan, by=request.user)
            messages.success(request, _("Đã bỏ %(household)s khỏi dòng họ.") % {"household": chosen})
        return redirect("groups:clan_households", code)
    if request.method == "POST":
        form = HeadForm(request.POST)
        if form.is_valid():
            try:
                chosen = families.household_headed_by(clan, **form.cleaned_data)
                families.join_clan(chosen, clan, by=request.user)
            except workflow.Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Đã ghi %(household)s vào dòng họ.") % {"household": chosen})
                return redirect("groups:clan_households", code)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "groups/clan_households.html",
        {"subject": clan, "back": speaking.url_of(clan), "page": page, "form": form},
    )


# --- Members --------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def household_members(request, pk):
    return _members(request, get_object_or_404(speaking.households_of(request.user), pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
def organization_members(request, code):
    return _members(request, get_object_or_404(speaking.organizations_of(request.user), code=code))


def _members(request, subject):
    here = speaking.url_of(subject, "_members")
    act = request.POST.get("act", "")
    form, paper = MemberForm(), None
    if request.method == "POST" and act == "add":
        form = MemberForm(request.POST)
        if form.is_valid() and _added(request, subject, form):
            return redirect(here)
    elif request.method == "POST" and act == "paper":
        paper = PaperForm(request.POST)
        if paper.is_valid() and _noted_paper(request, subject, paper):
            return redirect(here)
    elif request.method == "POST":
        return _changed(request, subject, act, here)
    listed = Member.objects.of(subject).present().select_related("citizen").in_order()
    page = Paginator(listed, PAGE_SIZE).get_page(request.GET.get("page"))
    asked = _member(subject, request.GET.get("giay"))
    if paper is None and asked is not None:
        paper = PaperForm(initial={"member": asked.pk})
    return render(
        request,
        "groups/members.html",
        {
            "subject": subject,
            "level": speaking.level_of(subject),
            "page": page,
            "rows": _rows(page),
            "form": form,
            "paper": paper,
            "paper_member": asked or (paper and _member(subject, paper.data.get("member"))),
            "texts": [(purpose, members.text_of(purpose)) for purpose in Purpose],
            "here": here,
            "back": speaking.url_of(subject),
        },
    )


def _rows(page):
    """Each member with what stands agreed, and how one who has not agreed may."""
    standing = Consent.objects.standing().filter(member__in=list(page))
    agreed = {(consent.member_id, consent.purpose): consent for consent in standing}
    return [
        (
            member,
            [(purpose, agreed.get((member.pk, purpose.value))) for purpose in Purpose],
            members.has_account(member),
            members.is_under_age(member),
        )
        for member in page
    ]


def _member(subject, number):
    listed = Member.objects.of(subject).present().select_related("citizen")
    return listed.filter(pk=numbers.key(number)).first()


def _added(request, subject, form):
    try:
        member = members.add(subject, **form.cleaned_data, by=request.user)
    except workflow.Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("Đã ghi %(name)s vào danh sách.") % {"name": member})
    return True


def _noted_paper(request, subject, form):
    member = _member(subject, str(form.cleaned_data["member"]))
    if member is None:
        raise Http404
    try:
        for purpose in form.cleaned_data["purposes"]:
            members.agree(member, purpose, by=request.user, paper_of=form.cleaned_data["paper_of"])
    except workflow.Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("Đã ghi giấy đồng ý của %(name)s.") % {"name": member})
    return True


def _changed(request, subject, act, here):
    """Somebody leaves, a child's consent is given, or a consent on paper or of a child ends."""
    member = _member(subject, request.POST.get("member"))
    purpose = request.POST.get("purpose")
    if member is None or (act != "leave" and purpose not in Purpose.values):
        messages.error(request, _("Danh sách vừa thay đổi. Xem lại rồi bấm lần nữa."))
        return redirect(here)
    try:
        if act == "leave":
            members.leave(member, by=request.user)
            messages.success(request, _("Đã bỏ %(name)s khỏi danh sách.") % {"name": member})
        elif act == "agree":
            members.agree(member, purpose, by=request.user)
            messages.success(request, _("Đã ghi sự đồng ý cho %(name)s.") % {"name": member})
        elif act == "take-back":
            members.take_back(member, purpose, by=request.user)
            messages.success(request, _("Đã rút sự đồng ý của %(name)s.") % {"name": member})
    except workflow.Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(here)


@require_http_methods(["GET", "HEAD", "POST"])
def memberships(request):
    """What groups one is listed in, and the own consent to each purpose: given and taken back here alone."""
    own = speaking.memberships_of(request.user)
    if request.method == "POST":
        member = own.filter(pk=numbers.key(request.POST.get("member"))).first()
        purpose = request.POST.get("purpose")
        if member is None or purpose not in Purpose.values:
            raise Http404
        if request.POST.get("act") == "agree":
            members.agree(member, purpose, by=request.user)
            messages.success(request, _("Đã ghi: bạn đồng ý."))
        else:
            members.take_back(member, purpose, by=request.user)
            messages.success(request, _("Đã rút lại sự đồng ý."))
        return redirect("groups:memberships")
    listed = list(own)
    given = Consent.objects.standing().filter(member__in=listed)
    agreed = {(consent.member_id, consent.purpose): consent for consent in given}
    return render(
        request,
        "groups/memberships.html",
        {
            "rows": [
                (
                    member,
                    [
                        (purpose, members.text_of(purpose), agreed.get((member.pk, purpose.value)))
                        for purpose in Purpose
                    ],
                )
                for member in listed
            ]
        },
    )


# --- A village's households -----------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def village(request, code):
    """Register households ticked in the list, or put in from a file."""
    place = get_object_or_404(speaking.bodies_of(request.user).filter(kind=Kind.VILLAGE), code=code)
    campaign = Campaign.objects.current(clock.now())
    if campaign is None:
        raise Http404
    form, faults, done = HouseholdsFileForm(), [], None
    if request.method == "POST" and request.POST.get("act") == "file":
        form = HouseholdsFileForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                rows = households.read(form.cleaned_data["file"], place)
                done = households.register(
                    households.put_in(rows, place, by=request.user), campaign, by=request.user
                )
            except households.Faulty as problem:
                faults = problem.faults
    elif request.method == "POST":
        chosen = set(map(numbers.key, request.POST.getlist("ho")[:PAGE_SIZE])) - {None}
        if chosen:
            ticked = Household.objects.filter(village=place, pk__in=chosen).order_by("name", "pk")
            done = households.register(ticked, campaign, by=request.user)
        else:
            messages.error(request, _("Chưa chọn hộ nào. Đánh dấu ít nhất một hộ."))
    found = households.of(place, campaign)
    if (query := request.GET.get("xem")) == "chua":
        found = found.filter(record=None)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "groups/village.html",
        {
            "place": place,
            "campaign": campaign,
            "page": page,
            "only_left": query == "chua",
            "all_ticked": request.GET.get("chosen") == "all",
            "form": form,
            "faults": faults,
            "done": done,
            "states": dict(State.choices),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def village_household(request, code, pk):
    """Who speaks for a household: named by the board of its village among the grown-ups who live there."""
    place = get_object_or_404(speaking.bodies_of(request.user).filter(kind=Kind.VILLAGE), code=code)
    subject = get_object_or_404(Household.objects.filter(village=place).select_related("clan"), pk=pk)
    form = HeadChoiceForm(request.typed, people=families.who_may_head(subject))
    if request.method == "POST" and form.is_valid():
        try:
            families.name_head(subject, form.cleaned_data["citizen"], by=request.user)
        except workflow.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            said = {"name": form.cleaned_data["citizen"], "household": subject}
            messages.success(request, _("%(name)s là người đại diện của %(household)s.") % said)
            return redirect("groups:village_household", code, pk)
    heads = (
        Headship.objects.filter(household=subject).select_related("citizen").order_by("-valid_from", "-pk")
    )
    standing = next((each for each in heads if each.valid_to is None), None)
    return render(
        request,
        "groups/village_household.html",
        {
            "place": place,
            "subject": subject,
            "form": form,
            "people": families.who_may_head(subject).exists(),
            "head": standing,
            "former": [each for each in heads if each.valid_to is not None],
        },
    )


# --- The bodies that judge ------------------------------------------------------------------------


@require_safe
def board(request):
    """What lies with the bodies one sits on, by title, the longest waiting first."""
    bodies = list(speaking.bodies_of(request.user))
    if not bodies:
        raise PermissionDenied
    campaigns = {campaign.year: campaign for campaign in Campaign.objects.until(clock.now())}
    campaign = campaigns.get(numbers.key(request.GET.get("nam")))
    campaign = campaign or next(iter(campaigns.values()), None)
    waiting = speaking.waiting_at(bodies, campaign)
    counts = dict(waiting.order_by().values_list("level").annotate(Count("pk")))
    level = request.GET.get("loai")
    if level not in speaking.GROUP_LEVELS:
        level = next((each for each in speaking.GROUP_LEVELS if counts.get(each)), speaking.GROUP_LEVELS[0])
    shelf = "below" if request.GET.get("xem") == "tat-ca" else "waiting"
    found = waiting if shelf == "waiting" else _seen(request.user, campaign)
    records = found.filter(level=level).with_all().order_by("submitted_at", "pk")
    return render(
        request,
        "groups/board.html",
        {
            "bodies": bodies,
            "campaign": campaign,
            "other_years": [each for each in campaigns if campaign and each != campaign.year],
            "levels": [
                (each.value, each.label, counts.get(each.value, 0), each == level)
                for each in speaking.GROUP_LEVELS
            ],
            "shelf": shelf,
            "page": Paginator(records, PAGE_SIZE).get_page(request.GET.get("page")),
        },
    )


def _seen(user, campaign):
    return Assessment.objects.groups_overseen_by(user).filter(campaign=campaign)


@require_http_methods(["GET", "HEAD", "POST"])
def review(request, pk):
    """One group's record as a body reads it: sent on, sent back, or at the last link of the chain judged."""
    records = Assessment.objects.groups_overseen_by(request.user).with_all()
    record = get_object_or_404(records, pk=pk)
    may = Assessment.objects.for_confirmer(request.user).filter(pk=pk).exists()
    if request.method == "POST" and not may:
        if _was_mine(record, request.user):
            messages.success(request, history.last_step_words(record))
            return redirect("groups:review", pk)
        raise PermissionDenied
    if request.method == "POST":
        form = _form(record, request.POST, request.POST.get("act", ""))
        if _answered(request, record, form):
            return redirect("groups:review", pk)
        record = get_object_or_404(records, pk=pk)
        if form.is_bound and form.read_version != record.version:
            form = _form(record, {**request.POST.dict(), "version": record.version})
    else:
        form = _form(record, request.typed)
    listed = Member.objects.of(record.subject).present().having_consented(Purpose.LISTED)
    named = list(listed.select_related("citizen").in_order()[:PAGE_SIZE])
    lookers.note(
        request,
        Sight.RECORD,
        record.board,
        record=record.pk,
        listed=tuple(each.citizen_id for each in named if each.citizen_id),
    )
    now = clock.now()
    opening = windows.opening_of(WindowStep.CONFIRMATION, record, now)
    is_open = windows.is_open(WindowStep.CONFIRMATION, record, now)
    is_waiting = record.state == State.SUBMITTED
    form = form if may and is_open and is_waiting else None
    reads = reading.of(record, None) if reading.is_open_to_board(record) else None
    is_last = isinstance(form, ReviewForm)
    return render(
        request,
        "groups/review.html",
        {
            "assessment": record,
            "subject": record.subject,
            "form": form,
            "is_last": is_last,
            "next": chain.following(record) if is_waiting else None,
            "note": "" if may or not is_waiting else queue.who_confirms(record, request.user),
            "deadline": windows.sentence(opening, now),
            "stops": chain.stops(record),
            "review": reads,
            "sections": sections_of(reads, form if is_last else None) if reads else [],
            "result": form.result() if is_last else None,
            "rules": record.rules(),
            "seconds": queue.seconds(record, request.user) if is_last else [],
            "lowering": lowerings.waiting(record) if is_waiting else None,
            "shown": shown.of(record, request.user),
            "tips": shown.tips(record) if reads else [],
            "members": named,
            "members_in_all": Member.objects.of(record.subject).present().count(),
            "history": history.of(record),
            "board_name": boards.name_of(record.board),
        },
    )


def _form(record, data=None, act=""):
    """The points too where this body gives the result; else only what it says."""
    if record.state == State.SUBMITTED and chain.following(record) is None:
        return ReviewForm(
            data,
            assessment=record,
            own=workflow.own_scores(record),
            act=act,
            lowering=lowerings.waiting(record),
        )
    return CheckForm(data, version=record.version, act=act)


def _answered(request, record, form):
    """Do what the button says and tell how it went; whether there is nothing left to do here."""
    said = {"name": record.subject}
    try:
        workflow.ask_unchanged(record, form.read_version)
        if not form.is_valid():
            return False
        if form.act == CheckForm.RETURN:
            is_points = isinstance(form, ReviewForm)
            workflow.send_back(
                record,
                by=request.user,
                version=record.version,
                reason=form.return_reason() if is_points else form.cleaned_data["reason"],
                only=form.only() if is_points else None,
            )
            messages.success(request, _("Đã trả lại hồ sơ của %(name)s, kèm lý do.") % said)
        elif form.act == CheckForm.SEND_ON:
            workflow.send_on(
                record, by=request.user, version=record.version, reason=form.cleaned_data["reason"]
            )
            said["board"] = boards.name_of(record.board)
            messages.success(request, _("Đã chuyển hồ sơ của %(name)s lên %(board)s.") % said)
        elif form.act == ReviewForm.CONFIRM:
            workflow.confirm(record, by=request.user, version=record.version, changes=form.changes())
            messages.success(request, _said_of(record))
        else:
            return False
    except workflow.Stale as stale:
        if _was_mine(record, request.user):
            return True
        messages.error(
            request, _("%(stale)s Những gì bạn gõ vẫn còn. Xem lại rồi bấm lần nữa.") % {"stale": stale}
        )
        return False
    except workflow.Refused as refusal:
        return _tell_refused(request, record, refusal)
    return True


def _said_of(record):
    if record.state == State.SUBMITTED:
        return _(
            "Đã ghi điểm bạn chấm, thấp hơn điểm tự chấm. Một thành viên khác đồng ý thì mới có hiệu lực."
        )
    return _("Đã xác nhận kết quả của %(name)s: %(result)s.") % {
        "name": record.subject,
        "result": history.result_words(record),
    }


def _tell_refused(request, record, refusal):
    """A second click finds the own first one done: that is no fault."""
    if _was_mine(record, request.user):
        messages.success(request, history.last_step_words(Assessment.objects.get(pk=record.pk)))
        return True
    messages.error(request, str(refusal))
    return False


def _was_mine(record, user):
    """Whether the last answer of the chain was the user's: a second click, not another opinion."""
    last = record.review_steps.last()
    return last is not None and last.by_id == user.pk and last.at >= record.submitted_at
