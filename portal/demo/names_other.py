"""Invented stock of Turkish and Albanian names, and of the German and other names staff carry."""

TURKISH_MALE = """
Mehmet/Mehmed=
Mustafa/Moustafa=
Ömer/Oemer/Omer=
Hüseyin/Huseyin/Hueseyin=
Emre/Emreh=
Yılmaz/Yilmaz=
Şahin/Sahin/Schahin=
Serkan/Sercan=
Murat/Murad=
Baran/Barran=
"""
TURKISH_FEMALE = """
Ayşe/Ayse/Aische=
Fatma/Fadma=
Elif/Eliff=
Zeynep/Zeyneb=
Hatice/Hatidsche=
Gülay/Gulay/Guelay=
Derya/Deria=
Rojda/Roschda=
Songül/Songul/Songuel=
Berivan/Beriwan=
"""
TURKISH_FAMILY = """
Yıldız/Yildiz=
Çelik/Celik/Tschelik=
Öztürk/Ozturk/Oeztuerk=
Doğan/Dogan=
Aydın/Aydin=
Kılıç/Kilic=
Aslan/Arslan=
Şimşek/Simsek=
Bozkurt/Boskurt=
Güneş/Gunes/Guenes=
Demirtaş/Demirtas=
"""
ALBANIAN_MALE = """
Arben/Arban=
Besnik/Besnick=
Driton/Dritton=
Fatmir/Fatmyr=
Ilir/Ilyr=
Luan/Louan=
"""
ALBANIAN_FEMALE = """
Arbnora/Arbenora=
Drita/Dritta=
Mimoza/Mimosa=
Valbona/Walbona=
Shqipe/Schkipe=
Teuta/Teutta=
"""
ALBANIAN_FAMILY = """
Krasniqi/Krasnici=
Gashi/Gaschi=
Berisha/Berischa=
Hoxha/Hodscha=
Shala/Schala=
Morina/Morinna=
Bytyqi/Bytyci=
"""

STAFF_FEMALE = """
Anke Sabine Petra Julia Katrin Nadine Melanie Birgit Svenja Claudia Heike Miriam Dörte Silke Tanja
Carolin Ute Gesa Franziska Elif Olga Samira Joanna Lan Marta Antje Ilona Rieke Neele
""".split()
STAFF_MALE = """
Jens Thomas Stefan Andreas Malte Holger Torben Kai Uwe Matthias Sven Daniel Hauke Jan Christoph
Martin Frank Ralf Tobias Murat Dimitri Piotr Karim Goran Bernd Henning Ole Lasse
""".split()
STAFF_FAMILY = """
Brinkmann Hoffmann Petersen Vogt Lüdemann Krüger Behrens Janßen Wessels Albers Schröder Oltmanns Meinke
Harms Koch Reuter Fricke Bartels Lindner Sander Thiele Osterloh Busch Heitmann Rohde Gerdes Wilke Ahlers
Kowalski Yılmaz Nowak Petrović Schäfer Engelke Haase Pohl Stolte Rathke Voß Ehlers Dreyer Kruse Meyerhoff
Tiedemann Wulf Lampe Ostermann Böttcher Siemers Wiebusch Grote Hillmann Cordes Buchholz Marquardt Röttger
Steffens Hinrichs Evers Kellermann Holtkamp Nieberg Warnecke Plath Uhlig Zander Köhnke Bremer
""".split()
