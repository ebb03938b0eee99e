from django.urls import path

from groups import views

app_name = "groups"

urlpatterns = [
    path("ho-so/nhom/", views.memberships, name="memberships"),
    path("danh-hieu-nhom/", views.mine, name="mine"),
    path("danh-hieu-nhom/cho-xet/", views.board, name="board"),
    path("danh-hieu-nhom/xet/<int:pk>/", views.review, name="review"),
    path("danh-hieu-nhom/ho/<int:pk>/", views.household, name="household"),
    path("danh-hieu-nhom/ho/<int:pk>/thanh-vien/", views.household_members, name="household_members"),
    path("danh-hieu-nhom/ho/<int:pk>/dong-ho/", views.household_clan, name="household_clan"),
    path("danh-hieu-nhom/to-chuc/<code:code>/cac-ho/", views.clan_households, name="clan_households"),
    path("danh-hieu-nhom/to-chuc/<code:code>/", views.organization, name="organization"),
    path(
        "danh-hieu-nhom/to-chuc/<code:code>/thanh-vien/",
        views.organization_members,
        name="organization_members",
    ),
    path("danh-hieu-nhom/thon/<code:code>/", views.village, name="village"),
    path("danh-hieu-nhom/thon/<code:code>/ho/<int:pk>/", views.village_household, name="village_household"),
]
