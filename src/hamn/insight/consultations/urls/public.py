"""The public addresses for professionals, under `/` and `/en/` (hamn.site.door.urls)."""

from django.urls import path

from ..views import public

app_name = "professionals"
urlpatterns = [
    path("yrkesverksam/", public.start, name="start"),
    path("yrkesverksam/fraga/", public.ask, name="ask"),
]
