"""Whether the door is well, for whoever watches it: /halsa/."""

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from hamn.guards.access.permits import open_to_all


@open_to_all
def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """200 when the database answers, else 503; reads only."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except Error:
        return JsonResponse({"status": "fault"}, status=503)
    return JsonResponse({"status": "ok"})


urlpatterns = [path("", health, name="health")]
