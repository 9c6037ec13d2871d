"""A bare Django page that asks the overview's questions and draws the answers without any style."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from django.utils import timezone

from hamn.site.desk.urls import urlpatterns as desk

PAGE = (
    "<!doctype html><title>Bare</title>{% for key, value in facts.items %}<h2>{{ key }}</h2>"
    "{% if value.rows %}<table>{% for row in value.rows %}<tr>{% for h, k, cell in row %}<td>"
    "{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>{% else %}<p>{{ value }}</p>{% endif %}"
    "{% endfor %}"
)


def bare(request: HttpRequest) -> HttpResponse:
    """The facts of the overview, in headings, tables and paragraphs."""
    from hamn.site.desk import overview

    facts = overview.facts(request.user, timezone.localdate())  # type: ignore[arg-type]
    template = engines["django"].from_string(PAGE)
    return HttpResponse(template.render({"facts": facts}, request=None))


# The desk's addresses too, since the facts hold links to them.
urlpatterns = [path("bare/", bare), *desk]
