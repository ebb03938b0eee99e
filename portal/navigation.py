"""Which parts of the portal a person sees in the list of contents, by what they are and act for."""

from dataclasses import dataclass

from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Citizen, Headship, Message, Role, User
from accounts.models.appointment import CONFIRMING_ROLES, SPEAKING_ROLES
from assessments import deadlines, queue
from audit import clock
from organizations import boards
from organizations.models import Kind


@dataclass(frozen=True)
class Item:
    url: str
    label: str
    current: str = ""  # what aria-current says
    count: int = 0


def items(request, person):
    """`person` as person_of says, or None for who has not signed in."""
    pages = _pages_of(person) if person else _public_pages()
    return [_item(request.path, *page) for page in pages]


def start_of(user):
    """The address a person's work begins at, or nothing for who is neither citizen nor appointed."""
    work = _work_of(person_of(user))
    return reverse(work[0][0]) if work else ""


def _public_pages():
    return [
        ("portal:home", _("Trang đầu")),
        ("portal:help", _("Hướng dẫn")),
        ("accounts:sign_up", _("Mở tài khoản")),
        ("accounts:sign_in", _("Đăng nhập")),
    ]


def _work_of(person):
    pages = []
    if person["is_citizen"]:
        pages.append(("assessments:mine", _("Trang của tôi")))
    if person["confirms"]:
        pages.append(("assessments:board_queue", _("Xác nhận điểm")))
    elif person["helps"]:  # who also confirms goes there from the board's list
        pages.append(("assessments:helping", _("Giúp điền")))
    if person["leads"]:
        pages.append(("assessments:board_list", _("Các ban")))
    if person["oversees"]:
        pages += [("reports:summary", _("Số liệu")), ("organizations:index", _("Tổ chức"))]
    if person["leads"]:
        pages.append(("recognitions:index", _("Quyết định")))
    if person["speaks"]:
        pages.append(("groups:mine", _("Danh hiệu nhóm")))
    if person["decides"]:
        pages.append(("assessments:deadlines", _("Thời hạn")))
    if person["checks"]:
        pages.append(("revising:index", _("Tiêu chí")))
    if person["checks"] or person["is_superuser"]:
        pages.append(("portal:record", _("Nhật ký")))
    if person["is_staff"]:
        pages.append(("admin:index", _("Quản trị")))
    return pages


def _pages_of(person):
    return [
        *_work_of(person),
        ("accounts:inbox", _("Tin nhắn"), person["unread"]),
        ("portal:help", _("Hướng dẫn")),
        ("accounts:profile", _("Tài khoản")),
    ]


def person_of(user):
    """Everything the list depends on, in one query: a row for each seat of today, at least one."""
    rows = (
        User.objects.filter(pk=user.pk)
        .annotate(
            seat=FilteredRelation("appointments", condition=clock.in_force(at="appointments__")),
            role=F("seat__role"),
            kind=F("seat__organization__kind"),
            is_citizen=Exists(Citizen.objects.filter(user=OuterRef("pk"))),
            heads=Exists(Headship.objects.in_office().filter(citizen__user=OuterRef("pk"))),
            # Two counts and no OR: each has its index.
            unread=_unread(user=OuterRef("pk")) + _unread(citizen__user=OuterRef("pk")),
        )
        .values("role", "kind", "is_superuser", "is_staff", "is_citizen", "heads", "unread")
    )
    seats = [(row["role"], row["kind"]) for row in rows]
    confirming = [kind for role, kind in seats if role in CONFIRMING_ROLES]
    officers = [kind for role, kind in seats if role == Role.OFFICER]
    return rows[0] | {
        "checks": Kind.CENTRE in confirming,
        "speaks": rows[0]["heads"] or any(role in SPEAKING_ROLES for role, _kind in seats),
        "confirms": any(kind in queue.BOARD_KINDS for kind in confirming),
        "helps": any(role == Role.HELPER for role, _kind in seats),
        "oversees": bool(officers) or any(kind not in queue.BOARD_KINDS for kind in confirming),
        "leads": any(kind in boards.ASSOCIATIONS for kind in officers),
        "decides": any(kind in deadlines.DECIDING for kind in officers),
    }


def _unread(**receiver):
    of_receiver = Message.objects.unread().filter(**receiver).order_by().values(*receiver)
    return Coalesce(Subquery(of_receiver.annotate(unread=Count("pk")).values("unread")), 0)


def _item(path, name, label, count=0):
    url = reverse(name)
    current = ""
    if path == url:
        current = "page"
    elif url != "/" and path.startswith(url):
        current = "true"
    return Item(url, label, current, count)
