from django.urls import path

from reports import (
    as_at_views,
    check_views,
    number_views,
    snapshot_views,
    support_views,
    target_views,
    views,
    weekly_views,
)
from reports.open_data import views as open_views
from reports.report_forms import views as form_views
from reports.typed import views as typed_views

app_name = "reports"
TYPED = "bao-cao/so-lieu-nhap/<code:code>/<int:year>/"

urlpatterns = [
    path("bao-cao/", views.summary, name="summary"),
    path("bao-cao/xuat-excel/", views.summary_export, name="summary_export"),
    path("bao-cao/tai-ngay/", as_at_views.summary, name="summary_as_at"),
    path("bao-cao/tai-ngay/xuat-excel/", as_at_views.summary_export, name="summary_as_at_export"),
    path("bao-cao/tai-ngay/ho-so/", as_at_views.records, name="list_as_at"),
    path("bao-cao/tai-ngay/ho-so/xuat-excel/", as_at_views.records_export, name="list_as_at_export"),
    path("bao-cao/tai-ngay/don-vi/", as_at_views.units, name="units_as_at"),
    path("bao-cao/tai-ngay/don-vi/xuat-excel/", as_at_views.units_export, name="units_as_at_export"),
    path("bao-cao/danh-sach/", views.record_list, name="list"),
    path("bao-cao/danh-sach/xuat-excel/", views.record_list_export, name="list_export"),
    path("bao-cao/danh-sach/du-so-can-cuoc/", number_views.full_list, name="full_list"),
    path("bao-cao/ho-so/<int:pk>/so-can-cuoc/", number_views.number, name="number"),
    path("bao-cao/nguoi-dan/", views.people_list, name="people"),
    path("bao-cao/doi-tuong/", views.subject_list, name="subjects"),
    path("bao-cao/nguoi-cua-ban/", views.member_list, name="members"),
    path("bao-cao/ho-tro/<code:code>/", support_views.helped, name="helped"),
    path("bao-cao/bieu/", form_views.index, name="forms"),
    path("bao-cao/bieu/tu-chon/ho-so/", form_views.table_rows, name="table_rows"),
    path("bao-cao/bieu/<slug:form>/", form_views.form, name="form"),
    path("bao-cao/bieu/<slug:form>/xuat-excel/", form_views.excel, name="form_excel"),
    path("bao-cao/bieu/<slug:form>/xuat-pdf/", form_views.pdf, name="form_pdf"),
    path("bao-cao/so-lieu-nhap/", typed_views.index, name="typed"),
    path("bao-cao/bang-da-luu/", form_views.table_save, name="table_save"),
    path("bao-cao/bang-da-luu/<int:pk>/bo/", form_views.table_forget, name="table_forget"),
    path(TYPED, typed_views.edit, name="typed_edit"),
    path(f"{TYPED}tep-mau/", typed_views.template, name="typed_template"),
    path(f"{TYPED}gui-tep/", typed_views.upload, name="typed_upload"),
    path(f"{TYPED}tra-lai/", typed_views.give_back, name="typed_give_back"),
    path("bao-cao/chi-tieu/", target_views.target_list, name="targets"),
    path("bao-cao/hang-tuan/", weekly_views.index, name="weekly"),
    path("bao-cao/hang-tuan/bo/", weekly_views.drop, name="weekly_drop"),
    path("so-lieu-mo/", open_views.index, name="open_data"),
    path("so-lieu-mo/so-lieu.csv", open_views.data, name="open_csv"),
    path("so-lieu-mo/tu-dien.csv", open_views.dictionary, name="open_dictionary"),
    path("bao-cao/gia-han/", views.extension_list, name="extensions"),
    path("bao-cao/gia-han/xuat-excel/", views.extension_list_export, name="extensions_export"),
    path("bao-cao/chot-nam/", snapshot_views.snapshot_list, name="snapshots"),
    path("bao-cao/chot-nam/<int:pk>/tai-ve/", snapshot_views.snapshot_download, name="snapshot_download"),
    path("bao-cao/kiem-tra-tep/", check_views.check_file, name="check_file"),
    path("bao-cao/tep/<slug:code>/", views.export, name="export"),
    path("bao-cao/tep/<slug:code>/tai-ve/", views.export_download, name="export_download"),
]
