"""Whom a row of a list means: somebody there already, somebody to decide about, or nobody yet."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from accounts import places
from accounts.models import Citizen
from accounts.models.citizen import LIST_OF
from audit import encryption
from organizations.models import Kind, Organization
from people import columns
from people.models import RowState
from vietnamese import text

CHUNK = 400


@dataclass
class Judged:
    """What will happen with a row. `person` are the fields of a citizen, home included."""

    number: int
    state: RowState
    person: dict = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    match: Citizen | None = None

    @property
    def verdict(self) -> str:
        return " ".join(self.words)

    @property
    def key(self):
        """What two rows about one person have in common when the identity number is left out."""
        born = self.person["birth_date"] or self.person["birth_year"]
        return text.fold(self.person["full_name"]), self.person["commune"].pk, born


def judge(
    rows: Iterable[tuple[int, list[str]]], where: dict[str, int], organization: Organization, work: str
) -> list[Judged]:
    """Every row of a list as the portal stands now; nothing changes. Twins within the list are told."""
    homes = Homes(organization)
    judged = [_read(number, cells, where, homes, work) for number, cells in rows]
    readable = [one for one in judged if one.state != RowState.BAD]
    _tell_twins(readable)
    readable = [one for one in readable if one.state != RowState.BAD]
    for start in range(0, len(readable), CHUNK):
        _match(readable[start : start + CHUNK], organization)
    return judged


def _read(number, cells, where, homes, work):
    row = columns.read(cells, where, work=work)
    if not row.problems:
        home, problem = homes.of(row)
        row.problems += [problem] if problem else []
        row.person |= home
    if row.problems:
        return Judged(number, RowState.BAD, words=row.problems)
    return Judged(number, RowState.NEW, row.person, row.remarks)


class Homes:
    """Where the people of a list live and work. Each name is looked for once."""

    def __init__(self, organization):
        self.organization = organization
        self.commune = organization.within(Kind.COMMUNE)
        self.province = organization.within(Kind.PROVINCE)
        self._communes, self._villages = {}, {}

    def of(self, row) -> tuple[dict, str]:
        """The fields of a home, and what is wrong with the names in the row."""
        commune = self.commune
        if self.organization.kind == Kind.UNIT and row.commune:
            commune = self._find_commune(row.commune)
            if commune is None:
                said = _("Cột Xã, phường: không rõ “%(typed)s” là nơi nào. Ghi cả tên tỉnh, thành phố.")
                return {}, said % {"typed": row.commune}
        if commune is None:
            return {}, _("Cột Xã, phường: ghi xã, phường nơi người này ở.")
        home = {"commune": commune, "village": None, "village_text": "", "unit": None}
        if self.organization.kind == Kind.VILLAGE:
            home["village"] = self.organization
        elif row.village:
            home["village"] = self._find_village(commune, row.village)
            home["village_text"] = "" if home["village"] else row.village[:200]
        if self.organization.kind == Kind.UNIT:
            home["unit"] = self.organization
        return home, ""

    def _find_commune(self, typed):
        if typed not in self._communes:
            self._communes[typed] = _certain(typed, places.communes(), self.province)
        return self._communes[typed]

    def _find_village(self, commune, typed):
        key = commune.pk, typed
        if key not in self._villages:
            self._villages[key] = _certain(typed, places.villages(commune))
        return self._villages[key]


def _certain(typed, pool, near=None):
    """The only one that bears the whole name; of several the only one of the province `near`."""
    found = places.find(typed, pool, near=near)
    if found.only and found.is_whole:
        return found.only
    same = [one for one in found.options if text.fold(typed) in (one.name_search, text.fold(one.name))]
    there = [one for one in same if near and one.parent_id == near.pk]
    return there[0] if len(there) == 1 else None


def _tell_twins(judged):
    by_number, by_key = {}, {}
    for one in judged:
        number = one.person["identity_number"]
        if number and number in by_number:
            one.state = RowState.BAD
            one.words = [_("Số căn cước trùng với dòng %(row)d.") % {"row": by_number[number]}]
            continue
        first = by_key.get(one.key)
        if first and not (number and first.person["identity_number"]):
            one.state = RowState.BAD
            one.words = [
                _("Trùng họ tên và ngày sinh với dòng %(row)d. Nếu là hai người, ghi số căn cước của cả hai.")
                % {"row": first.number}
            ]
            continue
        if number:
            by_number[number] = one.number
        by_key.setdefault(one.key, one)


# --- Against those the portal knows ---------------------------------------------------------------


def _match(judged, organization):
    numbers = {one.person["identity_number"] for one in judged} - {None}
    bearers = {
        citizen.identity_digest: citizen
        for citizen in Citizen.objects.filter(identity_digest__in=map(encryption.digest, numbers))
    }
    alike = _namesakes(judged)
    for one in judged:
        number = one.person["identity_number"]
        bearer = bearers.get(encryption.digest(number)) if number else None
        if bearer:
            _of_bearer(one, bearer, organization)
        else:
            namesakes = [each for each in alike[one.key[:2]] if same_birth(each, one.person)]
            _of_namesakes(one, namesakes, organization)


def _namesakes(judged):
    names = {one.key[0] for one in judged}
    communes = {one.person["commune"].pk for one in judged}
    alike = defaultdict(list)
    for citizen in (
        Citizen.objects.present().filter(commune__in=communes, name_search__in=names).order_by("pk")
    ):
        alike[citizen.name_search, citizen.commune_id].append(citizen)
    return alike


def same_birth(citizen: Citizen, person: dict) -> bool:
    """As far as both are known: a day against a day, else the year."""
    if citizen.birth_date and person["birth_date"]:
        return citizen.birth_date == person["birth_date"]
    return citizen.birth_year == person["birth_year"]


def _exactly(citizen, person):
    return citizen.birth_date == person["birth_date"] and same_birth(citizen, person)


def _of_bearer(one, bearer, organization):
    is_meant = bearer.name_search == text.fold(one.person["full_name"]) and same_birth(bearer, one.person)
    if is_meant and is_at(bearer, organization):
        one.state, one.match = RowState.HERE, bearer
    elif is_meant and may_join(bearer, organization):
        _ask(one, bearer, _("Người này đã có trên cổng, cùng số căn cước, họ tên và ngày sinh."))
    elif is_at(bearer, organization):
        one.state = RowState.BAD
        one.words = [
            _(
                "Trong danh sách của bạn, số căn cước này đang ghi cho người có họ tên hoặc ngày sinh khác. "
                "Xem lại số."
            )
        ]
    else:
        # The same whether the name fits or not: it tells nothing of whoever bears the number.
        one.state = RowState.BAD
        one.words = [
            _(
                "Số căn cước này đã có trên cổng, ở nơi khác. Xem lại số. Nếu đúng là người này, người ấy tự "
                "đổi nơi ở trang tài khoản, hoặc nơi đang giữ tên người ấy chuyển sang."
            )
        ]


def _of_namesakes(one, namesakes, organization):
    number = one.person["identity_number"]
    there = [each for each in namesakes if is_at(each, organization)]
    if number:
        others = [each for each in namesakes if each.identity_digest]
        namesakes = [each for each in namesakes if not each.identity_digest]
        if others:
            one.words.append(_("Đã có người cùng họ tên và ngày sinh nhưng khác số căn cước."))
    elif len(there) > 1:
        one.state = RowState.BAD
        said = _("Ở đây có %(count)d người cùng họ tên và ngày sinh. Ghi số căn cước để biết là ai.")
        one.words = [said % {"count": len(there)}]
        return
    elif there and _exactly(there[0], one.person):
        one.state, one.match = RowState.HERE, there[0]
        return
    if namesakes:
        nearest = next((each for each in namesakes if is_at(each, organization)), namesakes[0])
        _ask(one, nearest, _("Đã có người cùng họ tên, ngày sinh và xã, phường."))


def _ask(one, citizen, why):
    one.state, one.match = RowState.ASK, citizen
    one.words = [why, _("Quyết định: cùng một người hay hai người khác nhau.")]


def is_at(citizen: Citizen, organization: Organization) -> bool:
    """Whether somebody is on the list of the organization now."""
    present = citizen.departed_on is None
    return present and getattr(citizen, f"{LIST_OF[Kind(organization.kind)]}_id") == organization.pk


def may_join(citizen: Citizen, organization: Organization) -> bool:
    """Whether a list may take up somebody: who belongs nowhere else, so that nobody is pulled away."""
    if citizen.departed_on:
        return False
    if is_at(citizen, organization):
        return True
    if organization.kind == Kind.UNIT:
        return citizen.unit_id is None
    if organization.kind == Kind.VILLAGE:
        return citizen.village_id is None and citizen.commune_id == organization.parent_id
    return False
