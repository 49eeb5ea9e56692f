"""The second wall for referrals: sender and recipient only, no drafts, no snapshot unread or recalled."""

from django.db import migrations

from agencies.row_security import IN_MY_GROUPS, ME, MY_AGENCY, forbid, is_mine, let_owner, protect

# The sender's side: the team that led the case at sending, or whichever team of that agency leads it now.
LEADING = (
    "EXISTS (SELECT 1 FROM cases_casegrant g WHERE g.case_id = {r}.case_id AND g.category = '' "
    "AND g.level = 'change')"
)
SENDING = f"({{r}}.sender_group_id = {IN_MY_GROUPS} OR ({{r}}.sender_id = {MY_AGENCY} AND {LEADING}))"
RECEIVING = f"({{r}}.recipient_group_id = {IN_MY_GROUPS} AND {{r}}.sent_at IS NOT NULL)"
REFERRAL = "referrals_referral"


def on(alias: str, *sides: str) -> str:
    return " OR ".join(side.format(r=alias) for side in sides)


def of_referral(key: str, *conditions: str) -> str:
    """Condition on the referral a row belongs to; its own wall applies first."""
    test = "".join(f" AND ({condition})" for condition in conditions)
    return f"EXISTS (SELECT 1 FROM referrals_referral r WHERE r.id = {key}{test})"


def of_snapshot(key: str, *conditions: str) -> str:
    test = "".join(f" AND ({condition})" for condition in conditions)
    return (
        "EXISTS (SELECT 1 FROM referrals_snapshot s JOIN referrals_referral r ON r.id = s.referral_id "
        f"WHERE s.id = {key}{test})"
    )


# Whether the data may still be used, asked past the wall: a recipient may not see that a disclosure of
# another group exists, and a sender that has handed over the case no longer sees its own.
FUNCTIONS = """
CREATE FUNCTION referral_is_covered(referral uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM referrals_referral r JOIN cases_disclosure d ON d.id = r.disclosure_id
        WHERE r.id = $1 AND d.revoked_at IS NULL AND d.valid_until > now())
$$;
-- What the recipient reads: only while covered, and a snapshot only after one's own acknowledgement.
CREATE FUNCTION referral_is_readable(referral uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT referral_is_covered($1) AND (
        NOT EXISTS (SELECT 1 FROM referrals_snapshot s WHERE s.referral_id = $1)
        OR EXISTS (SELECT 1 FROM referrals_snapshot s
            JOIN referrals_acknowledgement k ON k.snapshot_id = s.id
            JOIN agencies_membership m ON m.id = k.member_id
            WHERE s.referral_id = $1 AND m.user_id = app_user() AND m.agency_id = app_agency()))
$$;
-- Ends the access that came with a referral, whichever side ended the referral: a recipient may not touch
-- disclosures otherwise. Only in a state that ends it, only for those whose referral it is; what is closed
-- only for the sender, who may also let the recipient read on.
CREATE FUNCTION end_referral_disclosure(referral uuid, reason text) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE cases_disclosure d SET revoked_at = now(), revoked_reason = left(reason, 240), revoked_by_id = (
        SELECT m.id FROM agencies_membership m WHERE m.user_id = app_user() AND m.agency_id = app_agency())
    FROM referrals_referral r
    WHERE r.id = $1 AND d.id = r.disclosure_id AND d.revoked_at IS NULL
      AND (r.state IN ('declined', 'rerouted', 'withdrawn', 'expired')
           OR (r.state = 'closed' AND r.sender_id = app_agency()))
      AND app_agency() IN (r.sender_id, r.recipient_id)
      AND (r.recipient_group_id = ANY (app_groups()) OR r.sender_id = app_agency());
END $$;
-- For the job that looks at the clocks: ids only.
CREATE FUNCTION due_referrals(today date) RETURNS TABLE (referral_id uuid, agency_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT r.id, CASE
        WHEN r.proposed_agency_id IS NOT NULL OR r.state IN
            ('question', 'outcome', 'dropped_out', 'declined', 'expired')
        THEN r.sender_id ELSE r.recipient_id END
    FROM referrals_referral r
    WHERE (r.state IN ('sent', 'received', 'question') AND r.expires_on <= today)
       OR (r.escalate_on <= today AND r.escalated_at IS NULL)
       OR (r.remind_on <= today AND r.reminded_at IS NULL)
       OR (r.valid_until < today AND r.lapsed_at IS NULL AND r.state IN
           ('sent', 'received', 'question', 'accepted', 'started', 'outcome', 'dropped_out'))
    ORDER BY r.id
$$;
"""
DROP_FUNCTIONS = (
    "DROP FUNCTION due_referrals(date); DROP FUNCTION end_referral_disclosure(uuid, text);"
    "DROP FUNCTION referral_is_readable(uuid); DROP FUNCTION referral_is_covered(uuid)"
)

# From sending on, whom, what and why stand; and what is sent is what was disclosed.
GUARD = """
CREATE FUNCTION referrals_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.case_id, OLD.sender_id) IS DISTINCT FROM (NEW.case_id, NEW.sender_id) THEN
        RAISE EXCEPTION 'a referral keeps its case and sender' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.sent_at IS NOT NULL AND
        (OLD.disclosure_id, OLD.recipient_id, OLD.recipient_group_id, OLD.sender_group_id, OLD.purpose,
         OLD.legal_basis, OLD.categories, OLD.valid_until, OLD.sent_at, OLD.sender_member_id)
        IS DISTINCT FROM
        (NEW.disclosure_id, NEW.recipient_id, NEW.recipient_group_id, NEW.sender_group_id, NEW.purpose,
         NEW.legal_basis, NEW.categories, NEW.valid_until, NEW.sent_at, NEW.sender_member_id) THEN
        RAISE EXCEPTION 'what was sent stands' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.recipient_group_id IS DISTINCT FROM coalesce(
        (SELECT t.group_id FROM agencies_team t
         WHERE t.id = NEW.recipient_team_id AND t.agency_id = NEW.recipient_id),
        (SELECT a.group_id FROM agencies_agency a
         WHERE a.id = NEW.recipient_id AND NEW.recipient_team_id IS NULL)) THEN
        RAISE EXCEPTION 'the in-box is not the recipient''s' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.disclosure_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM cases_disclosure d
        WHERE d.id = NEW.disclosure_id AND d.case_id = NEW.case_id AND d.sender_id = NEW.sender_id
          AND d.recipient_group_id = NEW.recipient_group_id AND d.categories = NEW.categories) THEN
        RAISE EXCEPTION 'the disclosure is not the referral''s' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER referrals_guard BEFORE INSERT OR UPDATE ON referrals_referral
    FOR EACH ROW EXECUTE FUNCTION referrals_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_initial"), ("cases", "0002_row_security")]

    operations = [
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        migrations.RunSQL(
            GUARD, "DROP TRIGGER referrals_guard ON referrals_referral; DROP FUNCTION referrals_guard()"
        ),
        let_owner(REFERRAL),
        protect(
            REFERRAL,
            select=on(REFERRAL, SENDING, RECEIVING),
            insert=f"sender_id = {MY_AGENCY} AND state = 'draft' AND {LEADING.format(r=REFERRAL)}",
            update=on(REFERRAL, SENDING, RECEIVING),
            delete=f"sent_at IS NULL AND {SENDING.format(r=REFERRAL)}",
        ),
        protect(
            "referrals_referralevent",
            select=of_referral("referral_id"),
            insert=of_referral("referral_id")
            + f" AND ((by_id IS NULL AND {ME} IS NULL) OR {is_mine('by_id')})",
        ),
        protect(
            "referrals_message",
            select=of_referral("referral_id", f"{SENDING.format(r='r')} OR referral_is_readable(r.id)"),
            insert=of_referral("referral_id", f"{SENDING.format(r='r')} OR referral_is_readable(r.id)")
            + f" AND {is_mine('author_id')}",
        ),
        let_owner("referrals_snapshot"),
        protect(
            "referrals_snapshot",
            select=of_referral("referral_id"),
            insert=of_referral("referral_id", SENDING.format(r="r")),
        ),
        protect(
            "referrals_snapshotcontent",
            select=of_snapshot("snapshot_id", f"{SENDING.format(r='r')} OR referral_is_readable(r.id)"),
            insert=of_snapshot("snapshot_id", SENDING.format(r="r")),
        ),
        let_owner("referrals_acknowledgement"),
        protect(
            "referrals_acknowledgement",
            select=of_snapshot("snapshot_id"),
            insert=of_snapshot("snapshot_id", RECEIVING.format(r="r"))
            + f" AND {ME} IS NOT NULL AND {is_mine('member_id')}",
        ),
        *(
            forbid(f"referrals_{table}", "UPDATE", "DELETE")
            for table in ("referralevent", "message", "snapshot", "snapshotcontent", "acknowledgement")
        ),
    ]
