"""The forms there are. A new one has a name in names.py, is written beside its like and listed there."""

from django.utils.translation import gettext_lazy as _

from reports.report_forms.form import Form
from reports.report_forms.free import FREE
from reports.report_forms.lists import LISTS
from reports.report_forms.official import OFFICIAL
from reports.report_forms.tables import TABLES

KINDS = [(_("Biểu của hội"), OFFICIAL), (_("Bảng so sánh"), [*TABLES, FREE]), (_("Danh sách"), LISTS)]
FORMS: dict[str, Form] = {form.slug: form for _title, forms in KINDS for form in forms}
