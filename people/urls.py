from django.urls import path

from people.views import doubles, lists, moves, rosters, unregistered

app_name = "people"

urlpatterns = [
    path("to-chuc/<code:code>/nguoi/", lists.index, name="list"),
    path("to-chuc/<code:code>/nguoi/chua-dang-ky/", unregistered.index, name="unregistered"),
    path("to-chuc/<code:code>/nguoi/<int:pk>/", lists.person, name="person"),
    path("to-chuc/<code:code>/nguoi/chuyen/", moves.index, name="transfers"),
    path("to-chuc/<code:code>/nguoi/chuyen/sang/", moves.move, name="move"),
    path("to-chuc/<code:code>/nguoi/chuyen/roi/", moves.depart, name="depart"),
    path("to-chuc/<code:code>/nguoi/chuyen/<int:pk>/", moves.detail, name="transfer"),
    path("to-chuc/<code:code>/nguoi/chuyen/<int:pk>/hoan-tac/", moves.undo, name="transfer_undo"),
    path("to-chuc/<code:code>/nguoi/trung/", doubles.index, name="doubles"),
    path("to-chuc/<code:code>/nguoi/trung/<int:pk>/", doubles.detail, name="double"),
    path("to-chuc/<code:code>/nguoi/trung/<int:pk>/khac/", doubles.apart, name="double_apart"),
    path("to-chuc/<code:code>/nguoi/tep/", rosters.index, name="rosters"),
    path("to-chuc/<code:code>/nguoi/tep/mau/", rosters.template, name="roster_template"),
    path("to-chuc/<code:code>/nguoi/tep/<int:pk>/", rosters.detail, name="roster"),
    path("to-chuc/<code:code>/nguoi/tep/<int:pk>/tai-ve/", rosters.download, name="roster_download"),
    path("to-chuc/<code:code>/nguoi/tep/<int:pk>/thuc-hien/", rosters.start, name="roster_start"),
    path("to-chuc/<code:code>/nguoi/tep/<int:pk>/quyet-dinh/", rosters.decide, name="roster_decide"),
]
