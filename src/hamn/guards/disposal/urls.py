"""Addresses of disposal."""

from django.urls import path, register_converter
from django.urls.converters import IntConverter

from . import views


class RowId(IntConverter):
    """A row's number, short enough for every database."""

    regex = "[0-9]{1,15}"


register_converter(RowId, "disposal_row")

app_name = "disposal"
urlpatterns = [
    path("", views.start, name="start"),
    path("regler/", views.rule_table, name="rule_table"),
    path("ny/<str:unit>/", views.plan_list, name="plan_list"),
    path("lista/<disposal_row:list_id>/", views.show_list, name="show_list"),
    path("lista/<disposal_row:list_id>/godkann/", views.approve_list, name="approve_list"),
    path("lista/<disposal_row:list_id>/dra-tillbaka/", views.withdraw_list, name="withdraw_list"),
    path("lista/<disposal_row:list_id>/starta/", views.start_run, name="start_run"),
    path(
        "lista/<disposal_row:list_id>/uppgift/<disposal_row:item_id>/behovs/",
        views.exclude_item,
        name="exclude_item",
    ),
    path("undantag/<disposal_row:hold_id>/ta-bort/", views.lift_hold, name="lift_hold"),
    path("bevis/<disposal_row:certificate_id>/", views.certificate, name="certificate"),
    path(
        "bevis/<disposal_row:certificate_id>/bevis.pdf",
        views.certificate_file,
        name="certificate_file",
    ),
]
