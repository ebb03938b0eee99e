"""What a person said, as rows for components/answers.html. `change` is the page where it is said anew."""

from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import Gender, Population
from accounts.places import Home, in_words
from organizations.boards import in_sentence
from vietnamese import dates, identity, phone
from vietnamese.text import lower_first


def person_rows(citizen, change=""):
    return [
        _row(_("Họ và tên"), citizen.full_name, change),
        _row(_("Ngày sinh"), citizen.birth_words, change),
        _row(_("Giới tính"), Gender(citizen.gender).label, change),
        _row(_("Số căn cước"), citizen.masked_identity_number or _("Chưa có"), change),
    ]


def contact_rows(citizen, change="", *, masked=False):
    number, address = phone.display(citizen.phone), citizen.email
    if masked:
        number, address = identity.mask(number), identity.mask(address)
    return [
        _row(_("Số điện thoại"), number or _("Không có"), change),
        _row(_("E-mail"), address or _("Không có"), change),
    ]


def home_rows(home, change=""):
    return [
        _row(_("Xã, phường"), in_words(home.commune), change),
        _row(_("Thôn, tổ dân phố"), _place(home.village, home.village_text), change),
        _row(_("Nơi làm việc, học tập"), _place(home.unit, home.unit_text), change),
        _row(_("Công việc"), _work(home), change),
    ]


def written(citizen):
    """All that others wrote about a person, before it becomes their own account."""
    return [*person_rows(citizen), *contact_rows(citizen), *home_rows(Home.of(citizen))]


def seat_words(seat):
    """'Thành viên ban khuyến học thôn Đông Hải, từ 01/01/2024'."""
    place = in_sentence(seat.organization)
    words = _("%(role)s %(place)s, từ %(from)s") % {
        "role": seat.get_role_display(),
        "place": place,
        "from": dates.day_words(seat.valid_from),
    }
    if seat.valid_to:
        words += _(" đến hết %(to)s") % {"to": dates.day_words(seat.valid_to)}
    return capfirst(words)


def _row(term, value, change):
    return {"term": term, "value": value, "change": change, "what": lower_first(term)}


def _place(place, text):
    if place:
        return place.full_name
    if text:
        return _with_hint(text, _("Chưa có trong danh sách, hội khuyến học xã sẽ xếp."))
    return _("Không có")


def _work(home):
    return _with_hint(
        Population(home.population).label,
        _("Tiêu chí gợi ý: %(group)s") % {"group": home.suggested_group.label},
    )


def _with_hint(value, hint):
    return format_html('{}<br><span class="hint">{}</span>', value, hint)
