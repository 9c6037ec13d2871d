"""Withdrawing a draft that will not be signed."""

import json
from types import SimpleNamespace

import pytest

from hamn.agreement.agreements.rules import Status, WrongState
from hamn.agreement.agreements.tests import agreements_factories as do


def test_a_withdrawn_draft_tells_who_and_why(cast: SimpleNamespace) -> None:
    assert do.in_state(cast, "withdrawn").status == Status.WITHDRAWN
    entry = do.last_entry()
    assert (entry.event, entry.by) == ("agreements.withdrawn", f"access.person:{cast.steward.pk}")
    assert json.loads(entry.facts) == {"reason": "Fel uppgifter"}


def test_a_draft_that_one_side_has_signed_may_still_be_withdrawn(cast: SimpleNamespace) -> None:
    agreement = do.withdraw(cast.steward, do.in_state(cast, "signed_by_one"))
    assert (agreement.status, agreement.starts_on) == ("withdrawn", None)


def test_an_agreement_in_force_is_given_notice_and_never_withdrawn(cast: SimpleNamespace) -> None:
    with pytest.raises(WrongState, match="läge är ”gäller” och kan inte bli ”återkallat utkast”"):
        do.withdraw(cast.steward, do.in_state(cast, "in_force"))
