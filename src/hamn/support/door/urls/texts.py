"""Addresses of the public pages' texts, under /desk/texter/."""

from django.urls import path

from ..views import texts as views

paths = [
    path("texter/", views.texts, name="texts"),
    path("texter/<slug:language>/", views.texts_in, name="texts_in"),
    path("texter/<slug:language>/godkann/", views.approve_language, name="approve_language"),
    path("texter/<slug:language>/dolj/", views.withdraw_language, name="withdraw_language"),
    path("texter/<slug:language>/<str:page_code>/", views.show_text, name="show_text"),
    path("texter/<slug:language>/<str:page_code>/skriv/", views.write_text, name="write_text"),
    path(
        "texter/<slug:language>/<str:page_code>/publicera/", views.publish_text, name="publish_text"
    ),
    path(
        "texter/<slug:language>/<str:page_code>/avpublicera/",
        views.withdraw_text,
        name="withdraw_text",
    ),
    path(
        "texter/<slug:language>/<str:page_code>/version/<int:number>/",
        views.text_version,
        name="text_version",
    ),
]
