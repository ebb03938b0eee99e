from django.urls import path

from organizations import edit_views, views

app_name = "organizations"

urlpatterns = [
    path("to-chuc/", views.index, name="index"),
    path("to-chuc/cac-cap/", edit_views.levels, name="levels"),
    path("to-chuc/<code:code>/lien-he/", edit_views.contact, name="contact"),
    path("to-chuc/<code:code>/them/", edit_views.add, name="add"),
    path("to-chuc/<code:code>/", views.detail, name="detail"),
    path("to-chuc/<code:code>/chua-co-ai/", views.without_people, name="without_people"),
]
