from pathlib import Path

import yaml
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from criteria import loading

SHIPPED = settings.BASE_DIR / "criteria" / "data" / "decision324.yaml"


class Command(BaseCommand):
    help = "Nạp bộ tiêu chí công dân học tập (bản tạm đi kèm, hoặc tệp YAML cùng dạng)."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, default=SHIPPED)

    def handle(self, file, **options):
        try:
            with file.open(encoding="utf-8") as opened:
                new = loading.load(opened)
        except OSError as error:
            raise CommandError(f"Không mở được tệp {file}: {error.strerror}.") from error
        except (yaml.YAMLError, KeyError, TypeError, ValueError, ValidationError) as error:
            raise CommandError(
                f"Tệp {file} không đúng dạng của criteria/data/decision324.yaml: {error}. Chưa nạp gì cả."
            ) from error
        for criteria_set in new:
            authority = criteria_set.get_authority_display()
            self.stdout.write(f"Đã nạp: {criteria_set}, phiên bản {criteria_set.version} ({authority})")
        if not new:
            self.stdout.write("Các bộ tiêu chí trong tệp đã có sẵn, không đổi gì.")
