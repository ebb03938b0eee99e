from django.core.management import BaseCommand, CommandError, call_command
from django.db import OperationalError
from django.utils.translation import gettext as _

from assessments.models import Assessment, Campaign
from audit import clock
from criteria.models import CriteriaSet
from organizations.models import Organization


class Command(BaseCommand):
    help = (
        "Bring the database up to date and load what an empty one needs; the launcher calls it at every start"
    )

    def add_arguments(self, parser):
        parser.add_argument("--demo", action="store_true", help="load the demonstration")
        parser.add_argument("--static", action="store_true", help="collect the static files")

    def handle(self, **options):
        try:
            self.prepare(**options)
        except OperationalError as error:  # away, locked, on a full disk
            raise CommandError(_("Không dùng được cơ sở dữ liệu: %(error)s") % {"error": error}) from error

    def prepare(self, *, demo, static, **options):
        self.say(_("Đang cập nhật cơ sở dữ liệu…"))
        call_command("migrate", interactive=False, verbosity=0)
        if static:
            call_command("collectstatic", interactive=False, verbosity=0)
        if demo:
            self.load_demonstration()
        else:
            self.load_ground()

    def load_demonstration(self):
        if not Assessment.objects.exists():
            self.say(_("Cơ sở dữ liệu còn trống: đang nạp dữ liệu dùng thử (chưa đến một phút)…"))
        call_command("demo")

    def load_ground(self):
        """What no portal can do without, each by itself: an earlier start may have been cut short."""
        if not Organization.objects.exists():
            self.say(_("Đang nạp đơn vị hành chính…"))
            call_command("load_units")
        if not CriteriaSet.objects.exists():
            self.say(_("Đang nạp bộ tiêu chí…"))
            call_command("load_criteria")
        if not Campaign.objects.exists():
            call_command("open_campaign", str(clock.today().year))

    def say(self, text):
        self.stdout.write(text)
        self.stdout.flush()
