from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts import officers
from accounts.appointing import ROLES_AT
from accounts.models import Role
from organizations.models import Organization


class Command(BaseCommand):
    help = "Mở tài khoản cho cán bộ của một tổ chức và in đường dẫn đăng nhập lần đầu, dùng được một lần."

    def add_arguments(self, parser):
        parser.add_argument("--organization", required=True, metavar="CODE", help="mã tổ chức, ví dụ 42")
        roles = {role.value: role for there in ROLES_AT.values() for role in there}
        parser.add_argument("--role", required=True, choices=roles, help="vai trò")
        parser.add_argument(
            "--full-name", default="", help="họ và tên, cán bộ tự sửa được khi đăng nhập lần đầu"
        )

    def handle(self, *, organization, role, full_name, **options):
        try:
            organization = Organization.objects.in_force().get(code=organization)
        except Organization.DoesNotExist:
            raise CommandError(
                f"Không có tổ chức nào đang hoạt động mang mã {organization}. "
                "Xem mã ở trang Tổ chức, hoặc chạy load_units nếu chưa nạp đơn vị hành chính."
            ) from None
        if role not in (there := ROLES_AT.get(organization.kind, [])):
            raise CommandError(f"{organization} không có vai trò này. Chọn: {', '.join(there)}.")
        user = officers.create(organization, role, full_name=full_name)
        hours = settings.PASSWORD_RESET_TIMEOUT // 3600
        self.stderr.write(
            f"Đã mở tài khoản: {Role(role).label}, {organization}. "
            f"Gửi riêng đường dẫn sau cho người đó; dùng được một lần, trong {hours} giờ:"
        )
        self.stdout.write(_address() + officers.first_sign_in_path(user))


def _address():
    """Where people reach the portal, as far as the settings know."""
    return settings.PORTAL_URL or next(
        iter(settings.CSRF_TRUSTED_ORIGINS), f"http://127.0.0.1:{settings.PORT}"
    )
