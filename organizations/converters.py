"""Codes of organizations in addresses: 42, 18073@2025, T18073001. Anything else is no address at all."""

from django.urls import register_converter
from django.urls.converters import StringConverter


class CodeConverter(StringConverter):
    regex = "[0-9A-Za-z@._-]{1,20}"


register_converter(CodeConverter, "code")
