"""What the citizen types to have points looked at again, and what is typed who looks again."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import workflow
from assessments.forms.fields import PassField
from criteria.rules import ScoringModel
from vietnamese.fields import LinesField, PointsField

REASON_LENGTH = 1000


class ContestForm(forms.Form):
    """Why single indicators should be looked at again; where nothing is typed, nothing is asked."""

    def __init__(self, data=None, *, lines):
        super().__init__(data)
        self.lines = lines
        for line in lines:
            self.fields[f"reason-{line.indicator.code}"] = _reason(
                _("Vì sao cần xem lại %(indicator)s") % {"indicator": line.indicator.called}, required=False
            )

    def rows(self):
        """(line, its bound field) pairs, in order."""
        return [(line, self[f"reason-{line.indicator.code}"]) for line in self.lines]

    def clean(self):
        if not self.errors and not self.reasons:
            self.add_error(None, _("Chưa ghi lý do ở chỗ nào. Ghi vì sao ở ít nhất một chỗ cần xem lại."))

    @property
    def reasons(self):
        """Indicator code → why."""
        return {
            line.indicator.code: self.cleaned_data[f"reason-{line.indicator.code}"]
            for line in self.lines
            if self.cleaned_data.get(f"reason-{line.indicator.code}")
        }


class ReviewContestForm(forms.Form):
    """The points of every contested indicator, filled in with what was confirmed, each with a reason."""

    version = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={
            "required": gettext_lazy("Trang này tải chưa xong. Mở lại trang rồi làm lại."),
            "invalid": gettext_lazy("Trang này tải chưa xong. Mở lại trang rồi làm lại."),
        },
    )

    def __init__(self, data=None, *, assessment, contested):
        super().__init__(data, initial={"version": assessment.version})
        self.assessment, self.contested = assessment, contested
        for each in contested:
            indicator = each.score.indicator
            self.fields[f"score-{indicator.code}"] = self._given(each.score)
            self.fields[f"reason-{indicator.code}"] = _reason(
                _("Lý do ở %(indicator)s") % {"indicator": indicator.called}
            )

    def _given(self, score):
        label = _("Xem lại %(indicator)s") % {"indicator": score.indicator.called}
        if self.assessment.criteria_set.scoring_model == ScoringModel.PASS_FAIL:
            return PassField(label=label, initial=score.confirmed)
        return PointsField(
            label=label,
            maximum=score.indicator.maximum,
            step=self.assessment.criteria_set.step,
            initial=score.confirmed,
        )

    def rows(self):
        """(what is contested, field of the points, field of the reason), in order."""
        return [
            (each, self[f"score-{each.score.indicator.code}"], self[f"reason-{each.score.indicator.code}"])
            for each in self.contested
        ]

    @property
    def given(self):
        return {
            each.score.indicator.code: workflow.Change(
                self.cleaned_data[f"score-{each.score.indicator.code}"],
                self.cleaned_data[f"reason-{each.score.indicator.code}"],
            )
            for each in self.contested
        }


def _reason(label, *, required=True):
    return LinesField(
        label=label,
        required=required,
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Ghi lý do. Người gửi đọc được.")},
    )
