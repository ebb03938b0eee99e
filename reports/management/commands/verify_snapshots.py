from django.core.management.base import BaseCommand

from reports import snapshots
from reports.models import JobState, Snapshot


class Command(BaseCommand):
    help = "Kiểm tra chữ ký các tệp chốt năm, làm lại tệp mới nhất và so từng byte. Thoát 1 khi không đúng."

    def add_arguments(self, parser):
        parser.add_argument("--province", help="mã tỉnh, ví dụ 42")
        parser.add_argument("--year", type=int, help="năm")

    def handle(self, *, province, year, **options):
        files = Snapshot.objects.filter(state=JobState.DONE).select_related("campaign", "province")
        if province:
            files = files.filter(province__code=province)
        if year:
            files = files.filter(campaign__year=year)
        wrong = 0
        for snapshot in files:
            said, is_right = _said_of(snapshot)
            wrong += not is_right
            self.stdout.write(f"{snapshot.file_name}: {said}")
        if wrong:
            raise SystemExit(1)
        if not files:
            self.stdout.write("Chưa có tệp chốt năm nào.")


def _said_of(snapshot):
    if not snapshots.is_intact(snapshot):
        return "tệp không khớp chữ ký, đã bị sửa hoặc mất.", False
    if snapshot.of_same_year().filter(number__gt=snapshot.number).exists():
        return "đúng chữ ký, sau đó có tệp bổ sung.", True
    if snapshots.made_again_is_the_same(snapshot):
        return "đúng chữ ký, làm lại giống từng byte.", True
    changed = snapshots.differing(snapshot)
    return f"đúng chữ ký, nhưng {len(changed)} hồ sơ nay đã khác: {', '.join(map(str, changed[:20]))}", False
