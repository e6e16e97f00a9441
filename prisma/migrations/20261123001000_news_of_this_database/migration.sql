-- A snapshot's oldest running transaction is that of the whole server: on a shared one, somebody's long transaction in another
-- database held back all live news. Only transactions of this database can still bring rows of ours.

-- The first transaction of this database that may still write news. Order matters: the upper end is taken first, then who is
-- running; a transaction below it that is not listed has ended, and the caller's next statement sees what it wrote.
-- Only members of lingxi_app may insert news, and each login sees the transactions of its own role.
CREATE FUNCTION "news_horizon"() RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  upper bigint := (pg_snapshot_xmax(pg_current_snapshot())::text)::bigint;
  oldest bigint;
BEGIN
  -- The list of sessions is remembered for the transaction: it must be younger than `upper`.
  PERFORM pg_stat_clear_snapshot();
  -- backend_xid has 32 bits: its upper half is that of `upper`, or one less where the counter has just gone round.
  SELECT min(CASE WHEN x.whole >= upper + 2147483648 THEN x.whole - 4294967296 ELSE x.whole END) INTO oldest
    FROM pg_stat_get_activity(NULL) a, LATERAL (SELECT (upper & ~4294967295) | (a.backend_xid::text)::bigint AS whole) x
    WHERE a.datid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database()) AND a.backend_xid IS NOT NULL;
  RETURN least(upper, coalesce(oldest, upper));
END $$;

-- Events of an account after a place, below what may still get rows in between.
CREATE OR REPLACE FUNCTION "read_events"(account uuid, after_xid bigint, after_id bigint, most int)
RETURNS TABLE (xid bigint, id bigint, type text, conversation_id uuid, message_id uuid, data jsonb)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE horizon bigint;
BEGIN
  PERFORM set_config('app.account_id', account::text, true);
  horizon := news_horizon();
  -- A statement of its own: its snapshot is younger than the horizon.
  RETURN QUERY SELECT e.xid, e.id, e.type, e.conversation_id, e.message_id, e.data FROM event e
    WHERE e.account_id = account AND (e.xid, e.id) > (after_xid, after_id) AND e.xid < horizon
    ORDER BY e.xid, e.id LIMIT most;
END $$;

REVOKE EXECUTE ON FUNCTION "news_horizon"() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION "news_horizon"() TO lingxi_app;
