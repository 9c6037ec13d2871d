"""Addresses of the staff's pages."""

from django.urls import path

from . import views

app_name = "staff"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("franvaro/ny/", views.add_absence, name="add_absence"),
    path("franvaro/<int:absence_id>/", views.edit_absence, name="edit_absence"),
    path("franvaro/<int:absence_id>/ta-bort/", views.withdraw_absence, name="withdraw_absence"),
    path("befattning/<int:post_id>/", views.edit_post, name="edit_post"),
    path("befattning/<int:post_id>/tilltrade/", views.fill_post, name="fill_post"),
    path("ersattare/<int:cover_id>/tacka-ja/", views.accept_cover, name="accept_cover"),
    path("ersattare/<int:cover_id>/avsluta/", views.end_cover, name="end_cover"),
    path("enhet/<str:unit>/", views.one_unit, name="one_unit"),
    path("enhet/<str:unit>/befattning/", views.add_post, name="add_post"),
    path("enhet/<str:unit>/ersattare/", views.offer_cover, name="offer_cover"),
]
