from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import arriving, evidence
from assessments.forms.fields import PassField
from criteria.models import Group
from criteria.rules import ScoringModel
from vietnamese import numbers
from vietnamese.fields import LinesField, PointsField

WHO = {
    Group.I: gettext_lazy("Người dân ở xã, phường: làm ruộng, buôn bán, nghề tự do, nghỉ hưu."),
    Group.II: gettext_lazy("Công nhân, người làm thuê ở doanh nghiệp, hợp tác xã, cơ sở sản xuất."),
    Group.III: gettext_lazy("Cán bộ, công chức, viên chức, nhân viên, chủ doanh nghiệp."),
    Group.IV: gettext_lazy("Người đang đi học. Nhóm này không chấm điểm: mỗi tiêu chí Đạt hoặc Không đạt."),
}
TEXT_LENGTH = 4000


class GroupForm(forms.Form):
    group = forms.ChoiceField(
        label=gettext_lazy("Bạn thuộc nhóm nào?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Chưa chọn nhóm. Chọn nhóm gần nhất với việc bạn đang làm."),
            "invalid_choice": gettext_lazy("Chọn một trong bốn nhóm dưới đây."),
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = [
            (group.value, format_html('{}<span class="hint">{}</span>', group.label, WHO[group]))
            for group in Group
        ]


class ScoresForm(forms.Form):
    """The scores of one part of the form, one field an indicator; `version` is the record as it was read.

    What stands because the board returned others only has no field.
    """

    version = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={
            "required": gettext_lazy("Trang này tải chưa xong. Mở lại trang rồi chấm lại."),
            "invalid": gettext_lazy("Trang này tải chưa xong. Mở lại trang rồi chấm lại."),
        },
    )

    def __init__(self, part, rules, version, data=None):
        super().__init__(data, initial={"version": version})
        self.lines = [line for line in part.lines if not line.stands and not line.is_computed]
        self.all_lines = part.lines
        for line in self.lines:
            field = self.fields[field_name(line.indicator)] = _score_field(line, rules)
            # What static/js/drafts.js goes by.
            field.widget.attrs |= {
                "data-saved": _as_sent(field, line.own),
                "data-called": capfirst(line.indicator.called),
            }

    def rows(self):
        """(line, its bound field) pairs, in order; without a field where it stands."""
        return [
            (line, None if line.stands or line.is_computed else self[field_name(line.indicator)])
            for line in self.all_lines
        ]

    @property
    def given(self):
        """Indicator code → what was given; nothing was said of one that is not in the page's data."""
        return {
            line.indicator.code: self.cleaned_data[field_name(line.indicator)]
            for line in self.lines
            if field_name(line.indicator) in self.data
        }

    def hold_on_to(self, version):
        """Make the next save write over the given version of the record."""
        self.data = self.data.copy()
        self.data["version"] = str(version)


def _as_sent(field, value):
    """A value of the field as a browser sends it."""
    prepared = field.prepare_value(value)
    return "" if prepared is None else str(prepared)


def field_name(indicator):
    return f"score-{indicator.code}"


def _score_field(line, rules):
    if rules.model == ScoringModel.PASS_FAIL:
        return PassField(
            label=_("Tự đánh giá tiêu chí %(code)s") % {"code": line.indicator.code},
            initial=line.own,
            required=False,
        )
    field = PointsField(
        maximum=line.indicator.maximum,
        step=rules.step,
        label=_("Điểm tự chấm chỉ số %(code)s") % {"code": line.indicator.code},
        initial=line.own,
        required=False,
    )
    if line.indicator.is_whole_points:
        field.widget = forms.RadioSelect(choices=_whole_points(line.indicator.maximum))
        field.help_text = _floor_words(rules)
    else:
        field.help_text = " ".join(filter(None, [field.hint(), _floor_words(rules)]))
    return field


def _whole_points(maximum):
    return [(str(points), str(points)) for points in range(int(maximum) + 1)]


def _floor_words(rules):
    if not rules.floor:
        return ""
    return _("Từ %(floor)s trở lên mới đủ. Dưới %(floor)s: chưa đủ để đạt danh hiệu.") % {
        "floor": numbers.format_decimal(rules.floor)
    }


class SendForm(forms.Form):
    """The record as it was looked over before sending."""

    saved_at = forms.DateTimeField()


class LinkField(forms.URLField):
    """An address on the web; what people leave out at the front is filled in."""

    # Not type="url": the browser would speak first, in its own language.
    widget = forms.TextInput(attrs={"inputmode": "url", "autocapitalize": "none", "autocomplete": "off"})
    what_to_type = gettext_lazy(
        "Đường dẫn này chưa mở được. Sao chép cả dòng địa chỉ, bắt đầu bằng https://, rồi dán vào đây."
    )
    default_validators = [URLValidator(schemes=["http", "https"], message=what_to_type)]

    def __init__(self, **kwargs):
        super().__init__(
            assume_scheme="https",
            max_length=500,
            error_messages={
                "invalid": self.what_to_type,
                "max_length": gettext_lazy("Đường dẫn dài quá 500 chữ. Dùng đường dẫn ngắn hơn."),
            },
            **kwargs,
        )


def newest_of(pieces):
    return max((each.pk for each in pieces), default=0)


class EvidenceForm(forms.Form):
    """A piece of evidence for one indicator: a file, words, a link, or several of them at once."""

    file = forms.FileField(
        label=gettext_lazy("Ảnh hoặc tệp PDF"),
        required=False,
        widget=forms.FileInput(
            attrs={"accept": "image/jpeg,image/png,image/webp,image/heic,application/pdf"}
        ),
        error_messages={"empty": gettext_lazy("Tệp này trống, không có gì bên trong. Chọn tệp khác.")},
    )
    # A file that static/js/evidence.js sent in pieces before (assessments/arriving.py), and its own name.
    arrived = forms.CharField(required=False, widget=forms.HiddenInput)
    arrived_name = forms.CharField(required=False, max_length=255, widget=forms.HiddenInput)
    # The newest piece on the page as it was made: what was told elsewhere since is shown first.
    newest = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = LinesField(
        label=gettext_lazy("Kể bằng lời"),
        help_text=gettext_lazy("Đã học gì, làm gì, ở đâu, khi nào."),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    url = LinkField(
        label=gettext_lazy("Đường dẫn"),
        help_text=gettext_lazy(
            "Địa chỉ một trang trên mạng, ví dụ https://… Ban cần mở được mà không phải đăng nhập."
        ),
        required=False,
    )
    none = LinesField(
        label=gettext_lazy("Không có minh chứng vì…"),
        help_text=gettext_lazy(
            "Không có gì để đưa ra thì ghi vì sao, ví dụ: giấy tờ bị mất trong lũ. Ghi như vậy là được."
        ),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    also = forms.MultipleChoiceField(
        label=gettext_lazy("Dùng cho cả"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Chọn lại trong các mục dưới đây.")},
    )

    def __init__(self, *args, others, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        self.others = others
        self.fields["file"].help_text = _(
            "Chụp bằng điện thoại cũng được. Nhận ảnh JPEG, PNG, WebP, HEIC và tệp PDF, nhiều nhất %(limit)s."
        ) % {"limit": numbers.file_size(settings.EVIDENCE_MAX_BYTES)}
        self.fields["also"].choices = [(each.code, f"{each.code} {each.text}") for each in others]

    def clean_file(self):
        """The upload as it will be kept, so that nothing is written before all of the form is right."""
        upload = self.cleaned_data["file"]
        arrived = self.data.get("arrived")
        try:
            if arrived and not upload:
                upload = arriving.whole(self.by, arrived, self.data.get("arrived_name", ""))
            return evidence.checked(upload) if upload else None
        except evidence.Unfit as problem:
            raise ValidationError(str(problem), code="unfit") from None

    def clean(self):
        given = self.cleaned_data
        if self.errors:
            return given
        shown = given["file"] or given["text"] or given["url"]
        if shown and given["none"]:
            self.add_error("none", _("Đã có minh chứng ở trên thì để trống ô này."))
        elif not (shown or given["none"]):
            self.add_error("file", _("Chưa có gì để lưu. Chọn ảnh, kể bằng lời hoặc dán một đường dẫn."))
        return given

    def written_since(self, pieces):
        """What was told in words elsewhere since the page was made, where this page tells something else."""
        seen, told = self.cleaned_data["newest"], {self.cleaned_data["text"], self.cleaned_data["none"]}
        if seen is None or told == {""}:
            return []
        return [each for each in pieces if each.pk > seen and each.is_told and each.text not in told]

    def has_seen(self, pieces):
        """Make the next save add to what is shown now."""
        self.data = self.data.copy()
        self.data["newest"] = str(newest_of(pieces))

    @property
    def also_serves(self):
        return [each for each in self.others if each.code in self.cleaned_data["also"]]
