from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from criteria import loading
from criteria.publishing import Refused
from criteria.reading import Unreadable


class Command(BaseCommand):
    help = "Nạp bộ tiêu chí của cả năm danh hiệu (bản đi kèm), hoặc của một tệp YAML cùng dạng."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, help="tệp YAML; không ghi thì nạp bản đi kèm")

    def handle(self, file, **options):
        new = self._load(file)
        for criteria_set in new:
            authority = criteria_set.get_authority_display()
            self.stdout.write(f"Đã nạp: {criteria_set}, phiên bản {criteria_set.version} ({authority})")
        if not new:
            self.stdout.write("Các bộ tiêu chí đã có sẵn, không đổi gì.")

    def _load(self, file):
        if file is None:
            return loading.load_shipped()
        try:
            with file.open("rb") as opened:
                return loading.load(opened)
        except OSError as error:
            raise CommandError(f"Không mở được tệp {file}: {error.strerror}.") from error
        except Unreadable as error:
            raise CommandError(f"Tệp {file} chưa đúng, chưa nạp gì cả:\n{error}") from error
        except Refused as error:
            raise CommandError(f"Chưa nạp gì cả: {error}") from error
