"""Addresses of the monthly review of reads."""

from django.urls import path

from ..views import reviews

paths = [
    path("loggkontroll/", reviews.reviews, name="reviews"),
    path("loggkontroll/ifragasatta/", reviews.questioned_reads, name="questioned_reads"),
    path("loggkontroll/<uuid:review_id>/", reviews.review, name="review"),
]
