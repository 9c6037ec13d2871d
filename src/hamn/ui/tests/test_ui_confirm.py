"""A change in steps: shown before it is made, made once, and never on the word of its own page."""

from collections.abc import Iterator
from enum import StrEnum
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.signals import template_rendered

from hamn.core.errors import BadInput, NotVisible, Refusal
from hamn.ui import confirm, once
from hamn.ui.confirm import in_steps
from hamn.ui.forms import Boxes, Radio, SeenForm, Text

pytestmark = pytest.mark.django_db  # where it is remembered what was sent


class Side(StrEnum):
    """Who."""

    OURS = "ours"
    THEIRS = "theirs"


class Changed(Refusal):
    """Others were first."""

    code = "room.changed"


class Move(SeenForm):
    """What is written."""

    side = Radio("Part", {Side.OURS: "vi", Side.THEIRS: "de"})
    boxes = Boxes("Flera", {"a": "A", "b": "B"}, required=False)
    reason = Text("Skäl")


WRITTEN = {"side": "ours", "boxes": ["a", "b"], "reason": "Därför", "seen": "1"}


@pytest.fixture
def drawn(settings: Any) -> Iterator[list[Any]]:
    """The contexts of the pages that were shown, on a template without words."""
    shown: list[Any] = []
    loader = ("django.template.loaders.locmem.Loader", {"x.html": ""})
    engine = "django.template.backends.django.DjangoTemplates"
    settings.TEMPLATES = [{"BACKEND": engine, "OPTIONS": {"loaders": [loader]}}]

    def keep(context: Any, **more: Any) -> None:
        shown.append(SimpleNamespace(**context.flatten()))

    template_rendered.connect(keep)
    yield shown
    template_rendered.disconnect(keep)


def sent(
    fields: dict[str, Any] | None, *, act: Any = dict, foresee: Any = dict, **more: Any
) -> HttpResponse:
    """The step's answer to a form; None for one that is only opened."""
    factory = RequestFactory()
    request = factory.get("/") if fields is None else factory.post("/", fields)
    request.session = {}  # type: ignore[assignment]
    return in_steps(
        request,
        Move.of(request),
        "x.html",
        foresee=foresee,
        act=act,
        end=lambda made: HttpResponse(str(made), status=302),
        seen=lambda: "2",
        back_url="/",
        **more,
    )


def refuse(refusal: Refusal) -> Any:
    def action(given: dict[str, Any]) -> dict[str, Any]:
        raise refusal

    return action


def never(given: dict[str, Any]) -> dict[str, Any]:
    raise AssertionError(given)


def test_an_opened_form_has_seen_what_stands_now(drawn: list[Any]) -> None:
    sent(None, act=never, foresee=never)
    assert (drawn[0].layout, drawn[0].form["seen"].value()) == (confirm.WRITTEN, "2")


def test_what_is_written_is_foreseen_and_repeated_and_nothing_is_done(drawn: list[Any]) -> None:
    secret = {"csrfmiddlewaretoken": "x", "once": "y"}
    sent(WRITTEN | secret, act=never, foresee=lambda given: {"told": given["reason"]})
    [shown] = drawn
    assert (shown.layout, shown.told, shown.yes) == (confirm.SHOWN, "Därför", "bekrafta")
    assert shown.repeated == [
        ("side", "ours"),
        ("boxes", "a"),
        ("boxes", "b"),
        ("reason", "Därför"),
        ("seen", "1"),
    ]


def test_only_the_confirming_button_acts_and_the_answer_tells_what_was_made() -> None:
    answer = sent(WRITTEN | {"steg": "bekrafta"}, foresee=never, act=lambda given: given["reason"])
    assert (answer.status_code, answer.content.decode()) == (302, "Därför")


def test_a_button_of_its_own_confirms_and_the_usual_one_does_not(drawn: list[Any]) -> None:
    assert sent(WRITTEN | {"steg": "fastst"}, yes="fastst").status_code == 302
    sent(WRITTEN | {"steg": "bekrafta"}, act=never, yes="fastst")
    assert drawn[0].layout == confirm.SHOWN


def test_who_wants_to_mend_gets_the_form_back_as_it_was_written(drawn: list[Any]) -> None:
    sent(WRITTEN | {"steg": "andra"}, act=never, foresee=never)
    assert (drawn[0].layout, drawn[0].form["reason"].value()) == (confirm.WRITTEN, "Därför")


@pytest.mark.parametrize("step", ["", "bekrafta"])
def test_a_refusal_at_either_step_is_the_forms_error(step: str, drawn: list[Any]) -> None:
    no = refuse(BadInput("Nej."))
    sent(WRITTEN | {"steg": step}, act=no, foresee=no)
    [shown] = drawn
    assert (shown.layout, shown.form.non_field_errors()) == (confirm.WRITTEN, ["Nej."])
    assert shown.form["seen"].value() == "1"


@pytest.mark.parametrize("step", ["", "bekrafta"])
def test_who_is_told_of_a_change_has_seen_it_and_keeps_what_was_written(
    step: str, drawn: list[Any]
) -> None:
    no = refuse(Changed("Ändrat."))
    sent(WRITTEN | {"steg": step}, act=no, foresee=no)
    form = drawn[0].form
    assert (form["seen"].value(), form["boxes"].value()) == ("2", ["a", "b"])


@pytest.mark.parametrize(("step", "is_free"), [("", True), ("andra", True), ("bekrafta", False)])
def test_a_form_that_changed_nothing_may_be_sent_again(
    step: str, is_free: bool, drawn: list[Any], cast: SimpleNamespace
) -> None:
    token = once.token(cast.steward.pk)
    assert once.take(token)
    sent(WRITTEN | {"steg": step, "once": token})
    assert once.take(token) is is_free
    assert len(drawn) == is_free


def test_what_cannot_be_done_now_hinders_nobody_who_has_written_it(drawn: list[Any]) -> None:
    # Opened, it is a page of its own: the agreements' tests see that one.
    sent(WRITTEN, opens=lambda: refuse(BadInput("Stängt."))({}))
    assert drawn[0].layout == confirm.SHOWN


def test_what_is_not_visible_stays_so_when_the_form_is_opened() -> None:
    def hidden() -> None:
        raise NotVisible("Finns inte.")

    with pytest.raises(NotVisible):
        sent(None, opens=hidden)


def test_what_was_written_is_told_by_label_and_chosen_members_come_out_whole() -> None:
    form = Move(WRITTEN | {"boxes": []})
    assert form.is_valid()
    assert form.cleaned_data["side"] is Side.OURS
    assert form.written == [("Part", "vi"), ("Skäl", "Därför")]
