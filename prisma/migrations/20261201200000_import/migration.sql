-- An account comes in whole from a file, in one long transaction of a connection that calls itself "lingxi load".

-- People belong to no account and are written by another role, in the last moment before that transaction commits: only then may
-- their memberships be held against them. Everywhere else the check is made at once, as before.
ALTER TABLE "membership" ALTER CONSTRAINT "membership_user_id_fkey" DEFERRABLE INITIALLY IMMEDIATE;

-- A version that was trained in another installation: its history comes along, its weights do not, and it answers nobody here.
ALTER TABLE "model_version" ADD COLUMN "brought" BOOLEAN NOT NULL DEFAULT false;

-- What was labelled elsewhere was used, and paid for, there.
CREATE OR REPLACE FUNCTION "count_usage"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('app.brought', true) = 'on' THEN RETURN NULL; END IF;
  INSERT INTO usage_record (account_id, message_id, created_at)
    SELECT account_id, message_id, created_at FROM labelled ON CONFLICT (account_id, message_id) DO NOTHING;
  RETURN NULL;
END $$;

-- As before, but for loads: they write no news, and the news of all accounts must not wait for the minutes that one takes.
CREATE OR REPLACE FUNCTION "news_horizon"() RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  upper bigint := (pg_snapshot_xmax(pg_current_snapshot())::text)::bigint;
  oldest bigint;
BEGIN
  -- The list of sessions is remembered for the transaction: it must be younger than `upper`.
  PERFORM pg_stat_clear_snapshot();
  -- backend_xid has 32 bits: its upper half is that of `upper`, or one less where the counter has just gone round.
  SELECT min(CASE WHEN x.whole >= upper + 2147483648 THEN x.whole - 4294967296 ELSE x.whole END) INTO oldest
    FROM pg_stat_get_activity(NULL) a, LATERAL (SELECT (upper & ~4294967295) | (a.backend_xid::text)::bigint AS whole) x
    WHERE a.datid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database()) AND a.backend_xid IS NOT NULL
      AND a.application_name IS DISTINCT FROM 'lingxi load';
  RETURN least(upper, coalesce(oldest, upper));
END $$;
