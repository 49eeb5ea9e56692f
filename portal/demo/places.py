"""Towns, streets and addresses of the county: invented, apart from street names every town has."""

from random import Random

#: Town, postcode (of a range that is given to nobody), share of the people.
TOWNS: tuple[tuple[str, str, int], ...] = (
    ("Lindenau", "00701", 36),
    ("Erlenbach", "00703", 16),
    ("Weidenstedt", "00705", 12),
    ("Buchholz an der Aue", "00707", 9),
    ("Ahornfelde", "00709", 8),
    ("Kiefernhagen", "00711", 7),
    ("Ulmenrode", "00713", 6),
    ("Eschwerder", "00715", 6),
)
STREETS = (
    """
Bahnhofstraße|Lindenallee|Schulstraße|Am Mühlenteich|Erlenweg|Marktstraße|Gartenweg|Feldstraße|Kirchgasse
Am Alten Bahndamm|Weserblick|Ziegeleiweg|Neue Straße|Sandkamp|Hopfenweg|Birkenring|Molkereistraße
Schützenplatz|Wiesengrund|Lange Straße|Am Stadtgraben|Tannenweg|Heideweg|Mozartstraße|Goethestraße
""".strip()
    .replace("\n", "|")
    .split("|")
)


def address(rng: Random) -> dict[str, str]:
    """Street with number, postcode and town, as fields of the contact section."""
    town, postcode, _ = rng.choices(TOWNS, weights=[share for *_, share in TOWNS])[0]
    number = f"{rng.randint(1, 96)}{rng.choice(['', '', '', '', 'a', 'b'])}"
    return {"street": f"{rng.choice(STREETS)} {number}", "postcode": postcode, "town": town}


def phone(rng: Random) -> str:
    """A mobile number from the block the Federal Network Agency keeps free for film and theatre."""
    return f"0171 39200{rng.randint(0, 99):02}"
