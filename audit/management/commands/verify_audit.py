from django.core.management.base import BaseCommand

from audit import events
from audit.models import Event


class Command(BaseCommand):
    help = "Kiểm tra nhật ký: không dòng nào bị sửa, xóa, chèn hay đổi chỗ. Thoát 1 và in mỗi lỗi một dòng."

    def handle(self, **options):
        faults = 0
        for fault in events.faults():
            faults += 1
            self.stdout.write(fault)
        if faults:
            raise SystemExit(1)
        self.stdout.write(f"Nhật ký nguyên vẹn: {Event.objects.count()} dòng.")
