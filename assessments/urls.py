from django.urls import path

from assessments.views import (
    batches,
    board,
    citizen,
    contest,
    deadlines,
    evidence,
    extensions,
    helping,
    learning,
    papers,
    straying,
    upwards,
)

app_name = "assessments"

citizen_patterns = [
    path("danh-hieu/", citizen.mine, name="mine"),
    path("danh-hieu/dang-ky/", citizen.register, name="register"),
    path("danh-gia/<int:pk>/", citizen.detail, name="detail"),
    path("danh-gia/<int:pk>/nhom/", citizen.change_group, name="change_group"),
    path("danh-gia/<int:pk>/phan/<str:code>/", citizen.section, name="section"),
    path("danh-gia/<int:pk>/ke-hoach/", learning.plan, name="learning"),
    path("danh-gia/<int:pk>/xem-lai/", citizen.check, name="check"),
    path("danh-gia/<int:pk>/tieu-chi-moi/", citizen.changed_criteria, name="changed_criteria"),
    path("danh-gia/<int:pk>/gui/", citizen.submit, name="submit"),
    path("danh-gia/<int:pk>/bien-nhan/", citizen.receipt, name="receipt"),
    path("danh-gia/<int:pk>/rut-lai/", citizen.withdraw, name="withdraw"),
    path("danh-gia/<int:pk>/de-nghi-xem-lai/", contest.contest, name="contest"),
    path("danh-gia/<int:pk>/minh-chung/<str:code>/", evidence.add, name="evidence"),
    path("danh-gia/<int:pk>/minh-chung/<str:code>/<int:piece>/dung/", evidence.share, name="evidence_share"),
    path("danh-gia/<int:pk>/minh-chung/<str:code>/<int:piece>/bo/", evidence.drop, name="evidence_drop"),
    path("danh-gia/<int:pk>/tai-len/<slug:named>/<int:offset>/", evidence.arrive, name="evidence_arrive"),
    path("danh-gia/<int:pk>/tep/<int:piece>/", evidence.file, name="evidence_file"),
    path("danh-gia/<int:pk>/tep/<int:piece>/nho/", evidence.thumbnail, name="evidence_thumbnail"),
]

helping_patterns = [
    path("giup-dien/", helping.index, name="helping"),
    path("giup-dien/<int:pk>/", helping.begin, name="help_begin"),
    path("giup-dien/<code:code>/nguoi-giup/", helping.helpers, name="helpers"),
    path("giup-dien/<code:code>/nguoi-giup/<int:pk>/thoi/", helping.end_helper, name="helper_end"),
    path("danh-gia/<int:pk>/thoi-giup/", helping.stop, name="help_stop"),
    path("danh-gia/<int:pk>/giay-bao/", helping.slip, name="help_slip"),
    path("danh-gia/<int:pk>/tu-lam-tiep/", helping.take_over, name="help_take_over"),
    path("danh-gia/<int:pk>/khong-nho/<int:number>/", helping.refuse, name="help_refuse"),
]

board_patterns = [
    path("xac-nhan/", board.board_queue, name="board_queue"),
    path("xac-nhan/nhieu-nguoi/", board.board_batch, name="board_batch"),
    path("xac-nhan/nhieu-nguoi/huy/", board.board_undo_batch, name="board_undo_batch"),
    path("xac-nhan/ca-danh-sach/", batches.begin, name="batch_begin"),
    path("xac-nhan/ca-danh-sach/<int:pk>/", batches.batch, name="batch"),
    path("xac-nhan/xem-lai/", contest.reviews, name="reviews"),
    path("xac-nhan/<int:pk>/", board.board_detail, name="board_detail"),
    path("xac-nhan/<int:pk>/huy/", board.board_undo, name="board_undo"),
    path("xac-nhan/<int:pk>/nham-noi/", straying.stray, name="stray"),
    path("xac-nhan/<int:pk>/phieu-giay/", papers.paper, name="paper"),
    path("xac-nhan/<int:pk>/phieu-giay/xac-nhan/", papers.paper_sign, name="paper_sign"),
    path("xac-nhan/<int:pk>/xem-lai/", contest.review_contest, name="review_contest"),
]

upward_patterns = [
    path("cac-ban/", upwards.board_list, name="board_list"),
    path("cac-ban/<code:code>/", upwards.board_outlook, name="board_outlook"),
    path("cac-ban/<code:code>/nhac/", upwards.nudge, name="nudge"),
    path("cac-ban/<code:code>/xac-nhan-thay/", upwards.take_over, name="take_over"),
    path("cac-ban/<code:code>/xac-nhan-thay/<int:pk>/thoi/", upwards.end_take_over, name="end_take_over"),
]

deadline_patterns = [
    path("thoi-han/", deadlines.index, name="deadlines"),
    path("thoi-han/gian-doan/", deadlines.outage_list, name="outages"),
    path("thoi-han/gian-doan/<int:pk>/", deadlines.outage_end, name="outage_end"),
    path("thoi-han/cong-phut/<int:year>/<slug:level>/", deadlines.give_back, name="give_back"),
    path("thoi-han/gia-han/", extensions.find, name="extend"),
    path("thoi-han/gia-han/noi/<code:code>/", extensions.extend_place, name="extend_place"),
    path("thoi-han/gia-han/ho-so/<int:pk>/", extensions.extend_record, name="extend_record"),
    path("thoi-han/gia-han/<int:pk>/ket-thuc/", extensions.end, name="end_extension"),
    path("thoi-han/<code:code>/<int:year>/<slug:level>/<slug:step>/", deadlines.window, name="window"),
]

urlpatterns = [*citizen_patterns, *helping_patterns, *board_patterns, *upward_patterns, *deadline_patterns]
