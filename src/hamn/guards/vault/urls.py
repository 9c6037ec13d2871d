"""The pages of the vault."""

from django.urls import path

from . import views

app_name = "vault"
urlpatterns = [
    path("", views.show, name="show"),
    path("<slug:unit>/oppna/", views.unseal, name="unseal"),
    path("<slug:unit>/stang/", views.lock, name="lock"),
    path("<slug:unit>/nyckel/", views.new_unit, name="new_unit"),
    path("<slug:unit>/losenfras/", views.add_passphrase, name="add_passphrase"),
    path("<slug:unit>/losenfras/bort/", views.remove_passphrase, name="remove_passphrase"),
]
