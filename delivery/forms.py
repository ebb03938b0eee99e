"""What is asked about notices that leave the portal."""

from django import forms
from django.utils.translation import gettext_lazy

from accounts.models import Citizen
from delivery.models import Channel
from vietnamese.fields import RowsField


class ToldForm(forms.Form):
    """Those who were called or visited."""

    people = RowsField(queryset=Citizen.objects.none(), required=False)

    def __init__(self, *args, found, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = found


class ChannelsForm(forms.Form):
    channels = forms.MultipleChoiceField(
        label=gettext_lazy("Ngoài cổng, gửi tin cho tôi bằng"),
        choices=[(Channel.SMS.value, gettext_lazy("SMS")), (Channel.EMAIL.value, gettext_lazy("e-mail"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
