"""Consultations come to their end by disposal: five years after the last note; their facts stay."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.urls import reverse

from hamn.guards.disposal.rules import holding_of
from hamn.insight.consultations.models import Consultation, ConsultationFact
from hamn.insight.consultations.tests.questions import log

pytestmark = pytest.mark.django_db
KIND = "consultations.consultation"


def test_one_is_due_five_years_after_its_last_note_and_goes_with_its_box(
    cast: SimpleNamespace,
) -> None:
    old, young = log(cast.mika_worker), log(cast.mika_worker)
    Consultation.objects.filter(pk=old.pk).update(last_note_on=date(2019, 5, 6))
    holding = holding_of(KIND)
    before = date(2026, 3, 2)
    [found] = holding.candidates(unit="mika", due_before=before, after_id=None, limit=9)
    assert (found.id, found.box_ids, found.unit) == (old.pk, (old.box,), "mika")
    assert holding.count(unit="mika", due_before=before) == 1
    assert holding.count(unit="kast", due_before=before) == 0
    assert not holding.candidates(unit=None, due_before=before, after_id=old.pk, limit=9)
    assert [one.id for one in holding.locked(ids=[old.pk])] == [old.pk]
    assert holding.destroy(ids=[old.pk]).counts == {"consultation": 1}
    assert list(Consultation.objects.all()) == [young]
    assert ConsultationFact.objects.count() == 2


def test_its_page_is_known_to_disposal(cast: SimpleNamespace) -> None:
    row = log(cast.mika_worker)
    assert holding_of(KIND).address(row.pk) == reverse("consultations:show", args=[row.pk])  # type: ignore[attr-defined]
