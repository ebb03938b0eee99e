"""What is asked of who keeps a list of people."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import places
from accounts.models import Citizen, Population
from accounts.models.citizen import LIST_OF
from audit import clock
from organizations.models import Kind, Type
from people import moves, nudges
from people.models import RowState, TransferKind
from vietnamese.fields import DayField, LineField, RowsField

NO_UNIT = "khong"
USUAL_WORK = {
    Type.SCHOOL: Population.LEARNER,
    Type.ENTERPRISE: Population.WORKER,
    Type.COOPERATIVE: Population.WORKER,
}


class RosterForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Tệp Excel danh sách"),
        help_text=gettext_lazy(
            "Tệp .xlsx, nhiều nhất 5 MB. Cột xếp thế nào cũng được, miễn có tên cột. Không có ô gộp, công "
            "thức, dòng ẩn, macro."
        ),
        error_messages={
            "required": gettext_lazy("Chọn một tệp Excel."),
            "empty": gettext_lazy("Tệp trống hoặc quá lớn. Chọn tệp khác."),
        },
    )
    work = forms.ChoiceField(
        label=gettext_lazy("Những người này là"),
        help_text=gettext_lazy("Để gợi ý bộ tiêu chí. Người nào khác thì ghi ở cột Công việc."),
        choices=Population,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Chọn một loại công việc.")},
    )

    def __init__(self, *args, organization, **kwargs):
        super().__init__(*args, **kwargs)
        if organization.kind == Kind.UNIT:
            usual = USUAL_WORK.get(organization.type, Population.OFFICIAL)
        else:
            usual = Population.VILLAGER
        self.fields["work"].initial = usual

    def clean_file(self):
        sent = self.cleaned_data["file"]
        if not sent.is_whole:
            raise ValidationError(_("Tệp lớn hơn 5 MB. Hãy chia thành nhiều tệp."))
        return sent


class RowsForm(forms.Form):
    """Which rows of a list are looked at."""

    loai = forms.ChoiceField(
        label=gettext_lazy("Xem"),
        choices=[("", gettext_lazy("Mọi dòng")), *RowState.choices],
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )


class DecisionForm(forms.Form):
    """Rows that may mean somebody who is there, and whether they do."""

    rows = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": gettext_lazy("Đánh dấu ít nhất một dòng.")}
    )
    answer = forms.ChoiceField(
        choices=[("same", gettext_lazy("Cùng một người")), ("other", gettext_lazy("Hai người khác nhau"))]
    )

    def __init__(self, *args, roster, **kwargs):
        super().__init__(*args, **kwargs)
        asked = roster.rows.filter(state=RowState.ASK).values_list("pk", "number")
        self.fields["rows"].choices = list(asked)


class ListForm(forms.Form):
    """Which people of a list are looked at: by name, and those who have left it."""

    ten = LineField(label=gettext_lazy("Tìm theo tên"), max_length=100, required=False)
    xem = forms.ChoiceField(
        label=gettext_lazy("Xem"),
        choices=[("", gettext_lazy("Đang trong danh sách")), ("roi", gettext_lazy("Đã chuyển đi, đã mất"))],
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    ten.widget.attrs |= {"class": "form-control", "autocomplete": "off"}

    def people(self, organization):
        given = self.cleaned_data if self.is_valid() else {}
        listed = Citizen.objects.filter(**{LIST_OF[organization.kind]: organization})
        if given.get("xem"):
            people = listed.exclude(departed_on=None)
        else:
            people = listed.present()
        return people.matching(given.get("ten", ""))


class UnregisteredForm(forms.Form):
    """Which of those who have not registered are looked at: by name, with an account or without."""

    ten = LineField(label=gettext_lazy("Tìm theo tên"), max_length=100, required=False)
    xem = forms.ChoiceField(
        label=gettext_lazy("Xem"),
        choices=[
            ("", gettext_lazy("Mọi người chưa đăng ký")),
            ("co", gettext_lazy("Có tài khoản")),
            ("khong", gettext_lazy("Chưa có tài khoản, cần gọi hoặc gặp")),
        ],
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    ten.widget.attrs |= {"class": "form-control", "autocomplete": "off"}

    def people(self, citizens):
        given = self.cleaned_data if self.is_valid() else {}
        if given.get("xem") == "co":
            citizens = nudges.with_account(citizens)
        elif given.get("xem"):
            citizens = citizens.exclude(pk__in=nudges.with_account(citizens).order_by().values("pk"))
        return citizens.matching(given.get("ten", ""))


class CallForm(forms.Form):
    """Those who were called or met."""

    people = RowsField(queryset=Citizen.objects.none(), required=False)

    def __init__(self, *args, found, **kwargs):
        super().__init__(*args, **kwargs)
        self.found = found
        self.fields["people"].queryset = found

    @property
    def chosen(self):
        return self.cleaned_data["people"] if self.is_valid() else self.found.none()


class SelectionForm(forms.Form):
    """Some people of a list, or all of a name; it stands in the address of the page that asks where to."""

    people = RowsField(queryset=Citizen.objects.none(), required=False)
    ten = LineField(max_length=100, required=False)
    tat_ca = forms.BooleanField(required=False)

    def __init__(self, *args, organization, **kwargs):
        super().__init__(*args, **kwargs)
        self.listed = Citizen.objects.at(organization)
        self.fields["people"].queryset = self.listed

    @property
    def chosen(self):
        if not self.is_valid():
            return self.listed.none()
        given = self.cleaned_data
        return self.listed.matching(given["ten"]) if given["tat_ca"] else given["people"]


REASON_WORDS = {"required": gettext_lazy("Ghi lý do, người được chuyển đọc được.")}


class MoveForm(forms.Form):
    """Where to, among the places found by a name."""

    target = forms.ChoiceField(
        label=gettext_lazy("Chuyển sang"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Tìm rồi chọn một nơi."),
            "invalid_choice": gettext_lazy("Nơi này không còn trong danh sách. Chọn lại."),
        },
    )
    reason = LineField(
        label=gettext_lazy("Lý do"),
        help_text=gettext_lazy("Ví dụ: chuyển trường, ghi nhầm đơn vị."),
        max_length=200,
        error_messages=REASON_WORDS,
    )

    def __init__(self, *args, organization, query, **kwargs):
        super().__init__(*args, **kwargs)
        self.pool = moves.targets(organization)
        self.found = places.find(query, self.pool) if query else places.Found()
        chosen = places.with_key(self.pool, self.data.get("target", ""))
        options = list(dict.fromkeys([*self.found.options, *chosen]))
        choices = [(str(one.pk), f"{one.full_name}, {one.parent.full_name}") for one in options]
        if organization.kind == Kind.UNIT:
            choices.append((NO_UNIT, _("Không sang đơn vị nào: về thôn, tổ dân phố nơi ở")))
        self.fields["target"].choices = choices
        if self.found.only:
            self.fields["target"].initial = str(self.found.only.pk)

    @property
    def place(self):
        chosen = self.cleaned_data["target"]
        return None if chosen == NO_UNIT else self.pool.get(pk=chosen)


class DepartForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("Việc"),
        choices=[
            (TransferKind.AWAY.value, gettext_lazy("Đã chuyển đi, không rõ nơi hoặc ra nước ngoài")),
            (TransferKind.DIED.value, gettext_lazy("Đã mất")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Chọn một việc.")},
    )
    day = DayField(label=gettext_lazy("Từ ngày"), latest=clock.today)
    reason = LineField(
        label=gettext_lazy("Lý do, căn cứ"),
        help_text=gettext_lazy("Ví dụ: theo giấy báo của thôn; theo trích lục khai tử."),
        max_length=200,
        error_messages=REASON_WORDS,
    )


class MergeForm(forms.Form):
    reason = LineField(
        label=gettext_lazy("Vì sao biết là một người"),
        help_text=gettext_lazy("Ví dụ: đã hỏi gia đình, đã xem thẻ căn cước."),
        max_length=200,
        error_messages=REASON_WORDS,
    )


class UndoForm(forms.Form):
    reason = LineField(label=gettext_lazy("Lý do hoàn tác"), max_length=200, error_messages=REASON_WORDS)


class PlaceNameForm(forms.Form):
    tim = LineField(label=gettext_lazy("Tên nơi chuyển sang"), max_length=200, required=False)
    tim.widget.attrs |= {"class": "form-control", "autocomplete": "off"}

    @property
    def name(self):
        return self.cleaned_data["tim"] if self.is_valid() else ""
