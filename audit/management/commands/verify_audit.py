from django.core.management.base import BaseCommand

from audit import sealing, verification
from audit.models import Event, Seal


class Command(BaseCommand):
    help = "Kiểm tra nhật ký: không dòng nào bị sửa, xóa, chèn hay đổi chỗ. Thoát 1 và in mỗi lỗi một dòng."

    def add_arguments(self, parser):
        parser.add_argument("--seal", default="", help="dấu niêm phong đã chép ra ngoài, để đối chiếu")

    def handle(self, *, seal, **options):
        faults = 0
        for fault in verification.faults():
            faults += 1
            self.stdout.write(fault)
        if seal and not Seal.objects.filter(hash=seal.strip().lower()).exists():
            faults += 1
            self.stdout.write("Không có dấu niêm phong này: nhật ký đã bị viết lại, hoặc dấu bị chép sai.")
        if faults:
            raise SystemExit(1)
        newest = sealing.newest()
        said = f" Dấu niêm phong ngày {newest.day:%d/%m/%Y}: {newest.hash}" if newest else ""
        self.stdout.write(f"Nhật ký nguyên vẹn: {Event.objects.count()} dòng.{said}")
