"""Addresses of follow-up's pages."""

from django.urls import path

from . import views

app_name = "followup"
urlpatterns = [
    path("publicerade/", views.totals, name="list"),
    path("publicerade/ny/", views.enter_total, name="enter_total"),
    path("publicerade/fil.<str:form>", views.export, name="export"),
    path("publicerade/<int:total_id>/", views.show, name="show"),
    path("publicerade/<int:total_id>/ratta/", views.correct_total, name="correct_total"),
]
