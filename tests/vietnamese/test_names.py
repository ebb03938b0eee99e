import pytest

from vietnamese import names


@pytest.mark.parametrize(
    "name", ["Nguyeexn Thị Hoa", "Nguyễn Thij Hoa", "Ddoox An", "Lê Vawn Hoàng", "LEE THIJ HOA"]
)
def test_a_name_typed_without_its_marks_is_doubted(name):
    assert len(names.doubts(name)) == 1


@pytest.mark.parametrize(
    "name",
    [
        "Đỗ Thị Ánh",
        "NGUYỄN THỊ HOA",
        "Ya",
        "H'Mông Niê",
        "Ka Să K'Brêu",
        "Siu H'Blus",
        "Ksor Phước",
        "Bùi Xoong",
    ],
)
def test_a_name_of_any_people_is_not(name):
    assert names.doubts(name) == []


def test_small_letters_alone_are_doubted():
    assert "chưa viết hoa" in names.doubts("nguyễn thị hoa")[0]
