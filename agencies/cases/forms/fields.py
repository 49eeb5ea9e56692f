"""Fields that read what clerks type: partial birth dates, German dates and amounts, names in any script."""

import datetime
import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.cases import birthdates
from agencies.errors import Refused

#: Control characters and direction overrides that no name needs, but that make text show as something else.
#: Joiners (U+200C, U+200D) stay: Persian and emoji are written with them.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_JOINERS = re.compile("[\u200c\u200d\u00ad\u3164\\s]+")
_GROUPED = re.compile(r"-?\d{1,3}(\.\d{3})+")
_POSTCODE = re.compile(r"\d{5}|(?!D-)[A-Z]{1,3}-[A-Z0-9 ]{3,8}")
DATE_FORMATS = ["%d.%m.%Y", "%d.%m.%y", "%Y-%m-%d"]


def plain(text: str) -> str:
    """Text without invisible characters; nothing at all if only joiners and blanks are left."""
    cleaned = _UNWANTED.sub("", text).replace("\u2028", "\n").replace("\u2029", "\n").strip()
    return cleaned if _JOINERS.sub("", cleaned) else ""


class PlainCharField(forms.CharField):
    """A text field that drops invisible characters before it judges what was typed."""

    def to_python(self, value: Any) -> str:
        return plain(super().to_python(value) or "")


class BirthDateField(forms.CharField):
    """3.5.1990, 00.05.1990 or 1990: a ``PartialDate``."""

    default_help = gettext_lazy("TT.MM.JJJJ, Unbekanntes als 00, zum Beispiel 00.00.1990")

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Geburtsdatum"))
        kwargs.setdefault("help_text", self.default_help)
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)
        self.widget.attrs |= {"class": "kr-short", "autocomplete": "off"}

    def to_python(self, value: Any) -> birthdates.PartialDate | None:  # type: ignore[override]
        if not (text := super().to_python(value) or ""):
            return None
        try:
            return birthdates.parse(text, serials=False)
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def run_validators(self, value: Any) -> None:
        super().run_validators("" if value is None else str(value))

    def prepare_value(self, value: Any) -> str:
        return "" if value is None else str(value)


class GermanDateField(forms.DateField):
    """A day as TT.MM.JJJJ, in a plain text field."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["input_formats"] = DATE_FORMATS
        kwargs["widget"] = forms.DateInput(
            format="%d.%m.%Y", attrs={"class": "kr-short", "autocomplete": "off", "placeholder": ""}
        )
        kwargs["help_text"] = kwargs.get("help_text") or gettext_lazy("TT.MM.JJJJ")
        kwargs["error_messages"] = {
            "invalid": gettext_lazy(
                "Das ist kein Datum. Bitte als TT.MM.JJJJ angeben, zum Beispiel 03.05.2026."
            )
        }
        super().__init__(**kwargs)

    def validate(self, value: datetime.date | None) -> None:
        super().validate(value)
        if value and not birthdates.EARLIEST_YEAR <= value.year <= birthdates.LATEST_YEAR:
            raise ValidationError(_("Das Jahr %(year)s ist nicht möglich.") % {"year": value.year})


class GermanDecimalField(forms.DecimalField):
    """An amount as Germans write it: 1.200,50 €; a lone group of three after a point means thousands."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs |= {"class": "kr-short", "inputmode": "decimal"}

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if not isinstance(value, str):
            return super().to_python(value)
        text = re.sub(r"[\s€]|EUR", "", value)
        if "," in text:
            text = text.replace(".", "").replace(",", ".")
        elif _GROUPED.fullmatch(text):
            text = text.replace(".", "")
        try:
            return super().to_python(text)
        except InvalidOperation as error:  # pragma: no cover - Django catches it today
            raise ValidationError(self.error_messages["invalid"]) from error

    def prepare_value(self, value: Any) -> Any:
        return str(value).replace(".", ",") if isinstance(value, Decimal) else value


class PostcodeField(PlainCharField):
    """Five digits, or abroad with the country before it."""

    def to_python(self, value: Any) -> str:
        return re.sub(r"^DE?[- ]+(?=\d)", "", super().to_python(value).upper())

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not _POSTCODE.fullmatch(value):
            raise ValidationError(
                _("Bitte fünf Ziffern angeben, im Ausland mit dem Land davor, zum Beispiel A-6020.")
            )


class ReadableEmailField(forms.EmailField):
    """An address with its domain as people write it: browsers send „exämple.de“ as xn--exmple-cua.de."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        name, at, domain = text.rpartition("@")
        try:
            return f"{name}{at}{domain.encode('ascii').decode('idna')}" if "xn--" in domain else text
        except UnicodeError:
            return text


class LinesField(forms.CharField):
    """Several short texts, one per line."""

    def __init__(self, *, item_length: int, max_items: int = 20, **kwargs: Any) -> None:
        self.item_length, self.max_items = item_length, max_items
        kwargs["widget"] = forms.Textarea(attrs={"rows": 3})
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        lines = value if isinstance(value, list) else (super().to_python(value) or "").splitlines()
        return list(dict.fromkeys(filter(None, map(plain, lines))))

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > self.max_items:
            raise ValidationError(_("Höchstens %(n)s Zeilen.") % {"n": self.max_items})
        if any(len(line) > self.item_length for line in value):
            raise ValidationError(
                _("Jede Zeile darf höchstens %(n)s Zeichen haben.") % {"n": self.item_length}
            )

    def run_validators(self, value: Any) -> None:
        for line in value:
            super().run_validators(line)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


@contextmanager
def said_in(form: forms.BaseForm) -> Iterator[None]:
    """What an action refuses, the form says: at the field where it has one, else above all fields."""
    try:
        yield
    except Refused as refusal:
        form.add_error(None, str(refusal))
    except ValidationError as error:
        for name, messages in getattr(error, "message_dict", {NON_FIELD_ERRORS: error.messages}).items():
            form.add_error(name if name in form.fields else None, messages)
