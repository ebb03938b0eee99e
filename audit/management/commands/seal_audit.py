from django.core.management.base import BaseCommand

from audit import sealing


class Command(BaseCommand):
    help = "Niêm phong nhật ký đến hết hôm qua và in dấu, để chép ra ngoài máy chủ. Chạy lại không sao."

    def handle(self, **options):
        seal = sealing.seal_yesterday()
        self.stdout.write(f"Dấu niêm phong ngày {seal.day:%d/%m/%Y}: {seal.hash}")
