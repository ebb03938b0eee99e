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


class Command(BaseCommand):
    help = (
        "Nạp danh mục đơn vị hành chính hiện nay và trước ngày 01/07/2025. "
        "Chạy lại thì cập nhật tên theo mã, không xóa gì."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--province", metavar="CODE", help="chỉ nạp một tỉnh và các đơn vị cũ của tỉnh ấy"
        )

    def handle(self, province, **options):
        try:
            outcome = catalogue.load(province)
        except catalogue.UnknownProvince as unknown:
            raise CommandError(
                f"Không có tỉnh, thành phố mã “{province}”. Chọn một mã trong: {', '.join(unknown.known)}."
            ) from unknown
        for kind, is_old, words in LINES:
            self.stdout.write(f"{words}: {format_integer(outcome.units[kind, is_old])}")
        self.stdout.write(f"Nối đơn vị cũ với đơn vị mới: {format_integer(outcome.successions)}")
        self.stdout.write(f"Lần này thêm: {format_integer(outcome.made)}")
        self.stdout.write(f"Lần này đổi tên hoặc loại: {format_integer(outcome.renamed)}")
        if outcome.elsewhere:
            elsewhere = format_integer(outcome.elsewhere)
            self.stdout.write(f"Đứng dưới cấp trên khác với danh mục, để nguyên chỗ: {elsewhere}")
