from django import forms

from assessments.models import Campaign
from vietnamese.fields import LineField


class BeginForm(forms.Form):
    """Whose list is read: the board, the year and the name that was looked for."""

    board = LineField(max_length=20)
    year = forms.ModelChoiceField(Campaign.objects.all(), to_field_name="year")
    name = LineField(max_length=100, required=False)
