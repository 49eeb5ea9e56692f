"""The check for texts that no translator would see, on small templates."""

import pytest

from portal.translation_check import bare_text


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>{% translate 'Fall' %}</p>", []),
        ("{% blocktranslate %}Der <b>Fall</b> ruht.{% endblocktranslate %}", []),
        ("{# ein Wort #}{% comment %}noch eins{% endcomment %}<!-- und eins -->", []),
        ("<a href='/faelle/' class='kern-link'>{{ case }}</a> · 5", []),
        ("<script src='x.js'>let wort = 1</script>", []),
        ("{% block body_class %}kr-plain{% endblock %}", []),
        ("<p>\nFall</p>", [(1, "Fall")]),
        ("\n<button aria-label='Schließen'>×</button>", [(2, "Schließen")]),
        ("<input placeholder=\"{% translate 'Name' %}\" title='Name'>", [(1, "Name")]),
    ],
)
def test_bare_text_is_found_and_translated_text_is_not(template, found):
    assert bare_text(template) == found
