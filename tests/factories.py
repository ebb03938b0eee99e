"""Valid rows for tests; a call says only what matters to its test."""

import datetime
import itertools
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.text import capfirst

from accounts.models import Appointment, Citizen, Gender, Headship, Role, User
from assessments import chain, chain_data, workflow
from assessments.models import Assessment, Campaign, Extension, State, Window, WindowStep
from audit import clock
from criteria import loading
from criteria.models import Authority, CriteriaSet, Criterion, Group, Level, Status
from criteria.rules import ScoringModel
from organizations import boards
from organizations.models import Household, Kind, Organization, Type
from recognitions import deciding
from recognitions.models import Decision, DecisionState, LevelSetting, Nomination

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
number = itertools.count(1)
number_of_decision = itertools.count(1001)  # none that a test names


def moment(*parts):
    """A moment in Vietnam: moment(2026, 12, 31, 23, 59)."""
    return datetime.datetime(*parts, tzinfo=VIETNAM)


# --- The tree -------------------------------------------------------------------------------------


def make_centre():
    centre = Organization.objects.filter(kind=Kind.CENTRE).first()
    return centre or Organization.objects.create(
        kind=Kind.CENTRE,
        code="TW",
        name="Hội Khuyến học Việt Nam",
        valid_from=datetime.date(1996, 10, 2),
    )


def make_province(name="Hà Tĩnh", code=None, **fields):
    return _make_organization(Kind.PROVINCE, Type.PROVINCE, name, code, make_centre(), fields)


def make_commune(name="Thạch Khê", code=None, province=None, **fields):
    return _make_organization(
        Kind.COMMUNE, Type.RURAL_COMMUNE, name, code, province or make_province(), fields
    )


def make_village(name="Đông Hải", commune=None, **fields):
    return _make_organization(Kind.VILLAGE, Type.HAMLET, name, None, commune or make_commune(), fields)


def make_unit(name="Trường THPT Lý Tự Trọng", parent=None, **fields):
    return _make_organization(
        Kind.UNIT, fields.pop("type", Type.SCHOOL), name, None, parent or make_commune(), fields
    )


def _make_organization(kind, type, name, code, parent, fields):
    return Organization.objects.create(
        kind=kind, type=type, name=name, code=code or f"T{next(number):05d}", parent=parent, **fields
    )


def make_household(village=None, **fields):
    return Household.objects.create(village=village or make_village(), **({"name": "Hộ ông An"} | fields))


# --- People ---------------------------------------------------------------------------------------


def make_identity_number():
    return f"0422{next(number):08d}"


def make_user(full_name="Trần Thị Mai", username=None, password=None, **fields):
    user = User(full_name=full_name, username=username or f"nguoi-{next(number)}", **fields)
    user.set_password(password)
    user.save()
    return user


def make_citizen(full_name="Nguyễn Thị Hoa", *, board=None, user=None, **fields):
    """A citizen whom the board confirms: a village's, a unit's (living in its commune), or a commune's."""
    places = {}
    if board is None or board.kind == Kind.VILLAGE:
        village = board or make_village()
        places = {"village": village, "commune": village.parent}
    elif board.kind == Kind.UNIT:
        commune = board.parent if board.parent.kind == Kind.COMMUNE else make_commune(province=board.parent)
        places = {"unit": board, "commune": commune}
    else:
        places = {"commune": board}
    defaults = {
        "birth_date": datetime.date(1960, 9, 5),
        "gender": Gender.FEMALE,
        "identity_number": make_identity_number(),
        "phone": "+84912345678",
    }
    return Citizen.objects.create(full_name=full_name, user=user, **(defaults | places | fields))


def make_citizen_with_account(full_name="Nguyễn Thị Hoa", password=None, **fields):
    return make_citizen(full_name, user=make_user(full_name, password=password), **fields)


def appoint(user, organization, role=Role.BOARD_MEMBER, **fields):
    fields.setdefault("valid_from", datetime.date(2024, 1, 1))
    return Appointment.objects.create(user=user, organization=organization, role=role, **fields)


def make_confirmer(board, full_name="Trần Thị Mai", **fields):
    """A user who sits on the board."""
    user = make_user(full_name, **fields)
    appoint(user, board)
    return user


def make_officer(organization, full_name="Lê Văn Bình", **fields):
    user = make_user(full_name, **fields)
    appoint(user, organization, Role.OFFICER)
    return user


# --- Criteria and the year ------------------------------------------------------------------------


def load_criteria():
    """The shipped sets of the four groups: published once a run, and put back as they then stood."""
    if CriteriaSet.objects.exists():
        return
    if _published:
        _put_back()
        return
    with (loading.SHIPPED / "1-citizen.yaml").open("rb") as file:
        loading.load(file)
    _published.update({model: list(model.objects.order_by("pk")) for model in (CriteriaSet, Criterion)})
    for criteria_set in _published[CriteriaSet]:
        criteria_set.status = Status.DRAFT


_published = {}


def _put_back():
    """Lines go in while their set is a draft: the database takes none into one that is published."""
    for model, rows in _published.items():
        model.objects.bulk_create(rows)
    CriteriaSet.objects.update(status=Status.PUBLISHED, published_at=clock.now())


def load_all_criteria():
    """The shipped sets of all titles."""
    load_criteria()
    loading.load_shipped()


def make_campaign(year=None, **windows):
    """A year with its windows; `confirmation=(opens_at, closes_at)` and the like move one of them."""
    campaign, _is_new = Campaign.objects.open(year or clock.today().year)
    for step, (opens_at, closes_at) in windows.items():
        campaign.windows.filter(step=step).update(opens_at=opens_at, closes_at=closes_at)
    return campaign


def days_from_now(days):
    return clock.now() + datetime.timedelta(days=days)


def open_window():
    """For make_campaign: a window that is open now, whatever the day on which the tests run."""
    return days_from_now(-30), days_from_now(30)


def closed_window():
    return days_from_now(-30), days_from_now(-1)


def open_campaign(**windows):
    """A campaign in which every step may be taken now."""
    return make_campaign(**({step: open_window() for step in WindowStep.values} | windows))


# --- Records --------------------------------------------------------------------------------------


def full_marks(assessment, points=8, passed=True):
    """The same for every indicator of the record's form."""
    given = passed if assessment.criteria_set.scoring_model == ScoringModel.PASS_FAIL else Decimal(points)
    return {indicator.code: given for indicator in assessment.criteria_set.indicators}


def make_assessment(*, citizen=None, board=None, campaign=None, group=Group.I):
    """A registered record, nothing scored; every window open unless a campaign is given."""
    load_criteria()
    citizen = citizen or make_citizen_with_account(board=board)
    return workflow.register(citizen, campaign or open_campaign(), group=group, by=citizen.user)


def make_scored_assessment(points=8, passed=True, **fields):
    assessment = make_assessment(**fields)
    workflow.save_scores(assessment, full_marks(assessment, points, passed), by=assessment.citizen.user)
    return assessment


def make_submitted_assessment(points=8, **fields):
    assessment = make_scored_assessment(points, **fields)
    workflow.submit(assessment, by=assessment.citizen.user)
    return assessment


def make_confirmed_assessment(points=8, *, by=None, **fields):
    assessment = make_submitted_assessment(points, **fields)
    workflow.confirm(assessment, by=by or make_confirmer(assessment.board))
    return assessment


def make_returned_assessment(reason="Thiếu minh chứng chỉ số I.1.1.", *, by=None, **fields):
    assessment = make_submitted_assessment(**fields)
    workflow.send_back(assessment, by=by or make_confirmer(assessment.board), reason=reason)
    return assessment


def reload(assessment):
    return Assessment.objects.get(pk=assessment.pk)


def state_of(assessment):
    return State(reload(assessment).state)


def make_contested_assessment(points=8, reasons=None, **fields):
    """A confirmed record whose citizen asks for some indicators to be looked at again."""
    assessment = make_confirmed_assessment(points, **fields)
    reasons = reasons or {"I.2.1": "Tôi có giấy chứng nhận."}
    workflow.contest(assessment, reasons, by=assessment.citizen.user)
    return assessment


def state_paper_days(campaign, opens_at, closes_at, **where):
    """Let paper of before the lock be typed in; of itself no year has such days."""
    return campaign.windows.create(
        step=WindowStep.PAPER, level=Level.CITIZEN, opens_at=opens_at, closes_at=closes_at, **where
    )


def make_extension(step=WindowStep.CONFIRMATION, *, opens_at=None, closes_at=None, **where):
    """An extension of some days that is open now; `where` is campaign and organization, or a record."""
    if "assessment" in where:
        where.setdefault("campaign", where["assessment"].campaign)
    return Extension.objects.create(
        step=step,
        level=Level.CITIZEN,
        opens_at=opens_at or clock.now(),
        closes_at=closes_at or days_from_now(5),
        reason="Ban bị lũ.",
        decision_number="12/QĐ-HKH",
        approved_by=make_user("Lê Văn Bình"),
        **where,
    )


# --- Groups ---------------------------------------------------------------------------------------


def load_chains():
    """The shipped chains of review; and the windows of groups, open now, of every year there is."""
    chain_data.load()
    opens_at, closes_at = open_window()
    Window.objects.exclude(level=Level.CITIZEN).update(opens_at=opens_at, closes_at=closes_at)


def make_group_set(level, scope="", *, valid_from=datetime.date(2024, 1, 1)):
    """A set of two indicators of 50 points for a title of groups, where none is in force."""
    standing = CriteriaSet.objects.filter(level=level, scope=scope, status=Status.PUBLISHED).first()
    if standing:
        return standing
    criteria_set = CriteriaSet.objects.create(
        level=level,
        scope=scope,
        title=f"Bộ thử {Level(level).label} {Kind(scope).label if scope else ''}".strip(),
        basis_number=f"T-{next(number)}",
        valid_from=valid_from,
        authority=Authority.PROVISIONAL,
        scoring_model=ScoringModel.POINTS,
        pass_mark=80,
        floor=0,
    )
    section = criteria_set.criteria.create(position=1, code="1", text="Học tập")
    for place in (1, 2):
        criteria_set.criteria.create(
            parent=section, position=1 + place, code=f"1.{place}", text="Thường xuyên học tập", maximum=50
        )
    CriteriaSet.objects.filter(pk=criteria_set.pk).update(status=Status.PUBLISHED)
    return CriteriaSet.objects.get(pk=criteria_set.pk)


def make_clan(name="Dòng họ Nguyễn Đông Hải", commune=None, **fields):
    return _make_organization(Kind.CLAN, "", name, None, commune or make_commune(), fields)


def make_head(household, full_name="Nguyễn Văn An", **fields):
    """The head of a household, with an account, who lives there."""
    citizen = make_citizen_with_account(full_name, board=household.village, household=household, **fields)
    Headship.objects.create(household=household, citizen=citizen, valid_from=datetime.date(2024, 1, 1))
    return citizen


def make_group_assessment(level, subject, *, by, campaign=None):
    """A registered record of a group, nothing scored, with a set and a chain of the day."""
    campaign = campaign or open_campaign()
    load_chains()
    make_group_set(level, chain.scope_of(level, subject))
    return workflow.register_group(subject, level, campaign, by=by)


def make_submitted_group_assessment(level, subject, *, by, points=45, **fields):
    assessment = make_group_assessment(level, subject, by=by, **fields)
    workflow.save_scores(assessment, full_marks(assessment, points), by=by)
    workflow.submit(assessment, by=by)
    return assessment


def make_confirmed_group_assessment(level, subject, *, by, confirmer=None, points=45, **fields):
    """Judged by the last body of its chain."""
    assessment = make_submitted_group_assessment(level, subject, by=by, points=points, **fields)
    *links, last = chain.of(assessment)
    for link in links:
        workflow.send_on(assessment, by=make_confirmer(link.body))
    workflow.confirm(assessment, by=confirmer or make_confirmer(last.body))
    return assessment


# --- Recognitions ---------------------------------------------------------------------------------


def close_confirmation(campaign):
    """Let the confirmation of the year have ended a moment ago, for every title."""
    Window.objects.filter(campaign=campaign, step=WindowStep.CONFIRMATION).update(closes_at=clock.now())


def allow_provisional(*levels, basis="Công văn số 45/KHVN", **fields):
    """Let titles by provisional criteria be recognised, as the centre may."""
    for level in levels or list(Level):
        LevelSetting.objects.update_or_create(
            level=level,
            defaults={
                "on_provisional": True,
                "basis": basis,
                "by": make_officer(make_centre()),
                "at": clock.now(),
                **fields,
            },
        )


def make_decision(assessments, *, issuer=None, number=None, decided_on=None, by=None, **fields):
    """A decision that was made over confirmed records of one title and year, by default their commune's."""
    first, now = assessments[0], clock.now()
    issuer = issuer or (first.board if first.is_of_group else first.commune or first.province)
    number = number or f"{next(number_of_decision)}/QĐ-HKH"
    by, day = by or make_officer(issuer), decided_on or clock.today()
    decision = Decision.objects.create(
        campaign=first.campaign,
        level=first.level,
        issuer=issuer,
        issuer_name=capfirst(boards.name_of(issuer)),
        within=issuer,
        within_name=issuer.full_name,
        state=DecisionState.DECIDING,
        nominated=len(assessments),
        looked_at=len(assessments),
        gathered_by=by,
        gathered_at=now,
        minutes_number="01/BB-HKH",
        minutes_on=day,
        minutes_chair="Lê Văn Bình",
        minutes_secretary="Phan Thị Lan",
        minuted_by=by,
        minuted_at=now,
        submission_number="01/TTr-HKH",
        submission_on=day,
        submitted_by=by,
        submitted_at=now,
        number=number,
        number_key=number,
        decided_on=day,
        year=day.year,
        signer_name="Nguyễn Văn Sơn",
        signer_post="Chủ tịch",
        decided_by=by,
        decided_at=now,
        **fields,
    )
    Nomination.objects.bulk_create(
        Nomination(
            decision=decision,
            assessment=each,
            holder_name=str(each.subject),
            name_sort=getattr(each.subject, "name_sort", str(each.subject)),
            place_name=str(each.board),
        )
        for each in assessments
    )
    deciding.recognise(decision.pk)
    return Decision.objects.get(pk=decision.pk)


def make_recognition(assessment=None, **fields):
    """Of a confirmed and achieved record, by a decision of its own."""
    return make_decision([assessment or make_confirmed_assessment()], **fields).recognitions.get()
