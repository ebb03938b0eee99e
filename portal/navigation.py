"""Which parts of the portal a person sees in the list of contents, by what they are and act for."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Appointment, Citizen, Headship, Message, Role, User
from assessments import deadlines, queue
from organizations import boards
from organizations.models import Kind


@dataclass(frozen=True)
class Item:
    url: str
    label: str
    current: str = ""  # what aria-current says
    count: int = 0


def items(request):
    user = request.user
    pages = _pages_of(_person(user)) if user.is_authenticated else _public_pages()
    return [_item(request.path, *page) for page in pages]


def start_of(user):
    """The address a person's work begins at, or nothing for who is neither citizen nor appointed."""
    work = _work_of(_person(user))
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


def _person(user):
    """Everything the list depends on, in one query."""
    seats = Appointment.objects.confirming().filter(user=OuterRef("pk"))
    over_boards = Q(role=Role.OFFICER) | ~Q(organization__kind__in=queue.BOARD_KINDS)
    return (
        User.objects.filter(pk=user.pk)
        .annotate(
            checks=Exists(seats.filter(organization__kind=Kind.CENTRE)),
            speaks=Exists(Appointment.objects.speaking().filter(user=OuterRef("pk")))
            | Exists(Headship.objects.in_office().filter(citizen__user=OuterRef("pk"))),
            is_citizen=Exists(Citizen.objects.filter(user=OuterRef("pk"))),
            confirms=Exists(queue.seats_on_boards().filter(user=OuterRef("pk"))),
            helps=Exists(Appointment.objects.helping().filter(user=OuterRef("pk"), role=Role.HELPER)),
            oversees=Exists(seats.filter(over_boards)),
            leads=Exists(seats.filter(role=Role.OFFICER, organization__kind__in=boards.ASSOCIATIONS)),
            decides=Exists(seats.filter(role=Role.OFFICER, organization__kind__in=deadlines.DECIDING)),
            # Two counts and no OR: each has its index.
            unread=_unread(user=OuterRef("pk")) + _unread(citizen__user=OuterRef("pk")),
        )
        .values(
            "checks",
            "speaks",
            "leads",
            "decides",
            "is_superuser",
            "is_citizen",
            "confirms",
            "helps",
            "oversees",
            "is_staff",
            "unread",
        )
        .get()
    )


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
