import os
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from assessments.models import Campaign
from audit import looks
from audit.models import Sight
from organizations.models import Organization
from reports import excel, exports
from reports.models import FORM, ExportJob, Report
from reports.report_forms.names import FormName

# Findings are those of one sample; a place and a year may have several.
NAMES = [*(each.value for each in Report if each not in (Report.FORM, Report.FINDINGS)), *FormName.values]


class Command(BaseCommand):
    help = "Xuất báo cáo của một tổ chức ra tệp Excel. Số căn cước được che, trừ khi có --full và --reason."

    def add_arguments(self, parser):
        parser.add_argument("name", choices=NAMES, help="tên báo cáo")
        parser.add_argument("--organization", required=True, help="mã tổ chức, ví dụ 42")
        parser.add_argument("--campaign", required=True, type=int, help="năm")
        parser.add_argument("--output", required=True, help="tệp .xlsx sẽ ghi")
        parser.add_argument("--full", action="store_true", help="số căn cước đầy đủ; việc này được ghi lại")
        parser.add_argument("--reason", default="", help="lý do lấy số căn cước đầy đủ")

    def handle(self, name, organization, campaign, output, full, reason, **options):
        if full and not reason.strip():
            raise CommandError('--full lấy số căn cước đầy đủ, nên phải ghi lý do: --reason "…".')
        path = Path(output)
        if os.path.isdir(path):  # Path.is_dir raises on a name that is too long
            raise CommandError(f"{path} là một thư mục. Hãy ghi cả tên tệp .xlsx.")
        if not path.parent.is_dir():
            raise CommandError(f"Không có thư mục {path.parent}.")
        job = ExportJob(
            report=Report.FORM if name in FormName else name,
            query={FORM: name} if name in FormName else {},
            organization=_one(Organization, "mã tổ chức", code=organization),
            campaign=_one(Campaign, "năm", year=campaign),
            is_full=full,
            reason=reason.strip(),
        )
        try:
            _write(job, path)
        except excel.TooLong as error:
            raise CommandError(
                f"Quá {excel.MOST_ROWS} dòng, một tệp Excel không chứa hết. Xuất từng tỉnh hoặc từng xã."
            ) from error
        except OSError as error:
            raise CommandError(f"Không ghi được {path}: {error.strerror}.") from error
        self.stdout.write(f"{path}: {job.rows} dòng, mã kiểm tra {job.checksum}")


def _one(model, what, **key):
    try:
        return model.objects.get(**key)
    except model.DoesNotExist as error:
        raise CommandError(f"Không có {what} {next(iter(key.values()))}.") from error


def _write(job, path):
    """The file stands under its name only when it is whole."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            exports.write(job, file)
        if job.names_people:
            looks.write(
                looks.by_operator(Sight.EXPORT, "export_report", place=job.organization.pk, code=job.code)
            )
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
