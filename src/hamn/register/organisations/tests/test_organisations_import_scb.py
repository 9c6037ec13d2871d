"""Population from Statistics Sweden, against a server that speaks PxWeb API 2 and JSON-stat 2.

The fake answers what pxstatspy asks: the table's metadata, then its data for the codes asked for.
"""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from hamn.core.errors import BadInput
from hamn.guards.audit.models import Entry
from hamn.register.organisations import queries, scb
from hamn.register.organisations.models import Population

FIGURES = {"0114": 50_000, "0117": 49_500, "0180": 1_000_000}
CODES = sorted(FIGURES)
ELIMINATED = {"Civilstand": ["OG", "G"], "Alder": ["0", "1", "tot"], "Kon": ["1", "2"]}


def dimension(codes: list[str], **more: Any) -> dict[str, Any]:
    return {
        "label": "x",
        "category": {
            "index": {code: place for place, code in enumerate(codes)},
            "label": {code: f"namn på {code}" for code in codes},
        },
        **more,
    }


def metadata() -> dict[str, Any]:
    """The table as the real one is built: three dimensions that may be left out."""
    codes: dict[str, list[str]] = {
        "Region": ["00", "01", *CODES],
        **ELIMINATED,
        "ContentsCode": ["BE0101N1", "BE0101N2"],
        "Tid": ["2024", "2025"],
    }
    return {
        "version": "2.0",
        "class": "dataset",
        "id": list(codes),
        "size": [len(values) for values in codes.values()],
        "role": {"time": ["Tid"], "geo": ["Region"], "metric": ["ContentsCode"]},
        "dimension": {
            name: dimension(values, extension={"elimination": name in ELIMINATED})
            for name, values in codes.items()
        },
    }


def answer_to(query: dict[str, list[str]]) -> dict[str, Any]:
    """The figures asked for, as JSON-stat 2."""
    asked = {
        name: query[f"valuecodes[{name}]"][0].split(",")
        for name in ("Region", "ContentsCode", "Tid")
    }
    return {
        "version": "2.0",
        "class": "dataset",
        "id": list(asked),
        "size": [len(codes) for codes in asked.values()],
        "dimension": {name: dimension(codes) for name, codes in asked.items()},
        "value": [FIGURES.get(code) for code in asked["Region"]],
    }


@dataclass
class Fake:
    """Statistics Sweden in this process: what it got, and what it does to its answer."""

    address: str = ""
    got: list[tuple[str, dict[str, list[str]]]] = field(default_factory=list)
    change: Callable[[dict[str, Any]], Any] = lambda answer: answer
    status: int = 200
    body: bytes | None = None
    hold: threading.Event | None = None


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[Fake]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    service = Fake()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = parse_qs(parts.query)
            service.got.append((parts.path, query))
            if service.hold:
                service.hold.wait(5)
            is_data = parts.path.endswith("/data")
            found = service.change(answer_to(query)) if is_data else metadata()
            body = json.dumps(found).encode()
            if is_data and service.body is not None:
                body = service.body
            self.send_response(service.status if is_data else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    service.address = f"http://127.0.0.1:{server.server_port}/api/v2"
    yield service
    server.shutdown()
    server.server_close()


def refused(fake: Fake, codes: list[str] = CODES) -> str:
    with pytest.raises(BadInput) as refusal:
        scb.population(2025, codes, address=fake.address)
    return str(refusal.value)


def test_the_figures_of_a_good_answer_are_read_by_code(fake: Fake) -> None:
    assert scb.population(2025, CODES, address=fake.address) == FIGURES


def test_the_service_is_asked_for_the_table_the_codes_the_measure_and_the_year(fake: Fake) -> None:
    scb.population(2025, ["0180", "0117"], address=fake.address)
    *asked, (path, query) = fake.got
    assert {p for p, _query in asked} == {"/api/v2/tables/TAB638/metadata"}
    assert path == "/api/v2/tables/TAB638/data"
    assert query == {
        "valuecodes[Region]": ["0180,0117"],
        "valuecodes[ContentsCode]": ["BE0101N1"],
        "valuecodes[Tid]": ["2025"],
        "outputFormat": ["json-stat2"],
        "lang": ["en"],
    }


def test_regions_in_another_order_keep_their_own_figures(fake: Fake) -> None:
    def turned(answer: dict[str, Any]) -> dict[str, Any]:
        answer["dimension"]["Region"]["category"]["index"] = {"0180": 2, "0114": 0, "0117": 1}
        return answer

    fake.change = turned
    assert scb.population(2025, CODES, address=fake.address) == FIGURES


def without(answer: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key != name}


def about(answer: dict[str, Any], name: str, code: str) -> dict[str, Any]:
    return answer | {"dimension": answer["dimension"] | {name: dimension([code])}}


def only(answer: dict[str, Any], codes: list[str]) -> dict[str, Any]:
    return about(answer, "Region", "") | {
        "dimension": answer["dimension"] | {"Region": dimension(codes)},
        "size": [len(codes), 1, 1],
        "value": [FIGURES[code] for code in codes],
    }


MISSING = "SCB:s svar saknar folkmängden 2025 för 0117. Inget har sparats."
SHAPE = "SCB:s svar har ett annat format än väntat. Inget har sparats."
CHANGES: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "a municipality left out": (lambda a: only(a, ["0114", "0180"]), MISSING),
    "zero": (lambda a: a | {"value": [50_000, 0, 1]}, MISSING),
    "null": (lambda a: a | {"value": [50_000, None, 1]}, MISSING),
    "negative": (lambda a: a | {"value": [50_000, -3, 1]}, MISSING),
    "two dots": (lambda a: a | {"value": [50_000, "..", 1]}, MISSING),
    "a fraction": (lambda a: a | {"value": [50_000, 49_500.5, 1]}, MISSING),
    "true": (lambda a: a | {"value": [50_000, True, 1]}, MISSING),
    "too few figures": (lambda a: a | {"value": [50_000]}, SHAPE),
    "no figures": (lambda a: without(a, "value"), SHAPE),
    "no dimensions": (lambda a: without(a, "dimension"), SHAPE),
    "no region": (lambda a: a | {"id": ["Lan", "ContentsCode", "Tid"]}, SHAPE),
    "two years": (lambda a: a | {"size": [3, 1, 2]}, SHAPE),
    "another year": (lambda a: about(a, "Tid", "2024"), SHAPE),
    "another measure": (lambda a: about(a, "ContentsCode", "BE0101N2"), SHAPE),
    "a list": (lambda a: [[a]], SHAPE),
    "nothing": (lambda a: {}, SHAPE),
    "null as a whole": (lambda a: None, SHAPE),
    "a text": (lambda a: "sönder", SHAPE),
}


@pytest.mark.parametrize("change", CHANGES)
def test_an_answer_that_lacks_a_figure_or_has_changed_is_refused(fake: Fake, change: str) -> None:
    fake.change, says = CHANGES[change]
    assert refused(fake).startswith(says)


@pytest.mark.parametrize("status", [400, 403, 404, 429, 500, 503])
def test_a_service_that_fails_is_told_with_the_way_round(fake: Fake, status: int) -> None:
    fake.status = status
    says = refused(fake)
    assert says.startswith("SCB:s tjänst svarade inte som väntat (PxAPIError). Inget har sparats.")
    assert says.endswith("eller läs in folkmängden ur en CSV-fil.")


@pytest.mark.parametrize("body", [b"", b"{", b"<html>underhall</html>"])
def test_an_answer_that_is_no_json_is_told(fake: Fake, body: bytes) -> None:
    fake.body = body
    assert refused(fake).startswith("SCB:s tjänst svarade inte som väntat (JSONDecodeError)")


def test_a_closed_port_is_told(fake: Fake) -> None:
    fake.address = "http://127.0.0.1:9/api/v2"
    assert refused(fake).startswith("SCB:s tjänst svarade inte som väntat (ConnectionError)")


def test_a_service_that_never_answers_is_given_up(
    fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scb, "PATIENCE_S", 0.2)
    fake.hold = threading.Event()
    says = refused(fake)
    fake.hold.set()
    assert says.startswith("SCB:s tjänst svarade inte som väntat (ReadTimeout)")


def test_a_municipality_that_the_table_does_not_have_is_refused(fake: Fake) -> None:
    assert refused(fake, ["9999"]).startswith("SCB:s tjänst svarade inte som väntat (PxAPIError)")


def test_the_library_s_progress_stays_off_the_screen(
    fake: Fake, capsys: pytest.CaptureFixture[str]
) -> None:
    scb.population(2025, CODES, address=fake.address)
    assert capsys.readouterr() == ("", "")


def test_the_command_stores_the_year_of_the_whole_country(
    fake: Fake, hamn: Callable[..., SimpleNamespace], settings: Any, monkeypatch: Any
) -> None:
    everyone = queries.known_municipalities()
    monkeypatch.setitem(globals(), "CODES", sorted(everyone))
    monkeypatch.setitem(globals(), "FIGURES", dict.fromkeys(everyone, 36_000))
    settings.SCB_ADDRESS = fake.address
    answer = hamn("import-population", "--scb", "2025")
    assert (answer.status, answer.err) == (0, "")
    assert answer.out == "2025: ny folkmängd för 290 kommuner.\n"
    assert Population.objects.filter(year=2025, source="SCB, TAB638 BE0101N1").count() == 290


def test_the_command_stores_nothing_when_one_figure_is_missing(
    fake: Fake, hamn: Callable[..., SimpleNamespace], settings: Any
) -> None:
    settings.SCB_ADDRESS = fake.address
    answer = hamn("import-population", "--scb", "2025")
    assert answer.status == 1
    assert "Traceback" not in answer.err and "SCB:s svar saknar folkmängden 2025" in answer.err
    assert not Population.objects.filter(year=2025).exists()


def test_a_year_that_has_not_ended_is_not_asked_for(
    fake: Fake, hamn: Callable[..., SimpleNamespace], settings: Any
) -> None:
    settings.SCB_ADDRESS = fake.address
    answer = hamn("import-population", "--scb", "2099")
    assert answer.status == 1
    assert "Folkmängden 31 december 2099 finns inte än" in answer.err
    assert fake.got == []


def test_the_page_stores_the_year_of_the_whole_country(
    fake: Fake,
    desk: Callable[..., Any],
    cast: SimpleNamespace,
    settings: Any,
    monkeypatch: Any,
) -> None:
    everyone = queries.known_municipalities()
    monkeypatch.setitem(globals(), "CODES", sorted(everyone))
    monkeypatch.setitem(globals(), "FIGURES", dict.fromkeys(everyone, 36_000))
    settings.SCB_ADDRESS = fake.address
    form = {"source": "scb", "year": "2025"}
    answer = desk(cast.controller).post("/desk/kommuner/folkmangd/", form)
    assert answer.status_code == 302
    assert Population.objects.filter(year=2025, source="SCB, TAB638 BE0101N1").count() == 290
    [entry] = Entry.objects.filter(event="organisations.population_imported")
    assert json.loads(entry.facts) == {"year": 2025, "figures": 290, "source": "scb"}
