"""How a person wants to see the pages: kept in a cookie of the browser, for people without an account too."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

COOKIE = "hien_thi"
COOKIE_AGE = 365 * 24 * 60 * 60
CHOICES = {"size": ("small", "normal", "large"), "contrast": ("normal", "high"), "theme": ("light", "dark")}


@dataclass(frozen=True)
class Button:
    name: str
    value: str
    text: str
    pressed: bool
    hidden_text: str = ""
    long_text: str = ""
    icon: str = ""
    device: str = ""  # shown only on a device that asks for light, or for dark


@dataclass(frozen=True)
class Display:
    """An empty value is no choice: the usual size and contrast, and the theme the device asks for."""

    size: str = ""
    contrast: str = ""
    theme: str = ""

    @classmethod
    def of(cls, request):
        """What the cookie says, as far as it makes sense."""
        named = (pair.partition("-") for pair in request.COOKIES.get(COOKIE, "").split("."))
        return cls().with_choices({name: value for name, _dash, value in named})

    def with_choices(self, choices):
        """The same with whatever of `choices` names a setting and one of its values."""
        known = {
            name: "" if choices[name] == "normal" else choices[name]
            for name, values in CHOICES.items()
            if choices.get(name) in values
        }
        return replace(self, **known)

    def as_cookie(self):
        return ".".join(f"{name}-{getattr(self, name)}" for name in CHOICES if getattr(self, name))

    def buttons(self):
        sizes = [
            ("small", "A−", _("chữ nhỏ")),
            ("normal", "A", _("chữ vừa")),
            ("large", "A+", _("chữ lớn")),
        ]
        chosen = self.size or "normal"
        return [
            *(Button("size", value, text, value == chosen, hidden) for value, text, hidden in sizes),
            self._contrast_button(),
            *self._theme_buttons(),
        ]

    def _contrast_button(self):
        high = self.contrast == "high"
        other = "normal" if high else "high"
        return Button("contrast", other, _("Tương phản"), high, long_text=_("cao"), icon="contrast")

    def _theme_buttons(self):
        light_now = Button("theme", "dark", _("Nền tối"), False, icon="moon")
        dark_now = replace(light_now, value="light", pressed=True)
        if self.theme or self.contrast:  # high contrast without a chosen theme is the light one
            return [dark_now if self.theme == "dark" else light_now]
        return [replace(light_now, device="light"), replace(dark_now, device="dark")]
