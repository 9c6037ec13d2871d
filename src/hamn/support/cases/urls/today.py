"""Addresses of the daily lists."""

from django.urls import path

from ..views import today

paths = [
    path("", today.today, name="today"),
    path("mina/", today.mine, name="mine"),
    path("enheten/", today.of_unit, name="of_unit"),
]
