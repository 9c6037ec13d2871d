"""What goes with every answer of the door, and what never does."""

from typing import Any

import pytest

ANSWERS = (
    ("/", 200),
    ("/kontakt/", 200),
    ("/svar/", 200),
    ("/lamna/", 405),
    ("/kontakt", 301),
    ("/finns-inte/", 404),
    ("/halsa/", 200),
    ("/en/", 200),
    ("/en/finns-inte/", 404),
    ("/de/", 404),
)


@pytest.mark.parametrize(("address", "status"), ANSWERS)
def test_every_answer_has_the_strict_headers_errors_too(
    door: Any, address: str, status: int
) -> None:
    answer = door().get(address)
    assert answer.status_code == status
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "frame-ancestors 'none'" in policy
    assert not {"unsafe", "data:", "http", "nonce"} & set(policy.replace(";", " ").split())
    assert "unsafe" not in policy and "data:" not in policy
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in answer.headers["Permissions-Policy"]
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    assert "Server" not in answer.headers


@pytest.mark.parametrize("address", ["/", "/kontakt/", "/svar/", "/en/", "/finns-inte/"])
def test_no_cookie_is_set_before_one_is_needed(door: Any, address: str) -> None:
    answer = door().get(address)
    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_leaving_clears_what_the_browser_keeps(door: Any) -> None:
    browser = door()
    browser.cookies["__Host-visit"] = "something"
    browser.cookies["other"] = "something"
    answer = browser.post("/lamna/")
    assert answer.status_code == 200
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert {name: one["max-age"] for name, one in answer.cookies.items()} == {
        "__Host-visit": 0,
        "other": 0,
    }
    # Or the browser would not take it, and keep what it had.
    assert answer.cookies["__Host-visit"]["secure"]
    assert answer.cookies["__Host-visit"]["path"] == "/"


def test_leaving_in_a_hurry_keeps_the_mark_that_leads_away_again(door: Any) -> None:
    answer = door().post("/lamna/", {"skyndsamt": "1"})
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies"'


def test_plain_http_is_sent_to_https_with_the_same_headers(door: Any) -> None:
    answer = door().get("/kontakt/", headers={"x-forwarded-proto": "http"})
    assert answer.status_code == 301
    assert answer.headers["Location"].startswith("https://")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", ["/", "/en/", "/kontakt/", "/svar/", "/finns-inte/"])
def test_a_page_loads_nothing_from_elsewhere_and_has_no_script_of_its_own(
    door: Any, address: str
) -> None:
    text = door().get(address).content.decode()
    loads = [piece.partition('"')[0] for piece in text.split(' src="')[1:]]
    loads += [piece.partition('"')[0] for piece in text.split("<link ")[1:] for _once in [0]]
    assert all(one.startswith(("/static/", "rel=")) for one in loads)
    assert "<script>" not in text and "<style" not in text
    assert ' style="' not in text and " onclick=" not in text
    assert "<title>Information</title>" in text


def test_leaving_clears_also_beside_a_neighbours_cookie_of_a_strange_name(door: Any) -> None:
    answer = door().post("/lamna/", headers={"cookie": "__Host-visit=something; a[b]=1; path=2"})
    assert answer.status_code == 200
    assert answer.cookies["__Host-visit"]["max-age"] == 0
    assert "cookies" in answer.headers["Clear-Site-Data"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, 200),
        ({"host": "testserver", "origin": "https://testserver"}, 200),
        ({"origin": "https://elsewhere.example"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
    ],
)
def test_a_form_that_another_site_sends_is_not_taken(
    door: Any, headers: dict[str, str], status: int
) -> None:
    assert door().post("/lamna/", headers=headers).status_code == status
