from django.core.management.base import BaseCommand, CommandError

from assessments import chain_data
from assessments.models import Campaign

OLDEST, LATEST = 2000, 2100  # what lies outside is a slip: a year that is open cannot be taken away


class Command(BaseCommand):
    help = "Mở một năm: đăng ký và tự chấm cả năm, xác nhận từ 1/10 đến hết 31/12. Chạy lại không đổi gì."

    def add_arguments(self, parser):
        parser.add_argument("year", type=int)

    def handle(self, year, **options):
        if not OLDEST <= year <= LATEST:
            raise CommandError(f"Năm viết đủ bốn chữ số, từ {OLDEST} đến {LATEST}; đã gõ {year}.")
        _campaign, is_new = Campaign.objects.open(year)
        chain_data.load()
        self.stdout.write(f"Đã mở năm {year}." if is_new else f"Năm {year} đã mở từ trước.")
