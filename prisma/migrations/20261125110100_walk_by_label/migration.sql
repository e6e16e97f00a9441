-- The list of one label was a walk past every conversation without it: 10 ms at a million. Now a label's own rows stand in the
-- order of the list. What they copy changes with each message, so only conversations that ever bore a label pay for it.
ALTER TABLE "conversation" ADD COLUMN "labelled" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "conversation_label"
  ADD COLUMN "status" TEXT NOT NULL DEFAULT 'open',
  ADD COLUMN "last_activity_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;
UPDATE "conversation_label" l SET "status" = c.status, "last_activity_at" = c.last_activity_at
  FROM "conversation" c WHERE c.account_id = l.account_id AND c.id = l.conversation_id;
UPDATE "conversation" c SET "labelled" = true
  WHERE EXISTS (SELECT 1 FROM "conversation_label" l WHERE l.account_id = c.account_id AND l.conversation_id = c.id);

CREATE INDEX "conversation_label_walk" ON "conversation_label" ("account_id", "label_id", "status", "last_activity_at" DESC, "conversation_id" DESC);
DROP INDEX "conversation_label_account_id_label_id_idx";

-- The update locks the conversation: what is copied cannot be overtaken by a message that is being stored.
CREATE FUNCTION "copy_into_label"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE now_status text; now_at timestamptz;
BEGIN
  UPDATE conversation c SET labelled = true WHERE c.account_id = NEW.account_id AND c.id = NEW.conversation_id
    RETURNING c.status, c.last_activity_at INTO now_status, now_at;
  -- A conversation that is not there is the foreign key's business.
  IF FOUND THEN NEW.status := now_status; NEW.last_activity_at := now_at; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "conversation_label_added" BEFORE INSERT ON "conversation_label" FOR EACH ROW EXECUTE FUNCTION copy_into_label();

CREATE FUNCTION "copy_into_labels"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE conversation_label l SET status = NEW.status, last_activity_at = NEW.last_activity_at
    WHERE l.account_id = NEW.account_id AND l.conversation_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER "conversation_relabelled" AFTER UPDATE ON "conversation" FOR EACH ROW
  WHEN (NEW.labelled AND (OLD.status IS DISTINCT FROM NEW.status OR OLD.last_activity_at IS DISTINCT FROM NEW.last_activity_at))
  EXECUTE FUNCTION copy_into_labels();

-- A page of one label's conversations; the filter is that of desk_conversations and names a label.
CREATE FUNCTION "desk_labelled"(account uuid, filter jsonb, most int) RETURNS SETOF "desk_row" LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  chosen uuid[];
  conditions text := desk_conditions(filter - 'label');
  statuses text[] := ARRAY(SELECT jsonb_array_elements_text(filter -> 'statuses'));
  label uuid := (filter ->> 'label')::uuid;
  before_at timestamptz := coalesce((filter ->> 'beforeAt')::timestamptz, 'infinity');
  before_id uuid := coalesce((filter ->> 'beforeId')::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
BEGIN
  PERFORM set_config('app.account_id', account::text, true);
  IF conditions = '' THEN
    SELECT array_agg(page.id) INTO chosen FROM (
      SELECT l.id FROM unnest(statuses) AS s(status) CROSS JOIN LATERAL (
        SELECT l.conversation_id AS id, l.last_activity_at FROM conversation_label l
        WHERE l.account_id = account AND l.label_id = label AND l.status = s.status AND (l.last_activity_at, l.conversation_id) < (before_at, before_id)
        ORDER BY l.last_activity_at DESC, l.conversation_id DESC LIMIT most) l
      ORDER BY l.last_activity_at DESC, l.id DESC LIMIT most) page;
  ELSE
    EXECUTE 'SELECT array_agg(page.id) FROM (
      SELECT l.id FROM unnest($4) AS s(status) CROSS JOIN LATERAL (
        SELECT l.conversation_id AS id, l.last_activity_at FROM conversation_label l
        JOIN conversation c ON c.account_id = $1 AND c.id = l.conversation_id' || conditions || '
        WHERE l.account_id = $1 AND l.label_id = $7 AND l.status = s.status AND (l.last_activity_at, l.conversation_id) < ($5, $6)
        ORDER BY l.last_activity_at DESC, l.conversation_id DESC LIMIT $3) l
      ORDER BY l.last_activity_at DESC, l.id DESC LIMIT $3) page'
      INTO chosen USING account, filter, most, statuses, before_at, before_id, label;
  END IF;
  IF cardinality(chosen) > 0 THEN RETURN QUERY SELECT * FROM desk_rows(account, chosen); END IF;
END $$;
REVOKE EXECUTE ON FUNCTION "desk_labelled"(uuid, jsonb, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION "desk_labelled"(uuid, jsonb, int) TO lingxi_app;
