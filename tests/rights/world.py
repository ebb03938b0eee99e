"""A small country with people in every place of it, and something of each kind that an address can name."""

import datetime
import gzip
import io
import json
from dataclasses import dataclass, field

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import FileState, Headship, Message, Population, Role
from accounts.models.appointment import CONFIRMING_ROLES, HELPING_ROLES
from assessments import evidence, workflow
from assessments.models import (
    Asked,
    Draw,
    DrawnRecord,
    DrawState,
    DrawStratum,
    Flag,
    Helping,
    Outage,
    Reading,
    Rule,
    StandIn,
)
from assessments.models.batch import Batch
from audit import clock
from criteria.models import CriteriaSet, Group
from organizations.models import Organization, ReformKind, SupportLine
from organizations.reforms import Plan, record
from people.models import Roster, Transfer, TransferKind
from recognitions import certificates
from recognitions.models import CertificatePrinting, CommendationList, Decision, DecisionState, Nomination
from reforms.models import ReformFile
from reports import snapshots
from reports.models import ExportJob, JobState, Report, SavedTable, Snapshot, WeeklyReader
from revising import drafting
from sheets import printing
from sheets.models import Printing, PrintingState
from tests.factories import (
    appoint,
    make_centre,
    make_citizen,
    make_citizen_with_account,
    make_clan,
    make_commune,
    make_confirmed_assessment,
    make_confirmed_group_assessment,
    make_contested_assessment,
    make_extension,
    make_household,
    make_province,
    make_recognition,
    make_scored_assessment,
    make_submitted_group_assessment,
    make_unit,
    make_user,
    make_village,
    open_campaign,
)

LONG_NAME, SHORT_NAME = "Công Tằng Tôn Nữ Nguyễn Hoàng Thị Phương Anh Thư Quỳnh Giang", "Lý Ý"
YESTERDAY = clock.today() - datetime.timedelta(days=1)
ASSOCIATIONS = ["centre", "province", "commune"]
OFFICES = ["trung ương", "tỉnh", "xã", "xã bên", "trường", "thôn tỉnh khác", "thôn đã bỏ"]  # files are dear


@dataclass(eq=False)
class Place:
    """`parent` is this test's own account of the tree: the rules ask it and not the code."""

    name: str
    row: Organization
    parent: "Place | None" = None
    is_closed: bool = False
    helped_by: "Place | None" = None

    @property
    def above(self):
        return [self.parent, *self.parent.above] if self.parent else []

    @property
    def appointed_by(self):
        return next((one for one in self.above if one.row.kind in ASSOCIATIONS), None)


@dataclass(eq=False)
class Viewer:
    name: str
    seats: list[tuple[Role, Place]] = field(default_factory=list)  # of today
    is_signed_in: bool = True
    user: object = None
    client: Client = field(default_factory=Client)

    def acts_over(self, place, roles=tuple(Role)):
        """Whether a seat lies at the place or above it."""
        return any(role in roles and (at == place or at in place.above) for role, at in self.seats)

    def confirms_over(self, place):
        """A representative speaks for a group, a helper fills in for who asks: they read nobody's record."""
        return self.acts_over(place, CONFIRMING_ROLES)

    def sits_at(self, place):
        return any(at == place and role in CONFIRMING_ROLES for role, at in self.seats)

    def helps_people_of(self, place):
        """Who sits on a board or was named by it, right there."""
        return any(at == place and role in HELPING_ROLES for role, at in self.seats)

    def is_officer_of(self, place):
        return (Role.OFFICER, place) in self.seats

    def helps(self, place):
        """An association that helps a unit beside the tree."""
        return place.helped_by is not None and self.is_officer_of(place.helped_by)

    def is_officer_above(self, place):
        return any(self.is_officer_of(one) for one in place.above)


@dataclass(eq=False)
class Thing:
    """What an address names: a row that lies at a place and perhaps is somebody's own."""

    name: str
    place: Place | None
    row: object
    owner: Viewer | None = None
    more: dict = field(default_factory=dict)


class World:
    def __init__(self):
        self.campaign = open_campaign()
        self._make_places()
        self._make_viewers()
        self._make_things()
        self.borrowed = self._with_the_eyes_of(self.viewer("ban thôn"))

    def _with_the_eyes_of(self, viewer):
        """An officer above who sees what another sees."""
        client = Client()
        client.force_login(self.viewer("cán bộ xã").user)
        page = reverse("accounts:see_as", args=[self.place("xã").row.code])
        client.post(page, {"account": viewer.user.username, "reason": "Giúp."})
        return Viewer(f"qua mắt {viewer.name}", viewer.seats, user=viewer.user, client=client)

    def _make_places(self):
        centre = Place("trung ương", make_centre())
        home = self._place("tỉnh", make_province("Hà Tĩnh"), centre)
        commune = self._place("xã", make_commune("Thạch Khê", province=home.row), home)
        beside = self._place("xã bên", make_commune("Thạch Hà", province=home.row), home)
        far = self._place("tỉnh khác", make_province("Nghệ An"), centre)
        far_commune = self._place("xã tỉnh khác", make_commune("Nam Đàn", province=far.row), far)
        closed_row = make_village("Cũ", commune.row, valid_from=YESTERDAY, valid_to=YESTERDAY)
        self.places = [
            centre,
            home,
            commune,
            beside,
            far,
            self._place("thôn", make_village("Đông Hải", commune.row), commune),
            self._place("thôn bên", make_village("Tây Hải", commune.row), commune),
            self._place("trường", make_unit("Trường THPT Lý Tự Trọng", commune.row), commune),
            self._place("thôn xã bên", make_village("Bắc Hà", beside.row), beside),
            self._place("đơn vị thuộc tỉnh", make_unit("Sở Giáo dục", home.row), home),
            self._place("thôn tỉnh khác", make_village("Kim Liên", far_commune.row), far_commune),
            self._place("thôn đã bỏ", closed_row, commune, is_closed=True),
        ]

        school = self.place("trường")
        school.helped_by = beside
        line = SupportLine.objects.create(
            unit=school.row, supporter=beside.row, valid_from=YESTERDAY, valid_to=None
        )
        self.support_lines = [Thing("trường", school, line)]
        over = self.place("đơn vị thuộc tỉnh").row
        SupportLine.objects.create(unit=over, supporter=beside.row, valid_from=YESTERDAY, valid_to=YESTERDAY)

        self.offices = [place for place in self.places if place.name in OFFICES]

    def _place(self, name, row, parent, **fields):
        return Place(name, row, parent, **fields)

    def place(self, name):
        return next(place for place in self.places if place.name == name)

    def _make_viewers(self):
        seats = {
            "cán bộ trung ương": (Role.OFFICER, "trung ương"),
            "cán bộ tỉnh": (Role.OFFICER, "tỉnh"),
            "cán bộ xã": (Role.OFFICER, "xã"),
            "cán bộ xã bên": (Role.OFFICER, "xã bên"),
            "ủy viên hội xã": (Role.BOARD_MEMBER, "xã"),
            "ban thôn": (Role.BOARD_CHAIR, "thôn"),
            "ban trường": (Role.BOARD_MEMBER, "trường"),
            "ban thôn đã bỏ": (Role.BOARD_MEMBER, "thôn đã bỏ"),
            "người đại diện": (Role.REPRESENTATIVE, "thôn"),
        }
        self.viewers = []
        for name, (role, place) in seats.items():
            viewer = self._viewer(name, [(role, self.place(place))])
            appoint(viewer.user, self.place(place).row, role)
        helper = self._viewer("người giúp thôn", [(Role.HELPER, self.place("thôn"))])
        named = appoint(helper.user, self.place("thôn").row, Role.HELPER, valid_to=clock.today())
        self.helper_seats = [Thing("thôn", self.place("thôn"), named)]
        taken_over = [(Role.OFFICER, self.place("xã")), (Role.STAND_IN, self.place("thôn bên"))]
        stand_in = self._viewer("cán bộ xã xác nhận thay", taken_over)
        for role, place in taken_over:
            appoint(stand_in.user, place.row, role, valid_to=clock.today())
        former = self._viewer("cán bộ xã đã thôi")
        appoint(former.user, self.place("xã").row, Role.OFFICER, valid_to=YESTERDAY)
        villager = self._viewer("người dân")
        make_citizen(LONG_NAME, board=self.place("thôn").row, user=villager.user)
        member = self.viewer("ban thôn")
        make_citizen(SHORT_NAME, board=self.place("thôn").row, user=member.user)
        self.anonymous = Viewer("người chưa đăng nhập", is_signed_in=False)

    def _viewer(self, name, seats=()):
        viewer = Viewer(name, list(seats), user=make_user(name))
        viewer.client.force_login(viewer.user)
        self.viewers.append(viewer)
        return viewer

    def viewer(self, name):
        return next(viewer for viewer in self.viewers if viewer.name == name)

    def _make_things(self):
        owners = {"thôn": self.viewer("người dân")}
        boards = ["thôn", "thôn bên", "trường", "xã", "thôn xã bên", "đơn vị thuộc tỉnh", "thôn tỉnh khác"]
        self.records = [self._record(self.place(name), owners.get(name)) for name in [*boards, "thôn đã bỏ"]]
        self.records.append(self._record(self.place("thôn"), self.viewer("ban thôn")))
        # What only its owner opens needs few: two with owners here, one in reach of many, one far away.
        self.own_records = [
            thing
            for thing in self.records
            if thing.owner in self.viewers or thing.name in ("trường", "thôn tỉnh khác")
        ]
        self.households = [self._household(self.place("thôn"), name) for name in ("người dân", "người khác")]
        self.clans = [self._clan(self.place("xã"), name) for name in ("người đại diện", "người khác")]
        self.group_records = [
            self._group_record(self.place(group), self.place(body))
            for group, body in (("thôn", "xã"), ("trường", "xã"), ("thôn xã bên", "xã bên"), ("xã", "tỉnh"))
        ]
        self.contested = [
            Thing(
                name,
                self.place(name),
                make_contested_assessment(board=self.place(name).row, campaign=self.campaign),
            )
            for name in ("thôn", "trường", "thôn xã bên", "thôn tỉnh khác")
        ]
        self.seats = [
            Thing(place.name, place, appoint(make_user("Lê Thị Lan"), place.row))
            for place in self.places
            if place.row.kind in ("village", "unit")
        ]
        offices = [self.place(name) for name in ("trung ương", "tỉnh", "xã", "tỉnh khác")]
        self.helped = [self._helped(self.place("thôn"), helper) for helper in self._helpers()]
        self.reforms = [self._reform(place) for place in offices]
        self.files = [
            Thing(
                place.name,
                place,
                ReformFile.objects.create(organization=place.row, by=make_user(), name="Nhập xã.xlsx"),
            )
            for place in offices
        ]
        self.extensions = [
            Thing(place.name, place, make_extension(organization=place.row, campaign=self.campaign))
            for place in (self.place(name) for name in ("tỉnh", "xã", "thôn", "thôn tỉnh khác"))
        ]
        member = self.viewer("ban thôn")
        self.batches = [self._batch(self.place(name), member) for name in ("thôn", "trường")]
        self.stand_ins = [self._stand_in(self.place(name)) for name in ("thôn", "trường", "thôn xã bên")]
        watched = [self.place(name) for name in ("tỉnh", "xã", "thôn", "xã bên", "thôn tỉnh khác")]
        self.flags = [self._flag(place) for place in watched]
        self.draws = [self._draw(self.place(name)) for name in ("tỉnh", "xã", "xã bên")]
        self.decisions = [self._decision(self.place(name)) for name in ("xã", "tỉnh", "xã bên")]
        self.drawn = [self._drawn(draw) for draw in self.draws]
        self.recognitions = [self._recognition(self.place(name)) for name in ("xã", "xã bên", "tỉnh khác")]
        self.recognitions.append(self._recognition_of_household())
        self.certificate_printings = [
            self._certificate_printing(each, self.viewer("cán bộ xã")) for each in self.recognitions[:1]
        ]
        self.commending = [self._commending(self.place(name)) for name in ("xã", "tỉnh", "xã bên")]
        self.messages = [
            Thing(viewer.name, None, self._message(viewer), owner=viewer) for viewer in self.viewers[:3]
        ]
        owner = self.viewer("cán bộ xã")
        self.weekly_readers = [self._weekly(self.place(name), owner) for name in ("xã", "tỉnh", "xã bên")]
        self.tables = [Thing("bảng", None, self._table(self.place("xã"), owner), owner=owner)]
        self.jobs = [self._job(self.place(name), owner) for name in ("xã", "thôn", "tỉnh", "xã bên")]
        self.rosters = [self._roster(self.place(name), owner) for name in ("xã", "thôn", "trường", "xã bên")]
        listed = [self.place(name) for name in ("xã", "thôn", "trường", "xã bên")]
        self.people = [Thing(place.name, place, make_citizen(board=place.row)) for place in listed]
        self.doubles = [self._double(self.place(name)) for name in ("xã", "xã bên")]
        self.transfers = [self._transfer(place, owner) for place in listed]
        self.printings = [self._printing(place, owner) for place in listed]
        self.snapshots = [self._snapshot(self.place(name)) for name in ("tỉnh", "tỉnh khác")]
        form = CriteriaSet.objects.filter(group="I").first()
        self.drafts = [Thing("bản thảo", None, drafting.copy(form, by=make_user()))]
        self.outages = [Thing("lần gián đoạn", None, self._outage())]
        self.typed = [self._typed(self.place(name)) for name in ("xã", "xã bên")]

    def _record(self, place, owner):
        board = place.row
        if owner:
            citizen = owner.user.citizen
        elif place.is_closed:
            citizen = make_citizen_with_account(board=self.place("thôn").row)
        else:
            citizen = make_citizen_with_account(board=board)
        row = make_scored_assessment(citizen=citizen, campaign=self.campaign)
        indicator = row.criteria_set.indicators[0]
        evidence.add(row, [indicator], by=citizen.user, file=evidence.checked(_picture()))
        workflow.submit(row, by=citizen.user)
        if place.is_closed:  # it was judged there while the place was in force
            type(row).objects.filter(pk=row.pk).update(board=board)
        row.refresh_from_db()
        piece = row.evidence.get()
        section = row.criteria_set.sections[0]
        helping = Helping.objects.create(
            assessment=row,
            helper=self.viewer("cán bộ tỉnh").user,
            board=board,
            asked=Asked.IN_PERSON,
            reason="Mắt kém",
            began_at=clock.now(),
        )
        more = {
            "code": indicator.code,
            "section": section.code,
            "piece": piece.pk,
            "helping": helping.pk,
        }
        name = f"{place.name}, của {owner.name}" if owner else place.name
        return Thing(name, place, row, owner or Viewer("người khác"), more)

    def _helpers(self):
        return map(self.viewer, ["ban thôn", "người giúp thôn"])

    def _helped(self, place, helper):
        """A draft which somebody is filling in for a person."""
        begun = workflow.begin_helping(
            make_citizen(board=place.row),
            self.campaign,
            asked=Asked.IN_PERSON,
            reason="Mắt kém",
            group=Group.I,
            by=helper.user,
        )
        return Thing(f"{place.name}, {helper.name}", place, begun.assessment, helper)

    def _household(self, place, name):
        """One for which somebody here speaks, and one of somebody else."""
        household = make_household(place.row)
        owner = next((viewer for viewer in self.viewers if viewer.name == name), Viewer(name))
        head = owner.user.citizen if owner.user else make_citizen(board=place.row)
        head.household = household
        head.save()
        Headship.objects.create(household=household, citizen=head)
        return Thing(f"hộ của {name}", place, household, owner)

    def _clan(self, place, name):
        clan = make_clan(f"Dòng họ của {name}", commune=place.row)
        owner = next((viewer for viewer in self.viewers if viewer.name == name), Viewer(name))
        appoint(owner.user or make_user(name), clan, Role.REPRESENTATIVE)
        return Thing(clan.name, place, clan, owner)

    def _group_record(self, group, body):
        level = "unit" if group.row.kind == "unit" else "community"
        by = make_user("Người đại diện")
        appoint(by, group.row, Role.REPRESENTATIVE)
        row = make_submitted_group_assessment(level, group.row, by=by, campaign=self.campaign)
        return Thing(group.name, body, row, more={"group": group})

    def _reform(self, place):
        """Planned on behalf of a place, of something below it."""
        below = next(one for one in self.places if place in one.above and not one.is_closed)
        plan = Plan(kind=ReformKind.RENAME.value, sources=(below.row.code,), name="Tên Mới")
        row = record(plan, day=clock.today(), legal_basis="Nghị quyết 01", organization=place.row)
        return Thing(place.name, place, row)

    def _message(self, viewer):
        return Message.objects.create(user=viewer.user, key=viewer.name, subject="Chào", body="Chào bạn.")

    def _job(self, place, owner):
        row = ExportJob.objects.create(
            report=Report.SUMMARY, organization=place.row, campaign=self.campaign, by=owner.user
        )
        return Thing(place.name, place, row, owner)

    def _table(self, place, owner):
        return SavedTable.objects.create(name="Theo nhóm", organization=place.row, query={}, by=owner.user)

    def _weekly(self, place, owner):
        row = WeeklyReader.objects.create(organization=place.row, user=owner.user, named_by=owner.user)
        return Thing(place.name, place, row)

    def _roster(self, place, owner):
        head = json.dumps({"above": [], "number": 1, "head": [], "places": {}})
        row = Roster.objects.create(
            organization=place.row,
            by=owner.user,
            name="Danh sách.xlsx",
            state=FileState.JUDGED,
            work=Population.VILLAGER,
            sealed_head=head,
        )
        return Thing(place.name, place, row, owner)

    def _double(self, place):
        one, other = (make_citizen("Lê Văn Hai", board=place.row, identity_number=None) for _ in range(2))
        return Thing(place.name, place, one, more={"other": other.pk})

    def _transfer(self, place, owner):
        row = Transfer.objects.create(
            organization=place.row, kind=TransferKind.MOVE, reason="Ghi nhầm", by=owner.user
        )
        return Thing(place.name, place, row, owner)

    def _printing(self, place, owner):
        row = Printing.objects.create(
            organization=place.row, campaign=self.campaign, by=owner.user, state=PrintingState.DONE
        )
        printing.keep(row, b"%PDF-")
        return Thing(place.name, place, row, owner)

    def _batch(self, place, owner):
        row = Batch.objects.create(board=place.row, campaign=self.campaign, by=owner.user, seed=1)
        return Thing(place.name, place, row, owner)

    def _stand_in(self, place):
        by = self.viewer("cán bộ xã")
        row = StandIn.objects.create(
            board=place.row, association=place.row.parent, by=by.user, reason="Ốm.", valid_to=clock.today()
        )
        return Thing(place.name, place, row, by)

    def _flag(self, place):
        reading, _is_new = Reading.objects.get_or_create(
            campaign=self.campaign, place=place.row.within("province")
        )
        row = Flag.objects.create(
            reading=reading,
            key=place.name,
            rule=Rule.SAME_TOTAL,
            organization=place.row,
            people=20,
            figures={"total": "80", "judged": 20},
            found_at=clock.now(),
        )
        return Thing(place.name, place, row)

    def _draw(self, place):
        row = Draw.objects.create(
            organization=place.row,
            campaign=self.campaign,
            by=self.viewer("cán bộ xã").user,
            share=5,
            least=1,
            most=5,
            state=DrawState.DRAWN,
            announced_at=clock.now(),
            packed=gzip.compress(b"so_ho_so,nhom\n"),
        )
        return Thing(place.name, place, row)

    def _decision(self, place):
        """A list that waits for its minutes."""
        below = next(one for one in self.places if place in one.above and one.row.kind in ("village", "unit"))
        record = make_confirmed_assessment(board=below.row, campaign=self.campaign)
        row = Decision.objects.create(
            campaign=self.campaign,
            level=record.level,
            issuer=place.row,
            issuer_name=place.row.full_name,
            within=place.row,
            within_name=place.row.full_name,
            state=DecisionState.GATHERED,
            nominated=1,
            gathered_by=self.viewer("cán bộ xã").user,
            gathered_at=clock.now(),
        )
        nomination = Nomination.objects.create(
            decision=row, assessment=record, holder_name=record.citizen.full_name, place_name="Thôn"
        )
        return Thing(place.name, place, row, more={"nomination": nomination.pk})

    def _commending(self, place):
        row = CommendationList.objects.create(
            campaign=self.campaign,
            level="citizen",
            issuer=place.row,
            issuer_name=place.row.full_name,
            body_kind=place.row.kind,
            form="praise",
            begun_by=self.viewer("cán bộ xã").user,
        )
        return Thing(place.name, place, row)

    def _recognition(self, place):
        below = next(one for one in self.places if place in one.above and one.row.kind in ("village", "unit"))
        record = make_confirmed_assessment(board=below.row, campaign=self.campaign)
        row = make_recognition(record, issuer=place.row)
        return Thing(place.name, place, row, Viewer("người khác"))

    def _recognition_of_household(self):
        """Its head is one of the viewers."""
        household = self.households[0]
        record = make_confirmed_group_assessment(
            "family", household.row, by=household.owner.user, campaign=self.campaign
        )
        row = make_recognition(record)
        place = next(one for one in self.places if one.row == row.decision.issuer)
        return Thing(household.name, place, row, household.owner)

    def _certificate_printing(self, recognition, owner):
        row = CertificatePrinting.objects.create(
            decision=recognition.row.decision,
            by=owner.user,
            portal="https://x.example",
            pages=1,
        )
        certificates.work(row.pk)
        return Thing(recognition.name, recognition.place, row, owner)

    def _drawn(self, draw):
        """One record of the sample, of somebody nobody here is tied to."""
        stratum = DrawStratum.objects.create(draw=draw.row, code="tat-ca", population=1, size=1)
        record = next(thing for thing in self.records if thing.name == "trường").row
        row = DrawnRecord.objects.create(draw=draw.row, assessment=record, stratum=stratum)
        return Thing(draw.name, draw.place, row)

    def _snapshot(self, place):
        row = Snapshot.objects.create(
            campaign=self.campaign, province=place.row, as_of=clock.now(), state=JobState.DONE
        )
        path = snapshots.path_of(row)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")
        return Thing(place.name, place, row)

    def _outage(self):
        return Outage.objects.create(
            begins_at=clock.now(), words="Cổng đang sửa.", recorded_by=self.viewer("cán bộ trung ương").user
        )

    def _typed(self, place):
        make_citizen("Lê Văn Bình", board=place.row, village_text="Xóm Mới")
        return Thing(place.name, place, None)


def _picture():
    out = io.BytesIO()
    Image.new("RGB", (80, 40), "red").save(out, "JPEG")
    return SimpleUploadedFile("anh.jpg", out.getvalue(), "image/jpeg")
