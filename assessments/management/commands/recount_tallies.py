from django.core.management.base import BaseCommand

from assessments import tally
from audit import clock


class Command(BaseCommand):
    help = (
        "So số đếm của từng ban với chính các hồ sơ. Thoát 1, in mỗi chỗ lệch một dòng, và sửa lại cho đúng."
    )

    def handle(self, **options):
        differences = 0
        for each in tally.recount(clock.now()):
            differences += 1
            self.stdout.write(
                f"Ban {each.cell.board_id}, {each.cell}: đếm {each.tallied}, thực có {each.counted}. Đã sửa."
            )
        if differences:
            raise SystemExit(1)
        self.stdout.write("Số đếm của các ban khớp với hồ sơ.")
