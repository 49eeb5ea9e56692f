"""What agencies write to each other in a referral: request, question and answer, result, refusal."""

from dataclasses import dataclass

from agencies.enums import Purpose
from agencies.referrals.enums import DeclineReason

P, D = Purpose, DeclineReason


@dataclass(frozen=True)
class Topic:
    """One usual request to one agency, with what follows from it."""

    recipient: str
    purpose: Purpose
    necessity: str
    request: str
    question: str
    answer: str
    result: str
    failure: str
    weight: int = 10


TOPICS: tuple[Topic, ...] = (
    Topic(
        "kvhs",
        P.LANGUAGE_COURSE,
        "Anmeldung und Einstufung sind ohne Namen, Kontakt und Sprachstand nicht möglich.",
        "Bitte Platz im nächsten Integrationskurs, gern vormittags. Die Berechtigung liegt vor.",
        "Liegt schon ein Ergebnis des Einstufungstests vor?",
        "Nein, bitte zum nächsten Testtermin einladen.",
        "Kurs regelmäßig besucht, Prüfung abgelegt.",
        "Kommt seit drei Wochen nicht mehr, zweimal angerufen, keine Antwort.",
        26,
    ),
    Topic(
        "lernhaus",
        P.LANGUAGE_COURSE,
        "Der Träger führt die Maßnahme im Auftrag des Jobcenters durch und braucht dafür diese Angaben.",
        "Bitte Aufnahme in den Berufssprachkurs, Kinderbetreuung wird gebraucht.",
        "Wie viele Kinder sind zu betreuen, und wie alt sind sie?",
        "Ein Kind, zwei Jahre. Ein Platz im Kurs mit Betreuung ist Voraussetzung.",
        "Kurs beendet, B2 erreicht.",
        "Abbruch wegen Arbeitsaufnahme in Schicht.",
        10,
    ),
    Topic(
        "bildungstraeger",
        P.INTEGRATION_WORK,
        "Der Träger plant Coaching und Praktikum und braucht dafür Sprachstand und Berufserfahrung.",
        "Coaching mit dem Ziel Praktikum im Handwerk. Die Person ist motiviert und mobil mit Bus und Rad.",
        "Kann ein Praktikum auch in Weidenstedt liegen?",
        "Ja, der Bus fährt stündlich, Fahrkosten werden übernommen.",
        "Praktikum abgeschlossen, der Betrieb bietet eine Einstiegsqualifizierung an.",
        "Nach zwei Wochen nicht mehr erschienen, Grund nicht bekannt.",
        18,
    ),
    Topic(
        "jugendamt",
        P.CHILDCARE,
        "Ohne Betreuung ist weder Kurs noch Arbeit möglich; Alter der Kinder und Zeiten werden gebraucht.",
        "Kita-Platz gesucht, möglichst in Wohnortnähe. Der Sprachkurs beginnt in acht Wochen.",
        "Wäre auch eine Tagespflegeperson in Ordnung?",
        "Ja, wenn sie bis 13:30 Uhr betreut.",
        "Platz in der Tagespflege gefunden, Beginn zum Monatsersten.",
        "Familie hat den Platz nicht angenommen, zu weit entfernt.",
        16,
    ),
    Topic(
        "jugendamt",
        P.YOUTH_WELFARE,
        "Die Familie bittet um Unterstützung; gebraucht werden Familiensituation und Sprache.",
        "Die Familie wünscht Beratung zu Schule und Alltag. Bitte Termin mit Sprachmittlung.",
        "Ist die Familie mit einem Hausbesuch einverstanden?",
        "Ja, am besten nachmittags, wenn beide Eltern da sind.",
        "Familienhilfe eingerichtet, regelmäßige Gespräche.",
        "Die Familie möchte die Beratung derzeit nicht fortsetzen.",
        8,
    ),
    Topic(
        "arbeitsagentur",
        P.INTEGRATION_WORK,
        "Für die Beratung zu Ausbildung werden Sprachstand, Schule und Berufswunsch gebraucht.",
        "Berufsberatung bitte: Interesse an einer Ausbildung ab August, Sprachstand B1.",
        "Welcher Schulabschluss liegt vor, und ist er anerkannt?",
        "Mittlerer Abschluss aus dem Herkunftsland, Zeugnisbewertung ist beantragt.",
        "Ausbildungsplatz vermittelt, Vertrag liegt vor.",
        "Möchte zunächst arbeiten und Geld verdienen.",
        16,
    ),
    Topic(
        "arbeitsagentur",
        P.RECOGNITION,
        "Zur Beratung über die Anerkennung werden Abschluss und Berufserfahrung gebraucht.",
        "Abschluss soll anerkannt werden, Unterlagen sind übersetzt. Bitte Beratung zu Weg und Kosten.",
        "Liegen die Fächer- und Stundenübersichten vor?",
        "Ja, beglaubigte Kopien sind vorhanden.",
        "Antrag gestellt, Bescheid über teilweise Gleichwertigkeit liegt vor.",
        "Unterlagen aus dem Herkunftsland sind nicht zu beschaffen.",
        8,
    ),
    Topic(
        "bbs",
        P.SCHOOL_TRAINING,
        "Für die Aufnahme braucht die Schule Sprachstand und bisherigen Schulbesuch; Einwilligung liegt vor.",
        "Bitte Aufnahme in die Sprachförderklasse, die Person ist noch berufsschulpflichtig.",
        "Seit wann besteht Schulbesuch in Deutschland?",
        "Seit einem Jahr, zuletzt in der Oberschule Erlenbach.",
        "Aufgenommen, Wechsel in die Berufseinstiegsschule geplant.",
        "Hat die Schule nach den Ferien nicht mehr besucht.",
        10,
    ),
    Topic(
        "integrationsbuero",
        P.ADVICE,
        "Zur Terminvereinbarung werden Kontaktdaten und Sprache gebraucht; Einwilligung liegt vor.",
        "Bitte Beratung zum Ankommen: Verein, Sprachcafé, Begleitung zu Terminen.",
        "In welcher Sprache soll das Gespräch geführt werden?",
        "Siehe Kontakt, Deutsch reicht noch nicht.",
        "Ehrenamtliche Begleitung gefunden, Sprachcafé wird besucht.",
        "Zu zwei Terminen nicht erschienen.",
        10,
    ),
    Topic(
        "schuldnerberatung",
        P.DEBT_ADVICE,
        "Zur Vorbereitung wird der Stand der Schulden gebraucht; die Einwilligung liegt vor.",
        "Mehrere Mahnungen, bitte um Beratung und Überblick über die Forderungen.",
        "Gibt es schon einen Titel oder einen Pfändungsbeschluss?",
        "Nein, bisher nur Mahnungen und ein Inkassoschreiben.",
        "Ratenplan mit allen Gläubigern vereinbart.",
        "Unterlagen trotz Erinnerung nicht eingereicht.",
        10,
    ),
    Topic(
        "sozialamt",
        P.HOUSING,
        "Für die Frage nach dem Verbleib in der Wohnung werden Haushalt und Wohnsituation gebraucht.",
        "Die Familie möchte in der Wohnung bleiben. Bitte um Auskunft, ob der Vertrag übergehen kann.",
        "Ab wann zahlt das Jobcenter die Unterkunft?",
        "Ab dem nächsten Monatsersten, der Bescheid ist ergangen.",
        "Nutzungsverhältnis auf die Familie übertragen, kein Umzug nötig.",
        "Wohnung wird anderweitig gebraucht.",
        10,
    ),
    Topic(
        "jobcenter",
        P.INTEGRATION_WORK,
        "Das Jobcenter übernimmt die Betreuung und braucht dafür die bisherigen Angaben.",
        "Wechsel nach der Anerkennung zum Jobcenter. Bitte Erstgespräch, Sprachkurs läuft weiter.",
        "Ist der Antrag auf Leistungen schon gestellt?",
        "Ja, gemeinsam ausgefüllt und abgegeben.",
        "Leistungen bewilligt, Erstgespräch geführt.",
        "Person ist in einen anderen Kreis gezogen.",
        22,
    ),
    Topic(
        "gemeinde-erlenbach",
        P.HOUSING,
        "Für die Wohnungssuche im Ort werden Haushaltsgröße und Kontakt gebraucht; Einwilligung liegt vor.",
        "Familie sucht Wohnung in Erlenbach, die Kinder gehen dort zur Schule.",
        "Wie viele Zimmer werden gebraucht?",
        "Drei, zur Not auch zweieinhalb.",
        "Wohnung der Gemeinde vermittelt.",
        "Keine passende Wohnung im Ort gefunden.",
        5,
    ),
    Topic(
        "auslaenderbehoerde",
        P.RESIDENCE_QUESTION,
        "Ohne Auskunft zum Titel kann der Ausbildungsvertrag nicht geschlossen werden (§ 71 Abs. 2 SGB X).",
        "Der Betrieb fragt, ob die Beschäftigung ab dem Ersten erlaubt ist. Bitte um kurze Auskunft.",
        "Um welchen Betrieb und welche Tätigkeit geht es?",
        "Unterlagen des Betriebs liegen dem Antrag bei, den die Person selbst abgegeben hat.",
        "Beschäftigung ist erlaubt, Nebenbestimmung geändert.",
        "Antrag wurde zurückgenommen.",
        8,
    ),
)

REFUSALS: dict[DeclineReason, str] = {
    D.NO_CAPACITY: "Alle Kurse sind voll, der nächste beginnt in etwa zwei Monaten.",
    D.NOT_RESPONSIBLE: "Dafür ist eine andere Stelle zuständig.",
    D.DATA_MISSING: "Die Telefonnummer stimmt nicht, so können wir nicht einladen.",
    D.NOT_REACHED: "Zweimal eingeladen, niemand erschienen.",
    D.REQUIREMENTS: "Für dieses Angebot ist mindestens A2 nötig.",
}
WITHDRAWALS = (
    "Die Person hat selbst einen Platz gefunden.",
    "Umzug in einen anderen Landkreis.",
    "Hat sich erledigt.",
)
KEPT = "Nachbetreuung für drei Monate vereinbart."
REOPENED = "Die Person hat sich doch noch gemeldet und möchte weitermachen."
REMARKS = (
    "Termin ist vereinbart.",
    "Die Person wurde heute telefonisch erreicht.",
    "Unterlagen kommen per Post nach.",
)
