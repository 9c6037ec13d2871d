"""Addresses of break-glass and its review."""

from django.urls import path

from ..views import break_glass

paths = [
    path("<uuid:case_id>/oppna/", break_glass.break_glass, name="break_glass"),
    path(
        "loggkontroll/nodoppning/<uuid:break_glass_id>/",
        break_glass.review_break_glass,
        name="review_break_glass",
    ),
]
