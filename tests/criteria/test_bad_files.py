"""Files of criteria that are refused with the place and the reason, and change nothing."""

import io
import time

import pytest

from criteria import loading, publishing, reading
from criteria.models import CriteriaSet
from tests.factories import load_criteria

pytestmark = pytest.mark.django_db
GOOD = """sets:
- level: family
  title: Gia đình học tập
  basis_number: 1/QĐ-THỬ
  valid_from: 2026-01-01
  authority: provisional
  scoring_model: points
  total: 20
  pass_mark: 15
  floor: 5
  grades:
  - rank: 1
    name: Khá
    from_points: 15
  criteria:
  - code: '1'
    text: Trẻ em
    indicators:
    - code: '1.1'
      text: Đến trường
      maximum: 10
    - code: '1.2'
      text: Người lớn học
      maximum: 10
    - code: '1.3'
      text: Tỷ lệ người lớn
      links:
      - source_level: citizen
        denominator: adults
"""
JUDGED = GOOD.replace("scoring_model: points", "scoring_model: pass_fail")
SECOND = GOOD.partition("\n")[2]


CITIZENS = [("citizen", "")]


def faults_of(text):
    with pytest.raises(reading.Unreadable) as refused:
        reading.read(io.BytesIO(text.encode() if isinstance(text, str) else text), known=CITIZENS)
    return [str(fault) for fault in refused.value.faults]


@pytest.mark.feature("D1")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD.replace("'1.2'", "'1.1'"), "dòng 22: Mã “1.1” đã có ở dòng 19."),
        (
            GOOD.replace("total: 20", "total: 25"),
            "dòng 8: Điểm tối đa của các chỉ số cộng lại là 20, mà tổng điểm ghi 25.",
        ),
        (GOOD.replace("mark: 15", "mark: 21"), "dòng 9: Điểm đạt 21 lớn hơn tổng điểm 20."),
        (GOOD + SECOND, "dòng 33: Hiệu lực chồng lên bộ cùng danh hiệu ở dòng 2."),
        (
            GOOD.replace("2026-01-01", "2026-01-01\n  valid_to: 2025-12-31"),
            "dòng 6: Ngày hết hiệu lực đứng trước ngày bắt đầu.",
        ),
        (
            GOOD.replace("source_level: citizen", "source_level: unit\n        source_scope: province"),
            "dòng 28: Không có danh hiệu “Đơn vị học tập cấp tỉnh” để tính tỷ lệ.",
        ),
        (
            GOOD.replace("source_level: citizen", "source_level: family"),
            "dòng 28: Không có danh hiệu “Gia đình học tập” để tính tỷ lệ.",
        ),
        (
            GOOD.replace("maximum: 10", "maximum: mười", 1),
            "dòng 21: “maximum”: “mười” phải là một số.",
        ),
        (GOOD.replace("maximum: 10", "maximum: NaN", 1), "dòng 21: “maximum”: “NaN” phải là một số."),
        (GOOD.replace("maximum: 10", "maximum: -5", 1), "dòng 21: “maximum”: không được là số âm."),
        (GOOD.replace("maximum: 10", "maximum: [1]", 1), None),
        (GOOD.replace("- code: '1'", "- code:"), None),
        (GOOD.replace("title: Gia", "titel: Gia"), "dòng 3: Không có mục nào tên “titel” ở đây."),
        (
            GOOD.replace("level: family", "level: nước"),
            "dòng 2: “level”: phải là một trong: “citizen”, “family”, “clan”, “community”, “unit”.",
        ),
        (GOOD.replace("level: family", "level: unit"), None),
        (GOOD.replace("level: family", "level: family\n  group: I"), None),
        (GOOD.replace("2026-01-01", "31/02/2026"), None),
        (GOOD.replace("from_points: 15", "from_points: 25"), None),
        (GOOD.replace("rank: 1", "rank: 2"), "dòng 12: Các mức ghi từ thấp lên cao, bậc 1, 2, 3…"),
        (
            GOOD.replace("    - code: '1.2'", "    - rank: 2\n      code: '1.2'"),
            "dòng 22: Không có mức nào ở bậc này.",
        ),
        (GOOD.replace("step: 1", "").replace("maximum: 10", "maximum: 9.5"), None),
        (GOOD.replace("maximum: 10", "maximum: 4", 1), None),
        (
            GOOD.replace("- source_level", "- minimum_percent: 120\n        source_level"),
            "dòng 28: Tỷ lệ phải lớn hơn 0 và không quá 100.",
        ),
        (JUDGED, "dòng 8: Bộ Đạt / Không đạt không có điểm."),
        (GOOD.replace("title: Gia đình", "title: A\n  title: Gia đình"), "dòng 4: Mục “title” ghi hai lần."),
        ("sets: []", "dòng 1: Thiếu “sets”."),
        ("", "Tệp phải bắt đầu bằng “sets:”, danh sách các bộ tiêu chí."),
        ("- a", "Tệp phải bắt đầu bằng “sets:”, danh sách các bộ tiêu chí."),
        ("sets: {a: 1}", "dòng 1: “sets” phải là một danh sách các mục."),
        ("a: [", None),
        ("sets: &a\n- *a", "dòng 1: Tệp không được dùng neo & và bí danh * của YAML."),
        ("sets: !!python/object:os.system x", "dòng 1: Tệp không được dùng thẻ ! của YAML."),
        ("[" * 5000 + "]" * 5000, "dòng 1: Tệp có quá nhiều tầng hoặc quá nhiều dòng."),
        ("sets: [" + "1," * 200_000 + "]", "dòng 1: Tệp có quá nhiều tầng hoặc quá nhiều dòng."),
        (b"sets: \xff\xfe", "dòng 1: Tệp không phải chữ UTF-8. Lưu lại tệp dưới dạng UTF-8."),
        (b"# " + b"a" * 10_000_000, "Tệp lớn hơn 2 MB nên không đọc."),
    ],
)
def test_a_bad_file_is_refused_with_the_place_and_the_reason(text, said):
    started = time.monotonic()

    faults = faults_of(text)

    assert said in faults if said else all(fault.startswith("dòng ") for fault in faults) and faults
    assert time.monotonic() - started < 5


def test_all_faults_of_a_file_are_told_at_once():
    text = GOOD.replace("maximum: 10", "maximum: x").replace("floor: 5", "floor: y")

    assert [fault.partition(":")[0] for fault in faults_of(text)] == ["dòng 10", "dòng 21", "dòng 24"]


def test_a_set_that_reaches_into_one_published_for_later_is_refused():
    load_criteria()
    later = GOOD.replace("2026-01-01", "2027-01-01")
    loading.load(io.StringIO(later))

    assert faults_of(GOOD.replace("20\n", "20\n  floor_confidence: exact\n", 1)) == [
        "dòng 5: Hiệu lực chồng lên bộ “Gia đình học tập” đã ban hành, bắt đầu từ 01/01/2027."
    ]
    with pytest.raises(reading.Unreadable):
        loading.load(io.StringIO(GOOD))
    assert CriteriaSet.objects.count() == 5
    assert loading.load(io.StringIO(later)) == []


def test_a_good_file_is_a_draft_that_another_publishes():
    (draft,) = reading.read(io.BytesIO(GOOD.encode()), known=CITIZENS)
    saved = draft.save(drafted_by=1)

    assert (saved.status, saved.drafted_by, saved.rules().most) == ("draft", 1, 20)
    with pytest.raises(publishing.Refused):
        publishing.publish(saved)
