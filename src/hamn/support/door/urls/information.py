"""Addresses of the information pages; a situation's says nothing of it."""

from django.urls import path

from ..rules.pages import PLACES
from ..views import information as views

paths = [
    path("", views.start, name="start"),
    path("vag/<int:number>/", views.situation, name="situation"),
    *(
        path(f"{address}/", views.service, {"place": place}, name=place)
        for place, address in PLACES.items()
    ),
    path("verksamhet/<slug:place>/", views.service, name="service"),
    path("om-svar/", views.answers, name="answers"),
    path("dolj-spar/", views.tracks, name="tracks"),
    path("tillganglighet/", views.accessibility, name="accessibility"),
]
