"""The demonstration's consultations are told by the same acts as real ones."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from hamn.insight.consultations.queries import stats
from hamn.site.demo import consultations

pytestmark = pytest.mark.django_db


def test_two_questions_wait_and_a_year_is_counted(
    cast: SimpleNamespace, desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = ((cast.mika_worker, "mika", "method"), (cast.kast_worker, "kast", "buyers"))
    monkeypatch.setattr(
        consultations, "LOGGED", tuple((one.email, unit, topic) for one, unit, topic in people)
    )
    today = timezone.localdate().replace(month=12, day=31)
    monkeypatch.setattr(timezone, "localdate", lambda *_at: today)
    consultations.build_consultations(today=today)
    [mika] = stats.exact_of(cast.mika_worker, today.year, today=today)
    assert mika.tally.given == 18
    assert mika.tally.supervisions == 3
    assert mika.tally.parts["municipality_class"]["surrounding_municipality"] == 8
    shown = desk(cast.mika_worker).get(reverse("consultations:list")).content.decode()
    assert "Väntar på svar (1)" in shown
    child = desk(cast.child_coordinator).get(reverse("consultations:list")).content.decode()
    assert "Väntar på svar (1)" in child
