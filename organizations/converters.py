from django.urls.converters import StringConverter


class CodeConverter(StringConverter):
    """Codes of organizations in addresses: 42, 18073@2025, T18073001. Anything else is no address at all."""

    regex = "[0-9A-Za-z@._-]{1,20}"
