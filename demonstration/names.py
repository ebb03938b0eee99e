"""Believable Vietnamese names: family names by how common they are, the rest by generation. Pure."""

from itertools import accumulate
from random import Random

FEMALE, MALE = "female", "male"

# Per thousand. Nghệ An and Hà Tĩnh have more Phan, Võ, Hồ, Đậu and Thái than the country.
FAMILY_NAMES = (
    "Nguyễn 300, Trần 110, Lê 95, Phạm 48, Phan 46, Hoàng 42, Võ 38, Đặng 34, Bùi 28, Hồ 24, "
    "Dương 22, Đỗ 17, Trương 17, Ngô 16, Thái 14, Cao 13, Đậu 13, Đinh 12, Mai 10, Đoàn 10, Hà 9, "
    "Lương 9, Vũ 9, Lưu 8, Trịnh 8, Kiều 6, Biện 6, Phùng 5, Tôn 5, Chu 5, Bạch 4, Lý 4, Uông 3, "
    "Tạ 3, Nghiêm 2, Thiều 2"
)

# The last year of birth of a generation, its middle names and its given names.
GENERATIONS = {
    FEMALE: [
        (
            1964,
            "Thị 90, Thị Hồng 2, Thị Kim 2, Ngọc 1, Thanh 2, Thị Minh 1, Xuân 1",
            "Lan Hoa Liên Xuân Loan Hồng Lý Tâm Thìn Tý Hợi Mão Sâm Châu Hiền Minh Phương Vân "
            "Tuyết Cúc Mai Sen Bốn Năm Em Lài Nhàn Thảo Tứ Nuôi Lương Tịnh Chắt Hường Bính Quế "
            "Nguyệt Thơm Vinh Lục Thân Hòe Đào Cơ",
        ),
        (
            1985,
            "Thị 75, Thị Thanh 4, Thị Thu 3, Thị Hồng 3, Thị Kim 2, Thúy 2, Hồng 2, Thanh 3, Thị "
            "Bích 2, Thị Mỹ 1, Hoài 2, Thu 2",
            "Hương Hà Thủy Hằng Hiền Nga Huyền Thu Dung Hạnh Yến Lan Hoa Bình Thảo Nhung Loan Tâm "
            "Thúy Vân Oanh Hường Lành Nguyệt Thơ Ngân Sáu Luyến Lợi Hòa Phượng Mến Tình Sương "
            "Phúc Minh Lý Hải Tuyết Quyên Tú",
        ),
        (
            2000,
            "Thị 50, Thị Thu 5, Thị Thùy 4, Thị Ngọc 4, Thị Hoài 4, Thùy 4, Hoài 4, Ngọc 4, "
            "Phương 3, Hà 3, Khánh 3, Thị Hồng 3, Thị Mỹ 2, Thị Cẩm 2, Lê 2, Quỳnh 3",
            "Trang Linh Phương Thảo Huyền Ngọc Anh Quỳnh Hà Nhung Oanh Duyên Hiền Nga Thương "
            "Giang Hằng Yến Ly Trinh Trâm Tuyết Na Lê Mai Hoài Thơm Hồng Sương Diệu Dung My Thư "
            "Loan Hạnh Nhàn Vân Hoa Lam",
        ),
        (
            9999,
            "Thị 14, Khánh 8, Bảo 8, Phương 7, Ngọc 7, Thị Khánh 3, Hà 6, Quỳnh 5, Minh 5, Thảo "
            "5, Thị Ngọc 4, Diệu 3, Thùy 4, Mai 4, Hoài 4, Thị Thảo 2, Gia 3, Nguyễn Khánh 2, Cẩm "
            "2, Tường 2",
            "Anh Linh Vy Nhi Châu Trâm Ngân My Hân Chi Diệp An Khánh Thư Uyên Ngọc Trang Hà Giang "
            "Ly Thảo Yến Quỳnh Phương Như Vân Huyền Mai Tú Nguyên Đan Hiền Thương Na Lam",
        ),
    ],
    MALE: [
        (
            1964,
            "Văn 52, Xuân 8, Đình 8, Hữu 5, Đức 4, Sỹ 3, Viết 3, Trọng 3, Quang 3, Bá 3, Công 2, "
            "Danh 2, Duy 2, Ngọc 2",
            "Bình Thành Sơn Hải Minh Long Lợi Tý Sửu Tân Hòa Chiến Thắng Lộc Quý Nhân Đức Lâm "
            "Hồng Kỷ Dần Hùng Thanh Châu Cát Đồng Hiệp Khang Lương Mậu Nghĩa Phúc Quế Tài Thuận "
            "Toàn Trí Vinh Xuân Cần Niêm Đàn",
        ),
        (
            1985,
            "Văn 46, Đình 8, Xuân 7, Đức 6, Hữu 5, Quang 5, Anh 3, Thanh 4, Ngọc 3, Viết 3, Tiến "
            "3, Mạnh 3, Quốc 2, Sỹ 2",
            "Hùng Dũng Tuấn Cường Hải Sơn Thắng Hưng Mạnh Quang Nam Thành Trung Hiếu Bình Tâm Thọ "
            "Lâm Tuyên Phúc Giang Hòa Quý Hoàn Lực Hà Chung Phương Quyết Tú Vinh Hoài Luận Điệp "
            "Ngọc Khánh Lam Thìn Tám Sáng",
        ),
        (
            2000,
            "Văn 28, Đức 9, Anh 7, Đình 7, Quang 6, Xuân 6, Hữu 5, Minh 5, Tuấn 3, Hoàng 4, Ngọc "
            "4, Mạnh 4, Trung 3, Quốc 4, Thế 3, Công 2",
            "Tuấn Anh Nam Hiếu Đức Hoàng Tùng Long Việt Quân Phong Kiên Dũng Cường Đạt Hùng Thắng "
            "Sơn Trung Linh Tú Huy Hưng Hải Thành Bảo Chiến Công Giáp Lộc Lợi Nhật Phúc Quyền "
            "Sáng Tài Toàn Vũ",
        ),
        (
            9999,
            "Minh 9, Gia 9, Đức 7, Bảo 6, Anh 6, Quang 6, Hoàng 6, Văn 6, Quốc 5, Nhật 4, Tuấn 4, "
            "Đình 4, Hữu 3, Thành 3, Trần 2, Nguyên 3, Khánh 3, Xuân 2, Đăng 3",
            "Minh Anh Huy Khôi Bảo Phúc Khang Quân Nhật Đạt Hưng Khoa Thiện Phong Nam Kiệt Dũng "
            "Long Hiếu Lâm Nguyên Thịnh Tùng Vũ Đức An Duy Tiến Trung Việt Sơn Khánh Bách Nghĩa "
            "Thắng Kiên Hoàng",
        ),
    ],
}

# What real lists hold and programs trip over. The longest has 61 characters.
HARD_NAMES = [
    ("Công Tằng Tôn Nữ Nguyễn Phúc Hoàng Thiên Kim Ngân Quỳnh Hương", FEMALE),
    ("H'Liên Niê Kđăm", FEMALE),
    ("Y Bliă Êban", MALE),
    ("K'Brêu", MALE),
    ("Phước", MALE),
    ("Mỷ", FEMALE),
    ("Giàng A Páo", MALE),
    ("Thạch Thị Sà Rươl", FEMALE),
    ("Lò Thị Ín", FEMALE),
    ("Nguyễn Ý", FEMALE),
]


class Weighted:
    """Draws from a list of "name weight, name weight"; the sums are made once."""

    def __init__(self, text: str):
        pairs = [pair.rsplit(maxsplit=1) for pair in text.split(",")]
        self.names = [name.strip() for name, _weight in pairs]
        self.sums = list(accumulate(int(weight) for _name, weight in pairs))

    def draw(self, rng: Random) -> str:
        return rng.choices(self.names, cum_weights=self.sums)[0]


_FAMILY = Weighted(FAMILY_NAMES)
_GENERATIONS = {
    gender: [(until, Weighted(middle), given.split()) for until, middle, given in generations]
    for gender, generations in GENERATIONS.items()
}


def family_name(rng: Random) -> str:
    return _FAMILY.draw(rng)


def full_name(rng: Random, gender: str, birth_year: int, family: str = "") -> str:
    """A name of someone born then; with the family name given, as a child bears its father's."""
    middle, given = next(
        (middle, given) for until, middle, given in _GENERATIONS[gender] if birth_year <= until
    )
    family = family or family_name(rng)
    first, last = middle.draw(rng), rng.choice(given)
    while last in first.split() or family in (last, *first.split()):  # nobody is called Nguyễn Ngọc Ngọc
        first, last = middle.draw(rng), rng.choice(given)
    return f"{family} {first} {last}"
