"""What the board types: the filter of its list, the choice of several, points and reasons of one record."""

import re
from collections import namedtuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import history, lowerings, scoring, workflow
from assessments.forms.fields import PassField
from assessments.models import ReturnReason, State
from assessments.queue import SHELVES, WAITING
from criteria.rules import ScoringModel
from vietnamese import numbers
from vietnamese.fields import LineField, LinesField, PointsField

FieldsOfIndicator = namedtuple("FieldsOfIndicator", "score shown reason back")
REASON_LENGTH = 1000
MOST_AT_ONCE = 100


class QueueForm(forms.Form):
    """The filter of the list. What makes no sense in an address falls back to the usual."""

    board = LineField(max_length=20, required=False)
    state = forms.ChoiceField(choices=[(shelf.name, shelf.label) for shelf in SHELVES], required=False)
    name = LineField(label=gettext_lazy("Tìm theo tên"), max_length=100, required=False)
    order = forms.ChoiceField(choices=[("name", "name")], required=False)
    year = forms.TypedChoiceField(coerce=int, required=False)

    def __init__(self, data, *, campaigns):
        super().__init__(data)
        self.campaigns = {campaign.year: campaign for campaign in campaigns}
        self.fields["year"].choices = [(year, str(year)) for year in self.campaigns]
        self.fields["name"].widget.attrs |= {"autocomplete": "off", "class": "form-control"}
        self.is_valid()

    @property
    def shelf(self):
        chosen = self.cleaned_data.get("state")
        return next((shelf for shelf in SHELVES if shelf.name == chosen), WAITING)

    @property
    def query(self):
        return self.cleaned_data.get("name") or ""

    @property
    def by_name(self):
        return self.cleaned_data.get("order") == "name"

    @property
    def campaign(self):
        """The chosen year's, else the latest; None when there is none."""
        chosen = self.campaigns.get(self.cleaned_data.get("year"))
        return chosen or next(iter(self.campaigns.values()), None)


class PeopleField(forms.Field):
    """Several records by number, or by number and the version they were read in: 12 or 12:3."""

    widget = forms.MultipleHiddenInput

    def __init__(self, *, with_version=False):
        super().__init__(
            error_messages={"required": gettext_lazy("Chưa chọn ai. Đánh dấu ít nhất một người.")}
        )
        self.pattern = r"(\d{1,18}):(\d{1,9})" if with_version else r"(\d{1,18})()"

    def to_python(self, value):
        chosen = [re.fullmatch(self.pattern, each, re.ASCII) for each in value or []]
        if not all(chosen):
            raise ValidationError(_("Không đọc được danh sách đã chọn. Chọn lại từ đầu."))
        if len(chosen) > MOST_AT_ONCE:
            raise ValidationError(_("Mỗi lần chọn nhiều nhất %(most)d người.") % {"most": MOST_AT_ONCE})
        return {int(each[1]): int(each[2] or 0) for each in chosen}


class PeopleForm(forms.Form):
    """Those ticked in the list, for the preview."""

    person = PeopleField()


class ReadPeopleForm(forms.Form):
    """Those shown in the preview, each with the version shown there."""

    person = PeopleField(with_version=True)


class StrayForm(forms.Form):
    """Why a record lies with the wrong board."""

    reason = LinesField(
        label=gettext_lazy("Lý do"),
        help_text=gettext_lazy("Ví dụ: cô ấy đã chuyển về thôn Liên Thanh từ tháng 6. Người ấy đọc được."),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": gettext_lazy("Ghi lý do: vì sao không phải người của ban, nơi đúng là đâu.")
        },
    )


class OfAVersion:
    """A form about a record as it was when the page was made."""

    @property
    def read_version(self):
        """The version of the record; 0, which no record has, where it cannot be read."""
        return numbers.key(str(self.data.get("version", ""))) or 0


class ReviewForm(OfAVersion, forms.Form):
    """The board's points or judgement per indicator, filled in with the own ones, and the reasons.

    With what another member gave instead, where somebody is to agree to that.

    `act` is the button it came by; without one it is only added up.
    """

    CONFIRM, RETURN = "confirm", "return"
    may_return = True

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, assessment, own, act="", lowering=None):
        super().__init__(data, initial={"version": assessment.version})
        self.assessment, self.own, self.act = assessment, own, act
        self.lowering = lowering
        self.lowered = lowerings.given_by(lowering) if lowering else {}
        self.called = {each.code: each.called for each in assessment.criteria_set.indicators}
        for indicator in assessment.criteria_set.indicators:
            if indicator.is_computed:
                continue
            self.fields[f"score-{indicator.code}"] = self._score_field(indicator)
            self.fields[f"reason-{indicator.code}"] = self._reason_field(
                _("Lý do, nếu chấm khác %(indicator)s") % {"indicator": indicator.called}, rows=2
            )
            if indicator.code in self.lowered:
                given, reason = self.lowered[indicator.code]
                self.fields[f"score-{indicator.code}"].initial = given
                self.fields[f"reason-{indicator.code}"].initial = reason
            if self.may_return:
                self.fields[f"return-{indicator.code}"] = self._return_field(indicator)
        self.fields["reason"] = self._reason_field(_("Lý do"), rows=3)
        self.fields["reason"].help_text = _(
            "Bắt buộc khi trả lại cả hồ sơ. Khi ban chấm khác, lý do này dùng cho chỗ chưa ghi lý do riêng. "
            "Người gửi đọc được."
        )

    def _score_field(self, indicator):
        own = self.own.get(indicator.code)
        label = _("Ban chấm %(indicator)s") % {"indicator": indicator.called}
        if self.assessment.criteria_set.scoring_model == ScoringModel.PASS_FAIL:
            return PassField(label=label, initial=own, show_hidden_initial=True)
        return PointsField(
            label=label,
            maximum=indicator.maximum,
            step=self.assessment.criteria_set.step,
            initial=own,
            show_hidden_initial=True,
        )

    def _reason_field(self, label, *, rows):
        return LinesField(
            label=label,
            required=False,
            max_length=REASON_LENGTH,
            widget=forms.Textarea(attrs={"rows": rows}),
        )

    def _return_field(self, indicator):
        return forms.ChoiceField(
            label=_("Chỉ trả lại %(indicator)s") % {"indicator": indicator.called},
            choices=[("", _("Không trả lại riêng chỗ này")), *ReturnReason.choices],
            required=False,
            widget=forms.Select(attrs={"class": "form-select"}),
            error_messages={"invalid_choice": _("Chọn một lý do trong danh sách.")},
        )

    def clean(self):
        if self.act == self.CONFIRM:
            self._ask_reasons_of_changes()
            for code in self._chosen():
                self.add_error(
                    f"return-{code}",
                    _(
                        "Bạn đã chọn trả lại chỗ này. "
                        "Muốn xác nhận thì bỏ chọn, muốn trả lại thì bấm Trả lại."
                    ),
                )
        if self.act == self.RETURN:
            # Points the board typed are not kept when it returns the record: their faults hold nothing up.
            for name in [name for name in self._errors if name.startswith("score-")]:
                del self._errors[name]
            if not self._errors:
                self._ask_reasons_of_return()

    def _ask_reasons_of_return(self):
        chosen = self._chosen()
        if not self.return_reason():
            self.add_error("reason", _("Ghi lý do trả lại, để người gửi biết cần sửa gì."))
        for code in self.own:
            if code in chosen and not self._why_back(code):
                self.add_error(
                    f"reason-{code}",
                    _("Ghi lý do trả lại %(indicator)s.") % {"indicator": self.called[code]},
                )
            if chosen and code not in chosen and self.cleaned_data.get(f"reason-{code}"):
                self.add_error(
                    f"return-{code}",
                    _(
                        "Bạn ghi lý do ở %(indicator)s mà chưa chọn trả lại chỗ này. "
                        "Chọn một lý do trong danh sách, hoặc xóa chữ đã ghi."
                    )
                    % {"indicator": self.called[code]},
                )

    def _chosen(self):
        """The indicators that are to be returned by themselves."""
        return [code for code in self.own if self.cleaned_data.get(f"return-{code}")]

    def _why_back(self, code):
        """What was chosen from the list and what was typed beside it, or the general reason."""
        chosen = self.cleaned_data.get(f"return-{code}")
        listed = "" if chosen in ("", ReturnReason.OTHER) else str(ReturnReason(chosen).label)
        typed = self.cleaned_data.get(f"reason-{code}")
        return " ".join(filter(None, [listed, typed])) or self.cleaned_data.get("reason") or ""

    def _ask_reasons_of_changes(self):
        for code, given in self._given().items():
            unread = f"reason-{code}" in self._errors or "reason" in self._errors
            if given != self.own.get(code) and not unread and not self._reason_of(code):
                self.add_error(
                    f"reason-{code}",
                    _("Ghi lý do ban chấm khác ở %(indicator)s.") % {"indicator": self.called[code]},
                )

    def _given(self):
        """What the board gives, as far as it could be read."""
        return {
            code: self.cleaned_data[f"score-{code}"]
            for code in self.own
            if self.cleaned_data.get(f"score-{code}") not in (None, "")
        }

    def _reason_of(self, code):
        return self.cleaned_data.get(f"reason-{code}") or self.cleaned_data.get("reason") or ""

    def result(self):
        """What the record comes to with what the board gives now."""
        given = {code: given for code, (given, _reason) in self.lowered.items()}
        given |= self._given() if self.is_bound and self.errors is not None else {}
        return scoring.judge(self.own | given, self.assessment.rules())

    def changes(self):
        """What differs from the own points, each with its reason."""
        return {
            code: workflow.Change(given, self._reason_of(code))
            for code, given in self._given().items()
            if given != self.own.get(code)
        }

    def return_reason(self):
        """The general reason, then those chosen or typed beside single indicators."""
        general = self.cleaned_data.get("reason") or ""
        single = self.only() or {
            code: self.cleaned_data[f"reason-{code}"]
            for code in self.own
            if self.cleaned_data.get(f"reason-{code}")
        }
        told = [
            f"{capfirst(self.called[code])}: {why}" if why != general else f"{capfirst(self.called[code])}."
            for code, why in single.items()
        ]
        return "\n".join(filter(None, [general, *told]))

    def only(self):
        """The indicators that alone are returned, each with the reason; nothing where all of it is."""
        return {code: self._why_back(code) for code in self._chosen()}

    def was_kept_in(self, assessment, lowering=None):
        """Whether the record stands as this form would bring it: a second click, not another opinion."""
        if not self.is_valid():
            return False
        if self.act == self.CONFIRM and lowering is not None:
            given = {code: change.given for code, change in self.changes().items()}
            return lowerings.gives(lowering) == given
        if self.act == self.CONFIRM and assessment.state == State.CONFIRMED:
            kept = {score.indicator.code: score.confirmed for score in workflow.scores_of(assessment)}
            return kept == self.own | self._given()
        if self.act == self.RETURN and assessment.state == State.RETURNED:
            return history.last_step(assessment).reason == self.return_reason()
        return False

    def typed(self):
        """Label and text of what was typed, to be read again where it could not be saved."""
        return [
            (self[name].label, dict(getattr(field, "choices", ())).get(self.data[name], self.data[name]))
            for name, field in self.fields.items()
            if name != "version" and self.data.get(name) and self.data[name] != self._shown(name)
        ]

    def carried_over(self, assessment, own, **more):
        """The same typed text over the record as it is now; what was left as it stood follows the record."""
        fresh = type(self)(assessment=assessment, own=own, **more)
        data = self.data.copy()
        data["version"] = str(assessment.version)
        for name in fresh.fields:
            if name.startswith("score-"):
                if data.get(name) == self._shown(name):
                    data[name] = fresh[name].value() or ""
                data[f"initial-{name}"] = fresh[name].value() or ""
            elif name.startswith("reason-") and not data.get(name):
                data[name] = fresh[name].value() or ""
        return type(self)(data, assessment=assessment, own=own, **more)

    def fields_of(self, indicator):
        """Score, the hidden note of what it showed at first, reason, and whether it alone goes back.

        Nothing of what is counted from the group's people.
        """
        if indicator.is_computed:
            return None
        score = self[f"score-{indicator.code}"]
        back = self[f"return-{indicator.code}"] if self.may_return else None
        return FieldsOfIndicator(
            score, score.as_hidden(only_initial=True), self[f"reason-{indicator.code}"], back
        )

    def _shown(self, name):
        """What the page showed in a field before anybody typed."""
        return self.data.get(f"initial-{name}")
