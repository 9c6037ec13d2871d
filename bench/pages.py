"""The desk's pages measured in a process of their own: server time, queries, a bare page beside.

Usage: python -m bench.pages [TIMES], on a centre of `bench.centre` and `bench.history`.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

HEADERS = {"x-forwarded-proto": "https"}


def main(times: int) -> dict[str, Any]:
    """Figures of every page, and of the overview against a bare page with the same queries."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hamn.site.desk.settings")
    import django

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["testserver"]
    controller, administrator = _client("controller"), _client("system_administrator")
    figures = {
        name: _page(administrator if name == "people" else controller, path, times)
        for name, path in _paths().items()
    }
    return {"pages": figures, "against_bare": _against_bare(controller, times)}


def _paths() -> dict[str, str]:
    from django.urls import reverse

    from hamn.agreement.agreements.models import Agreement
    from hamn.agreement.invoicing.models import Invoice
    from hamn.agreement.tariffs.models import Tariff

    agreement = Agreement.objects.order_by("-pk")[0]
    number = Invoice.objects.order_by("-pk")[0].number
    return {
        "overview": reverse("desk:overview"),
        "municipalities": reverse("organisations:list"),
        "municipality": reverse("organisations:show", args=["0117"]),
        "agreements": reverse("agreements:list"),
        "agreement": reverse("agreements:show", args=[agreement.pk]),
        "tariff": reverse("tariffs:show", args=[Tariff.objects.order_by("pk")[0].pk]),
        "what-if": reverse("desk:what_if"),
        "invoices": reverse("invoicing:list"),
        "invoices, overdue": reverse("invoicing:list") + "?lage=overdue",
        "invoice": reverse("invoicing:show", args=[number]),
        "runs": reverse("invoicing:runs"),
        "preview": reverse("invoicing:preview", args=[2026]),
        "trail": reverse("desk:trail"),
        "people": reverse("access:people"),
    }


def _client(role: str) -> Any:
    """A browser signed in with the role."""
    from django.test import Client

    from hamn.guards.access import actions
    from hamn.guards.access.adapter import mark_strong
    from hamn.guards.access.models import Person
    from hamn.guards.access.rules import Role
    from hamn.site.acting import acting_person

    email = f"{role}@bench.example"
    person = Person.objects.filter(email=email).first() or actions.add_person(
        email=email, title=role, roles=[Role(role)], by=acting_person(None)
    )
    client = Client(headers=HEADERS)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    mark_strong(session, person)
    session.save()
    return client


def _page(client: Any, path: str, times: int) -> dict[str, Any]:
    """Milliseconds at the middle and at the slow end, queries, and bytes of the page."""
    from django.db import connection

    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    asked: list[str] = []
    with connection.execute_wrapper(_noting(asked)):
        client.get(path)
    taken = [_timed(lambda: client.get(path)) for _ in range(times)]
    return {
        "p50_ms": statistics.median(taken) * 1000,
        "p95_ms": statistics.quantiles(taken, n=20)[-1] * 1000,
        "queries": len(asked),
        "kb": len(answer.content) / 1000,
    }


def _noting(asked: list[str]) -> Callable[..., Any]:
    """A wrapper that notes each statement as it goes by."""

    def noted(execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        asked.append(sql)
        return execute(sql, *more)

    return noted


def _against_bare(client: Any, times: int) -> dict[str, float]:
    """Requests a second of the overview and of a bare page with the same queries, in turns."""
    from django.test import Client, override_settings
    from django.urls import reverse

    bare = Client(headers=HEADERS)
    bare.cookies = client.cookies
    paths = {"overview": reverse("desk:overview"), "bare": "/bare/"}
    taken: dict[str, list[float]] = {"overview": [], "bare": []}
    bare_settings = override_settings(ROOT_URLCONF="bench.bare", MIDDLEWARE=BARE_MIDDLEWARE)
    for _round in range(10):
        for _ in range(max(1, times // 10)):
            taken["overview"].append(_timed(lambda: client.get(paths["overview"])))
        with bare_settings:
            bare.handler._middleware_chain = None
            for _ in range(max(1, times // 10)):
                taken["bare"].append(_timed(lambda: bare.get(paths["bare"])))
    rates = {f"{name}_per_s": 1 / statistics.median(one) for name, one in taken.items()}
    return {**rates, "times": rates["bare_per_s"] / rates["overview_per_s"]}


# As a new Django project has it.
BARE_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


def _timed(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    answer = work()
    taken = time.perf_counter() - start
    assert answer.status_code == 200
    return taken


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)))
