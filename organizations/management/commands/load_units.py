from django.core.management.base import BaseCommand, CommandError

from organizations import catalogue
from organizations.models import Kind
from vietnamese.numbers import format_integer

LINES = [
    (Kind.PROVINCE, False, "Tỉnh, thành phố đang dùng"),
    (Kind.COMMUNE, False, "Xã, phường, đặc khu đang dùng"),
    (Kind.PROVINCE, True, "Tỉnh, thành phố đến hết ngày 30/06/2025"),
    (Kind.DISTRICT, True, "Huyện, quận đến hết ngày 30/06/2025"),
    (Kind.COMMUNE, True, "Xã, phường, thị trấn đến hết ngày 30/06/2025"),
]


NAMED = 20


class Command(BaseCommand):
    help = (
        "Nạp danh mục đơn vị hành chính hiện nay và trước ngày 01/07/2025. "
        "Chạy lại thì cập nhật tên theo mã, không xóa gì. Thêm --preview thì chỉ cho xem sẽ thay đổi gì."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--province", metavar="CODE", help="chỉ nạp một tỉnh và các đơn vị cũ của tỉnh ấy"
        )
        parser.add_argument("--preview", action="store_true", help="chỉ xem sẽ thay đổi gì, không ghi")

    def handle(self, province, preview, **options):
        try:
            outcome = catalogue.load(province, preview=preview)
        except catalogue.UnknownProvince as unknown:
            raise CommandError(
                f"Không có tỉnh, thành phố mã “{province}”. Chọn một mã trong: {', '.join(unknown.known)}."
            ) from unknown
        for kind, is_old, words in LINES:
            self.stdout.write(f"{words}: {format_integer(outcome.units[kind, is_old])}")
        self.stdout.write(f"Nối đơn vị cũ với đơn vị mới: {format_integer(outcome.successions)}")
        self._tell("Sẽ thêm" if preview else "Lần này thêm", map(_known_as, outcome.made))
        renamed = (f"{_known_as(one)}, trước là {old}" for old, one in outcome.renamed)
        self._tell("Sẽ đổi tên hoặc loại" if preview else "Lần này đổi tên hoặc loại", renamed)
        self._tell(
            "Đứng dưới cấp trên khác với danh mục, để nguyên chỗ", map(_known_as, outcome.elsewhere), False
        )
        self._tell("Không còn trong danh mục, để nguyên", map(_known_as, outcome.gone), False)
        if preview:
            self.stdout.write("Chỉ xem trước, chưa ghi gì. Chạy lại không có --preview để ghi.")

    def _tell(self, words, units, even_none=True):
        units = list(units)
        if units or even_none:
            self.stdout.write(f"{words}: {format_integer(len(units))}")
        for unit in units[:NAMED]:
            self.stdout.write(f"  {unit}")
        if len(units) > NAMED:
            self.stdout.write(f"  và {format_integer(len(units) - NAMED)} đơn vị nữa")


def _known_as(organization):
    return f"{organization.code} {organization.full_name}"
