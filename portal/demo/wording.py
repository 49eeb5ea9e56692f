"""What clerks write: occupations, employers, remarks and reasons of the fictional county."""

from agencies.cases.enums import Qualification
from agencies.enums import Category

Q, C = Qualification, Category

#: Man's word, woman's word, kind of qualification, title of the certificate.
OCCUPATIONS: tuple[tuple[str, str, Qualification, str], ...] = (
    ("Elektriker", "Elektrikerin", Q.VOCATIONAL, "Fachschulabschluss Elektrotechnik"),
    ("Schneider", "Schneiderin", Q.INFORMAL, ""),
    ("Friseur", "Friseurin", Q.INFORMAL, ""),
    ("Verkäufer", "Verkäuferin", Q.NONE, ""),
    ("Buchhalter", "Buchhalterin", Q.ACADEMIC, "Bachelor Rechnungswesen"),
    ("Lehrer", "Lehrerin", Q.ACADEMIC, "Lehramt, Universität"),
    ("Krankenpfleger", "Krankenschwester", Q.VOCATIONAL, "Diplom Krankenpflege"),
    ("Koch", "Köchin", Q.INFORMAL, ""),
    ("Kfz-Mechaniker", "Kfz-Mechanikerin", Q.INFORMAL, ""),
    ("Maurer", "Maurerin", Q.INFORMAL, ""),
    ("Landwirt", "Landwirtin", Q.NONE, ""),
    ("Bauingenieur", "Bauingenieurin", Q.ACADEMIC, "Diplom Bauingenieurwesen"),
    ("Arzt", "Ärztin", Q.ACADEMIC, "Staatsexamen Medizin"),
    ("Apotheker", "Apothekerin", Q.ACADEMIC, "Diplom Pharmazie"),
    ("Fahrer", "Fahrerin", Q.NONE, ""),
    ("Bäcker", "Bäckerin", Q.INFORMAL, ""),
    ("Schweißer", "Schweißerin", Q.VOCATIONAL, "Facharbeiterbrief Metall"),
    ("Erzieher", "Erzieherin", Q.VOCATIONAL, "Fachschule Vorschulpädagogik"),
    ("Lagerarbeiter", "Lagerarbeiterin", Q.NONE, ""),
    ("Maler", "Malerin", Q.INFORMAL, ""),
    ("Informatiker", "Informatikerin", Q.ACADEMIC, "Bachelor Informatik"),
    ("Hilfskraft auf dem Bau", "Haushaltshilfe", Q.NONE, ""),
)
EMPLOYERS = (
    "Aue-Logistik GmbH",
    "Bäckerei Tönjes",
    "Lindenhof Pflege gGmbH",
    "Wessels Fleischwaren",
    "Nordbau Lindenau",
    "Hotel am Mühlenteich",
    "Gebäudereinigung Saubermann",
    "Autohaus Freese",
    "Gartenbau Ehlers",
    "Kartoffelhof Meinke",
    "Metallbau Ostermann",
    "Großküche Weidenstedt",
    "Frischemarkt Brandt",
)
APPRENTICESHIPS = (
    ("Anlagenmechaniker SHK", "Anlagenmechanikerin SHK"),
    ("Pflegefachmann", "Pflegefachfrau"),
    ("Fachlagerist", "Fachlageristin"),
    ("Koch", "Köchin"),
    ("Friseur", "Friseurin"),
    ("Bäcker", "Bäckerin"),
    ("Kfz-Mechatroniker", "Kfz-Mechatronikerin"),
    ("Tischler", "Tischlerin"),
    ("Verkäufer", "Verkäuferin"),
    ("Medizinischer Fachangestellter", "Medizinische Fachangestellte"),
)
WISHES = (
    "Pflegehilfe, später Fachkraft",
    "Arbeit im Handwerk",
    "Ausbildung im Bereich Lager und Logistik",
    "Wiedereinstieg in den erlernten Beruf",
    "Küche oder Service",
    "Arbeit mit Kindern",
    "Verkauf, gern Lebensmittel",
    "Berufskraftfahrer/in",
    "Reinigung, vormittags",
    "Büro, sobald das Deutsch reicht",
    "Gartenbau",
    "Selbstständig mit eigenem Laden",
    "noch unklar, Beratung gewünscht",
)
STRENGTHS = (
    "Handwerklich geschickt, zuverlässig, pünktlich.",
    "Spricht mehrere Sprachen, hilft anderen beim Übersetzen.",
    "Hat im Familienbetrieb mitgearbeitet, belastbar.",
    "Gute Auffassungsgabe, lernt schnell.",
    "Ehrenamtlich im Sprachcafé aktiv.",
    "Erfahrung in der Leitung eines kleinen Teams.",
    "Sehr motiviert, noch unsicher im Deutschen.",
    "Spielt Fußball im Verein, ist im Ort gut vernetzt.",
    "Sorgfältig, kann gut rechnen.",
    "",
)
HOURS = (
    "Vollzeit",
    "Vollzeit, auch Schicht",
    "Teilzeit vormittags bis 13 Uhr",
    "20 bis 25 Stunden",
    "Minijob",
    "",
)
MOBILITY = (
    "Bus und Rad",
    "zu Fuß und Bus, Ort schlecht angebunden",
    "Führerschein im Herkunftsland, Umschreibung läuft",
    "eigenes Auto",
    "Mofa",
    "nur im Ort wegen Kinderbetreuung",
    "",
)
INSURERS = ("Gesundheitskasse Aue", "BKK Lindenau", "Ersatzkasse Nord", "IKK Aue", "Nordwest-Krankenkasse")
CREDITORS = (
    "Mobilfunkvertrag, Ratenzahlung 25 € im Monat",
    "Stromnachzahlung, Mahnung liegt vor",
    "Darlehen in der Familie",
    "Fahren ohne Fahrschein, Bußgeld offen",
    "Ratenkauf Möbel, zwei Raten im Rückstand",
    "Rückforderung nach Umzug",
)
LIMITATIONS = (
    "Kein schweres Heben, ärztliches Attest liegt vor.",
    "Rückenbeschwerden, kann nicht lange stehen.",
    "In psychologischer Behandlung, Termine donnerstags.",
    "Schwerhörig links, Hörgerät beantragt.",
    "Knieoperation geplant.",
)
BARRIERS = (
    "Wohnt abgelegen, letzter Bus um 18:10 Uhr.",
    "Sorge um Angehörige im Herkunftsland.",
    "Kein ruhiger Lernort.",
    "Analphabetisch in der Muttersprache.",
    "Keine Erfahrung mit Bewerbungen in Deutschland.",
)
CARE_NOTES = (
    "Kita 8 bis 14 Uhr",
    "Tagesmutter 7:30 bis 13 Uhr",
    "Großmutter nachmittags",
    "Platz ab August zugesagt",
    "Hort bis 16 Uhr",
    "auf drei Wartelisten",
)

NOTES: dict[Category, tuple[str, ...]] = {
    C.IDENTITY: (
        "Pass abgelaufen, Termin beim Konsulat angefragt. Schreibweise nach Aufenthaltstitel übernommen.",
        "Geburtsdatum laut eigener Angabe, Nachweis fehlt noch.",
        "Im Heft der Schule steht eine andere Schreibweise des Namens, siehe weitere Schreibweisen.",
    ),
    C.CONTACT: (
        "Telefonisch am besten nach 14 Uhr, dann ist der Kurs zu Ende.",
        "Post bitte mit „wohnhaft bei“, Name steht nicht am Briefkasten.",
        "Nummer geändert, neue Nummer eingetragen.",
        "Termin nicht wahrgenommen, neuer Termin per Brief und über den Cousin ausgerichtet.",
    ),
    C.RESIDENCE: (
        "Verlängerung beantragt, Fiktionsbescheinigung wird nachgereicht.",
        "Titel läuft bald ab, an Termin bei der Ausländerbehörde erinnert.",
        "Arbeitserlaubnis für den Betrieb liegt vor, Kopie in der Papierakte.",
    ),
    C.LANGUAGE: (
        "Einstufungstest gemacht, Empfehlung: Kurs mit Alphabetisierung.",
        "B1-Prüfung im Sprechen bestanden, Schreiben wird wiederholt.",
        "Fehlt seit zwei Wochen im Kurs. Grund: Kind krank. Lehrkraft ist informiert.",
        "Möchte nach dem Kurs direkt weitermachen, kein Anschluss vor Ort bekannt.",
        "Dolmetscher zum nächsten Gespräch bestellen.",
    ),
    C.EDUCATION: (
        "Zeugnisse im Original vorhanden, Übersetzung fehlt. Kostenübernahme besprochen.",
        "Antrag auf Anerkennung bei der zuständigen Kammer gestellt.",
        "Kein Nachweis über die Ausbildung, ggf. Qualifikationsanalyse.",
    ),
    C.WORK: (
        "Probearbeiten lief gut, Betrieb meldet sich bis Freitag.",
        "Bewerbungsunterlagen gemeinsam überarbeitet, drei Stellen herausgesucht.",
        "Praktikum vorzeitig beendet: Fahrtweg zu lang.",
        "Arbeitgeber fragt nach Eingliederungszuschuss, Antrag mitgegeben.",
        "Arbeitsvertrag liegt vor, Beginn zum Ersten des nächsten Monats.",
    ),
    C.INCLINATIONS: (
        "Möchte am liebsten mit den Händen arbeiten, kein Büro.",
        "Interesse an der Pflege geweckt, Schnuppertag vereinbart.",
    ),
    C.FAMILY: (
        "Kita-Platz fehlt weiterhin, Absage aus Erlenbach.",
        "Jüngstes Kind wird im Sommer drei, danach ist Teilzeit möglich.",
        "Nachzug der Ehefrau beantragt, Termin bei der Botschaft in sechs Monaten.",
    ),
    C.BENEFITS: (
        "Weiterbewilligung rechtzeitig beantragen, Unterlagen mitgegeben.",
        "Kontoauszüge fehlen noch, Frist bis Monatsende gesetzt.",
        "Krankenkasse gewechselt, Bescheinigung liegt vor.",
    ),
    C.HOUSING: (
        "Mietangebot geprüft: Kaltmiete über der Angemessenheitsgrenze.",
        "Vermieter meldet Schimmel im Bad, Foto in der Papierakte.",
        "Besichtigung in Weidenstedt am Donnerstag, fährt mit dem Bus.",
    ),
    C.DEBTS: (
        "Ratenplan mit dem Versorger vereinbart, erste Rate bezahlt.",
        "Brief vom Inkassobüro mitgebracht, an Schuldnerberatung verwiesen.",
    ),
    C.HEALTH: (
        "Ärztlichen Dienst eingeschaltet, Gutachten steht aus.",
        "Schweigepflichtentbindung liegt vor, nur für den Ärztlichen Dienst.",
    ),
}
