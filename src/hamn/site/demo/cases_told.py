"""What the demo's cases say. Everybody and everything in them is invented."""

from dataclasses import dataclass

from hamn.support.cases.rules.mail import Mail, Sender

MIKA, MIKA_2 = "mika@centrum.example", "mika2@centrum.example"
KAST, KAST_2 = "kast@centrum.example", "kast2@centrum.example"
ADULT, CHILD = "koordinator.vuxna@centrum.example", "koordinator.barn@centrum.example"


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact. ago: days before today; answer_in: days until the promised answer, or since."""

    ago: int
    channel: str
    text: str
    kind: str = "counselling"
    minutes: int = 45
    form: str = "individual"
    age_group: str = "adult"
    called: str = ""
    counterpart: str = ""
    answer_in: int | None = None
    is_free: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A note, written so many days ago."""

    ago: int
    title: str
    text: str
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class Todo:
    """Something agreed on, or practical support where it has a counterpart."""

    ago: int
    text: str
    due_in: int
    counterpart: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """A case. began: days before today."""

    key: str
    service: str
    by: str
    began: int
    called: str = ""
    level: str = "anonymous"
    grounds: tuple[str, ...] = ()
    municipality: str = "unknown"
    age_group: str = "adult"
    form: str = "individual"
    source: str = "own_contact"
    is_nobodys: bool = False
    contacts: tuple[Contact, ...] = ()
    notes: tuple[Note, ...] = ()
    goal: str = ""
    todo: tuple[Todo, ...] = ()


EK = Story(
    key="ek",
    service="mika",
    by=MIKA,
    began=80,
    called="Påhittad Ek",
    level="pseudonymous",
    grounds=("sex_for_compensation", "sexual_violence"),
    municipality="0180",
    contacts=(
        Contact(80, "phone", "Exempel: ringer första gången och vill veta vad vi gör.", minutes=20),
        Contact(66, "visit", "Exempel: första besöket. Vill ha lugn och ro, inte bråttom."),
        Contact(38, "visit", "Exempel: samtal om trygghet hemma och vänner.", "motivational_talk"),
        Contact(
            17,
            "visit",
            "Exempel: följde med till vårdcentralen i Påhittsby.",
            "accompaniment",
            minutes=90,
            counterpart="Vårdcentralen i Påhittsby",
        ),
        Contact(6, "phone", "Exempel: undrar om tiden hos läkaren.", minutes=10, answer_in=-2),
    ),
    notes=(
        Note(66, "Första besöket", "Exempel: personen berättar själv vad som är viktigt.", True),
        Note(38, "Andra besöket", "Exempel: det går framåt. Nästa gång pratar vi om bostad.", True),
        Note(6, "Inför nästa besök", "Exempel: ta reda på tiden hos läkaren."),
    ),
    goal="Exempel: jag vill bo någonstans där jag kan sova.",
    todo=(
        Todo(20, "Exempel: ringa bostadsförmedlingen i Påhittsby", -4),
        Todo(6, "Exempel: boka tid för samtal", 3),
        Todo(6, "Exempel: ansökan om ekonomiskt stöd", 6, "social_services"),
    ),
)
BJORK = Story(
    key="bjork",
    service="mika",
    by=MIKA_2,
    began=30,
    grounds=("self_harm_by_sex",),
    age_group="young_adult",
    source="outreach",
    contacts=(
        Contact(
            30,
            "street",
            "Exempel: möte på stan, fick ett kort med numret.",
            age_group="young_adult",
        ),
        Contact(9, "phone", "Exempel: hör av sig och vill komma.", age_group="young_adult"),
    ),
    notes=(Note(9, "Telefonsamtal", "Exempel: vill vara anonym, och det är helt i sin ordning."),),
    todo=(Todo(9, "Exempel: höra om dagen passar", 1),),
)
ALM = Story(
    key="alm",
    service="mika",
    by=MIKA,
    began=3,
    called="Exempel Alm",
    level="pseudonymous",
    grounds=("sexual_violence",),
    municipality="0117",
    source="social_services",
    is_nobodys=True,
    contacts=(Contact(3, "phone", "Exempel: socialtjänsten hjälpte till att ringa.", minutes=25),),
)
LIND = Story(
    key="lind",
    service="mika",
    by=MIKA_2,
    began=300,
    called="Påhittad Lind",
    level="pseudonymous",
    grounds=("sex_for_compensation",),
    municipality="declined",
    contacts=(
        Contact(300, "visit", "Exempel: första besöket."),
        Contact(150, "visit", "Exempel: samtal om arbete.", "motivational_talk"),
        Contact(25, "visit", "Exempel: avslutande samtal."),
    ),
    notes=(Note(25, "Avslut", "Exempel: vi skiljs åt som vänner av ordning.", True),),
)
OXEL = Story(
    key="oxel",
    service="mika",
    by=MIKA,
    began=50,
    grounds=("sexual_violence",),
    contacts=(
        Contact(50, "online", "Exempel: skriver till oss och vill vara anonym.", minutes=15),
        Contact(21, "visit", "Exempel: besök, ville mest bli lyssnad på."),
    ),
    notes=(Note(21, "Besök", "Exempel: vill inte att något skrivs om arbetet.", True),),
    todo=(Todo(21, "Exempel: lämna över numret till stödboendet", 12, "housing"),),
)
ASP = Story(
    key="asp",
    service="kast",
    by=KAST,
    began=55,
    called="Påhittad Asp",
    level="pseudonymous",
    grounds=("buys_sex",),
    municipality="0180",
    form="couple",
    contacts=(
        Contact(55, "phone", "Exempel: ringer på kvällen och skäms.", minutes=30),
        Contact(41, "video", "Exempel: samtal om varför det blev så.", "motivational_talk"),
    ),
    notes=(Note(41, "Samtal", "Exempel: vill sluta. Vi gör en plan tillsammans.", True),),
    goal="Exempel: jag vill kunna se min partner i ögonen.",
    todo=(Todo(14, "Exempel: skriva ned vad som utlöser suget", -1),),
)
AVEN = Story(
    key="aven",
    service="kast",
    by=KAST,
    began=41,
    called="Exempel Avenbok",
    level="pseudonymous",
    grounds=("relative",),
    municipality="0180",
    form="couple",
    source="relative",
)
SALG = Story(
    key="salg",
    service="kast",
    by=KAST,
    began=24,
    called="Påhittad Sälg",
    level="pseudonymous",
    grounds=("relative",),
    municipality="0127",
    form="relative",
    contacts=(Contact(24, "phone", "Exempel: mamma till en vuxen son.", form="relative"),),
    todo=(Todo(24, "Exempel: höra hur det går", 5),),
)
RONN = Story(
    key="ronn",
    service="kast",
    by=KAST_2,
    began=200,
    grounds=("porn_use", "sex_addiction"),
    source="digital_door",
    contacts=(
        Contact(200, "online", "Exempel: skriver och undrar om det går att få hjälp.", minutes=15),
        Contact(90, "video", "Exempel: samtal.", "motivational_talk"),
        Contact(20, "video", "Exempel: samtal om hur vardagen är nu."),
    ),
)
HASSEL = Story(
    key="hassel",
    service="coordinator_adult",
    by=ADULT,
    began=45,
    called="Påhittad Hassel",
    level="named",
    grounds=("human_trafficking",),
    municipality="unknown",
    source="police_operation",
    contacts=(
        Contact(45, "phone", "Exempel: polisen i Påhittsby ringer om skyddat boende.", minutes=35),
        Contact(10, "visit", "Exempel: möte med tolk på mottagningen.", minutes=80),
    ),
    notes=(Note(10, "Möte", "Exempel: vill få hjälp att resa hem när det är tryggt.", True),),
    todo=(
        Todo(10, "Exempel: fråga om reflektionsperiod", 2, "police"),
        Todo(10, "Exempel: boka tolk", 6),
    ),
)
VIDE = Story(
    key="vide",
    service="coordinator_child",
    by=CHILD,
    began=15,
    called="Exempel Vide",
    level="pseudonymous",
    grounds=("human_exploitation",),
    municipality="0126",
    age_group="child",
    source="other_unit",
    contacts=(
        Contact(15, "phone", "Exempel: skolan i Påhittsby ringer.", age_group="child", minutes=25),
    ),
    todo=(Todo(15, "Exempel: möte med socialtjänsten", 4),),
)
STORIES = (EK, BJORK, ALM, LIND, OXEL, ASP, AVEN, SALG, RONN, HASSEL, VIDE)
ALONE = (
    ("mika", MIKA, Contact(2, "phone", "Exempel: frågar om vi tar emot barn.", minutes=5)),
    (
        "mika",
        MIKA_2,
        Contact(
            4,
            "phone",
            "Exempel: vill bli uppringd av någon som kan spanska.",
            called="Påhittad Gran",
            minutes=10,
            answer_in=-1,
            is_free=True,
        ),
    ),
    (
        "kast",
        KAST,
        Contact(1, "phone", "Exempel: anhörig som undrar.", form="relative", answer_in=2),
    ),
    (
        "coordinator_adult",
        ADULT,
        Contact(8, "email", "Exempel: en kommun frågar hur vi arbetar.", minutes=15),
    ),
)
MAIL = Mail(
    sender=Sender("pahittad@post.example", "Påhittad Tall"),
    subject="Exempel: hur går det till?",
    text="Exempel: jag har hört om er och undrar hur det går till att få prata med någon.",
    on=None,
)
