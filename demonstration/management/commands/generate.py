import time

from django.core.management.base import BaseCommand, CommandError

from assessments import looking_ahead
from audit import clock
from demonstration import mass, records
from vietnamese.numbers import format_integer


class Command(BaseCommand):
    help = "Tạo hàng loạt người dân giả định cùng hồ sơ của một năm, để thử cổng với số lượng lớn."

    def add_arguments(self, parser):
        parser.add_argument("--province", required=True, metavar="CODE", help="mã tỉnh, thành phố, ví dụ 42")
        parser.add_argument("--citizens", required=True, type=int, metavar="N", help="số người dân")
        parser.add_argument("--year", required=True, type=int, metavar="Y", help="năm đánh giá")
        parser.add_argument(
            "--seed", required=True, type=int, metavar="S", help="số gieo; số khác, người khác"
        )

    def handle(self, *, province, citizens, year, seed, **options):
        if citizens < 1:
            raise CommandError("--citizens phải từ 1 trở lên.")
        self.began, self.citizens, self.next_line = time.monotonic(), citizens, 0
        try:
            made = mass.generate(province, citizens, year, seed, progress=self.progress)
        except mass.Impossible as impossible:
            raise CommandError(str(impossible)) from impossible
        looking_ahead.refresh(clock.now())
        self.stdout.write(f"Đã tạo {format_integer(citizens)} người, {format_integer(made.total())} hồ sơ:")
        for words, count in records.in_words(made):
            self.stdout.write(f"  {words}: {format_integer(count)}")

    def progress(self, done):
        """A line for every tenth of the way."""
        if done >= self.next_line:
            seconds = time.monotonic() - self.began
            self.stdout.write(
                f"{format_integer(done)}/{format_integer(self.citizens)} người, {seconds:.0f} giây"
            )
            self.stdout.flush()
            self.next_line += self.citizens / 10
