from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from assessments import looking_ahead
from audit import clock
from demonstration import hatinh, records
from vietnamese.numbers import format_integer


class Command(BaseCommand):
    help = "Nạp dữ liệu dùng thử của Hà Tĩnh: người, ban khuyến học và hồ sơ giả định. Chạy lại không đổi gì."

    def add_arguments(self, parser):
        parser.add_argument(
            "--citizens", type=int, default=hatinh.CITIZENS, metavar="N", help="số người, mặc định 2000"
        )

    def handle(self, *, citizens, **options):
        if not settings.DEBUG:
            raise CommandError("Dữ liệu dùng thử chỉ nạp được khi DEBUG=1.")
        if citizens < 1:
            raise CommandError("--citizens phải từ 1 trở lên.")
        made = hatinh.load(citizens)
        if made is None:
            self.stdout.write("Dữ liệu dùng thử đã có sẵn, không đổi gì.")
            return
        looking_ahead.refresh(clock.now())
        self.stdout.write(f"Đã nạp dữ liệu dùng thử: {format_integer(made.total())} hồ sơ trong ba năm.")
        for words, count in records.in_words(made):
            self.stdout.write(f"  {words}: {format_integer(count)}")
