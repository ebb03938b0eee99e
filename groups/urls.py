from django.urls import path

from groups.views import clans, judging, members, own, villages

app_name = "groups"

urlpatterns = [
    path("ho-so/nhom/", members.memberships, name="memberships"),
    path("danh-hieu-nhom/", own.mine, name="mine"),
    path("danh-hieu-nhom/cho-xet/", judging.board, name="board"),
    path("danh-hieu-nhom/xet/<int:pk>/", judging.review, name="review"),
    path("danh-hieu-nhom/ho/<int:pk>/", own.household, name="household"),
    path("danh-hieu-nhom/ho/<int:pk>/thanh-vien/", members.household_members, name="household_members"),
    path("danh-hieu-nhom/ho/<int:pk>/dong-ho/", clans.household_clan, name="household_clan"),
    path("danh-hieu-nhom/to-chuc/<code:code>/cac-ho/", clans.clan_households, name="clan_households"),
    path("danh-hieu-nhom/to-chuc/<code:code>/", own.organization, name="organization"),
    path(
        "danh-hieu-nhom/to-chuc/<code:code>/thanh-vien/",
        members.organization_members,
        name="organization_members",
    ),
    path("danh-hieu-nhom/thon/<code:code>/", villages.village, name="village"),
    path(
        "danh-hieu-nhom/thon/<code:code>/ho/<int:pk>/", villages.village_household, name="village_household"
    ),
]
