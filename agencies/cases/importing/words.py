"""What agencies write for statuses, languages and nationalities, and the code each means."""

from functools import cache

from agencies.cases.names import normalise
from agencies.cases.vocabulary import languages, nationalities

RESIDENCE_WORDS = {
    "gestattung": "gestattung gestattet gest asylbewerber asylbewerberin asylsuchend buma bag "
    "ankunftsnachweis",
    "duldung": "duldung duld geduldet geduldete geduldeter ausreisepflichtig",
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
    "de": "d dt",
    "ar": "arab",
    "tr": "turk",
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
    "SY": "syrisch syrer syrerin syr arabischerepubliksyrien",
    "AF": "afghanisch afghane afghanin afg",
    "IQ": "irakisch iraker irakerin irq",
    "IR": "iranisch iraner iranerin irn persisch",
    "ER": "eritreisch eritreer eritreerin eri",
    "ET": "athiopisch athiopier athiopierin eth",
    "SO": "somalisch somalier somalierin som",
    "UA": "ukrainisch ukrainer ukrainerin ukr",
    "TR": "turkisch turke turkin tur turk turkei",
    "RU": "russisch russe russin rus russland russische foderation",
    "DE": "d dt deutsch deutscher deu brd",
    "XK": "kosovarisch kosovo",
    "AL": "albanisch alb",
    "RS": "serbisch serbe serbin srb",
    "MK": "mazedonisch nordmazedonisch mkd mazedonien",
    "BA": "bosnisch bosnien bosnienherzegowina bih",
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

# Keys of the Federal Statistical Office, as registers and social-benefit software write them.
_NATIONALITY_KEYS = (
    "000:DE 121:AL 122:BA 125:BG 129:FR 130:HR 134:GR 137:IT 139:LV 142:LT 144:MK 146:MD 148:NL "
    "150:XK 151:AT 152:PL 153:PT 154:RO 155:SK 160:RU 161:ES 163:TR 164:CZ 165:HU 166:UA 168:GB "
    "169:BY 170:RS 221:DZ 223:AO 224:ER 225:ET 229:BJ 231:CI 232:NG 237:GM 238:GH 243:KE 246:CD "
    "248:LY 251:ML 252:MA 255:NE 258:BF 259:GW 261:GN 262:CM 265:RW 269:SN 272:SL 273:SO 277:SD "
    "278:SS 283:TG 284:TD 285:TN 286:UG 287:EG 291:BI 327:BR 349:CO 351:CU 354:NI 367:VE 368:US "
    "421:YE 422:AM 423:AF 425:AZ 427:MM 430:GE 431:LK 432:VN 436:IN 438:IQ 439:IR 444:KZ 445:JO "
    "450:KG 451:LB 458:NP 459:PS 460:BD 461:PK 462:PH 470:TJ 471:TM 472:SA 475:SY 476:TH 477:UZ "
    "479:CN 997:XX 998:ZZ 999:ZZ"
)
NATIONALITY_BY_KEY = dict(pair.split(":", 1) for pair in _NATIONALITY_KEYS.split())


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
