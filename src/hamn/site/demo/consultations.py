"""Professionals' questions in the demonstration: two that wait, and a year that was answered."""

from datetime import date, timedelta
from hashlib import sha256

from django.utils import timezone

from hamn.guards.access.queries import by_email
from hamn.insight.consultations import actions
from hamn.insight.consultations.rules.content import Asked, Given

# Who logs in which unit, about what.
LOGGED = (
    ("mika@centrum.example", "mika", "method"),
    ("kast@centrum.example", "kast", "buyers"),
    ("koordinator.vuxna@centrum.example", "coordinator_adult", "trafficking"),
)
# Workplaces' municipalities with how many from each; the last has none.
ASKED_FROM = (("0180", 7), ("0117", 3), ("0182", 5), ("0980", 1), ("", 2))
QUESTIONS = (
    {
        "name": "Exempla Påhittsson",
        "phone": "+46850800001",
        "municipality": "0117",
        "profession": "social_services",
        "topic": "sex_for_compensation",
        "urgency": "soon",
        "text": "Exempel: hur frågar vi om sex mot ersättning i ett första samtal?",
    },
    {
        "name": "Påhitt Exempelsson",
        "email": "skola@kommun.example",
        "municipality": "0188",
        "profession": "school",
        "topic": "children",
        "urgency": "today",
        "text": "Exempel: en grupp elever berättar om gåvor från vuxna på nätet. Vad gör vi först?",
    },
)


def build_consultations(*, today: date) -> None:
    """The questions that came by the web, and what was logged by telephone."""
    now = timezone.now()
    plain = {"phone": "", "email": "", "workplace": "", "kind": "advice"}
    for place, question in enumerate(QUESTIONS):
        token = sha256(f"demonstration {place}".encode()).digest()
        actions.ask(asked=Asked(**plain | question), is_confirmed=False, token=token, now=now)
    for email, unit, topic in LOGGED:
        person = by_email(email)
        assert person is not None  # of the demonstration's own staff
        for days, code in enumerate(code for code, count in ASKED_FROM for _each in range(count)):
            given = Given(
                unit=unit,
                on=today - timedelta(days=days),
                kind="supervision" if days % 5 == 4 else "advice",
                way="video" if days % 3 == 2 else "phone",
                minutes=60 if days % 5 == 4 else 20,
                municipality=code,
                profession="social_services" if code else "health_care",
                topic=topic,
                urgency="later",
            )
            actions.log_consultation(given=given, is_confirmed=False, by=person, now=now)
