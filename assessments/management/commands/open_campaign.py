from django.core.management.base import BaseCommand

from assessments import chain_data
from assessments.models import Campaign


class Command(BaseCommand):
    help = "Mở một năm: đăng ký và tự chấm cả năm, xác nhận từ 1/10 đến hết 31/12. Chạy lại không đổi gì."

    def add_arguments(self, parser):
        parser.add_argument("year", type=int)

    def handle(self, year, **options):
        _campaign, is_new = Campaign.objects.open(year)
        chain_data.load()
        self.stdout.write(f"Đã mở năm {year}." if is_new else f"Năm {year} đã mở từ trước.")
