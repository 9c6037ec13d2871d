"""Every address of the door, in Swedish at `/` and under each other language's prefix."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from . import errors
from .front import leave

door: tuple[list[URLPattern | URLResolver], str] = (
    [
        path("lamna/", leave, name="leave"),
        path("", include("hamn.support.door.urls.public")),
    ],
    "door",
)
urlpatterns = [
    path("halsa/", include("hamn.site.door.health")),
    *i18n_patterns(
        path("", include(door)),
        path("", include("hamn.insight.consultations.urls.public")),
        prefix_default_language=False,
    ),
]
handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
