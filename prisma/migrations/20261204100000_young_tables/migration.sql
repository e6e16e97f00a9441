-- The visitor's path in a database that has no statistics yet, and in one whose accounts are of very different sizes.
-- A plan is made once per connection. A table that nobody has looked at counts as small, and a look-up by account as one row: then any
-- index that begins with the account seems as good as the right one, and each message reads all conversations of its account
-- (1,300 of them: 165 messages a second, where 1,000 are possible). And where most accounts are small, a join by account seems cheap
-- for the large one, too. So rows that are changed are found by the look-up of each item (LATERAL with OFFSET 0) and changed
-- where they lie: this transaction holds them locked, so that they do not move meanwhile.

CREATE OR REPLACE FUNCTION "label_messages"(account uuid, labels jsonb) RETURNS int
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off SET jit = off AS $$
DECLARE
  items ingest_item[] := ARRAY(SELECT i FROM jsonb_populate_recordset(NULL::ingest_item, labels) i);
  ids uuid[] := ARRAY(SELECT i.message_id FROM unnest(items) i);
  written int;
BEGIN
  PERFORM set_config('app.account_id', account::text, true);
  PERFORM 1 FROM conversation c WHERE c.account_id = account
    AND c.id = ANY (ARRAY(SELECT m.conversation_id FROM message m WHERE m.account_id = account AND m.id = ANY (ids)))
    ORDER BY c.id FOR UPDATE;
  WITH marked AS (
    UPDATE message m SET label_state = 'labelled' FROM unnest(items) i
    CROSS JOIN LATERAL (SELECT k.ctid AS place FROM message k WHERE k.account_id = account AND k.id = i.message_id OFFSET 0) k
    WHERE m.ctid = k.place AND m.account_id = account AND m.id = i.message_id AND m.label_state = 'pending'
    RETURNING m.conversation_id AS thread, m.sequence AS place, i.*
  ), told AS (
    INSERT INTO event (account_id, type, conversation_id, message_id)
    SELECT account, 'message.labelled', m.thread, m.message_id FROM marked m
  ), predicted AS (
    INSERT INTO prediction (account_id, message_id, model_version, intent, intent_probability, in_scope, sentiment, sentiment_probability,
      sentiment_score, language, language_probability, urgency, urgency_probability, latency_ms, created_at)
    SELECT account, m.message_id, m.model_version, m.intent, m.intent_probability, m.in_scope, m.sentiment, m.sentiment_probability,
      m.sentiment_score, m.language, m.language_probability, m.urgency, m.urgency_probability, m.latency_ms, clock_timestamp()
    FROM marked m ON CONFLICT (account_id, message_id) DO NOTHING
  ), newest AS (
    SELECT DISTINCT ON (m.thread) m.* FROM marked m ORDER BY m.thread, m.place DESC
  ), moved AS (
    UPDATE conversation c SET
      intent = n.intent, intent_probability = n.intent_probability, sentiment = n.sentiment, sentiment_probability = n.sentiment_probability,
      language = n.language, urgency = n.urgency,
      priority = CASE WHEN priority_rank(n.priority) > priority_rank(c.priority) THEN n.priority ELSE c.priority END,
      -- Routing moves only what nobody owns yet: a person's choice is never overruled by a later message.
      route = CASE WHEN c.assignee_id IS NULL AND c.team_id IS NULL THEN coalesce(n.route, c.route) ELSE c.route END,
      needs_person = CASE WHEN c.assignee_id IS NULL AND c.team_id IS NULL THEN coalesce(n.needs_person, c.needs_person) ELSE c.needs_person END,
      assignee_id = CASE WHEN c.assignee_id IS NULL AND c.team_id IS NULL THEN (
        SELECT m.id FROM membership m WHERE m.account_id = account AND m.id = n.assignee_id AND m.disabled_at IS NULL) ELSE c.assignee_id END,
      team_id = CASE WHEN c.assignee_id IS NULL AND c.team_id IS NULL THEN (
        SELECT t.id FROM team t WHERE t.account_id = account AND t.id = n.team_id) ELSE c.team_id END
    FROM newest n
    CROSS JOIN LATERAL (SELECT k.ctid AS place FROM conversation k WHERE k.account_id = account AND k.id = n.thread OFFSET 0) k
    WHERE c.ctid = k.place AND c.account_id = account AND c.id = n.thread
      AND NOT EXISTS (SELECT 1 FROM message later WHERE later.account_id = account AND later.conversation_id = n.thread
        AND later.sequence > n.place AND later.label_state = 'labelled')
      -- A person was quicker: their word stands.
      AND NOT EXISTS (SELECT 1 FROM correction k WHERE k.account_id = account AND k.message_id = n.message_id AND k.undone_at IS NULL)
  )
  SELECT count(*) INTO written FROM marked;
  RETURN written;
END $$;

CREATE OR REPLACE FUNCTION "begin_threads"(tenant uuid, items ingest_item[], held uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  opening ingest_item[];
  last_number int;
BEGIN
  SELECT array_agg(o) INTO opening FROM (
    SELECT DISTINCT ON (i.contact_id, i.inbox_id) i.* FROM unnest(items) i
    CROSS JOIN LATERAL (SELECT 1 FROM contact k WHERE k.account_id = tenant AND k.id = i.contact_id OFFSET 0) k
    LEFT JOIN LATERAL (SELECT c.id, c.status, c.resolved_at FROM conversation c WHERE c.account_id = tenant
      AND c.contact_id = i.contact_id AND c.inbox_id = i.inbox_id AND c.superseded_by IS NULL OFFSET 0) c ON true
    LEFT JOIN LATERAL (SELECT true AS known FROM message m WHERE m.account_id = tenant AND m.contact_id = i.contact_id AND m.client_id = i.client_id OFFSET 0) m ON true
    WHERE m.known IS NULL AND (c.id IS NULL OR (c.status = 'resolved' AND c.resolved_at < i.at - (
      SELECT b.reopen_days FROM inbox b WHERE b.account_id = tenant AND b.id = i.inbox_id) * interval '1 day'))
    ORDER BY i.contact_id, i.inbox_id, i.ord) o;
  IF opening IS NULL THEN RETURN; END IF;
  UPDATE account SET last_display_id = last_display_id + cardinality(opening) WHERE id = tenant RETURNING last_display_id INTO last_number;
  UPDATE conversation c SET superseded_by = o.conversation_id FROM unnest(opening) o
    CROSS JOIN LATERAL (SELECT k.ctid AS place FROM conversation k WHERE k.account_id = tenant AND k.contact_id = o.contact_id
      AND k.inbox_id = o.inbox_id AND k.superseded_by IS NULL AND k.id = ANY (held) OFFSET 0) k
    WHERE c.ctid = k.place AND c.account_id = tenant;
  -- A new thread goes on counting where the old one ended.
  INSERT INTO conversation (account_id, id, display_id, inbox_id, contact_id, last_sequence, read_sequence, last_activity_at, created_at)
    SELECT tenant, o.conversation_id, last_number - cardinality(opening) + row_number() OVER (ORDER BY o.ord), o.inbox_id, o.contact_id,
      coalesce(c.last_sequence, 0), coalesce(c.last_sequence, 0), o.at, o.at
    FROM unnest(opening) o
    LEFT JOIN LATERAL (SELECT c.last_sequence FROM conversation c WHERE c.account_id = tenant AND c.contact_id = o.contact_id
      AND c.inbox_id = o.inbox_id AND c.superseded_by = o.conversation_id OFFSET 0) c ON true
    ON CONFLICT (account_id, contact_id, inbox_id, superseded_by) DO NOTHING;
END $$;

CREATE OR REPLACE FUNCTION "ingest_messages"(items jsonb)
RETURNS TABLE (ord int, outcome text, message_id uuid, conversation_id uuid, sequence bigint, created_at timestamptz)
-- Plans are made once per connection, often while the tables are small: left alone they would stay scans and hash joins
-- over tables that grow to millions. For the same reason look-ups per item are LATERAL with OFFSET 0: each is its own
-- little plan by index, whatever the planner believes about sizes. Starting a plan costs more than the work for one message,
-- so what a message writes is one statement.
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
  all_items ingest_item[] := ARRAY(SELECT i FROM jsonb_populate_recordset(NULL::ingest_item, items) i);
  mine ingest_item[];
  tenant uuid;
  ids uuid[];
  unsettled boolean;
BEGIN
  FOR tenant IN SELECT DISTINCT i.account_id FROM unnest(all_items) i ORDER BY 1 LOOP
    PERFORM set_config('app.account_id', tenant::text, true);
    SELECT array_agg(i), array_agg(c.id), bool_or(c.id IS NULL OR c.status = 'resolved') INTO mine, ids, unsettled FROM unnest(all_items) i
      CROSS JOIN LATERAL (SELECT 1 FROM inbox b WHERE b.account_id = tenant AND b.id = i.inbox_id AND b.archived_at IS NULL OFFSET 0) b
      LEFT JOIN LATERAL (SELECT c.id, c.status FROM conversation c WHERE c.account_id = tenant AND c.contact_id = i.contact_id AND c.inbox_id = i.inbox_id
        AND c.superseded_by IS NULL OFFSET 0) c ON true
      WHERE i.account_id = tenant;
    CONTINUE WHEN mine IS NULL;
    -- Rows are locked in id order: two flushers that lock in another order would deadlock.
    PERFORM 1 FROM conversation c WHERE c.account_id = tenant AND c.id = ANY (ids) ORDER BY c.id FOR UPDATE;
    IF unsettled THEN
      PERFORM begin_threads(tenant, mine, ids);
      ids := ARRAY(SELECT c.id FROM unnest(mine) i CROSS JOIN LATERAL (SELECT c.id FROM conversation c WHERE c.account_id = tenant
        AND c.contact_id = i.contact_id AND c.inbox_id = i.inbox_id AND c.superseded_by IS NULL OFFSET 0) c);
      PERFORM 1 FROM conversation c WHERE c.account_id = tenant AND c.id = ANY (ids) ORDER BY c.id FOR UPDATE;
    END IF;
    RETURN QUERY
      WITH asked AS (
        -- `twins` are items of one client id within this batch; the first of them counts.
        SELECT i.*, i AS item, m.id AS known, m.conversation_id AS known_thread, m.sequence AS known_place, m.created_at AS known_at,
          encode(m.body_hash, 'base64') AS known_hash, m.id IS NULL AND row_number() OVER twins = 1 AS fresh, first_value(i.ord) OVER twins AS first,
          first_value(i.message_id) OVER twins AS first_id, first_value(i.at) OVER twins AS first_at, first_value(i.body_hash) OVER twins AS first_hash,
          first_value(c.id) OVER twins AS thread, first_value(c.last_sequence) OVER twins AS base
        FROM unnest(mine) i
        CROSS JOIN LATERAL (SELECT c.id, c.last_sequence FROM conversation c WHERE c.account_id = tenant
          AND c.contact_id = i.contact_id AND c.inbox_id = i.inbox_id AND c.superseded_by IS NULL OFFSET 0) c
        LEFT JOIN LATERAL (SELECT m.id, m.conversation_id, m.sequence, m.created_at, m.body_hash FROM message m
          WHERE m.account_id = tenant AND m.contact_id = i.contact_id AND m.client_id = i.client_id OFFSET 0) m ON true
        WINDOW twins AS (PARTITION BY i.contact_id, i.client_id ORDER BY i.ord)
      ), placed AS (
        SELECT a.*, a.base + count(*) FILTER (WHERE a.fresh) OVER (PARTITION BY a.thread ORDER BY a.first) AS place FROM asked a
      ), stored AS (
        INSERT INTO message (account_id, id, conversation_id, sequence, kind, contact_id, client_id, body, body_hash, tokens, label_state, created_at)
        SELECT tenant, p.message_id, p.thread, p.place, 'incoming', p.contact_id, p.client_id, decode(p.body, 'base64'), decode(p.body_hash, 'base64'),
          p.tokens, CASE WHEN p.intent IS NULL THEN 'pending' ELSE 'labelled' END, p.at
        FROM placed p WHERE p.fresh
      ), predicted AS (
        INSERT INTO prediction (account_id, message_id, model_version, intent, intent_probability, in_scope, sentiment, sentiment_probability,
          sentiment_score, language, language_probability, urgency, urgency_probability, latency_ms, created_at)
        SELECT tenant, p.message_id, p.model_version, p.intent, p.intent_probability, p.in_scope, p.sentiment, p.sentiment_probability,
          p.sentiment_score, p.language, p.language_probability, p.urgency, p.urgency_probability, p.latency_ms, p.at
        FROM placed p WHERE p.fresh AND p.intent IS NOT NULL
      ), told AS (
        INSERT INTO event (account_id, type, conversation_id, message_id, data)
        SELECT tenant, 'message.created', p.thread, p.message_id, jsonb_build_object('sequence', p.place, 'contactId', p.contact_id)
        FROM placed p WHERE p.fresh
      ), threads AS (
        -- `said` is the newest message with a label.
        SELECT p.thread, max(p.place) AS place, count(*)::int AS added, max(p.at) AS at, min(p.at) AS began,
          (array_agg(p.preview ORDER BY p.place DESC))[1] AS preview,
          (array_agg(p.item ORDER BY p.intent IS NULL, p.place DESC))[1] AS said
        FROM placed p WHERE p.fresh GROUP BY p.thread
      ), moved AS (
        UPDATE conversation c SET
          last_sequence = t.place,
          message_count = c.message_count + t.added,
          last_activity_at = greatest(c.last_activity_at, t.at),
          waiting_since = coalesce(c.waiting_since, t.began),
          preview = decode(t.preview, 'base64'),
          preview_kind = 'incoming',
          -- A visitor's message brings a conversation back from wherever it was.
          status = 'open',
          snoozed_until = NULL,
          resolved_at = NULL,
          intent = coalesce((t.said).intent, c.intent),
          intent_probability = coalesce((t.said).intent_probability, c.intent_probability),
          sentiment = coalesce((t.said).sentiment, c.sentiment),
          sentiment_probability = coalesce((t.said).sentiment_probability, c.sentiment_probability),
          language = coalesce((t.said).language, c.language),
          urgency = coalesce((t.said).urgency, c.urgency),
          priority = CASE WHEN priority_rank((t.said).priority) > priority_rank(c.priority) THEN (t.said).priority ELSE c.priority END,
          -- Routing moves only what nobody owns yet: a person's choice is never overruled by a later message.
          route = CASE WHEN c.assignee_id IS NULL AND c.team_id IS NULL THEN coalesce((t.said).route, c.route) ELSE c.route END,
          needs_person = CASE WHEN c.assignee_id IS NULL AND c.team_id IS NULL THEN coalesce((t.said).needs_person, c.needs_person) ELSE c.needs_person END,
          assignee_id = CASE WHEN c.assignee_id IS NULL AND c.team_id IS NULL AND (t.said).assignee_id IS NOT NULL THEN (
            SELECT m.id FROM membership m WHERE m.account_id = tenant AND m.id = (t.said).assignee_id AND m.disabled_at IS NULL) ELSE c.assignee_id END,
          team_id = CASE WHEN c.assignee_id IS NULL AND c.team_id IS NULL AND (t.said).team_id IS NOT NULL THEN (
            SELECT x.id FROM team x WHERE x.account_id = tenant AND x.id = (t.said).team_id) ELSE c.team_id END
        FROM threads t
        CROSS JOIN LATERAL (SELECT k.ctid AS place FROM conversation k WHERE k.account_id = tenant AND k.id = t.thread OFFSET 0) k
        WHERE c.ctid = k.place AND c.account_id = tenant AND c.id = t.thread
      )
      SELECT p.ord, CASE WHEN p.fresh THEN 'stored' WHEN coalesce(p.known_hash, p.first_hash) = p.body_hash THEN 'repeat' ELSE 'conflict' END,
        coalesce(p.known, p.first_id), coalesce(p.known_thread, p.thread), coalesce(p.known_place, p.place), coalesce(p.known_at, p.first_at)
      FROM placed p;
  END LOOP;
END $$;

-- What the planner cannot know of a young table: all of it may be one account's. The first ANALYZE says more. (PostgreSQL 18 can be told.)
DO $$
DECLARE t text;
BEGIN
  IF current_setting('server_version_num')::int < 180000 THEN RETURN; END IF;
  FOR t IN SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'account_id' AND NOT a.attisdropped
    -- Nobody has counted its rows yet, or there were none.
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.reltuples <= 0
  LOOP
    PERFORM pg_restore_attribute_stats('schemaname', 'public', 'relname', t, 'attname', 'account_id', 'inherited', false,
      'null_frac', 0::real, 'avg_width', 16, 'n_distinct', 1::real);
  END LOOP;
END $$;
