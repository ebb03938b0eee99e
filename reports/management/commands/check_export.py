from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from reports import checking
from vietnamese import dates


class Command(BaseCommand):
    help = (
        "Kiểm tra một tệp Excel có đúng do cổng phát hành không, dài mấy cũng được. Thoát 1 khi không đúng."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="tệp .xlsx")

    def handle(self, *, file, **options):
        try:
            with file.open("rb") as opened:
                verdict = checking.judge(checking.read_any(opened))
        except OSError as error:
            raise CommandError(f"Không đọc được {file}: {error}") from error
        except checking.DAMAGED as error:
            raise CommandError(f"{file} không phải tệp Excel .xlsx lành lặn.") from error
        if verdict.is_genuine:
            moment = dates.moment_words(verdict.job.finished_at)
            self.stdout.write(f"Đúng tệp {verdict.job.code} do cổng phát hành lúc {moment}.")
            return
        self.stdout.write("Tệp đã bị sửa." if verdict.job else "Không phải tệp của cổng.")
        for each in verdict.changed[: checking.MOST_TOLD]:
            self.stdout.write(f"{each.sheet}, {each.cell} {each.heading}: {each.now}")
        raise SystemExit(1)
