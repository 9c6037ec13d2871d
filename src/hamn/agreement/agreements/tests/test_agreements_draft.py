"""Drafting an agreement."""

import json
from datetime import date
from types import SimpleNamespace

import pytest

from hamn.agreement.agreements import queries
from hamn.agreement.agreements.models import Agreement
from hamn.agreement.agreements.rules import AlreadyAgreed
from hamn.agreement.agreements.tests import agreements_factories as do
from hamn.core.errors import BadInput, NotVisible, PermissionDenied


def test_a_draft_rests_on_the_tariff_in_use_with_its_price_level_as_base(
    cast: SimpleNamespace,
) -> None:
    agreement = do.draft(cast.steward, reference="DNR 1")
    assert (agreement.status, agreement.index_base_year) == ("draft", 2021)
    assert (agreement.starts_on, agreement.ends_on, agreement.reference) == (None, None, "DNR 1")
    agreement.tariff.refresh_from_db()
    assert agreement.tariff.frozen_at is not None
    assert queries.services(agreement) == [
        "Mikamottagningen",
        "KAST",
        "regionkoordinator vuxna",
        "regionkoordinator barn och unga",
    ]


def test_the_trail_tells_who_drafted_with_whom(cast: SimpleNamespace) -> None:
    do.draft(cast.steward, "117", index_base_year=2024)
    entry = do.last_entry()
    assert (entry.event, entry.by) == ("agreements.drafted", f"access.person:{cast.steward.pk}")
    assert json.loads(entry.facts) == {
        "municipality": "0117",
        "index_base_year": 2024,
        "reason": "",
    }


@pytest.mark.parametrize("status", ["draft", "signed_by_one", "in_force", "under_notice"])
def test_a_second_agreement_beside_a_living_one_is_refused(
    cast: SimpleNamespace, status: str
) -> None:
    do.in_state(cast, status)
    with pytest.raises(AlreadyAgreed, match="Österåkers kommun har redan ett avtal"):
        do.draft(cast.steward)
    assert Agreement.objects.count() == 1


@pytest.mark.parametrize("status", ["ended", "withdrawn"])
def test_after_the_last_one_a_new_one_may_be_drafted(cast: SimpleNamespace, status: str) -> None:
    before = do.in_state(cast, status)
    after = do.draft(cast.steward)
    assert queries.latest(cast.reader, "0117") == after != before


def test_the_provider_signs_with_no_one(cast: SimpleNamespace) -> None:
    with pytest.raises(BadInput, match="är anordnare och tecknar inget avtal med sig själv"):
        do.draft(cast.steward, "0180")


@pytest.mark.parametrize("base", [2020, 2101, 9999])
def test_a_base_year_out_of_range_is_refused(cast: SimpleNamespace, base: int) -> None:
    with pytest.raises(BadInput, match=f"Basåret för index kan inte vara {base}"):
        do.draft(cast.steward, index_base_year=base)


def test_a_base_year_after_the_agreed_start_is_refused(cast: SimpleNamespace) -> None:
    with pytest.raises(BadInput, match="Basåret för index kan inte vara 2025"):
        do.draft(cast.steward, index_base_year=2025, agreed_start=date(2024, 6, 1))


def test_a_registry_number_too_long_is_refused(cast: SimpleNamespace) -> None:
    with pytest.raises(BadInput, match="Diarienumret är längre än 40 tecken"):
        do.draft(cast.steward, reference="x" * 41)


@pytest.mark.parametrize(
    ("code", "refusal", "says"),
    [
        ("9999", BadInput, "Ingen kommun har koden 9999"),
        ("x", BadInput, "Kommunkoden ”x” ska ha fyra siffror"),
        ("0305", NotVisible, "har inga partsuppgifter ännu"),
    ],
)
def test_a_municipality_that_is_no_party_is_refused(
    cast: SimpleNamespace, code: str, refusal: type[Exception], says: str
) -> None:
    with pytest.raises(refusal, match=says):
        do.draft(cast.steward, code)


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("controller", PermissionDenied),
        ("reader", PermissionDenied),
        ("administrator", NotVisible),
        ("stranger", NotVisible),
    ],
)
def test_only_the_steward_drafts(cast: SimpleNamespace, who: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        do.draft(getattr(cast, who))
    assert not Agreement.objects.exists()


def test_a_municipality_that_never_had_an_agreement_is_told_how_to_get_one(
    cast: SimpleNamespace,
) -> None:
    with pytest.raises(NotVisible, match=r"\(0117\) har inget avtal\. Lägg upp ett utkast först"):
        queries.latest(cast.reader, "117")
