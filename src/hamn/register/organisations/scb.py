"""Population from Statistics Sweden's PxWeb API 2, through pxstatspy.

The network part is unproven until it has met the real service (docs/underway.md); the reading of
its answer is tested against a server that speaks the same format.
"""

import contextlib
import io
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from hamn.core.errors import BadInput, _

TABLE = "TAB638"  # BefolkningNy: population by region, marital status, age and sex
CONTENTS = "BE0101N1"  # population on 31 December
PATIENCE_S = 60  # the library itself would wait for ever


def population(year: int, codes: Sequence[str], *, address: str) -> dict[str, int]:
    """Population on 31 December of the year by municipality code, one figure for each code.

    Raises BadInput when the service does not answer, or a figure is missing or not a number.
    """
    # The library drags in pandas: only when asked for.
    from pxstatspy import OutputFormat, PxAPI, PxAPIConfig

    wanted = {"Region": list(codes), "ContentsCode": [CONTENTS], "Tid": [str(year)]}
    try:
        # The library prints its progress, and the command's output is ours.
        with contextlib.redirect_stdout(io.StringIO()):
            api = PxAPI(PxAPIConfig(base_url=address), fetch_config=False)
            api.session.request = partial(  # type: ignore[method-assign]
                api.session.request, timeout=PATIENCE_S
            )
            answer = api.get_table_data(TABLE, wanted, output_format=OutputFormat.JSON_STAT2)
    except Exception as fault:  # the library raises many kinds; all mean that there is no answer
        raise BadInput(
            _(
                "SCB:s tjänst svarade inte som väntat ({fault}). Inget har sparats. Försök senare, "
                "eller läs in folkmängden ur en CSV-fil."
            ),
            fault=type(fault).__name__,
        ) from fault
    parts = answer if isinstance(answer, list) else [answer]
    found = {code: n for part in parts for code, n in read_json_stat(part, year=year).items()}
    return {code: _figure(found, code, year) for code in codes}


def read_json_stat(answer: Any, *, year: int) -> dict[str, Any]:
    """The value for each region of a JSON-stat 2 answer in which every other dimension is single.

    Raises BadInput when the answer has another shape, or is about another year or measure.
    """
    try:
        region = answer["id"].index("Region")
        others = [size for place, size in enumerate(answer["size"]) if place != region]
        index: Mapping[str, int] = answer["dimension"]["Region"]["category"]["index"]
        values = answer["value"]
        if any(size != 1 for size in others):
            raise ValueError("more than one figure for each region")
        for name, code in (("Tid", str(year)), ("ContentsCode", CONTENTS)):
            if list(answer["dimension"][name]["category"]["index"]) != [code]:
                raise ValueError("an answer to another question")
        return {code: values[place] for code, place in index.items()}
    except (KeyError, ValueError, TypeError, IndexError, AttributeError):
        raise BadInput(
            _(
                "SCB:s svar har ett annat format än väntat. Inget har sparats. Läs in folkmängden "
                "ur en CSV-fil och meddela den som sköter Hamn."
            )
        ) from None


def _figure(found: Mapping[str, Any], code: str, year: int) -> int:
    count = found.get(code)
    if not isinstance(count, int) or isinstance(count, bool) or count <= 0:
        raise BadInput(
            _("SCB:s svar saknar folkmängden {year} för {code}. Inget har sparats."),
            year=year,
            code=code,
        )
    return count
