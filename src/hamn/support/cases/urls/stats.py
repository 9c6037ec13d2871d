"""Addresses of the counts of a year."""

from django.urls import path

from ..views import stats

paths = [
    path("statistik/", stats.statistics, name="statistics"),
    path("statistik/fil.<str:form>", stats.export_statistics, name="export_statistics"),
]
