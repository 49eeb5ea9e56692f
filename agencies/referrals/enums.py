"""Vocabularies of the referral: states, acts, sides, coded reasons and outcomes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    DRAFT = "draft", _("Entwurf")
    SENT = "sent", _("gesendet")
    RECEIVED = "received", _("eingegangen")
    QUESTION = "question", _("Rückfrage")
    ACCEPTED = "accepted", _("angenommen")
    STARTED = "started", _("begonnen")
    OUTCOME = "outcome", _("Ergebnis liegt vor")
    CLOSED = "closed", _("abgeschlossen")
    DECLINED = "declined", _("abgelehnt")
    REROUTED = "rerouted", _("weitergeleitet")
    WITHDRAWN = "withdrawn", _("zurückgezogen")
    EXPIRED = "expired", _("abgelaufen")
    DROPPED_OUT = "dropped_out", _("abgebrochen")


#: Nobody has said yes or no yet.
UNANSWERED = frozenset({State.SENT, State.RECEIVED, State.QUESTION})
#: The recipient has said yes, and the loop is not closed.
UNDER_WAY = frozenset({State.ACCEPTED, State.STARTED, State.OUTCOME, State.DROPPED_OUT})
OPEN_STATES = UNANSWERED | UNDER_WAY
#: Over without having been taken on, or taken back: the recipient's access ends with the act itself.
ENDED = frozenset({State.DECLINED, State.REROUTED, State.WITHDRAWN, State.EXPIRED})


class Side(models.TextChoices):
    SENDER = "sender", _("Absender")
    RECIPIENT = "recipient", _("Empfänger")


class Act(models.TextChoices):
    """What can be done to a referral; the labels are the words on buttons."""

    REVISE = "revise", _("Bearbeiten")
    DISCARD = "discard", _("Entwurf verwerfen")
    SUBMIT = "submit", _("Zur Entscheidung vorlegen")
    SEND = "send", _("Senden")
    WITHDRAW = "withdraw", _("Zurückziehen")
    ANSWER = "answer", _("Rückfrage beantworten")
    CONFIRM_REROUTE = "confirm_reroute", _("Weiterleitung zustimmen")
    REJECT_REROUTE = "reject_reroute", _("Weiterleitung ablehnen")
    CLOSE = "close", _("Abschließen")
    REOPEN = "reopen", _("Wieder öffnen")
    OFFER_NEXT = "offer_next", _("Neu überweisen")
    PARK = "park", _("Zurückstellen")
    RECEIVE = "receive", _("Eingang bestätigen")
    ASK = "ask", _("Rückfrage stellen")
    ACCEPT = "accept", _("Annehmen")
    DECLINE = "decline", _("Ablehnen")
    PROPOSE_REROUTE = "propose_reroute", _("Andere Stelle vorschlagen")
    TAKE_ON = "take_on", _("Selbst übernehmen")
    ASSIGN = "assign", _("Zuweisen")
    START = "start", _("Beginn melden")
    RECORD_OUTCOME = "record_outcome", _("Ergebnis melden")
    DROP_OUT = "drop_out", _("Abbruch melden")
    REMARK = "remark", _("Nachricht schreiben")
    # By the clock, never by a member.
    REMIND = "remind", _("Erinnerung")
    ESCALATE = "escalate", _("Eskalation")
    EXPIRE = "expire", _("Ablauf")
    LAPSE = "lapse", _("Ende der Datenübermittlung")


class FollowUp(models.TextChoices):
    """What the sender does next after a referral was declined."""

    OFFER_NEXT = "offer_next", _("Anderer Stelle anbieten")
    PARK = "park", _("Zurückstellen und später neu überweisen")
    FIX_DATA = "fix_data", _("Angaben ergänzen und erneut senden")


class DeclineReason(models.TextChoices):
    NOT_RESPONSIBLE = "not_responsible", _("nicht zuständig")
    NO_CAPACITY = "no_capacity", _("derzeit keine freien Plätze")
    REQUIREMENTS = "requirements", _("Voraussetzungen nicht erfüllt")
    DATA_MISSING = "data_missing", _("Angaben fehlen oder stimmen nicht")
    NOT_REACHED = "not_reached", _("Person nicht erreicht")
    NOT_WANTED = "not_wanted", _("Person wünscht das Angebot nicht")
    ALREADY_SERVED = "already_served", _("Person wird hier schon betreut")


FOLLOW_UPS: dict[DeclineReason, FollowUp] = {
    DeclineReason.NOT_RESPONSIBLE: FollowUp.OFFER_NEXT,
    DeclineReason.NO_CAPACITY: FollowUp.PARK,
    DeclineReason.REQUIREMENTS: FollowUp.OFFER_NEXT,
    DeclineReason.DATA_MISSING: FollowUp.FIX_DATA,
    DeclineReason.NOT_REACHED: FollowUp.FIX_DATA,
    DeclineReason.NOT_WANTED: FollowUp.OFFER_NEXT,
    DeclineReason.ALREADY_SERVED: FollowUp.OFFER_NEXT,
}


class Outcome(models.TextChoices):
    ACHIEVED = "achieved", _("Ziel erreicht")
    PARTLY = "partly", _("Ziel teilweise erreicht")
    NOT_ACHIEVED = "not_achieved", _("Ziel nicht erreicht")
    NO_NEED = "no_need", _("Bedarf entfallen")
    NO_SHOW = "no_show", _("Person nicht erschienen")
    DROPPED_OUT = "dropped_out", _("abgebrochen")
    MOVED_AWAY = "moved_away", _("verzogen")


class MessageKind(models.TextChoices):
    REQUEST = "request", _("Anliegen")
    QUESTION = "question", _("Rückfrage")
    ANSWER = "answer", _("Antwort")
    REMARK = "remark", _("Nachricht")
