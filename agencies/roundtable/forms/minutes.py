"""The form of an addendum to locked minutes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.cases.forms.fields import PlainCharField


class AddendumForm(forms.Form):
    """What is corrected or added; it is signed with the member's name and agency."""

    text = PlainCharField(
        label=_("Nachtrag"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "Nennen Sie den Punkt, um den es geht, und die Berichtigung. "
            "Keine Namen: diesen Text lesen alle am Tisch."
        ),
    )
