"""Names as people type them."""

import re

from django.utils.translation import gettext as _

# What a keyboard leaves where it makes no marks of Telex: Nguyeexn, Thij, Ddoaf. How names of the smaller
# peoples end, Ksor or Siu H'Blus, is none of it.
_UNMARKED = re.compile(r"aa|ee|dd|[aou]w|[aeiouy](?:ch?|m|nh?|ng|p|t)?[fj]$")


def doubts(full_name: str) -> list[str]:
    """What is to be looked at once more in a name, and never refused."""
    warnings = []
    unmarked = next((word for word in full_name.split() if _UNMARKED.search(word.lower())), None)
    if unmarked:
        warnings.append(
            _(
                "Trong họ và tên có chữ “%(word)s”, như là gõ mà chưa thành dấu. Hãy bật bộ gõ tiếng Việt "
                "rồi gõ lại; nếu đã đúng thì cứ để vậy."
            )
            % {"word": unmarked}
        )
    if full_name == full_name.lower():
        warnings.append(
            _(
                "Họ và tên chưa viết hoa. Tên này được in trên giấy chứng nhận, ví dụ viết Nguyễn Thị Hoa; "
                "nếu đã đúng thì cứ để vậy."
            )
        )
    return warnings
