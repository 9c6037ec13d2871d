"""Addresses of the tariffs' pages; the what-if is the desk's own, since it knows agreements too."""

from django.urls import path

from . import views

app_name = "tariffs"
urlpatterns = [
    path("", views.tariffs, name="list"),
    path("ny/", views.adopt, name="adopt"),
    path("<int:tariff_id>/", views.show, name="show"),
    path("<int:tariff_id>/bilaga.<str:form>", views.export, name="export"),
]
