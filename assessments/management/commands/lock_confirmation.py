import datetime

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from assessments import closing, windows
from assessments.models import Campaign, State, WindowStep
from audit import clock


class Command(BaseCommand):
    help = "Ghi nhận việc khóa xác nhận điểm. Chạy lại không đổi gì; thoát 1 và nói vì sao nếu chưa xong."

    def add_arguments(self, parser):
        parser.add_argument("--year", type=int, help="chỉ năm này")
        parser.add_argument("--now", help="thời điểm ISO, ví dụ 2027-01-01T00:00:00+07:00")

    def handle(self, year, now, **options):
        now = moment(now) if now else clock.now()
        if now > clock.now() and not settings.DEBUG:
            raise CommandError("--now chưa đến. Không thể khóa trước hạn.")
        if not closing.ended(now, year).exists():
            raise CommandError(self.why_nothing(year, now))
        done = closing.lock_confirmation(now, year)
        self.stdout.write(
            f"Ghi nhận khóa: {done.recorded} thời hạn. "
            f"Ban chưa xác nhận: {done.moved[State.UNCONFIRMED]}. Chưa gửi: {done.moved[State.UNSENT]}."
        )
        if done.failed:
            raise CommandError("Chưa khóa xong các ban: " + "; ".join(done.failed))

    def why_nothing(self, year, now):
        campaign = Campaign.objects.filter(year=year).first() if year else Campaign.objects.current(now)
        if campaign is None:
            return f"Chưa mở năm {year}." if year else "Chưa mở năm nào."
        window = windows.of_campaign(WindowStep.CONFIRMATION, campaign)
        return f"Chưa đến lúc khóa năm {campaign.year}: {windows.words(window, now)}."


def moment(text):
    try:
        parsed = datetime.datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"Không đọc được thời điểm {text}. Ví dụ: 2027-01-01T00:00:00+07:00.") from error
    return timezone.make_aware(parsed) if timezone.is_naive(parsed) else parsed
