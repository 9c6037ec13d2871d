"""Leaving: what this browser keeps of the visit is cleared."""

from contextlib import suppress
from http.cookies import CookieError

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render

from hamn.guards.access.permits import open_to_all

CLEARED = '"cache", "cookies", "storage"'
# In a hurry the page has noted, in this tab alone, that going back must lead away (leave.js).
CLEARED_IN_A_HURRY = '"cache", "cookies"'


@open_to_all
def leave(request: HttpRequest) -> HttpResponse:
    """The page that says that nothing is left open here; sent by a button, never by a link.

    Every cookie of ours goes, whatever it holds; the browser is asked to clear the rest.
    """
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    response = render(request, "door_site/left.html")
    for name in request.COOKIES:
        # A neighbouring site of the same domain may have set one that no answer of ours can name.
        with suppress(CookieError):
            response.delete_cookie(name, samesite="Strict")
    is_in_a_hurry = "skyndsamt" in request.POST
    response.headers["Clear-Site-Data"] = CLEARED_IN_A_HURRY if is_in_a_hurry else CLEARED
    return response
