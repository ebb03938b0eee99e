from django import forms


class BoardForm(forms.Form):
    board = forms.CharField(max_length=20)


class StageForm(forms.Form):
    stage = forms.IntegerField()
