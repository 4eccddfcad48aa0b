"""Who lives in the demo world. Invented people; ages are in years on the last day.

Each line: call name, age, days ago of the sign-up, what becomes of them, how they answer.
`fate` is a word with days ago behind it where the day matters ("goal:120" left 120 days ago).
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Person:
    name: str
    age: int
    signed_up: int
    fate: str = "stays"
    answers: str = "mostly"  # always | mostly | seldom | never
    comes: float = 0.85

    @property
    def what(self) -> str:
        return self.fate.partition(":")[0]

    @property
    def days_ago(self) -> int:
        return int(self.fate.partition(":")[2] or 0)


@dataclass(frozen=True)
class GroupPlan:
    key: str
    name: str
    organisation: str
    region: str
    location: str
    street: str
    town: str
    cbs_codes: tuple[str, ...]
    pc4: str
    age_from: int
    age_until: int
    weekday: int
    hour: int
    workers: tuple[str, str]
    phase_days: int
    people: tuple[Person, ...]
    cancelled: dict[int, str] = field(default_factory=dict)
    recorded_late: tuple[int, ...] = ()


P = Person

GROUPS = (
    GroupPlan(
        "arnhem-jong",
        "Groep 12–16",
        "Welzijn Oost",
        "Oost",
        "De Kegel",
        "Rozet 12",
        "Arnhem",
        ("GM0202",),
        "6811",
        12,
        16,
        4,
        19,
        ("Fleur Jansen", "Daan Smit"),
        0,
        (
            P("Amir", 15, 440, "stays", "always", 0.95),
            P("Casey", 14, 400, "slip", "mostly", 0.95),
            P("Ilse", 13, 380, "stays", "never", 0.9),
            P("Jordan", 16, 360, "stays", "always", 0.9),
            P("Layla", 15, 340, "pause:90", "mostly", 0.9),
            P("Noor", 15, 320, "slip", "always", 1.0),
            P("Riley", 14, 300, "blocked:24", "mostly", 0.85),
            P("Sam", 16, 290, "stays", "always", 1.0),
            P("Tess", 13, 260, "stays", "seldom", 0.9),
            P("Milan", 15, 240, "stays", "mostly", 0.8),
            P("Yara", 14, 200, "reblocked:70", "mostly", 0.9),
            P("Finn", 16, 170, "stays", "mostly", 0.85),
            P("Sofie", 15, 150, "leaving:0", "always", 0.95),
            P("Jamal", 14, 120, "absent", "mostly", 0.8),
            P("Evi", 13, 70, "stays", "mostly", 0.9),
            P("Mees", 16, 445, "goal:115", "always", 0.95),
            P("Lotte", 15, 40, "waiting", "mostly"),
            P("Hamza", 14, 33, "waiting", "mostly"),
            P("Puk", 12, 21, "waiting", "mostly"),
            P("Bo", 15, 2, "sign_up", "mostly"),
        ),
        {4: "holiday", 17: "worker_ill"},
        (9, 21),
    ),
    GroupPlan(
        "arnhem-groot",
        "Groep 17–23",
        "Welzijn Oost",
        "Oost",
        "Het Huis van Arnhem",
        "Kerkstraat 8",
        "Arnhem",
        ("GM0202", "GM0268"),
        "6811",
        17,
        23,
        2,
        19,
        ("Sanne de Boer", "Mo Yilmaz"),
        4,
        (
            P("Thijs", 19, 430, "stays", "always", 0.95),
            P("Aylin", 20, 420, "pause:120", "mostly", 0.9),
            P("Bram", 22, 390, "stays", "never", 0.9),
            P("Dewi", 18, 350, "slip", "always", 1.0),
            P("Esra", 21, 330, "moves:150", "mostly", 0.9),
            P("Gijs", 17, 280, "stays", "mostly", 0.85),
            P("Hanna", 23, 250, "stays", "always", 0.9),
            P("Ivo", 19, 210, "doubts:75", "seldom", 0.95),
            P("Jada", 18, 160, "moves:60", "mostly", 0.9),
            P("Kiki", 20, 110, "stays", "mostly", 0.9),
            P("Levi", 17, 80, "stays", "mostly", 0.9),
            P("Maan", 22, 20, "trial", "mostly"),
            P("Nils", 21, 440, "goal:130", "always", 0.95),
            P("Olaf", 23, 435, "drop_out:140", "seldom", 0.8),
            P("Pien", 20, 425, "own_wish:100", "mostly", 0.9),
            P("Quin", 19, 10, "intake", "mostly"),
        ),
        {6: "location", 19: "weather"},
        (12,),
    ),
    GroupPlan(
        "nijmegen-jong",
        "Groep De Brug",
        "De Brug",
        "Oost",
        "Jongerencentrum De Lont",
        "Waalkade 3",
        "Nijmegen",
        ("GM0268",),
        "6511",
        12,
        17,
        3,
        18,
        ("Ruben Vos", "Anouk Peters"),
        7,
        (
            P("Romy", 15, 210, "stays", "mostly", 0.9),
            P("Stan", 16, 200, "stays", "always", 0.9),
            P("Tygo", 13, 190, "stays", "mostly", 0.8),
            P("Uma", 17, 150, "stays", "seldom", 0.8),
            P("Vince", 14, 25, "consent", "mostly"),
            P("Wout", 12, 6, "consent", "mostly"),
            P("Xena", 16, 440, "drop_out:160", "mostly", 0.7),
            P("Ziva", 15, 420, "own_wish:35", "mostly", 0.8),
        ),
        {8: "too_few"},
        (),
    ),
    GroupPlan(
        "utrecht-groot",
        "Groep Domstad",
        "Samen Verder",
        "Midden",
        "Buurthuis Rosa",
        "Malieblad 2",
        "Utrecht",
        ("GM0344",),
        "3511",
        17,
        23,
        1,
        19,
        ("Iris Koster", "Jeroen Bos"),
        9,
        (
            P("Abel", 18, 445, "stays", "always", 0.95),
            P("Britt", 19, 430, "stays", "mostly", 0.9),
            P("Cem", 20, 400, "slip", "mostly", 1.0),
            P("Demi", 22, 370, "stays", "always", 0.9),
            P("Elif", 17, 340, "pause:60", "mostly", 0.9),
            P("Fay", 21, 310, "stays", "never", 0.9),
            P("Guus", 23, 270, "stays", "mostly", 0.85),
            P("Hugo", 19, 230, "leaving:14", "always", 0.95),
            P("Inez", 18, 180, "moves:90", "mostly", 0.9),
            P("Jip", 20, 130, "doubts:40", "mostly", 0.95),
            P("Kian", 17, 18, "trial", "mostly"),
            P("Lieke", 22, 440, "goal:150", "always", 0.95),
            P("Max", 21, 430, "goal:20", "mostly", 0.9),
            P("Nina", 19, 410, "drop_out:110", "seldom", 0.7),
            P("Otis", 23, 60, "referred", "mostly"),
        ),
        {10: "location", 22: "holiday"},
        (15,),
    ),
    GroupPlan(
        "amersfoort-volwassen",
        "Groep 24–30",
        "Samen Verder",
        "Midden",
        "Bibliotheek Eemhuis",
        "Eemplein 71",
        "Amersfoort",
        ("GM0307", "GM0344"),
        "3812",
        24,
        30,
        0,
        19,
        ("Petra Mulder", "Youssef El Amrani"),
        11,
        (
            P("Pim", 25, 435, "stays", "mostly", 0.9),
            P("Rosa", 27, 415, "stays", "always", 0.95),
            P("Sven", 29, 385, "stays", "mostly", 0.85),
            P("Tara", 26, 355, "slip", "always", 1.0),
            P("Umut", 30, 315, "stays", "mostly", 0.9),
            P("Vera", 24, 275, "stays", "never", 0.9),
            P("Wessel", 28, 215, "doubts:90", "mostly", 0.95),
            P("Yasmin", 25, 140, "stays", "mostly", 0.9),
            P("Zoë", 27, 75, "stays", "mostly", 0.9),
            P("Arda", 29, 440, "goal:125", "always", 0.95),
            P("Bas", 26, 430, "stopped:50", "mostly", 0.8),
            P("Chloé", 24, 420, "goal:170", "mostly", 0.9),
            P("Dirk", 30, 5, "sign_up", "mostly"),
            P("Emma", 25, 16, "intake", "mostly"),
        ),
        {13: "worker_ill"},
        (18,),
    ),
)

ACTIVITIES = (
    "Bowlen",
    "Samen koken",
    "Spelletjesavond",
    "Naar de film",
    "Graffiti op doek",
    "Lasergamen",
    "Karaoke",
    "Wandelen bij de rivier",
    "Tafelvoetbaltoernooi",
    "Pizza bakken",
    "Quiz maken",
    "Muziek mixen",
    "Stoepkrijt en muurkunst",
    "Minigolf",
    "Stadspeurtocht",
    "Schaatsen",
    "Zelf sushi rollen",
    "Escaperoom",
    "Barbecue",
    "Armbandjes maken",
    "Boulderen",
    "Theatersport",
    "Escape in de bibliotheek",
    "Fotowandeling",
    "Pannenkoeken bakken",
    "Badminton",
    "Podcast opnemen",
    "Bordspellen uit je jeugd",
    "Picknick in het park",
    "Kleding ruilen",
    "Museumavond",
    "Frisbee",
    "Stellingenspel",
    "Zeepkist bouwen",
    "Tosti-wedstrijd",
    "Dansles",
    "Plantjes stekken",
    "Sterren kijken",
    "Cupcakes versieren",
    "Pubquiz zonder pub",
    "Jeu de boules",
    "Striptekenen",
    "Soep voor de buurt",
    "Kerstkaarten maken",
    "Silent disco",
    "Vliegeren",
    "Speurtocht in het donker",
    "Mario Kart-avond",
    "Waterverven",
    "Kampvuur",
    "Improviseren",
    "Zelf limonade maken",
)

NEEDS = (
    "Wil mensen ontmoeten buiten school.",
    "Zoekt iemand om mee te gamen en te praten.",
    "Vindt een gesprek beginnen spannend.",
    "Is verhuisd en kent hier nog niemand.",
    "Wil weer ergens bij horen.",
    "Mist een vaste vriendengroep.",
    "Wil leren iemand mee te vragen.",
    "Zit veel op de kamer en wil eruit.",
    "Wil ontdekken wat die zelf leuk vindt.",
    "Zoekt leeftijdsgenoten met dezelfde humor.",
    "Durft in een groep weinig te zeggen.",
    "Wil vaker iets afspreken in het weekend.",
    "Is gestopt met sport en mist het team.",
    "Wil oefenen met nee zeggen.",
    "Heeft online vrienden, wil er ook dichtbij.",
    "Wil na de opleiding een nieuw netwerk.",
    "Vindt het lastig om contact te houden.",
    "Wil ergens komen waar het rustig is.",
    "Hoopt iemand te vinden om mee te sporten.",
    "Wil minder piekeren over wat anderen denken.",
    "Zoekt een plek naast het werk.",
    "Wil een hobby delen.",
    "Vindt drukte lastig, wil het klein beginnen.",
    "Wil iets nieuws proberen.",
)
