from django.core.management.base import BaseCommand, CommandError

from assessments import totals
from assessments.models import Campaign


class Command(BaseCommand):
    help = "Tính lại tổng điểm và kết quả từ điểm của từng hồ sơ. Thoát 1 và in mỗi chỗ lệch một dòng."

    def add_arguments(self, parser):
        parser.add_argument("--year", type=int, help="chỉ năm này")

    def handle(self, *, year, **options):
        campaigns = Campaign.objects.filter(year=year) if year else Campaign.objects.all()
        if year and not campaigns:
            raise CommandError(f"Chưa mở năm {year}.")
        differences = 0
        for mismatch in totals.check(campaigns):
            differences += 1
            self.stdout.write(str(mismatch))
        if differences:
            raise SystemExit(1)
        self.stdout.write("Tổng điểm và kết quả của mọi hồ sơ khớp với điểm.")
