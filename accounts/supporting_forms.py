"""Which association helps a unit, and for how long."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import clock
from organizations.models import NAME_LENGTH, Organization
from vietnamese.fields import DayField, LineField, LinesField

MOST_NAMED = 5


class SupportForm(forms.Form):
    supporter = LineField(
        label=gettext_lazy("Hội khuyến học hỗ trợ"),
        help_text=gettext_lazy("Gõ tên hoặc mã của xã, phường, tỉnh."),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    valid_from = DayField(label=gettext_lazy("Từ ngày"), earliest=clock.today)
    valid_to = DayField(
        label=gettext_lazy("Đến hết ngày"),
        help_text=gettext_lazy("Chưa biết thì để trống."),
        earliest=clock.today,
        required=False,
    )

    def __init__(self, *args, pool, **kwargs):
        super().__init__(*args, **kwargs)
        self.pool = pool
        self.fields["valid_from"].initial = clock.today()

    def clean_supporter(self) -> Organization:
        typed = self.cleaned_data["supporter"]
        found = list(self.pool.filter(code=typed)) or list(
            self.pool.matching(typed).select_related("parent").in_order()[: MOST_NAMED + 1]
        )
        if not found:
            raise forms.ValidationError(
                _("Không thấy hội nào như vậy trong phần bạn phụ trách. Xem lại tên hoặc mã.")
            )
        if len(found) > 1:
            names = "; ".join(
                _("%(name)s, %(above)s (mã %(code)s)") % {"name": one, "above": one.parent, "code": one.code}
                for one in found[:MOST_NAMED]
            )
            raise forms.ValidationError(_("Có nhiều nơi: %(names)s. Gõ mã.") % {"names": names})
        return found[0]


class NoteForm(forms.Form):
    words = LinesField(
        label=gettext_lazy("Lời nhắn cho ban"),
        help_text=gettext_lazy("Ví dụ: còn 12 người chưa gửi, hội giúp được vào thứ Bảy."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Gõ lời nhắn.")},
    )
