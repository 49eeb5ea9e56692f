"""Every page of the portal as the accessibility tests visit it: who opens it, in which state, sent or not."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from agencies.enums import Category
from agencies.referrals.enums import Act, State
from tests.addresses import patterns
from tests.e2e.world import STATES, World

ADDRESSES = dict(patterns())
S, R = "fallmanagement", "youth"
PROMISE = {f"roundtable:{name}" for name in ("commitment", "fulfil", "extend", "withdraw")}


@dataclass(frozen=True)
class Entry:
    """One page; ``submit`` is the button that sends its empty or wrong form."""

    name: str
    who: str = "teamleitung"
    state: str = ""
    act: Act | None = None
    category: str = ""
    query: str = ""
    submit: str = ""

    def __str__(self) -> str:
        more = [self.state, self.act.value if self.act else "", self.category, self.who, self.submit]
        return "-".join([self.name, *(part for part in more if part)]).replace(" ", "_")

    def address(self, world: World) -> str:
        known = {
            "pk": self._pk(world),
            "case": world.case,
            "member": world.relative,
            "disclosure": world.disclosure,
            "category": self.category,
            "act": self.act,
            "table": world.table,
            "item": world.items.get(self.state or "case"),
            "decision": world.decision,
            "key": world.room_key,
        }
        url = reverse(self.name, kwargs={part: known[part] for part in ADDRESSES[self.name]})
        agency = world.county["jugendamt"].pk
        query = self.query.format(case=world.case, agency=agency, team=world.youth_team)
        return f"{url}?{query}" if query else url

    def _pk(self, world: World) -> Any:
        if self.name.startswith("referrals:"):
            return world.referrals.get(self.state)
        if self.name in PROMISE:
            return world.promise
        if self.name.startswith("roundtable:"):
            return world.meetings.get(self.state or "invited")
        if self.name.startswith("cases:import"):
            return world.batches.get(self.state)
        if self.name == "agencies:invitation":
            return world.invitation
        if self.name.startswith("agencies:"):
            return world.people["fachdienst"].pk
        return world.handed_over if self.state == "handed over" else world.case


ENTRANCE = [
    Entry("account_login", ""),
    Entry("account_login", "", query="next=/faelle/", submit="Anmelden"),
    Entry("account_reset_password", ""),
    Entry("account_reset_password", "", submit="Link anfordern"),
    Entry("account_reset_password_done", ""),
    Entry("account_reset_password_from_key_done", ""),
    Entry("account_signup", ""),
    Entry("account_inactive", ""),
    Entry("account_logout"),
    Entry("account_change_password"),
    Entry("account_change_password", submit="Passwort speichern"),
]
AGENCIES = [
    *(Entry("agencies:start", who) for who in (S, "teamleitung", "leitung", "datenschutz", "verwaltung")),
    Entry("agencies:start", "redaktion"),
    Entry("agencies:start", R),
    Entry("agencies:switch"),
    Entry("agencies:switch", "kursbuero", state="invited"),
    Entry("agencies:invitation", "kursbuero"),
    Entry("agencies:members", "verwaltung"),
    Entry("agencies:members", "verwaltung", query="q=gibtesnicht", state="none"),
    Entry("agencies:invite", "verwaltung"),
    Entry("agencies:invite", "verwaltung", submit="Einladen"),
    Entry("agencies:member", "verwaltung"),
    Entry("agencies:deactivate", "verwaltung"),
    Entry("agencies:settings"),
    Entry("agencies:settings", "leitung"),
    Entry("agencies:clocks"),
    Entry("agencies:directory"),
    Entry("agencies:roles"),
    Entry("agencies:read_log"),
    Entry("agencies:read_log", "datenschutz"),
]
CASES = [
    Entry("cases:list"),
    Entry("cases:list", R),
    Entry("cases:list", state="none", query="q=gibtesnicht&status=closed"),
    Entry("cases:search"),
    Entry("cases:search", state="found", query="q=Geheimnis"),
    Entry("cases:search", state="none", query="q=gibtesnicht"),
    Entry("cases:create", S),
    Entry("cases:create", S, submit="Fall anlegen"),
    *(Entry("cases:detail", who) for who in (S, "teamleitung", R)),
    Entry("cases:history"),
    Entry("cases:readers"),
    Entry("cases:section_history", category="contact"),
    *(Entry("cases:edit", category=category.value) for category in Category),
    Entry("cases:edit", category="identity", submit="Speichern"),
    Entry("cases:add_note", category="debts"),
    Entry("cases:add_note", category="debts", submit="Notiz speichern"),
    Entry("cases:add_reference"),
    Entry("cases:add_member"),
    Entry("cases:join_household"),
    Entry("cases:remove_member"),
    Entry("cases:status"),
    Entry("cases:assign"),
    Entry("cases:take"),
    Entry("cases:disclosures"),
    Entry("cases:disclosures", R),
    Entry("cases:disclose"),
    Entry("cases:disclose", state="data", query="to={agency}&purpose=youth_welfare"),
    Entry("cases:revoke"),
    Entry("cases:move_lead"),
    Entry("cases:move_lead", state="data", query="team=team-{team}"),
    Entry("cases:collect", state="handed over"),
    Entry("cases:detail", state="handed over"),
    Entry("cases:import"),
    Entry("cases:import", submit="Weiter zu den Spalten"),
    Entry("cases:import_map", state="uploaded"),
    Entry("cases:import_report", state="checking"),
]
#: In which state, and on whose side, an act is asked for.
ACTS: dict[Act, tuple[str, str]] = {
    Act.ACCEPT: (State.RECEIVED, R),
    Act.ANSWER: (State.QUESTION, S),
    Act.ASK: (State.RECEIVED, R),
    Act.ASSIGN: (State.ACCEPTED, R),
    Act.CLOSE: (State.DROPPED_OUT, S),
    Act.CONFIRM_REROUTE: ("proposed", S),
    Act.DECLINE: (State.RECEIVED, R),
    Act.DISCARD: (State.DRAFT, S),
    Act.DROP_OUT: (State.STARTED, R),
    Act.PARK: (State.DECLINED, S),
    Act.PROPOSE_REROUTE: (State.RECEIVED, R),
    Act.RECORD_OUTCOME: (State.STARTED, R),
    Act.REJECT_REROUTE: ("proposed", S),
    Act.REMARK: (State.ACCEPTED, S),
    Act.REOPEN: (State.CLOSED, S),
    Act.START: (State.ACCEPTED, R),
    Act.TAKE_ON: (State.ACCEPTED, R),
    Act.WITHDRAW: (State.SENT, S),
}
REFERRALS = [
    Entry("referrals:inbox", R),
    Entry("referrals:inbox"),
    Entry("referrals:inbox", R, state="none", query="state=rerouted&overdue=on"),
    Entry("referrals:outbox", S),
    Entry("referrals:outbox", S, state="all", query="state=all"),
    Entry("referrals:new", S, query="fall={case}"),
    Entry("referrals:terms", S, query="fall={case}&an={agency}"),
    Entry("referrals:terms", S, query="fall={case}&an={agency}", submit="Weiter zur Vorschau"),
    Entry("referrals:recipient", S, state="draft"),
    Entry("referrals:revise", S, state="draft"),
    Entry("referrals:preview", S, state="draft"),
    Entry("referrals:offer_next", S, state="declined"),
    *(Entry("referrals:detail", S, state=state.value) for state in STATES if state != State.DRAFT),
    *(Entry("referrals:detail", R, state=state.value) for state in STATES if state != State.DRAFT),
    Entry("referrals:of_case", S),
    Entry("referrals:detail", S, state="proposed"),
    Entry("referrals:detail", R, state="proposed"),
    Entry("referrals:detail", "school", state="snapshot"),
    Entry("referrals:detail", "school", state="acknowledged"),
    *(Entry("referrals:act", who, state=state, act=act) for act, (state, who) in ACTS.items()),
    Entry("referrals:act", R, state=State.RECEIVED, act=Act.ASK, submit="Rückfrage stellen"),
    Entry("referrals:act", R, state=State.RECEIVED, act=Act.DECLINE, submit="Ablehnen"),
]
ROUND_TABLE = [
    Entry("roundtable:list"),
    Entry("roundtable:list", "school"),
    Entry("roundtable:found"),
    Entry("roundtable:found", submit="Einrichten"),
    Entry("roundtable:table"),
    Entry("roundtable:table", S),
    Entry("roundtable:edit_table"),
    Entry("roundtable:plan"),
    Entry("roundtable:plan", submit="Planen"),
    Entry("roundtable:propose_at", S),
    Entry("roundtable:propose_at", S, state="found", query="q=Geheimnis"),
    Entry("roundtable:propose_at", S, state="none", query="q=gibtesnicht"),
    Entry("roundtable:propose", S),
    Entry("roundtable:propose", S, submit="Vorschlagen"),
    *(Entry("roundtable:meeting", who) for who in ("teamleitung", S, R, "school")),
    *(Entry("roundtable:meeting", state=state) for state in ("empty", "cancelled")),
    Entry("roundtable:invite"),
    Entry("roundtable:invite", submit="Einladen"),
    Entry("roundtable:move"),
    Entry("roundtable:cancel"),
    Entry("roundtable:start"),
    Entry("roundtable:topic"),
    Entry("roundtable:topic", submit="Hinzufügen"),
    *(Entry("roundtable:curtains", who) for who in (S, R, "school")),
    Entry("roundtable:curtains", state="empty"),
    Entry("roundtable:curtain", S),
    Entry("roundtable:ask_for", "school"),
    Entry("roundtable:ask_for", "school", submit="Bitten"),
    Entry("roundtable:minutes_list"),
    *(Entry("roundtable:minutes", who, state="closed") for who in ("teamleitung", "school")),
    Entry("roundtable:addendum", "school", state="closed"),
    Entry("roundtable:addendum", "school", state="closed", submit="Nachtrag eintragen"),
    Entry("roundtable:of_case", S),
    Entry("roundtable:commitments"),
    Entry("roundtable:commitments", R),
    Entry("roundtable:commitments", R, state="none", query="state=withdrawn"),
    Entry("roundtable:commitment"),
    Entry("roundtable:commitment", R),
    Entry("roundtable:fulfil", S),
    Entry("roundtable:extend", S, submit="Frist verlängern"),
    Entry("roundtable:withdraw", S),
    Entry("roundtable:kept", R),
    Entry("roundtable:paste"),
    Entry("roundtable:paste", submit="Antwort eintragen"),
    Entry("roundtable:calendar"),
    Entry("roundtable:calendar", submit="Adresse erzeugen"),
    *(Entry("roundtable:meeting", who, state="running") for who in ("teamleitung", S, R, "school")),
    Entry("roundtable:close", state="running"),
    Entry("roundtable:notes", R, state="called"),
    Entry("roundtable:write_summary", S, state="called"),
    Entry("roundtable:decide", R, state="called"),
    Entry("roundtable:decide", R, state="called", submit="Beschluss festhalten"),
    Entry("roundtable:commit", R, state="running"),
    Entry("roundtable:commit", R, state="running", submit="Aufgabe festhalten"),
    Entry("roundtable:room", "", state="running"),
    Entry("roundtable:room", "", state="running", query="farben=dunkel"),
    Entry("roundtable:word"),
    Entry("roundtable:word", state="topic"),
    Entry("roundtable:word", submit="Speichern"),
]
PAGES = [*ENTRANCE, *AGENCIES, *CASES, *REFERRALS, *ROUND_TABLE]

#: Addresses that show no page of their own, and why.
NO_PAGE = {
    "healthz": "for machines",
    "favicon": "leads to the mark",
    "agencies:home": "leads to the start page",
    "agencies:reactivate": "takes a form only",
    "agencies:invite_again": "takes a form only",
    "agencies:read_log_export": "a file",
    "cases:panel_mine": "part of the start page",
    "cases:panel_due": "part of the start page",
    "cases:export": "a file",
    "cases:import_sheet": "takes a form only",
    "cases:import_progress": "part of the report",
    "cases:import_confirm": "takes a form only",
    "cases:import_cancel": "takes a form only",
    "cases:import_discard": "takes a form only",
    "cases:import_faults_csv": "a file",
    "cases:import_faults_xlsx": "a file",
    "referrals:export_inbox": "a file",
    "referrals:export_outbox": "a file",
    "referrals:bulk": "takes a form only; its result page has a test of its own",
    "referrals:acknowledge": "takes a form only",
    "referrals:panel_new": "part of the start page",
    "referrals:panel_due": "part of the start page",
    "referrals:panel_waiting": "part of the start page",
    "roundtable:minutes_pdf": "a file",
    "roundtable:answer": "opened with a mailed key: a test of its own",
    "roundtable:feed": "a file",
    "roundtable:panel_commitments": "part of the start page",
    "roundtable:programme": "part of the agenda",
    "roundtable:order": "takes a form only",
    "roundtable:take": "takes a form only",
    "roundtable:reject": "takes a form only",
    "roundtable:put_back": "takes a form only",
    "roundtable:stand": "part of the running meeting",
    "roundtable:version": "for machines",
    "roundtable:come": "takes a form only",
    "roundtable:go": "takes a form only",
    "roundtable:call": "takes a form only",
    "roundtable:leave": "takes a form only",
    "roundtable:take_over": "takes a form only",
    "roundtable:refer": "takes a form only",
    "roundtable:room_stand": "part of the screen in the room",
    "roundtable:room_version": "for machines",
    "account_reset_password_from_key": "opened with a mailed key: a test of its own",
    "account_set_password": "leads to changing it",
}
