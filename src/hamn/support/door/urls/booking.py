"""Public addresses of the person's own times, under /tider/; open with her code alone."""

from django.urls import URLPattern, path

from ..views import booking

paths: list[URLPattern] = [
    path("tider/", booking.my_times, name="my_times"),
    path("tider/<uuid:booking_id>/flytta/", booking.move_booking, name="move_booking"),
    path("tider/<uuid:booking_id>/avboka/", booking.cancel_booking, name="cancel_booking"),
    path("tider/<uuid:booking_id>/paminnelse/", booking.choose_reminder, name="choose_reminder"),
]
