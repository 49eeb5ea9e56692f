"""What round tables speak about: questions, summaries, decisions, promises; nobody is named."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Promise:
    """Who promises what, and what counts as done."""

    slug: str
    what: str
    done_when: str
    done: str


@dataclass(frozen=True)
class Matter:
    """One question before the table, with what is asked of whom and what comes of it."""

    question: str
    summary: str
    decision: str
    asks: dict[str, str] = field(default_factory=dict)
    promises: tuple[Promise, ...] = ()
    notes: str = ""


INTEGRATION: tuple[Matter, ...] = (
    Matter(
        "Der Sprachkurs beginnt in sechs Wochen, es fehlt die Kinderbetreuung. Wer findet bis dahin "
        "einen Platz?",
        "Alleinerziehend, zwei Kinder unter sechs Jahren, Berechtigung für den Integrationskurs liegt "
        "vor. Die "
        "Familie wohnt in einer Gemeinde ohne freien Kita-Platz, der Bus fährt stündlich.",
        "Das Jugendamt sucht eine Tagespflege in Kursnähe, das Jobcenter hält den Kursplatz bis dahin frei.",
        {"jugendamt": "Tagespflege oder Kita in Kursnähe prüfen", "jobcenter": "Kursplatz freihalten"},
        (
            Promise(
                "jugendamt",
                "Tagespflege in Kursnähe suchen",
                "Zusage einer Tagespflegeperson",
                "Zusage liegt vor, Beginn zum Monatsersten.",
            ),
            Promise(
                "jobcenter",
                "Kursplatz bis zum Beginn freihalten",
                "Bestätigung des Kursträgers",
                "Träger hat den Platz schriftlich bestätigt.",
            ),
        ),
        "Großeltern wohnen im Ort, können aber nur nachmittags einspringen.",
    ),
    Matter(
        "Die Ausbildungsstelle ist zugesagt, die Beschäftigungserlaubnis fehlt. Was braucht die "
        "Ausländerbehörde?",
        "Ausbildungsvertrag im Handwerk liegt vor, Beginn in acht Wochen. Passbeschaffung läuft, "
        "Nachweise über "
        "die Bemühungen sind gesammelt.",
        "Der Betrieb reicht die Stellenbeschreibung nach, die Ausländerbehörde entscheidet innerhalb von "
        "zwei Wochen.",
        {"auslaenderbehoerde": "Fehlende Unterlagen benennen", "arbeitsagentur": "Zustimmung vorab prüfen"},
        (
            Promise(
                "auslaenderbehoerde",
                "Über die Beschäftigungserlaubnis entscheiden",
                "Bescheid ist versandt",
                "Erlaubnis erteilt, Bescheid ist versandt.",
            ),
            Promise(
                "arbeitsagentur",
                "Stellenbeschreibung mit dem Betrieb klären",
                "Vollständige Stellenbeschreibung liegt vor",
                "Stellenbeschreibung liegt der Ausländerbehörde vor.",
            ),
        ),
    ),
    Matter(
        "Ab Volljährigkeit endet die Jugendhilfe. Wer übernimmt Wohnen und Lebensunterhalt, und ab wann?",
        "Wird in drei Monaten achtzehn, besucht die Berufseinstiegsschule, möchte in der Stadt bleiben.",
        "Die Hilfe wird bis zum Schuljahresende verlängert, danach übernimmt das Jobcenter; gemeinsamer "
        "Termin vorher.",
        {"jugendamt": "Hilfe für junge Volljährige prüfen", "jobcenter": "Übergang vorbereiten"},
        (
            Promise(
                "jugendamt",
                "Antrag auf Hilfe für junge Volljährige bearbeiten",
                "Bescheid liegt vor",
                "Hilfe ist bis zum Schuljahresende bewilligt.",
            ),
            Promise(
                "jobcenter",
                "Gemeinsamen Übergabetermin einladen",
                "Termin hat stattgefunden",
                "Termin war am vereinbarten Tag.",
            ),
        ),
        "Wunsch: Wohngemeinschaft statt eigener Wohnung.",
    ),
    Matter(
        "Der Wechsel vom Asylbewerberleistungsgesetz ins SGB II dauert. Wie vermeiden wir eine Lücke bei "
        "der Miete?",
        "Anerkennung liegt vor, der Antrag ist gestellt, der Mietvertrag läuft auf den bisherigen Träger.",
        "Das Sozialamt zahlt bis zum Monatsende weiter, das Jobcenter bewilligt vorläufig.",
        {"sozialamt": "Weiterzahlung bis zur Bewilligung", "jobcenter": "Vorläufige Entscheidung"},
        (
            Promise(
                "sozialamt",
                "Unterkunftskosten bis Monatsende weiter zahlen",
                "Zahlung ist angewiesen",
                "Zahlung ist angewiesen.",
            ),
            Promise(
                "jobcenter",
                "Vorläufig bewilligen",
                "Bescheid ist versandt",
                "Vorläufiger Bescheid ist versandt.",
            ),
        ),
    ),
    Matter(
        "Drei Stellen beraten dieselbe Familie. Wer führt, und wer spricht mit wem?",
        "Beratung bei Jobcenter, Jugendamt und Sozialamt, widersprüchliche Auskünfte zu Anträgen und "
        "Fristen.",
        "Das Jugendamt führt. Alle anderen melden Termine vorher dort an.",
        {"jugendamt": "Federführung übernehmen", "sozialamt": "Termine abstimmen"},
        (
            Promise(
                "jugendamt",
                "Gemeinsamen Plan mit der Familie schreiben",
                "Plan ist unterschrieben",
                "Plan liegt allen drei Stellen vor.",
            ),
        ),
        "Dolmetscher für Dari wird gebraucht.",
    ),
    Matter(
        "Schulpflichtig, aber seit dem Zuzug ohne Schulplatz. Welche Klasse kommt infrage?",
        "Siebzehn Jahre, fünf Jahre Schulbesuch im Herkunftsland, Deutsch etwa A2.",
        "Die BBS nehmen nach den Ferien in die Sprachförderklasse auf.",
        {"bbs": "Aufnahme in die Sprachförderklasse", "jugendamt": "Schulweg klären"},
        (
            Promise(
                "bbs",
                "Platz in der Sprachförderklasse reservieren",
                "Aufnahmebescheid liegt vor",
                "Aufnahme zum Halbjahr bestätigt.",
            ),
        ),
    ),
    Matter(
        "Der Berufsabschluss ist teilweise anerkannt. Anpassungsqualifizierung oder gleich Arbeit?",
        "Abschluss in der Pflege, Defizitbescheid mit zwei Modulen, Deutsch B1, Betrieb würde sofort "
        "einstellen.",
        "Anpassung im Betrieb mit Förderung, Sprachkurs B2 am Abend.",
        {"arbeitsagentur": "Förderung der Anpassung prüfen", "jobcenter": "Lebensunterhalt währenddessen"},
        (
            Promise(
                "arbeitsagentur",
                "Förderung der Anpassungsqualifizierung prüfen",
                "Schriftliche Zusage an den Betrieb",
                "Zusage ist beim Betrieb.",
            ),
            Promise("jobcenter", "Abendkurs B2 bewilligen", "Bewilligung liegt vor", "Kurs ist bewilligt."),
        ),
    ),
    Matter(
        "Die Duldung wird immer nur für drei Monate verlängert, Betriebe winken ab. Was ist möglich?",
        "Seit vier Jahren im Land, Arbeit in Aussicht, Identität geklärt.",
        "Die Ausländerbehörde prüft die Beschäftigungsduldung; die Agentur spricht mit dem Betrieb.",
        {"auslaenderbehoerde": "Beschäftigungsduldung prüfen"},
        (
            Promise(
                "auslaenderbehoerde",
                "Voraussetzungen der Beschäftigungsduldung prüfen",
                "Ergebnis ist mitgeteilt",
                "Ergebnis ist mitgeteilt, Antrag empfohlen.",
            ),
        ),
    ),
    Matter(
        "Umzug in die Stadt wegen der Ausbildung: Steht die Wohnsitzregelung im Weg?",
        "Ausbildungsplatz liegt 60 Kilometer entfernt, mit dem Bus nicht rechtzeitig zu erreichen.",
        "Antrag auf Aufhebung der Wohnsitzauflage, Sozialamt sucht Übergangswohnung.",
        {"auslaenderbehoerde": "Aufhebung der Wohnsitzauflage", "sozialamt": "Übergangswohnung"},
        (
            Promise(
                "auslaenderbehoerde",
                "Über die Wohnsitzauflage entscheiden",
                "Bescheid ist versandt",
                "Auflage ist aufgehoben.",
            ),
            Promise(
                "sozialamt",
                "Übergangswohnung am Ausbildungsort anfragen",
                "Rückmeldung der Stadt liegt vor",
                "Zimmer ab Ausbildungsbeginn zugesagt.",
            ),
        ),
    ),
    Matter(
        "Seit drei Monaten kommt keine Antwort auf Einladungen. Wie erreichen wir die Person wieder?",
        "Post kommt zurück, Telefon ist abgestellt, Leistungen laufen noch.",
        "Hausbesuch mit Sprachmittlung, vorher keine Kürzung.",
        {"sozialamt": "Aufenthalt in der Unterkunft prüfen"},
        (
            Promise(
                "sozialamt",
                "Hausbesuch mit Sprachmittlung",
                "Gespräch hat stattgefunden",
                "Gespräch geführt, neue Nummer liegt vor.",
            ),
        ),
        "Vielleicht in der Nachtschicht: am Nachmittag versuchen.",
    ),
    Matter(
        "Der Betrieb bietet eine Einstiegsqualifizierung an. Passt das zum laufenden Kurs?",
        "Berufssprachkurs endet in zehn Wochen, der Betrieb möchte in vier Wochen beginnen.",
        "Beginn nach dem Kurs, bis dahin ein Tag Praktikum in der Woche.",
        {"arbeitsagentur": "Einstiegsqualifizierung bewilligen", "bbs": "Teilzeitbeschulung prüfen"},
        (
            Promise(
                "arbeitsagentur",
                "Einstiegsqualifizierung bewilligen",
                "Bewilligung beim Betrieb",
                "Bewilligung ist beim Betrieb.",
            ),
            Promise("bbs", "Teilzeitbeschulung klären", "Stundenplan liegt vor", "Stundenplan liegt vor."),
        ),
    ),
    Matter(
        "Familiennachzug steht an, die Wohnung ist zu klein. Wer hilft bei der Suche?",
        "Visa sind erteilt, Einreise in etwa zwei Monaten, derzeit ein Zimmer in der "
        "Gemeinschaftsunterkunft.",
        "Das Sozialamt meldet den Bedarf bei der Stadt, das Jobcenter sagt die angemessene Miete vorab zu.",
        {"sozialamt": "Bedarf bei der Stadt melden", "jobcenter": "Angemessene Miete vorab bestätigen"},
        (
            Promise(
                "sozialamt",
                "Wohnungsbedarf bei der Stadt melden",
                "Eingang ist bestätigt",
                "Stadt führt die Familie auf der Liste.",
            ),
            Promise(
                "jobcenter",
                "Miethöhe vorab bestätigen",
                "Bescheinigung ist ausgestellt",
                "Bescheinigung ist ausgestellt.",
            ),
        ),
    ),
)

LANGUAGE: tuple[Matter, ...] = (
    Matter(
        "Zweimal durch die Prüfung B1 gefallen. Wiederholen oder erst ins Praktikum?",
        "600 Stunden sind verbraucht, das Sprechen ist gut, das Schreiben schwach.",
        "Praktikum mit Schreibtraining, danach die Prüfung.",
        {"bildungstraeger": "Praktikum mit Schreibtraining", "kvhs": "Prüfungstermin anbieten"},
        (
            Promise(
                "bildungstraeger",
                "Praktikumsplatz mit Schreibtraining anbieten",
                "Vertrag ist unterschrieben",
                "Praktikum läuft seit Montag.",
            ),
            Promise("kvhs", "Prüfungstermin vormerken", "Bestätigung liegt vor", "Termin ist vorgemerkt."),
        ),
    ),
    Matter(
        "Lesen und Schreiben nie gelernt: Ist im Alphabetisierungskurs noch Platz?",
        "Muttersprache Tigrinya, keine Schule besucht, sehr motiviert.",
        "Die KVHS nimmt in den laufenden Kurs auf, das Integrationsbüro stellt eine Lernbegleitung.",
        {"kvhs": "Platz im Alphabetisierungskurs", "integrationsbuero": "Lernbegleitung"},
        (
            Promise("kvhs", "In den laufenden Kurs aufnehmen", "Anmeldung liegt vor", "Besucht den Kurs."),
            Promise(
                "integrationsbuero",
                "Lernbegleitung vermitteln",
                "Erstes Treffen war",
                "Tandem trifft sich wöchentlich.",
            ),
        ),
    ),
    Matter(
        "Schichtarbeit und Abendkurs vertragen sich nicht. Gibt es einen Kurs am Samstag?",
        "Arbeitet in der Logistik im Wechsel, möchte B2 für die Umschulung.",
        "Samstagskurs ab fünf Anmeldungen, das Jobcenter fragt vier weitere Personen.",
        {"kvhs": "Samstagskurs planen", "jobcenter": "Weitere Interessierte nennen"},
        (
            Promise("kvhs", "Samstagskurs ausschreiben", "Kurs steht im Programm", "Kurs steht im Programm."),
            Promise(
                "jobcenter",
                "Vier weitere Personen anfragen",
                "Liste liegt der KVHS vor",
                "Fünf Personen haben zugesagt.",
            ),
        ),
    ),
    Matter(
        "Die Maßnahme endet, die Stelle beginnt erst in zwei Monaten. Was füllt die Zeit?",
        "Arbeitsvertrag in der Küche liegt vor, Deutsch A2.",
        "Kompaktkurs Fachsprache Küche, danach direkt in die Arbeit.",
        {"bildungstraeger": "Kompaktkurs anbieten"},
        (
            Promise(
                "bildungstraeger",
                "Platz im Kompaktkurs Fachsprache anbieten",
                "Zusage liegt vor",
                "Kurs besucht, Arbeit begonnen.",
            ),
        ),
    ),
)

TOPICS = (
    (
        "Sprachmittlung: Wer bezahlt welche Einsätze?",
        "Vorschlag für eine gemeinsame Regelung bis zum Jahresende.",
    ),
    ("Neue Kursplätze im Frühjahr", "Die Träger stellen ihre Planung vor."),
    ("Wohnraum: Stand in den Gemeinden", ""),
)
WITHDRAWN = "Die Voraussetzungen liegen doch nicht vor; die Stelle hat es der Moderation mitgeteilt."
EXTENDED = "Eine Unterlage fehlt noch, der Termin dafür ist vereinbart."
WISHES = (
    "Wir sind für die Kinder zuständig und müssen wissen, ob es dieselbe Familie ist.",
    "Für die Zusage brauchen wir Sprachstand und Abschluss.",
)
