"""The words of the support floor as codes with their Swedish names: who, how, where from.

Fixed for every centre, since facts are counted by them; what a service is for is data. Pure.
Source: agreement template 2021 § 3; requirements B6-B8, B14-B18, B30, I26, Z6; glossary.
"""

from datetime import date
from enum import StrEnum

from hamn.core.errors import BadInput, _

# A stated municipality is its code; these stand for the other two answers (Z4).
UNKNOWN, DECLINED = "unknown", "declined"
ADULT_FROM, GROWN_FROM, OLDEST = 18, 21, 120


class AgeGroup(StrEnum):
    """How old a person is, as coarsely as the services ask (Z6)."""

    CHILD = "child"
    YOUNG_ADULT = "young_adult"
    ADULT = "adult"
    UNKNOWN = "unknown"


AGE_GROUPS: dict[str, str] = {
    AgeGroup.CHILD: _("barn, under 18 år"),
    AgeGroup.YOUNG_ADULT: _("ung vuxen, 18–20 år"),
    AgeGroup.ADULT: _("vuxen, 21 år eller äldre"),
    AgeGroup.UNKNOWN: _("okänd ålder"),
}


class ResidenceClass(StrEnum):
    """Where a person lives, as coarsely as the statistics count it (I26)."""

    PROVIDER = "provider"
    SURROUNDING = "surrounding_municipality"
    ELSEWHERE = "elsewhere"
    UNKNOWN = "unknown"


# What may be answered instead of a municipality.
UNSTATED: dict[str, str] = {
    UNKNOWN: _("Vet inte, eller har ingen kommun i Sverige"),
    DECLINED: _("Vill inte säga"),
}
RESIDENCE_CLASSES: dict[str, str] = {
    ResidenceClass.PROVIDER: _("anordnarens kommun"),
    ResidenceClass.SURROUNDING: _("kranskommun"),
    ResidenceClass.ELSEWHERE: _("annan ort"),
    ResidenceClass.UNKNOWN: _("okänd hemort"),
}
CHANNELS: dict[str, str] = {
    "visit": _("besök"),
    "phone": _("telefon"),
    "email": _("e-post"),
    "video": _("video eller digitalt"),
    "street": _("uppsökande i gatumiljö"),
    "online": _("uppsökande på nätet"),
}
FORMS: dict[str, str] = {
    "individual": _("enskilt"),
    "couple": _("som par"),
    "relative": _("anhörig"),
}


class ContactKind(StrEnum):
    """What a contact was (B6, B8, B14)."""

    COUNSELLING = "counselling"
    MOTIVATIONAL_TALK = "motivational_talk"
    PRACTICAL_SUPPORT = "practical_support"
    ACCOMPANIMENT = "accompaniment"


CONTACT_KINDS: dict[str, str] = {
    ContactKind.COUNSELLING: _("rådgivande samtal"),
    ContactKind.MOTIVATIONAL_TALK: _("motiverande samtal"),
    ContactKind.PRACTICAL_SUPPORT: _("praktiskt stöd"),
    ContactKind.ACCOMPANIMENT: _("följa med till en myndighet eller mottagning"),
}
SOURCES: dict[str, str] = {
    "own_contact": _("tog själv kontakt"),
    "police_operation": _("polisinsats"),
    "social_services": _("socialtjänsten"),
    "outreach": _("uppsökande arbete"),
    "relative": _("en anhörig"),
    "other_unit": _("en annan av verksamheterna"),
    "digital_door": _("den digitala dörren"),
}
# Where a person was pointed who could not be served.
POINTED_TO: dict[str, str] = {
    "home_municipality": _("hemkommunens socialtjänst"),
    "health_care": _("sjukvård eller psykiatri"),
    "coordinator": _("regionkoordinator"),
    "helpline": _("stödtelefon"),
    "civil_society": _("förening eller annan civil aktör"),
    "nowhere": _("ingenstans, personen ville inte"),
}


def age_group_of(age: int) -> AgeGroup:
    """The group of a person of that age, in whole years.

    Raises BadInput for an age that nobody has.
    """
    if not 0 <= age <= OLDEST:
        raise BadInput(_("Åldern {age} kan inte stämma. Rätta den, eller lämna tomt."), age=age)
    if age < ADULT_FROM:
        return AgeGroup.CHILD
    return AgeGroup.YOUNG_ADULT if age < GROWN_FROM else AgeGroup.ADULT


def age_group_of_birth_year(birth_year: int, *, on: date) -> AgeGroup:
    """The group by the year of birth alone; who may still be under 18 counts as a child.

    Raises BadInput for a year ahead, or too long ago.
    """
    if birth_year > on.year:
        raise BadInput(_("Födelseåret {year} har inte varit än. Rätta året."), year=birth_year)
    if birth_year < on.year - OLDEST:
        raise BadInput(_("Födelseåret {year} ligger för långt bort. Rätta året."), year=birth_year)
    has_had_birthday = (on.month, on.day) == (12, 31)
    return age_group_of(max(0, on.year - birth_year - (not has_had_birthday)))


def residence_class(municipality: str, *, provider: str) -> ResidenceClass:
    """The class of a stated municipality, by its code and the provider's; others are unknown.

    A county's code is the first two digits, so Gotland, a county of its own, is elsewhere.
    """
    if not municipality or municipality in (UNKNOWN, DECLINED):
        return ResidenceClass.UNKNOWN
    if municipality == provider:
        return ResidenceClass.PROVIDER
    is_near = municipality[:2] == provider[:2]
    return ResidenceClass.SURROUNDING if is_near else ResidenceClass.ELSEWHERE
