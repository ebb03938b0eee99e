import unicodedata

import pytest

from organizations import naming
from organizations.models import Type


@pytest.mark.parametrize(
    ("typed", "type", "name"),
    [
        ("Thôn Đông Hải", "thon", "Đông Hải"),
        ("thon dong hai", "thon", "dong hai"),
        ("THÔN 3", "thon", "3"),
        (unicodedata.normalize("NFC", "Tổ dân phố 5"), "to-dan-pho", "5"),
        ("TDP 5", "to-dan-pho", "5"),
        ("Khu phố Xuân Hoà", "khu-pho", "Xuân Hoà"),
        ("Bản Phú Lâm", "ban", "Phú Lâm"),
        ("ban phu lam", "ban", "phu lam"),
        ("Bàn Thạch", "thon", "Bàn Thạch"),  # a name, not the type Bản
        ("Áp Bắc", "thon", "Áp Bắc"),
        ("Xóm 3", "", "Xóm 3"),
        ("Buôn Trấp", "", "Buôn Trấp"),
        ("tổ liên gia số 7", "", "Tổ liên gia số 7"),
        ("Khu 5", "", "Khu 5"),
        ("Đội Cấn", "thon", "Đội Cấn"),
        ("Đông Hải", "thon", "Đông Hải"),
        ("Thôn", "thon", "Thôn"),
    ],
)
def test_the_type_in_front_of_a_village_name_is_read(typed, type, name):
    assert naming.village(typed, usual=Type.HAMLET) == (type, name)


@pytest.mark.parametrize(
    ("typed", "type"),
    [
        ("Trường THPT Lý Tự Trọng", "school"),
        ("truong tieu hoc", "school"),
        ("Công ty TNHH May Hà Tĩnh", "enterprise"),
        ("HTX Thạch Khê", "cooperative"),
        ("UBND xã Thạch Khê", "agency"),
        ("Công an xã", "armed_force"),
        ("Chợ Tỉnh", "other"),
    ],
)
def test_the_type_of_a_unit_is_guessed_and_its_name_stays_whole(typed, type):
    assert naming.unit(typed) == (type, typed)
