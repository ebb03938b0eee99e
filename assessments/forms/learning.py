from django import forms
from django.utils.translation import gettext_lazy

from assessments.forms.citizen import GroupForm
from assessments.models import LearningForm, PlannedLearning
from vietnamese.fields import LineField


class RegisterForm(GroupForm):
    """The group, and in which ways one means to learn: nobody has to know that yet."""

    learning = forms.MultipleChoiceField(
        label=gettext_lazy("Năm nay bạn định học bằng cách nào?"),
        help_text=gettext_lazy("Chọn bao nhiêu cũng được, chưa biết thì để trống. Trong năm vẫn sửa được."),
        choices=LearningForm,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Chọn trong các cách học dưới đây.")},
    )


class PlanForm(forms.Form):
    form = forms.ChoiceField(
        label=gettext_lazy("Cách học"),
        choices=LearningForm,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Chưa chọn cách học. Chọn một cách dưới đây."),
            "invalid_choice": gettext_lazy("Chọn một trong các cách học dưới đây."),
        },
    )
    what = LineField(
        label=gettext_lazy("Học gì, ở đâu (không bắt buộc)"),
        help_text=gettext_lazy("Ví dụ: lớp trồng nấm ở trung tâm học tập cộng đồng."),
        required=False,
        max_length=PlannedLearning._meta.get_field("what").max_length,
    )
