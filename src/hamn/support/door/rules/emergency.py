"""Who answers at once when somebody is in danger: shown before anything else on such pages. Pure.

The numbers are national, and `[door] children_phone` and `women_phone` of `centre.toml` say others
if they change; the centre's own social emergency service is named there too:
`emergency_service_phone`, a duty of every municipality at night and at weekends.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from hamn.core.errors import _

ALARM = "112"


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody to call: the name, the number as it is written and as it is dialled, and when."""

    name: str
    phone: str
    told: str

    @property
    def dialled(self) -> str:
        """The number as a telephone takes it."""
        return "".join(sign for sign in self.phone if sign.isdigit() or sign == "+")


ALARM_LINE = Line(_("Nödnummer"), ALARM, _("vid fara just nu; polis, ambulans, brandkår"))
CHILDREN = Line(_("Bris"), "116 111", _("för dig under 18 år; gratis, du behöver inte säga namn"))
WOMEN = Line(_("Kvinnofridslinjen"), "020-50 50 50", _("dygnet runt; gratis, på många språk"))


def lines(door: Mapping[str, Any], *, is_child: bool = False) -> list[Line]:
    """Whom to call at once, the most urgent first.

    door: the table `[door]` of the centre; without a number the social service is left out.
    """
    phone = _given(door, "emergency_service_phone", "")
    social = Line(_("Socialjouren"), phone, _("akut stöd kvällar, nätter och helger"))
    national, key = (CHILDREN, "children_phone") if is_child else (WOMEN, "women_phone")
    national = replace(national, phone=_given(door, key, national.phone))
    return [ALARM_LINE, *([social] if phone else []), national]


def _given(door: Mapping[str, Any], key: str, otherwise: str) -> str:
    return str(door.get(key, "")).strip() or otherwise
