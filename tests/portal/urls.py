"""The portal's addresses and two small form pages: one closed, one public."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import include, path

PAGE = """
{% extends "base.html" %}
{% load crispy_forms_tags %}
{% block title %}Tờ khai{% endblock %}
{% block content %}
  <h1>Tờ khai</h1>
  <form method="post" enctype="multipart/form-data" novalidate>
    {% csrf_token %}{{ form|crispy }}<button class="btn btn-primary">Lưu</button>
  </form>
{% endblock %}
"""


class Declaration(forms.Form):
    full_name = forms.CharField(label="Họ và tên", min_length=2)
    reason = forms.CharField(label="Lý do", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    kinds = forms.MultipleChoiceField(
        label="Học gì",
        choices=[("book", "Đọc sách"), ("trade", "Học nghề")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    file = forms.FileField(label="Tệp", required=False)
    password1 = forms.CharField(label="Mật khẩu", widget=forms.PasswordInput, required=False)


def declaration(request):
    form = Declaration(request.typed, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        messages.success(request, "Đã lưu.")
        return redirect(request.path)
    return HttpResponse(engines["django"].from_string(PAGE).render({"form": form}, request))


@login_not_required
def public_declaration(request):
    return declaration(request)


urlpatterns = [
    path("to-khai/", declaration),
    path("to-khai-khac/", declaration),
    path("mo-cho-moi-nguoi/", public_declaration),
    path("", include("config.urls")),
]
