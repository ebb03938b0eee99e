from django.core.management.base import BaseCommand
from django.db import transaction

from assessments.models import Campaign, Window


class Command(BaseCommand):
    help = "Mở một năm: đăng ký và tự chấm cả năm, xác nhận từ 1/10 đến hết 31/12. Chạy lại không đổi gì."

    def add_arguments(self, parser):
        parser.add_argument("year", type=int)

    @transaction.atomic
    def handle(self, year, **options):
        campaign, is_new = Campaign.objects.get_or_create(year=year)
        Window.objects.open_for(campaign)
        self.stdout.write(f"Đã mở năm {year}." if is_new else f"Năm {year} đã mở từ trước.")
