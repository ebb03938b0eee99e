from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FormName(TextChoices):
    """What a form is called in addresses, files and commands, and its title."""

    ORGANIZATION = "01kh", _("Tổ chức hội và hội viên")
    TITLES = "02kh", _("Kết quả đăng ký và công nhận các mô hình học tập")
    GRADES = "03kh", _("Cộng đồng học tập cấp xã và đơn vị học tập cấp tỉnh theo mức độ")
    FUNDS = "04kh", _("Quỹ khuyến học")
    CENTRES = "05kh", _("Trung tâm học tập cộng đồng")
    GROUPS = "nhom", _("Tổng hợp công dân học tập theo nhóm")
    RATIOS = "ty-le-don-vi", _("Tỷ lệ công dân học tập trong từng đơn vị")
    YEARS = "so-nam-truoc", _("Công dân học tập so với năm trước")
    HELPED = "dien-giup", _("Tỷ lệ hồ sơ có người điền giúp")
    HOLDERS = "nguoi-dat", _("Danh sách người đạt danh hiệu công dân học tập")
    UNCONFIRMED = "chua-xac-nhan", _("Danh sách hồ sơ ban chưa xác nhận")
    BOARDS = "cac-ban", _("Danh sách ban xác nhận")
    FREE = "tu-chon", _("Bảng tự chọn")


NAMING_PEOPLE = [FormName.HOLDERS, FormName.UNCONFIRMED]
