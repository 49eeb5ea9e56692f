"""The words and colours of referrals on the screen: states, what happened, dialogs and what they answer."""

from collections.abc import Collection

from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from agencies.models import Membership
from agencies.referrals.enums import Act, DeclineReason, FollowUp, State
from agencies.referrals.models import Referral

LEVELS: dict[State, str] = {
    State.DRAFT: "neutral",
    State.SENT: "info",
    State.RECEIVED: "info",
    State.QUESTION: "warning",
    State.ACCEPTED: "success",
    State.STARTED: "success",
    State.OUTCOME: "warning",
    State.CLOSED: "neutral",
    State.DECLINED: "danger",
    State.REROUTED: "neutral",
    State.WITHDRAWN: "neutral",
    State.EXPIRED: "danger",
    State.DROPPED_OUT: "danger",
}


def standing(referral: Referral, member: Membership) -> tuple[str, str]:
    """The state in the reader's words, and its colour: what came in is not "sent" there, but unread."""
    level = LEVELS[State(referral.state)]
    if referral.state == State.SENT and referral.recipient_id == member.agency_id:
        return _gettext("ungelesen"), level
    if referral.state == State.DRAFT and referral.submitted_at:
        return _gettext("zur Entscheidung"), "warning"
    return str(State(referral.state).label), level


#: What an act is called once it has happened, in the history.
HAPPENED = {
    Act.SEND: _("gesendet"),
    Act.WITHDRAW: _("zurückgezogen"),
    Act.ANSWER: _("Rückfrage beantwortet"),
    Act.CONFIRM_REROUTE: _("Weiterleitung zugestimmt"),
    Act.REJECT_REROUTE: _("Weiterleitung abgelehnt"),
    Act.CLOSE: _("abgeschlossen"),
    Act.REOPEN: _("wieder geöffnet"),
    Act.PARK: _("zurückgestellt"),
    Act.RECEIVE: _("erstmals geöffnet"),
    Act.ASK: _("Rückfrage gestellt"),
    Act.ACCEPT: _("angenommen"),
    Act.DECLINE: _("abgelehnt"),
    Act.PROPOSE_REROUTE: _("andere Stelle vorgeschlagen"),
    Act.TAKE_ON: _("selbst übernommen"),
    Act.ASSIGN: _("zugewiesen"),
    Act.START: _("begonnen"),
    Act.RECORD_OUTCOME: _("Ergebnis gemeldet"),
    Act.DROP_OUT: _("Abbruch gemeldet"),
    Act.REMIND: _("erinnert"),
    Act.ESCALATE: _("an die Teamleitung gemeldet"),
    Act.EXPIRE: _("ohne Antwort abgelaufen"),
    Act.LAPSE: _("Datenübermittlung abgelaufen"),
}

#: The sentence under a dialog's title: what the act means for the other side and for the data.
MEANS = {
    Act.ACCEPT: _("Der Absender wird benachrichtigt. Ihre Stelle bearbeitet das Anliegen ab jetzt."),
    Act.ANSWER: _("Die Frist der anderen Stelle beginnt mit Ihrer Antwort neu."),
    Act.ASK: _("Ihre Frist ruht, bis der Absender geantwortet hat."),
    Act.ASSIGN: _("Die Person wird benachrichtigt."),
    Act.CLOSE: _("Die empfangende Stelle wird benachrichtigt."),
    Act.CONFIRM_REROUTE: _(
        "Diese Überweisung endet, die bisherige Stelle kann die Daten nicht mehr lesen. "
        "Sie erhalten einen Entwurf an die vorgeschlagene Stelle und prüfen ihn vor dem Senden."
    ),
    Act.DECLINE: _(
        "Der Absender wird benachrichtigt. Ihre Stelle kann die übermittelten Daten dann nicht mehr lesen."
    ),
    Act.DISCARD: _("Der Entwurf wird gelöscht. Er war für niemanden außerhalb Ihres Teams sichtbar."),
    Act.DROP_OUT: _("Der Absender wird sofort benachrichtigt und entscheidet, wie es weitergeht."),
    Act.PARK: _("An diesem Tag erinnert Kreisrund Sie, neu zu überweisen."),
    Act.PROPOSE_REROUTE: _(
        "Der Absender entscheidet. Ohne seine Zustimmung erfährt die andere Stelle nichts."
    ),
    Act.RECORD_OUTCOME: _("Der Absender sieht das Ergebnis und schließt die Überweisung ab."),
    Act.REJECT_REROUTE: _("Die Überweisung bleibt bei der jetzigen Stelle."),
    Act.REOPEN: _("Die Überweisung geht an die empfangende Stelle zurück, Stand „angenommen“."),
    Act.START: _("Der Absender sieht, dass die Arbeit mit der Person begonnen hat."),
    Act.TAKE_ON: _("Sie stehen dann als zuständig in dieser Überweisung."),
    Act.WITHDRAW: _("Die empfangende Stelle wird benachrichtigt und kann die Daten nicht mehr lesen."),
}

#: What is said when the act is done.
DONE = {
    Act.ACCEPT: _("Die Überweisung ist angenommen."),
    Act.ANSWER: _("Ihre Antwort ist gesendet."),
    Act.ASK: _("Ihre Rückfrage ist gesendet."),
    Act.ASSIGN: _("Die Zuständigkeit ist geändert."),
    Act.CLOSE: _("Die Überweisung ist abgeschlossen."),
    Act.CONFIRM_REROUTE: _("Sie haben zugestimmt. Bitte prüfen Sie den Entwurf an die neue Stelle."),
    Act.DECLINE: _("Die Überweisung ist abgelehnt."),
    Act.DISCARD: _("Der Entwurf ist gelöscht."),
    Act.DROP_OUT: _("Der Abbruch ist gemeldet."),
    Act.PARK: _("Die Überweisung ist zurückgestellt."),
    Act.PROPOSE_REROUTE: _("Ihr Vorschlag ist beim Absender."),
    Act.RECORD_OUTCOME: _("Das Ergebnis ist gemeldet."),
    Act.REJECT_REROUTE: _("Die Überweisung bleibt, wo sie ist."),
    Act.REMARK: _("Ihre Nachricht ist gesendet."),
    Act.REOPEN: _("Die Überweisung ist wieder offen."),
    Act.START: _("Der Beginn ist gemeldet."),
    Act.TAKE_ON: _("Sie sind jetzt zuständig."),
    Act.WITHDRAW: _("Die Überweisung ist zurückgezogen."),
}

#: Acts that end or break something: their button looks like it.
GRAVE = frozenset({Act.DECLINE, Act.DISCARD, Act.DROP_OUT, Act.WITHDRAW})

#: Acts of the recipient that say something about the person: a copy's purpose notice comes before them.
ABOUT_PERSON = frozenset({Act.ASK, Act.DROP_OUT, Act.RECORD_OUTCOME, Act.REMARK, Act.START})

#: The acts in the order in which they lead on; the first possible one is the page's main button.
LEADING = (Act.CONFIRM_REROUTE, Act.ACCEPT, Act.START, Act.RECORD_OUTCOME, Act.OFFER_NEXT, Act.CLOSE)
#: What stands beside the main button; everything else is under "Weitere Schritte".
BESIDE = (Act.REJECT_REROUTE, Act.ASK, Act.DECLINE, Act.RECORD_OUTCOME, Act.REOPEN, Act.PARK, Act.OFFER_NEXT)

#: What comes first after a refusal.
FOLLOWING = {FollowUp.PARK: Act.PARK, FollowUp.OFFER_NEXT: Act.OFFER_NEXT, FollowUp.FIX_DATA: Act.OFFER_NEXT}


def leading(referral: Referral, acts: Collection[Act]) -> Act | None:
    """The page's main button: what the member most probably came for; none when all is done."""
    if referral.state == State.CLOSED or (referral.state == State.OUTCOME and Act.CLOSE not in acts):
        return None
    follow_up = referral.follow_up if referral.state == State.DECLINED else None
    first = [FOLLOWING[follow_up]] if follow_up else []
    return next((act for act in (*first, *LEADING) if act in acts), None)


ADVICE: dict[DeclineReason | None, object] = {
    DeclineReason.NOT_RESPONSIBLE: _("Suchen Sie die zuständige Stelle und überweisen Sie dorthin."),
    DeclineReason.NO_CAPACITY: _("Stellen Sie die Überweisung zurück oder fragen Sie eine andere Stelle an."),
    DeclineReason.REQUIREMENTS: _("Prüfen Sie, welches andere Angebot zu der Person passt."),
    DeclineReason.DATA_MISSING: _("Berichtigen Sie die Angaben im Fall und überweisen Sie erneut."),
    DeclineReason.NOT_REACHED: _("Prüfen Sie die Kontaktdaten im Fall und überweisen Sie erneut."),
    DeclineReason.NOT_WANTED: _("Sprechen Sie mit der Person über ein anderes Angebot."),
    DeclineReason.ALREADY_SERVED: _("Stimmen Sie sich mit der Stelle ab, bei der die Person schon ist."),
}
