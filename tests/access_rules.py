"""Who may open which address: the table that the role × URL matrix holds every address against.

An address that is missing here makes the suite red. ``needs`` is the permission without which the answer is
403; addresses about an object answer 404 to everyone who may not know of it.
"""

from dataclasses import dataclass

from agencies.roles import Permission

P = Permission

PUBLIC = "public"  # whoever comes by
ACCOUNT = "account"  # login, logout, password: allauth's own rules
MEMBER = "member"  # every member of an agency
CASE = "case"  # a case open to the member
LED = "led"  # a case that the member's own team leads
INVITED = "invited"  # an invitation to the user: nobody else's is found
PEOPLE = "people"  # a membership of the member's own agency
REFERRAL = "referral"  # sender or recipient of a referral
IMPORT = "import"  # an import begun by the member: nobody else's is found
TABLE = "table"  # a round table at which the member's agency sits
MEETING = "meeting"  # a meeting of such a table
MINUTES = "minutes"  # a closed meeting of such a table
ITEM = "item"  # an item on its agenda
DECISION = "decision"  # what a table decided: the tests of the running meeting have some
PROMISE = "promise"  # what the member's agency, or another at its table, has promised there
DRAFT = "draft"  # a referral not yet sent: the sender's side only


@dataclass(frozen=True)
class Rule:
    """How an address is guarded; ``posts`` if it takes nothing else, ``side`` of a referral that may act.

    At a round table ``side`` is "own" for the agency that proposed the item, leads its case and keeps the
    table, "moderator" for the one member who moderates, "present" for who has come: nobody yet.
    """

    kind: str
    needs: P | None = None
    posts: bool = False
    side: str = ""
    query: str = ""


RULES: dict[str, Rule] = {
    "healthz": Rule(PUBLIC),
    "favicon": Rule(PUBLIC),
    "agencies:home": Rule(MEMBER),
    "agencies:start": Rule(MEMBER),
    "agencies:switch": Rule(MEMBER),
    "agencies:invitation": Rule(INVITED),
    "agencies:directory": Rule(MEMBER),
    "agencies:roles": Rule(MEMBER),
    "agencies:members": Rule(MEMBER, P.MANAGE_MEMBERS),
    "agencies:invite": Rule(MEMBER, P.MANAGE_MEMBERS),
    "agencies:member": Rule(PEOPLE, P.MANAGE_MEMBERS),
    "agencies:deactivate": Rule(PEOPLE, P.MANAGE_MEMBERS),
    "agencies:reactivate": Rule(PEOPLE, P.MANAGE_MEMBERS, posts=True),
    "agencies:invite_again": Rule(PEOPLE, P.MANAGE_MEMBERS, posts=True),
    "agencies:settings": Rule(MEMBER, P.AGENCY_SETTINGS),
    "agencies:clocks": Rule(MEMBER, P.AGENCY_SETTINGS),
    "agencies:read_log": Rule(MEMBER, P.READ_LOG),
    "agencies:read_log_export": Rule(MEMBER, P.READ_LOG),
    "cases:search": Rule(MEMBER, P.VIEW_CASES),
    "cases:panel_mine": Rule(MEMBER, P.VIEW_CASES),
    "cases:panel_due": Rule(MEMBER, P.VIEW_CASES),
    "cases:list": Rule(MEMBER, P.VIEW_CASES),
    "cases:export": Rule(MEMBER, P.EXPORT),
    "cases:create": Rule(MEMBER, P.OPEN_CASES),
    "cases:detail": Rule(CASE),
    "cases:history": Rule(CASE),
    "cases:section_history": Rule(CASE),
    "cases:readers": Rule(CASE, P.READ_LOG),
    "cases:disclosures": Rule(CASE),
    "cases:add_reference": Rule(LED, P.EDIT_CASES),
    "cases:add_member": Rule(LED, P.EDIT_CASES),
    "cases:join_household": Rule(LED, P.EDIT_CASES),
    "cases:remove_member": Rule(LED, P.EDIT_CASES),
    "cases:status": Rule(LED, P.EDIT_CASES),
    "cases:take": Rule(LED, P.EDIT_CASES),
    "cases:collect": Rule(LED, P.EDIT_CASES),
    "cases:edit": Rule(LED, P.EDIT_CASES),
    "cases:add_note": Rule(LED, P.EDIT_CASES),
    "cases:assign": Rule(LED, P.ASSIGN_CASES),
    "cases:disclose": Rule(LED, P.DISCLOSE),
    "cases:revoke": Rule(LED, P.DISCLOSE),
    "cases:move_lead": Rule(LED, P.MOVE_LEAD),
    "cases:import": Rule(MEMBER, P.IMPORT_CASES),
    "cases:import_report": Rule(IMPORT, P.IMPORT_CASES),
    "cases:import_map": Rule(IMPORT, P.IMPORT_CASES),
    "cases:import_sheet": Rule(IMPORT, P.IMPORT_CASES, posts=True),
    "cases:import_progress": Rule(IMPORT, P.IMPORT_CASES),
    "cases:import_confirm": Rule(IMPORT, P.IMPORT_CASES, posts=True),
    "cases:import_cancel": Rule(IMPORT, P.IMPORT_CASES, posts=True),
    "cases:import_discard": Rule(IMPORT, P.IMPORT_CASES, posts=True),
    "cases:import_faults_csv": Rule(IMPORT, P.IMPORT_CASES),
    "cases:import_faults_xlsx": Rule(IMPORT, P.IMPORT_CASES),
    "referrals:inbox": Rule(MEMBER, P.VIEW_CASES),
    "referrals:outbox": Rule(MEMBER, P.VIEW_CASES),
    "referrals:export_inbox": Rule(MEMBER, P.EXPORT),
    "referrals:export_outbox": Rule(MEMBER, P.EXPORT),
    "referrals:panel_new": Rule(MEMBER, P.VIEW_CASES),
    "referrals:panel_due": Rule(MEMBER, P.VIEW_CASES),
    "referrals:panel_waiting": Rule(MEMBER, P.SEND_REFERRALS),
    "referrals:bulk": Rule(MEMBER, P.ANSWER_REFERRALS, posts=True),
    "referrals:of_case": Rule(CASE),
    "referrals:detail": Rule(REFERRAL),
    "referrals:acknowledge": Rule(REFERRAL, posts=True),
    "referrals:act": Rule(REFERRAL, P.SEND_REFERRALS, side="sender"),
    "referrals:offer_next": Rule(REFERRAL, P.SEND_REFERRALS, side="sender"),
    "referrals:recipient": Rule(DRAFT, P.SEND_REFERRALS),
    "referrals:revise": Rule(DRAFT, P.SEND_REFERRALS),
    "referrals:preview": Rule(DRAFT, P.SEND_REFERRALS),
    "referrals:new": Rule(LED, P.SEND_REFERRALS, query="fall={case}"),
    "referrals:terms": Rule(LED, P.SEND_REFERRALS, query="fall={case}&an={agency}"),
    "roundtable:list": Rule(MEMBER, P.JOIN_MEETINGS),
    "roundtable:found": Rule(MEMBER, P.MODERATE_MEETINGS),
    "roundtable:table": Rule(TABLE),
    "roundtable:edit_table": Rule(TABLE, P.MODERATE_MEETINGS, side="own"),
    "roundtable:plan": Rule(TABLE, P.MODERATE_MEETINGS),
    "roundtable:propose_at": Rule(TABLE, P.VIEW_CASES),
    "roundtable:propose": Rule(CASE, P.JOIN_MEETINGS),
    "roundtable:meeting": Rule(MEETING),
    "roundtable:programme": Rule(MEETING),
    "roundtable:curtains": Rule(MEETING),
    "roundtable:invite": Rule(MEETING, P.MODERATE_MEETINGS, side="moderator"),
    "roundtable:move": Rule(MEETING, P.MODERATE_MEETINGS, side="moderator"),
    "roundtable:cancel": Rule(MEETING, P.MODERATE_MEETINGS, side="moderator"),
    "roundtable:start": Rule(MEETING, P.MODERATE_MEETINGS, side="moderator"),
    "roundtable:order": Rule(MEETING, P.MODERATE_MEETINGS, side="moderator", posts=True),
    "roundtable:topic": Rule(MEETING, P.MODERATE_MEETINGS, side="moderator"),
    "roundtable:minutes_list": Rule(MEMBER, P.JOIN_MEETINGS),
    "roundtable:minutes": Rule(MINUTES),
    "roundtable:minutes_pdf": Rule(MINUTES),
    "roundtable:addendum": Rule(MINUTES),
    "roundtable:of_case": Rule(CASE),
    "roundtable:take": Rule(MEETING, P.MODERATE_MEETINGS, side="moderator", posts=True),
    "roundtable:reject": Rule(MEETING, P.MODERATE_MEETINGS, side="moderator", posts=True),
    "roundtable:word": Rule(ITEM, side="own"),
    "roundtable:put_back": Rule(ITEM, P.MODERATE_MEETINGS, side="moderator", posts=True),
    "roundtable:curtain": Rule(ITEM, side="own"),
    "roundtable:ask_for": Rule(ITEM),
    "roundtable:stand": Rule(MEETING),
    "roundtable:version": Rule(MEETING),
    "roundtable:come": Rule(MEETING, posts=True),
    "roundtable:go": Rule(MEETING, posts=True),
    "roundtable:take_over": Rule(MEETING, P.MODERATE_MEETINGS, posts=True),
    "roundtable:call": Rule(MEETING, P.MODERATE_MEETINGS, side="moderator", posts=True),
    "roundtable:leave": Rule(MEETING, P.MODERATE_MEETINGS, side="moderator", posts=True),
    "roundtable:close": Rule(MEETING, P.MODERATE_MEETINGS, side="moderator"),
    "roundtable:write_summary": Rule(ITEM, side="own"),
    "roundtable:notes": Rule(ITEM, side="own"),
    "roundtable:decide": Rule(ITEM, side="present"),
    "roundtable:commit": Rule(DECISION),
    "roundtable:refer": Rule(DECISION, posts=True),
    "roundtable:answer": Rule(PUBLIC),
    "roundtable:feed": Rule(PUBLIC),
    "roundtable:paste": Rule(MEMBER, P.JOIN_MEETINGS),
    "roundtable:calendar": Rule(MEMBER, P.JOIN_MEETINGS),
    "roundtable:commitments": Rule(MEMBER, P.JOIN_MEETINGS),
    "roundtable:panel_commitments": Rule(MEMBER, P.JOIN_MEETINGS),
    "roundtable:commitment": Rule(PROMISE),
    "roundtable:fulfil": Rule(PROMISE, side="own"),
    "roundtable:extend": Rule(PROMISE, side="own"),
    "roundtable:withdraw": Rule(PROMISE, side="own"),
    "roundtable:kept": Rule(TABLE),
    "roundtable:room": Rule(PUBLIC),
    "roundtable:room_stand": Rule(PUBLIC),
    "roundtable:room_version": Rule(PUBLIC),
    **{
        f"account_{name}": Rule(ACCOUNT)
        for name in (
            "login",
            "logout",
            "inactive",
            "signup",
            "change_password",
            "set_password",
            "reset_password",
            "reset_password_from_key_done",
            "reset_password_from_key",
            "reset_password_done",
        )
    },
}
