import datetime

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest, Least, Length, Substr
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Citizen, Headship, Member, User
from accounts.models.appointment import Appointment
from assessments.models.campaign import Campaign, Extension, Window, WindowStep
from assessments.models.stage import ReviewStage
from audit import events
from criteria.models import CriteriaSet, Level
from organizations import paths
from organizations.models import Household, Kind, Organization
from vietnamese import search


class State(models.TextChoices):
    """Where a record stands. `unsent` and `unconfirmed` are set by the closing alone, see `closed_from`."""

    REGISTERED = "registered", _("chưa gửi")
    SUBMITTED = "submitted", _("đã gửi")
    RETURNED = "returned", _("bị trả lại")
    CONFIRMED = "confirmed", _("đã xác nhận")
    UNSENT = "unsent", _("chưa gửi")
    UNCONFIRMED = "unconfirmed", _("ban chưa xác nhận")
    RECOGNISED = "recognised", _("đã công nhận")


AWAITING_CITIZEN = _("chờ công dân sửa")  # in the words of a record that was locked so
AWAITING_RELEASE = _("chờ công bố kết quả")
DRAFT_STATES = [State.REGISTERED, State.RETURNED]  # the citizen may still write
OPEN_STATES = [*DRAFT_STATES, State.SUBMITTED]  # neither judged nor closed
CLOSED_STATES = [State.UNCONFIRMED, State.UNSENT]  # left over by a closing
NEVER_SENT = [State.REGISTERED, State.UNSENT]  # the board has not seen it
JUDGED_STATES = [State.CONFIRMED, State.RECOGNISED]  # a board has judged


LONG_AGO = Value(datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC), models.DateTimeField())


class Outcome(models.TextChoices):
    ACHIEVED = "achieved", _("đạt")
    NOT_ACHIEVED = "not_achieved", _("không đạt")


class AssessmentQuerySet(models.QuerySet):
    def at_or_below(self, organization):
        """Those of the boards at or below an organization, on the places of their day."""
        if organization.kind == Kind.CENTRE:
            return self.all()
        if organization.kind == Kind.PROVINCE:
            return self.filter(province=organization)
        if organization.kind == Kind.COMMUNE:
            return self.filter(commune=organization)
        return self.filter(board=organization)

    def of_citizens(self):
        """Those of people: what the pages of boards, the figures and the reports are made of."""
        return self.filter(level=Level.CITIZEN)

    def of_groups(self):
        """Those of families, clans, communities and units."""
        return self.exclude(level=Level.CITIZEN)

    def overseen_by(self, user):
        """Citizens' at or below the bodies one sits on; a representative speaks for a group, reads none."""
        return self.filter(self._overseen_by(user))

    def groups_overseen_by(self, user):
        """Those of groups that stand at or below the bodies one sits on, wherever the record lies now."""
        return self.filter(self._groups_overseen_by(user))

    @classmethod
    def _overseen_by(cls, user):
        return Q(level=Level.CITIZEN) & cls._below_seats_of(user, "board__path")

    @classmethod
    def _groups_overseen_by(cls, user):
        return ~Q(level=Level.CITIZEN) & cls._below_seats_of(
            user, "organization__path", "household__village__path"
        )

    @staticmethod
    def _below_seats_of(user, *columns):
        subtree = Q(pk__in=[])
        seats = Appointment.objects.seats_of(user)
        for path in seats.values_list("organization__path", flat=True).distinct():
            for column in columns:
                subtree |= paths.at_or_below(path, column)
        return subtree

    def visible_to(self, user):
        """One's own, those of the groups one speaks for, and those one oversees."""
        overseen = self._overseen_by(user) | self._groups_overseen_by(user)
        return self.filter(self._written_by(user) | overseen)

    def written_by(self, user):
        """One's own, and those of the groups one speaks for."""
        return self.filter(self._written_by(user))

    @staticmethod
    def _written_by(user):
        """A household is spoken for by its head; any other group by its representative or its own board."""
        heads = Headship.objects.in_office().filter(citizen__user=user)
        speaking = Appointment.objects.speaking().filter(user=user)
        return (
            Q(citizen__user=user)
            | Q(household__in=heads.values("household"))
            | Q(organization__in=speaking.values("organization"))
        )

    def of_boards_of(self, user):
        """Those whose board one sits on."""
        seats = Appointment.objects.seats_of(user)
        return self.filter(board__in=seats.values("organization"))

    def for_confirmer(self, user):
        """Those of the boards one sits on; never one's own, one's household's or one's own group's.

        Nor what waits and one filled in oneself for the person, where the board has another who did not.
        """
        filled_in = self._helpings().filter(assessment=OuterRef("pk"), helper=user)
        another = self._members_not_tied().exclude(user=user)
        left_to_others = Q(Exists(filled_in), Exists(another), state=State.SUBMITTED)
        return self.of_boards_of(user).untied_to(user).exclude(left_to_others)

    def _helpings(self):
        return self.model._meta.get_field("helpings").related_model.objects.that_wrote()

    def _members_not_tied(self):
        """Of the record's board, who is not tied to it and has not filled it in: for a subquery."""
        return self._not_tied(Appointment.objects.filled().filter(organization=OuterRef("board")))

    def _not_tied(self, seats):
        filled_in = self._helpings().filter(assessment=OuterRef(OuterRef("pk")), helper=OuterRef("user"))
        return (
            seats.exclude(user__citizen=Coalesce(OuterRef("citizen"), 0))
            .exclude(user__citizen__household=Coalesce(OuterRef("citizen__household"), 0))
            .exclude(Exists(filled_in))
        )

    def untied_to(self, user):
        """Not one's own, not of one's household, and not of a group one speaks for or is a member of."""
        return self.exclude(self._tied_as_person(user)).exclude(pk__in=self._of_own_groups(user))

    def tied_to(self, user):
        """The others: one's own, those of one's household and of one's own groups."""
        return self.filter(self._tied_as_person(user) | Q(pk__in=self._of_own_groups(user)))

    @staticmethod
    def _tied_as_person(user):
        return Q(citizen__user=user) | Q(
            citizen__household__isnull=False, citizen__household__members__user=user
        )

    @staticmethod
    def _of_own_groups(user):
        member = Member.objects.present().filter(citizen__user=user).order_by()
        acts = Appointment.objects.in_office().filter(user=user).order_by()
        # By a subquery: of two paths through households in one exclude() Django follows the first twice.
        lives = Citizen.objects.filter(user=user).exclude(household=None).order_by()
        own = (
            Q(organization__in=acts.values("organization"))
            | Q(organization__in=member.exclude(organization=None).values("organization"))
            | Q(household__in=member.exclude(household=None).values("household"))
            | Q(household__in=lives.values("household"))
        )
        return Assessment.objects.of_groups().filter(own).order_by().values("pk")

    def for_reviewer(self, user):
        """Those whom the user may look at again when the citizen contests: never what one decided oneself.

        Of the boards one sits on; of those below one's commune or province where the board has nobody else.
        Never one's own or one's household's, nor one filled in oneself for the person where another may.
        """
        seats = Appointment.objects.confirming().filter(user=user).values("organization")
        first = self._lowerings().filter(agreed_at__isnull=False)
        able = (
            self._not_tied(Appointment.objects.filled())
            .exclude(user=OuterRef("confirmed_by"))
            .exclude(
                Exists(
                    first.filter(
                        assessment=OuterRef(OuterRef("pk")),
                        agreed_at=OuterRef(OuterRef("confirmed_at")),
                        decided_by=OuterRef("user"),
                    )
                )
            )
        )
        others = Exists(able.filter(organization=OuterRef("board")))
        others_above = Exists(
            able.filter(Q(organization=OuterRef("commune")) | Q(organization=OuterRef("province")))
        )
        above = Q(commune__in=seats) | Q(province__in=seats)
        found = self.filter(Q(board__in=seats) | ~others & above)
        decided = first.filter(assessment=OuterRef("pk"), agreed_at=OuterRef("confirmed_at"), decided_by=user)
        filled_in = self._helpings().filter(assessment=OuterRef("pk"), helper=user)
        left_to_others = Q(Exists(filled_in)) & (Q(others) | Q(others_above))
        mine = found.untied_to(user).exclude(confirmed_by=user).exclude(Exists(decided))
        return mine.exclude(left_to_others)

    def within_window(self, step, now):
        """Those for which the step may be taken at this moment.

        A condition of the UPDATE itself, so that nobody slips between a check and a write.
        """
        return self.filter(self._is_open(step, now))

    def writable(self, now):
        """Drafts that their citizens may still write."""
        return self.filter(
            Q(state=State.REGISTERED) & self._is_open(WindowStep.SELF_ASSESSMENT, now)
            | Q(state=State.RETURNED) & self._is_open(WindowStep.ANSWER, now)
        )

    def uncontested(self):
        """Those whose present round nobody has contested; see contests.of."""
        contest = self.model._meta.get_field("contest").related_model
        return self.exclude(
            Exists(contest.objects.filter(assessment=OuterRef("pk"), round=OuterRef("round")))
        )

    def awaiting_review(self, now):
        """The confirmed ones that somebody asked to look at again, and nobody has, while it still may be."""
        contest = self.model._meta.get_field("contest").related_model
        asked = contest.objects.filter(decided_at=None, round=F("assessment__round")).values("assessment")
        waiting = self.filter(state=State.CONFIRMED, pk__in=asked)
        return waiting.within_window(WindowStep.CONTEST, now)

    def _lowerings(self):
        return self.model._meta.get_field("lowerings").related_model.objects

    def awaiting_paper(self):
        """Those the closing found waiting for their board: paper may say that it judged."""
        return self.filter(state=State.UNCONFIRMED, closed_from=State.SUBMITTED)

    def confirmed_in_time_still_running(self, now):
        """Those confirmed in the very window or extension that is open now: an earlier one's are settled."""
        return self.filter(self._is_open(WindowStep.CONFIRMATION, now, opened_by="confirmed_at"))

    def closed_in_reach(self, extension):
        """Those an extension opens again: closed from a state which it keeps open.

        Of what is confirmed only the one record that was confirmed already when the extension was approved
        for it. Nothing is opened twice by one extension.
        """
        closed = {
            WindowStep.CONFIRMATION: Q(state__in=CLOSED_STATES),
            WindowStep.SELF_ASSESSMENT: Q(state=State.UNSENT),
            WindowStep.ANSWER: Q(state=State.UNCONFIRMED, closed_from=State.RETURNED),
        }.get(extension.step, Q(pk__in=[]))
        of_record = extension.organization_id is None
        if of_record and extension.step == WindowStep.CONFIRMATION:
            closed |= Q(state=State.CONFIRMED, confirmed_at__lt=extension.approved_at)
        found = self.filter(closed, campaign=extension.campaign_id, level=extension.level)
        found = found.exclude(Exists(extension.reopenings.filter(assessment=OuterRef("pk"))))
        if of_record:
            return found.filter(pk=extension.assessment_id)
        path = extension.organization.path
        return found.filter(paths.at_or_below(path, "board__path"))

    def left_by_closing(self, now):
        """Those that nobody has judged and the closing settles: neither the window nor an extension is open.

        A draft waits for the end of the citizen's own extension too.
        """
        return self.filter(
            Q(state=State.SUBMITTED)
            | Q(state=State.REGISTERED) & ~self._is_extended(WindowStep.SELF_ASSESSMENT, now)
            | Q(state=State.RETURNED) & ~self._is_extended(WindowStep.ANSWER, now)
        ).exclude(self._is_open(WindowStep.CONFIRMATION, now))

    def ending(self, steps, now):
        """Annotate `ends_at`: when the first of the steps closes for a record; long ago where one is shut.

        Of the window that governs and the extensions, the one that ends last, as in windows.opening_of.
        """
        moments = [self._ends_at(step, now) for step in steps]
        return self.annotate(ends_at=Least(*moments) if len(moments) > 1 else moments[0])

    @staticmethod
    def _ends_at(step, now):
        of_step = {"step": step, "campaign": OuterRef("campaign"), "level": OuterRef("level")}
        closing = Case(When(Window.open_at(now), then=F("closes_at")))
        governing = Window.objects.filter(Q(province=OuterRef("province")) | Q(province=None), **of_step)
        governing = governing.order_by(F("province").asc(nulls_last=True))
        last = Extension.objects.open_at(now).filter(**of_step).order_by("-closes_at")
        of_subtree = last.annotate(
            board_path_here=Substr(OuterRef("board__path"), 1, Length("organization__path"))
        ).filter(board_path_here=F("organization__path"))
        candidates = [
            Subquery(governing.annotate(closing=closing).values("closing")[:1]),
            Subquery(last.filter(assessment=OuterRef("pk")).values("closes_at")[:1]),
            Subquery(of_subtree.values("closes_at")[:1]),
        ]
        return Greatest(*[Coalesce(each, LONG_AGO) for each in candidates])

    @classmethod
    def _is_open(cls, step, now, opened_by=None):
        """The province's own window governs where there is one, else the nation's; an extension opens too.

        With the name of a moment of the record, only what had opened by then counts.
        """
        windows = Window.objects.filter(step=step, campaign=OuterRef("campaign"), level=OuterRef("level"))
        of_province = windows.filter(province=OuterRef("province"))
        open_now = Window.open_at(now)
        if opened_by:
            open_now &= Q(opens_at__lte=OuterRef(opened_by))
        return (
            Exists(of_province.filter(open_now))
            | ~Exists(of_province) & Exists(windows.filter(open_now, province=None))
            | cls._is_extended(step, now, opened_by)
        )

    @staticmethod
    def _is_extended(step, now, opened_by=None):
        extensions = Extension.objects.open_at(now).filter(
            step=step, campaign=OuterRef("campaign"), level=OuterRef("level")
        )
        if opened_by:
            extensions = extensions.filter(opens_at__lte=OuterRef(opened_by))
        # The board's path comes by a subquery, not a join: an UPDATE over a join would check its condition
        # on a copy of the row, and two who press together would both win.
        board_path = Organization.objects.filter(pk=OuterRef(OuterRef("board"))).values("path")[:1]
        of_subtree = extensions.annotate(
            board_path_here=Substr(Subquery(board_path), 1, Length("organization__path"))
        ).filter(board_path_here=F("organization__path"))
        return Exists(extensions.filter(assessment=OuterRef("pk"))) | Exists(of_subtree)

    def with_all(self):
        """With what a board's pages show of a record."""
        return self.select_related(
            "citizen",
            "household__village",
            "organization",
            "stage",
            "campaign",
            "board",
            "commune",
            "province",
            "criteria_set",
            "confirmed_by",
            "contest",
        )

    def matching(self, query):
        """Those whose citizen's name holds every word of the query, with or without accents."""
        return self.filter(search.every_word(query, "citizen__name_search"))

    def oldest_first(self):
        return self.order_by("submitted_at", "pk")

    def by_name(self):
        """By given name, then the rest, as every Vietnamese list is."""
        return self.order_by("citizen__name_sort", "pk")


class Assessment(models.Model):
    """One subject in one campaign and title level: the record from registration to recognition.

    Board, commune, province and whether they are a hard area are those of its day and stay when the tree
    changes. `version` counts every change of state and scores and is part of each such write's condition;
    `saved_at` moves with the evidence too. `round` counts how often it was returned; the scores of earlier
    rounds are kept. `closed_from` is the state in which the closing found it. Of a group's record the board
    is the body of the chain that it lies with, and `stage` the link of the chain that this body is.
    `released_at` is when minutes let the result out, where the province holds results back.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="assessments", verbose_name=_("năm"))
    level = models.CharField(_("danh hiệu"), max_length=10, choices=Level, default=Level.CITIZEN)
    citizen = models.ForeignKey(
        Citizen, models.PROTECT, null=True, related_name="assessments", verbose_name=_("người dân")
    )
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="assessments")
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="own_assessments")
    criteria_set = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="assessments")
    board = models.ForeignKey(
        Organization, models.PROTECT, related_name="board_assessments", verbose_name=_("nơi xác nhận")
    )
    commune = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="commune_assessments")
    province = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="province_assessments")
    in_hard_area = models.BooleanField(_("vùng khó khăn"), default=False)
    stage = models.ForeignKey(
        ReviewStage, models.PROTECT, null=True, related_name="+", verbose_name=_("bước xét")
    )
    state = models.CharField(_("tình trạng"), max_length=12, choices=State, default=State.REGISTERED)
    closed_from = models.CharField(_("tình trạng khi khóa"), max_length=12, choices=State, blank=True)
    outcome = models.CharField(_("kết quả"), max_length=12, choices=Outcome, blank=True)
    own_total = models.DecimalField(_("điểm tự chấm"), max_digits=6, decimal_places=2, null=True)
    confirmed_total = models.DecimalField(_("điểm xác nhận"), max_digits=6, decimal_places=2, null=True)
    review_total = models.DecimalField(_("điểm xem lại"), max_digits=6, decimal_places=2, null=True)
    receipt_number = models.CharField(_("số biên nhận"), max_length=30, null=True, unique=True)  # noqa: DJ001
    registered_at = models.DateTimeField(_("đăng ký lúc"))
    saved_at = models.DateTimeField(_("lưu lần cuối lúc"))
    submitted_at = models.DateTimeField(_("gửi lúc"), null=True)
    confirmed_at = models.DateTimeField(_("xác nhận lúc"), null=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(_("cho xem kết quả lúc"), null=True)
    round = models.PositiveSmallIntegerField(_("lượt"), default=1)
    version = models.PositiveIntegerField(default=1)

    is_withheld = False  # its page is made for somebody who is not to see the result yet, see releases.py

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("hồ sơ")
        verbose_name_plural = _("hồ sơ")
        constraints = [
            models.CheckConstraint(
                name="assessment_of_one_subject",
                condition=Q(citizen__isnull=False, household=None, organization=None)
                | Q(citizen=None, household__isnull=False, organization=None)
                | Q(citizen=None, household=None, organization__isnull=False),
            ),
            models.UniqueConstraint(fields=["citizen", "campaign", "level"], name="assessment_one_a_citizen"),
            models.UniqueConstraint(
                fields=["household", "campaign", "level"], name="assessment_one_a_household"
            ),
            models.UniqueConstraint(
                fields=["organization", "campaign", "level"], name="assessment_one_an_organization"
            ),
            models.CheckConstraint(
                name="assessment_of_a_citizen_or_a_group",
                condition=Q(level="citizen", citizen__isnull=False, stage=None)
                | ~Q(level="citizen") & Q(citizen=None),
            ),
            models.CheckConstraint(
                name="assessment_judged_with_outcome_when_and_by_whom",
                condition=Q(
                    state__in=["confirmed", "recognised"],
                    confirmed_at__isnull=False,
                    confirmed_by__isnull=False,
                    outcome__in=["achieved", "not_achieved"],
                )
                | Q(
                    state__in=["registered", "submitted", "returned", "unsent", "unconfirmed"],
                    confirmed_at=None,
                    confirmed_by=None,
                    outcome="",
                ),
            ),
            models.CheckConstraint(
                name="assessment_reviewed_when_judged",
                condition=Q(review_total=None) | Q(state__in=["confirmed", "recognised"]),
            ),
            models.CheckConstraint(
                name="assessment_closed_from_where_it_stood",
                condition=Q(state="unsent", closed_from="registered")
                | Q(state="unconfirmed", closed_from__in=["submitted", "returned"])
                | ~Q(state__in=["unsent", "unconfirmed"]) & Q(closed_from=""),
            ),
            models.CheckConstraint(
                name="assessment_sent_with_receipt_and_moment",
                condition=Q(state__in=["registered", "unsent"])
                | Q(submitted_at__isnull=False, receipt_number__isnull=False),
            ),
        ]
        indexes = [
            # What figures count by, without touching the rows.
            models.Index(
                fields=[
                    "campaign",
                    "level",
                    "province",
                    "commune",
                    "board",
                    "criteria_set",
                    "state",
                    "outcome",
                    "closed_from",
                ],
                name="assessment_figures",
            ),
            # What the closing looks for every minute, and finds nothing of for years.
            models.Index(
                fields=["campaign", "level", "board"],
                condition=Q(state__in=["registered", "submitted", "returned"]),
                name="assessment_open",
            ),
            # What an extension opens again.
            models.Index(
                fields=["campaign", "level", "board"],
                condition=Q(state__in=["unsent", "unconfirmed"]),
                name="assessment_closed",
            ),
            models.Index(fields=["board", "campaign", "state", "submitted_at"], name="assessment_queue"),
        ]

    def __str__(self):
        return f"{self.citizen or self.household or self.organization}, {self.campaign}"

    def get_absolute_url(self):
        return reverse("assessments:detail", args=[self.pk])

    @property
    def subject(self):
        return self.citizen or self.household or self.organization

    @property
    def is_of_group(self):
        return self.level != Level.CITIZEN

    @property
    def is_draft(self):
        return self.state in DRAFT_STATES

    @property
    def is_sent(self):
        """Whether it reached the board at least once: one that was returned stays sent."""
        return self.state not in NEVER_SENT

    @property
    def is_judged(self):
        return self.state in JUDGED_STATES

    @property
    def is_released(self):
        """Whether minutes let the result out since it was confirmed."""
        return self.released_at is not None and self.released_at >= self.confirmed_at

    @property
    def shown_since(self):
        """Since when its person could see the result at the earliest."""
        return self.released_at if self.is_released else self.confirmed_at

    @property
    def final_total(self):
        """The points that count: those of the review where there was one, else the board's."""
        return self.confirmed_total if self.review_total is None else self.review_total

    @property
    def group(self):
        return self.criteria_set.group

    @property
    def awaits_citizen(self):
        """Whether the board returned it and it was not sent again, be it before or at the closing."""
        return State.RETURNED in (self.state, self.closed_from)

    @property
    def state_words(self):
        """The state as people say it. What the closing found with the citizen, no board neglected."""
        if self.is_withheld:
            return AWAITING_RELEASE
        return AWAITING_CITIZEN if self.closed_from == State.RETURNED else self.get_state_display()

    def entry(self, verb, obj=None, **what) -> events.Entry:
        """An event of this record, or of what stands below it, as its board's."""
        return events.Entry(verb, obj or self, organization=self.board, subject=self.citizen_id, **what)

    def rules(self):
        return self.criteria_set.rules(in_hard_area=self.in_hard_area)
