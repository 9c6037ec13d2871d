"""The address of the search. What is searched for never stands in it."""

from django.urls import path

from ..views import search

paths = [path("sok/", search.search, name="search")]
