"""Addresses of the register's pages."""

from django.urls import path

from . import views

app_name = "organisations"
urlpatterns = [
    path("", views.register, name="list"),
    path("las-in/", views.import_parties, name="import_parties"),
    path("folkmangd/", views.import_population, name="import_population"),
    path("fil.<str:form>", views.export, name="export"),
    path("<str:code>/", views.show, name="show"),
    path("<str:code>/folkmangd.svg", views.population_chart, name="population_chart"),
    path("<str:code>/uppgifter/", views.edit, name="edit"),
    path("<str:code>/kontakter/ny/", views.add_contact, name="add_contact"),
    path("<str:code>/kontakter/<int:contact_id>/", views.edit_contact, name="edit_contact"),
    path("<str:code>/kontakter/<int:contact_id>/slut/", views.end_contact, name="end_contact"),
]
