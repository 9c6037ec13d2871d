"""The fee command gives Österåker's own figure, with its steps (H14, Z8)."""

import json
from collections.abc import Callable
from typing import Any


def test_osteraker_pays_44_624_kronor_for_june_to_december_2024(hamn: Callable[..., Any]) -> None:
    answer = hamn(
        *[
            "fee",
            "0117",
            "--signed",
            "2024-06-01",
            "--index-base",
            "2024",
            "--year",
            "2024",
            "--format",
            "json",
        ]
    )
    fee = json.loads(answer.out)
    assert answer.status == 0
    assert (fee["amount_sek"], fee["twelfths"], fee["annex_amount_sek"]) == (44624, 7, 76499)
    assert fee["index_factor"] == 1
    assert [step["clause"] for step in fee["steps"]][-1] == "avtalet § 6"
