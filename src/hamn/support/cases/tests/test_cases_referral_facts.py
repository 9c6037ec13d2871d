"""However a referral is corrected, its facts add up to what it says at last."""

import random
from collections import Counter
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from hamn.support.cases import actions
from hamn.support.cases.models import Fact, Record
from hamn.support.cases.rules.referrals import REFERRAL_OUTCOMES, Referral
from hamn.support.cases.tests.exchange import act

pytestmark = pytest.mark.django_db
FROM = ("police", "mika_halsa", "emergency_social_service")
DAYS = (date(2025, 12, 30), date(2026, 1, 7), date(2026, 2, 27))


def counted() -> Counter[tuple[str, str, int, int]]:
    """The facts of referrals as they add up, those that came to nothing left out."""
    sums: Counter[tuple[str, str, int, int]] = Counter()
    for fact in Fact.objects.filter(kind__startswith="referral"):
        sums[fact.kind, fact.detail, fact.year, fact.month] += fact.weight
    return +sums - Counter()


@pytest.mark.parametrize("seed", range(6))
def test_the_facts_are_those_of_what_the_referral_says_at_last(
    seed: int, open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    luck, case = random.Random(seed), open_case()
    told = act(case, cast.mika_worker, now)
    whom, on, outcome = luck.choice(FROM), luck.choice(DAYS), ""
    ended_on: date | None = None
    one: Record = actions.take_in_referral(
        referral=Referral(whom, text="Påhittad"), on=on, answer_by=None, **told
    )
    for _each in range(6):
        seen = {"record_id": one.pk, "seen": one.version}
        if luck.random() < 0.5:
            whom, on = luck.choice(FROM), luck.choice(DAYS)
            corrected = Referral(whom, text="Påhittad")
            one = actions.correct_referral_in(referral=corrected, on=on, **seen, **told)
        else:
            outcome, ended_on = luck.choice(sorted(REFERRAL_OUTCOMES)), luck.choice(DAYS)
            one = actions.end_referral(
                kind="referral_in", outcome=outcome, words="", on=ended_on, **seen, **told
            )
    expected = {("referral_in", whom, on.year, on.month): 1}
    if ended_on is not None:
        detail = f"{whom}={outcome}"
        expected["referral_in_outcome", detail, ended_on.year, ended_on.month] = 1
    assert counted() == expected
