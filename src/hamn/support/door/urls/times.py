"""Addresses of the times that staff publish, under /desk/inkorg/tider/."""

from django.urls import URLPattern, path

from ..views import times

paths: list[URLPattern] = [
    path("inkorg/tider/", times.times, name="times"),
    path("inkorg/tider/nya/", times.publish_times, name="publish_times"),
    path("inkorg/tider/kalender/", times.make_calendar_key, name="calendar_key"),
    path("inkorg/tider/kalender/ta-bort/", times.remove_calendar_key, name="remove_calendar_key"),
    path("inkorg/tider/<uuid:slot_id>/", times.show_time, name="show_time"),
    path("inkorg/tider/<uuid:slot_id>/dra-in/", times.withdraw_time, name="withdraw_time"),
    path("inkorg/tider/<uuid:slot_id>/avboka/", times.cancel_for_person, name="cancel_for_person"),
    path("inkorg/<uuid:dialogue_id>/tid/", times.book_for_person, name="book_for_person"),
    path("inkorg/kalender.ics", times.calendar_feed, name="calendar_feed"),
]
