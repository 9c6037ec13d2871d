"""Addresses of the services' pages."""

from django.urls import path

from . import views

app_name = "services"
urlpatterns = [
    path("", views.services, name="list"),
    path("vem/", views.entitlement, name="entitlement"),
    path("vem/hanvisad/", views.turn_away, name="turn_away"),
    path("hanvisningar/<uuid:event_id>/ta-tillbaka/", views.take_back, name="take_back"),
    path("<slug:service>/", views.show, name="show"),
    path("<slug:service>/andra/", views.save_service, name="save_service"),
    path("<slug:service>/hanvisningar/", views.turned_away, name="turned_away"),
]
