"""What agencies write for statuses, languages and nationalities, and the code each means."""

from functools import cache

from agencies.cases.names import normalise
from agencies.cases.vocabulary import languages, nationalities

RESIDENCE_WORDS = {
    "gestattung": "gestattung gestattet asylbewerber asylbewerberin asylsuchend buma ankunftsnachweis bag",
    "duldung": "duldung geduldet geduldete geduldeter ausreisepflichtig",
    "duldung_60c": "ausbildungsduldung",
    "duldung_60d": "beschaftigungsduldung",
    "par_24": "ukraine ukrainefluchtling massenzustrom",
    "par_25_1": "asylberechtigt asylberechtigter asylberechtigte asylberechtigung",
    "par_25_2": "gfk fluchtling fluchtlingseigenschaft fluchtlingsschutz subsidiar subsidiarer "
    "subsidiarschutz anerkannt",
    "par_25_3": "abschiebungsverbot abschiebeverbot",
    "par_104c": "chancenaufenthalt chancenaufenthaltsrecht",
    "family": "familiennachzug familienzusammenfuhrung ehegattennachzug",
    "niederlassung": "niederlassungserlaubnis niederlassung ne daueraufenthalt",
    "fiktion": "fiktion fiktionsbescheinigung",
    "eu": "eu unionsburger unionsburgerin freizugigkeit freizugigkeitsberechtigt ewr",
    "german": "deutsch deutscher deutsche eingeburgert",
    "unknown": "unbekannt unklar offen",
}
RESIDENCE_BY_WORD = {word: code for code, words in RESIDENCE_WORDS.items() for word in words.split()}

#: Section of the residence act (or asylum act) → code; ranges in `values`.
RESIDENCE_BY_SECTION = {
    "24": "par_24",
    "25a": "par_25a",
    "25b": "par_25b",
    "104c": "par_104c",
    "55": "gestattung",
    "63": "gestattung",
    "60a": "duldung",
    "60b": "duldung",
    "60c": "duldung_60c",
    "60d": "duldung_60d",
    "9": "niederlassung",
    "9a": "niederlassung",
    "18c": "niederlassung",
    "26": "niederlassung",
    "81": "fiktion",
}

_LANGUAGE_WORDS = {
    "fa": "farsi persisch iranisch",
    "prs": "dari",
    "ps": "paschtu paschto pashto pashtu",
    "ku": "kurdisch kurmanji kurmandschi kurmanci nordkurdisch",
    "ckb": "sorani zentralkurdisch",
    "ti": "tigrinya tigrinja tigrinisch",
    "am": "amharisch",
    "so": "somali somalisch",
    "om": "oromo oromisch",
    "sq": "albanisch",
    "zh": "chinesisch mandarin",
    "ur": "urdu",
    "pa": "pandschabi punjabi panjabi",
    "sr": "serbisch serbokroatisch",
    "tl": "tagalog filipino",
    "hy": "armenisch",
    "ne": "nepali nepalesisch",
}

# Adjectives as in "Staatsangehörigkeit: syrisch"; stems, the endings -e, -er, -en are cut before.
_NATIONALITY_WORDS = {
    "SY": "syrisch syrer syrerin syr",
    "AF": "afghanisch afghane afghanin afg",
    "IQ": "irakisch iraker irakerin irq",
    "IR": "iranisch iraner iranerin irn persisch",
    "ER": "eritreisch eritreer eritreerin eri",
    "ET": "athiopisch athiopier athiopierin eth",
    "SO": "somalisch somalier somalierin som",
    "UA": "ukrainisch ukrainer ukrainerin ukr",
    "TR": "turkisch turke turkin tur turkei",
    "RU": "russisch russe russin rus russland russische foderation",
    "DE": "deutsch deutscher deu brd",
    "XK": "kosovarisch kosovo",
    "AL": "albanisch alb",
    "RS": "serbisch serbe serbin srb",
    "MK": "mazedonisch nordmazedonisch mkd mazedonien",
    "BA": "bosnisch bosnien bih",
    "NG": "nigerianisch nga",
    "GH": "ghanaisch gha",
    "GM": "gambisch gmb gambia",
    "GN": "guineisch gin",
    "ML": "malisch mli",
    "SD": "sudanesisch sdn",
    "SS": "sudsudanesisch ssd",
    "CM": "kamerunisch cmr",
    "CD": "kongolesisch cod kongo",
    "PK": "pakistanisch pak",
    "IN": "indisch ind",
    "BD": "bangladeschisch bgd",
    "LK": "srilankisch lka",
    "VN": "vietnamesisch vnm",
    "CN": "chinesisch chn",
    "AM": "armenisch arm",
    "AZ": "aserbaidschanisch aze",
    "GE": "georgisch geo",
    "MD": "moldauisch moldawisch mda moldawien",
    "BY": "belarussisch weissrussisch blr weissrussland",
    "LB": "libanesisch lbn",
    "JO": "jordanisch jor",
    "EG": "agyptisch egy",
    "MA": "marokkanisch mar",
    "DZ": "algerisch dza",
    "TN": "tunesisch tun",
    "LY": "libysch lby",
    "YE": "jemenitisch yem",
    "PS": "palastinensisch pse palastina",
    "PL": "polnisch pole polin pol",
    "RO": "rumanisch rou",
    "BG": "bulgarisch bgr",
    "HU": "ungarisch hun",
    "GR": "griechisch grc",
    "IT": "italienisch ita",
    "ES": "spanisch esp",
    "PT": "portugiesisch prt",
    "FR": "franzosisch fra",
    "HR": "kroatisch hrv",
    "VE": "venezolanisch ven",
    "CO": "kolumbianisch col",
    "NI": "nicaraguanisch nic",
    "CI": "ivorisch civ elfenbeinkuste",
    "SN": "senegalesisch sen",
    "TG": "togoisch tgo",
    "SL": "sierraleonisch sle",
    "UG": "ugandisch uga",
    "KE": "kenianisch ken",
    "RW": "ruandisch rwa",
    "TJ": "tadschikisch tjk",
    "UZ": "usbekisch uzb",
    "KZ": "kasachisch kaz",
    "US": "amerikanisch usa",
    "GB": "britisch gbr england grossbritannien",
    "XX": "staatenlos xxa",
    "ZZ": "ungeklart unbekannt xxx",
}


def _table(choices: list[tuple[str, str]], words: dict[str, str]) -> dict[str, str]:
    table = {normalise(name).replace(" ", ""): code for code, name in choices}
    table |= {code.lower(): code for code, _name in choices}
    table |= {word: code for code, listed in words.items() for word in listed.split()}
    return table


@cache
def language_table() -> dict[str, str]:
    return _table(languages(), _LANGUAGE_WORDS)


@cache
def nationality_table() -> dict[str, str]:
    return _table(nationalities(), _NATIONALITY_WORDS)
