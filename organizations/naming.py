"""How people write the names of villages and units: the type they mean, and the name without it."""

from organizations.models import Type
from vietnamese import text

VILLAGE_TYPES = [
    Type.HAMLET,
    Type.HIGHLAND_HAMLET,
    Type.SOUTHERN_HAMLET,
    Type.RESIDENTIAL_GROUP,
    Type.QUARTER,
]
UNIT_TYPES = [
    Type.AGENCY,
    Type.SCHOOL,
    Type.ENTERPRISE,
    Type.ARMED_FORCE,
    Type.COOPERATIVE,
    Type.OTHER,
]
WHOLE_NAME = ""  # no type of ours: the name is written in full, "Xóm 3", "Buôn Trấp"
_OF_VILLAGES = {str(type.label): type for type in VILLAGE_TYPES} | {"TDP": Type.RESIDENTIAL_GROUP}
_OTHER_VILLAGES = "Xóm Buôn Khóm Làng Plei Sóc Phum Khu Cụm Tổ".split()
_OF_UNITS = {
    "trường": Type.SCHOOL,
    "công ty": Type.ENTERPRISE,
    "doanh nghiệp": Type.ENTERPRISE,
    "hợp tác xã": Type.COOPERATIVE,
    "htx": Type.COOPERATIVE,
    "ubnd": Type.AGENCY,
    "ủy ban": Type.AGENCY,
    "sở": Type.AGENCY,
    "trạm": Type.AGENCY,
    "công an": Type.ARMED_FORCE,
    "bộ đội": Type.ARMED_FORCE,
}


def village(typed: str, usual: str) -> tuple[str, str]:
    """Type and name: 'tổ dân phố 5' is the residential group '5'; without a type the usual one is meant."""
    for beginning, type in _OF_VILLAGES.items():
        if _begins(typed, beginning):
            return type, " ".join(typed.split()[len(beginning.split()) :])
    if any(_begins(typed, beginning) for beginning in _OTHER_VILLAGES):
        return WHOLE_NAME, typed[:1].upper() + typed[1:]
    return usual, typed


def unit(typed: str) -> tuple[str, str]:
    """Type and name; the name of a unit stays whole: 'Trường THPT Lý Tự Trọng'."""
    types = (type for beginning, type in _OF_UNITS.items() if _begins(typed, beginning))
    return next(types, Type.OTHER), typed


def _begins(typed, beginning):
    """Accents count when they were typed: 'Bàn Thạch' is not 'Bản Thạch', but 'ban thach' may be."""
    words = typed.split()
    start = " ".join(words[: len(beginning.split())])
    if len(words) <= len(beginning.split()) or text.fold(start) != text.fold(beginning):
        return False
    return start.isascii() or text.sort_key(start.lower()) == text.sort_key(beginning.lower())
