"""What the board of an organization is called in a sentence."""

from django.utils.translation import gettext as _

from organizations.models import Kind
from vietnamese.text import lower_first

ASSOCIATIONS = [Kind.CENTRE, Kind.PROVINCE, Kind.DISTRICT, Kind.COMMUNE]


def name_of(board) -> str:
    """'ban khuyến học thôn Đông Hải', 'ban khuyến học Trường Lý Tự Trọng', 'hội khuyến học xã Thạch Khê'."""
    if board.kind in ASSOCIATIONS:
        return _("hội khuyến học %(place)s") % {"place": in_sentence(board)}
    return _("ban khuyến học %(place)s") % {"place": in_sentence(board)}


def address_of(board) -> str:
    """The name, and where that is: 'ban khuyến học thôn Đông Hải, xã Thạch Khê, tỉnh Hà Tĩnh'."""
    above = [place for place in reversed(board.ancestors) if place.kind != Kind.CENTRE]
    return ", ".join([name_of(board), *map(in_sentence, above)])


def in_sentence(organization) -> str:
    """Places begin small in the middle of a sentence: 'thôn Đông Hải'; units keep the name they bear."""
    words = organization.full_name
    kind_of_place = organization.get_type_display()
    if organization.kind == Kind.UNIT or not kind_of_place or not words.startswith(kind_of_place):
        return words
    return lower_first(words)
