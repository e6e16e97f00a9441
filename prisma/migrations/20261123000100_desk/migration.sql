-- The desk's reads: one statement per list, transcript or conversation, as the caller (SECURITY INVOKER), with the account
-- written into every condition beside the policies so that the composite indexes carry the query.

CREATE TYPE "desk_row" AS (
  id uuid, display_id int, inbox_id uuid, contact_id uuid, contact_key bytea, contact_name bytea, contact_locale text,
  status text, priority text, assignee_id uuid, team_id uuid, label_ids uuid[], last_sequence bigint, read_sequence bigint,
  message_count int, waiting_since timestamptz, first_reply_at timestamptz, snoozed_until timestamptz, resolved_at timestamptz,
  last_activity_at timestamptz, created_at timestamptz, superseded_by uuid, intent text, intent_probability real, sentiment text,
  sentiment_probability real, language text, urgency text, route jsonb, needs_person boolean, preview bytea, preview_kind text
);

-- The conditions of a filter as SQL over the alias `c` and the parameter $2 (the filter itself). Only names are chosen here;
-- values stay parameters.
CREATE FUNCTION "desk_conditions"(filter jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN concat(
    CASE WHEN filter ->> 'assignee' = 'none' THEN ' AND c.assignee_id IS NULL'
      WHEN filter ? 'assignee' THEN ' AND c.assignee_id = ($2 ->> ''assignee'')::uuid' END,
    CASE WHEN filter ->> 'team' = 'none' THEN ' AND c.team_id IS NULL'
      WHEN filter ? 'team' THEN ' AND c.team_id = ($2 ->> ''team'')::uuid' END,
    CASE WHEN filter ? 'priority' THEN ' AND c.priority = $2 ->> ''priority''' END,
    CASE WHEN filter ? 'intent' THEN ' AND c.intent = $2 ->> ''intent''' END,
    CASE WHEN filter ? 'sentiment' THEN ' AND c.sentiment = $2 ->> ''sentiment''' END,
    CASE WHEN filter ? 'needsPerson' THEN ' AND c.needs_person = ($2 ->> ''needsPerson'')::boolean' END,
    CASE WHEN filter ? 'label' THEN ' AND EXISTS (SELECT 1 FROM conversation_label l WHERE l.account_id = $1
      AND l.conversation_id = c.id AND l.label_id = ($2 ->> ''label'')::uuid)' END
  );

-- Whole rows for chosen conversations, in the order of the list. Plain SQL, so that it becomes part of its caller's kept plan.
CREATE FUNCTION "desk_rows"(account uuid, chosen uuid[]) RETURNS SETOF "desk_row" LANGUAGE sql STABLE AS $$
  SELECT c.id, c.display_id, c.inbox_id, c.contact_id, k.key, k.name, k.locale, c.status, c.priority, c.assignee_id, c.team_id,
    ARRAY(SELECT l.label_id FROM conversation_label l WHERE l.account_id = account AND l.conversation_id = c.id ORDER BY l.label_id),
    c.last_sequence, c.read_sequence, c.message_count, c.waiting_since, c.first_reply_at, c.snoozed_until, c.resolved_at,
    c.last_activity_at, c.created_at, c.superseded_by, c.intent, c.intent_probability, c.sentiment, c.sentiment_probability,
    c.language, c.urgency, c.route, c.needs_person, c.preview, c.preview_kind
  FROM conversation c JOIN contact k ON k.account_id = account AND k.id = c.contact_id
  WHERE c.account_id = account AND c.id = ANY (chosen)
  ORDER BY c.last_activity_at DESC, c.id DESC
$$;

-- A page of the list, newest activity first. `filter`: {statuses: […], assignee, team, priority, label, intent, sentiment,
-- needsPerson, ids: […], beforeAt, beforeId}; every part but `statuses` may be absent.
-- One plan for every call: what differs between calls is which branch runs.
CREATE FUNCTION "desk_conversations"(account uuid, filter jsonb, most int) RETURNS SETOF "desk_row" LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  chosen uuid[];
  conditions text;
  statuses text[] := ARRAY(SELECT jsonb_array_elements_text(filter -> 'statuses'));
  -- Without a place the page begins above everything.
  before_at timestamptz := coalesce((filter ->> 'beforeAt')::timestamptz, 'infinity');
  before_id uuid := coalesce((filter ->> 'beforeId')::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
BEGIN
  PERFORM set_config('app.account_id', account::text, true);
  IF cardinality(statuses) = 1 AND filter - '{statuses,assignee,beforeAt,beforeId}'::text[] = '{}' THEN
    -- The lists that are looked at all day: their plans are kept.
    IF NOT filter ? 'assignee' THEN
      chosen := ARRAY(SELECT c.id FROM conversation c WHERE c.account_id = account AND c.status = statuses[1]
        AND (c.last_activity_at, c.id) < (before_at, before_id) ORDER BY c.last_activity_at DESC, c.id DESC LIMIT most);
    ELSIF filter ->> 'assignee' = 'none' THEN
      chosen := ARRAY(SELECT c.id FROM conversation c WHERE c.account_id = account AND c.assignee_id IS NULL AND c.status = statuses[1]
        AND (c.last_activity_at, c.id) < (before_at, before_id) ORDER BY c.last_activity_at DESC, c.id DESC LIMIT most);
    ELSE
      chosen := ARRAY(SELECT c.id FROM conversation c WHERE c.account_id = account AND c.assignee_id = (filter ->> 'assignee')::uuid
        AND c.status = statuses[1] AND (c.last_activity_at, c.id) < (before_at, before_id)
        ORDER BY c.last_activity_at DESC, c.id DESC LIMIT most);
    END IF;
  ELSE
    conditions := desk_conditions(filter);
    IF filter ? 'beforeId' THEN conditions := conditions || ' AND (c.last_activity_at, c.id) < ($5, $6)'; END IF;
    IF filter ? 'ids' THEN
      EXECUTE 'SELECT array_agg(c.id) FROM conversation c WHERE c.account_id = $1 AND c.status = ANY ($4)
          AND c.id = ANY (ARRAY(SELECT jsonb_array_elements_text($2 -> ''ids'')::uuid))' || conditions
        INTO chosen USING account, filter, most, statuses, before_at, before_id;
    ELSIF cardinality(statuses) = 1 THEN
      EXECUTE 'SELECT array_agg(id) FROM (SELECT c.id FROM conversation c WHERE c.account_id = $1 AND c.status = $4' || conditions ||
        ' ORDER BY c.last_activity_at DESC, c.id DESC LIMIT $3) page'
        INTO chosen USING account, filter, most, statuses[1], before_at, before_id;
    ELSE
      -- The newest of each status, merged: every part is a short walk along an index, whatever the table holds.
      EXECUTE 'SELECT array_agg(id) FROM (SELECT c.id FROM unnest($4) AS s(status) CROSS JOIN LATERAL (
          SELECT c.id, c.last_activity_at FROM conversation c WHERE c.account_id = $1 AND c.status = s.status' || conditions ||
          ' ORDER BY c.last_activity_at DESC, c.id DESC LIMIT $3) c ORDER BY c.last_activity_at DESC, c.id DESC LIMIT $3) page'
        INTO chosen USING account, filter, most, statuses, before_at, before_id;
    END IF;
  END IF;
  IF cardinality(chosen) > 0 THEN RETURN QUERY SELECT * FROM desk_rows(account, chosen); END IF;
END $$;

-- Conversations in which words occur, the newest hit first; on the first page those whose contact bears the words come before.
-- `hit` is the message to go on from; null for a contact's match.
CREATE FUNCTION "desk_search"(account uuid, words bigint[], filter jsonb, before uuid, most int)
RETURNS TABLE (found "desk_row", hit uuid) LANGUAGE plpgsql AS $$
DECLARE
  conditions text := desk_conditions(filter);
  statuses text[] := ARRAY(SELECT jsonb_array_elements_text(filter -> 'statuses'));
  people uuid[] := '{}';
  threads uuid[];
  hits uuid[];
BEGIN
  PERFORM set_config('app.account_id', account::text, true);
  IF before IS NULL THEN
    EXECUTE 'SELECT array_agg(id) FROM (SELECT c.id FROM contact k
        JOIN conversation c ON c.account_id = $1 AND c.contact_id = k.id AND c.status = ANY ($4)' || conditions || '
        WHERE k.account_id = $1 AND k.tokens @> $3 ORDER BY c.last_activity_at DESC, c.id DESC LIMIT 20) page'
      INTO people USING account, filter, words, statuses;
  END IF;
  -- A conversation stands at its newest hit only, so that no page shows it again.
  EXECUTE 'SELECT array_agg(thread ORDER BY hit DESC), array_agg(hit ORDER BY hit DESC) FROM (
      SELECT m.conversation_id AS thread, m.id AS hit FROM message m
      WHERE m.account_id = $1 AND m.tokens @> $3' || CASE WHEN before IS NULL THEN '' ELSE ' AND m.id < $5' END || '
        AND EXISTS (SELECT 1 FROM conversation c WHERE c.account_id = $1 AND c.id = m.conversation_id AND c.status = ANY ($4)' || conditions || ')
        AND NOT EXISTS (SELECT 1 FROM message later WHERE later.account_id = $1 AND later.conversation_id = m.conversation_id
          AND later.sequence > m.sequence AND later.tokens @> $3)
      ORDER BY m.id DESC LIMIT $6) page'
    INTO threads, hits USING account, filter, words, statuses, before, most;
  RETURN QUERY SELECT r, NULL::uuid FROM desk_rows(account, people) r;
  RETURN QUERY SELECT r, hits[array_position(threads, r.id)] FROM desk_rows(account, threads) r
    WHERE r.id <> ALL (coalesce(people, '{}')) ORDER BY hits[array_position(threads, r.id)] DESC;
END $$;

-- The kept counts behind the tabs.
CREATE FUNCTION "desk_counts"(account uuid, member uuid) RETURNS TABLE (key text, n int) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('app.account_id', account::text, true);
  RETURN QUERY SELECT k.key, k.n FROM conversation_count k WHERE k.account_id = account AND k.key = ANY (ARRAY[
    'status:open', 'status:pending', 'status:snoozed', 'status:resolved', 'open:unassigned', 'open:assignee:' || member]);
END $$;

-- One conversation by id or number, with its contact and the contact's other conversations.
CREATE FUNCTION "desk_conversation"(account uuid, wanted uuid, number int)
RETURNS TABLE (found "desk_row", inbox_name text, email bytea, phone bytea, external_id bytea, contact_created_at timestamptz,
  contact_seen_at timestamptz, session_id uuid, page bytea, superseded_number int, others jsonb)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE target conversation%ROWTYPE;
BEGIN
  PERFORM set_config('app.account_id', account::text, true);
  IF wanted IS NOT NULL THEN SELECT * INTO target FROM conversation c WHERE c.account_id = account AND c.id = wanted;
  ELSE SELECT * INTO target FROM conversation c WHERE c.account_id = account AND c.display_id = number; END IF;
  IF target.id IS NULL THEN RETURN; END IF;
  RETURN QUERY SELECT r, b.name, k.email, k.phone, k.external_id, k.created_at, k.last_seen_at, s.id, s.page,
    (SELECT n.display_id FROM conversation n WHERE n.account_id = account AND n.id = target.superseded_by),
    (SELECT jsonb_agg(o ORDER BY o.last_activity_at DESC) FROM (
      SELECT c.id, c.display_id, c.status, c.last_activity_at, c.intent, c.sentiment, encode(c.preview, 'base64') AS preview
      FROM conversation c WHERE c.account_id = account AND c.contact_id = target.contact_id AND c.id <> target.id
      ORDER BY c.last_activity_at DESC LIMIT 10) o)
  FROM desk_rows(account, ARRAY[target.id]) r
  JOIN contact k ON k.account_id = account AND k.id = target.contact_id
  JOIN inbox b ON b.account_id = account AND b.id = target.inbox_id
  LEFT JOIN LATERAL (SELECT v.id, v.page FROM contact_session v WHERE v.account_id = account AND v.contact_id = target.contact_id
    ORDER BY v.last_seen_at DESC LIMIT 1) s ON true;
END $$;

-- Whose conversation it is.
CREATE FUNCTION "desk_contact"(account uuid, thread uuid) RETURNS uuid LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('app.account_id', account::text, true);
  RETURN (SELECT c.contact_id FROM conversation c WHERE c.account_id = account AND c.id = thread);
END $$;

-- A page of a transcript: the newest before a sequence, or those after one, or chosen messages; in sequence order.
CREATE FUNCTION "desk_messages"(account uuid, thread uuid, before bigint, after bigint, chosen uuid[], most int)
RETURNS TABLE (id uuid, sequence bigint, kind text, private boolean, author_id uuid, author_name text, client_id uuid, body bytea,
  activity jsonb, label_state text, created_at timestamptz, prediction jsonb, corrections jsonb)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE page uuid[];
BEGIN
  PERFORM set_config('app.account_id', account::text, true);
  IF chosen IS NOT NULL THEN page := chosen;
  ELSIF after IS NOT NULL THEN
    page := ARRAY(SELECT m.id FROM message m WHERE m.account_id = account AND m.conversation_id = thread AND m.sequence > after
      ORDER BY m.sequence LIMIT most);
  ELSE
    page := ARRAY(SELECT m.id FROM message m WHERE m.account_id = account AND m.conversation_id = thread
      AND m.sequence < coalesce(before, 9223372036854775807) ORDER BY m.sequence DESC LIMIT most);
  END IF;
  RETURN QUERY SELECT m.id, m.sequence, m.kind, m.private, m.author_id, u.name, m.client_id, m.body, m.activity, m.label_state, m.created_at,
    to_jsonb(p) - 'account_id' - 'message_id',
    (SELECT jsonb_agg(jsonb_build_object('id', x.id, 'field', x.field, 'was', x.was, 'now', x.now, 'authorId', x.author_id,
      'createdAt', x.created_at) ORDER BY x.created_at, x.id)
      FROM correction x WHERE x.account_id = account AND x.message_id = m.id AND x.undone_at IS NULL)
  FROM message m
  LEFT JOIN prediction p ON p.account_id = account AND p.message_id = m.id
  LEFT JOIN membership s ON s.account_id = account AND s.id = m.author_id
  LEFT JOIN "user" u ON u.id = s.user_id
  WHERE m.account_id = account AND m.conversation_id = thread AND m.id = ANY (page)
  ORDER BY m.sequence;
END $$;

REVOKE EXECUTE ON FUNCTION "desk_rows"(uuid, uuid[]), "desk_conversations"(uuid, jsonb, int), "desk_search"(uuid, bigint[], jsonb, uuid, int),
  "desk_counts"(uuid, uuid), "desk_conversation"(uuid, uuid, int), "desk_contact"(uuid, uuid), "desk_messages"(uuid, uuid, bigint, bigint, uuid[], int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION "desk_rows"(uuid, uuid[]), "desk_conversations"(uuid, jsonb, int), "desk_search"(uuid, bigint[], jsonb, uuid, int),
  "desk_counts"(uuid, uuid), "desk_conversation"(uuid, uuid, int), "desk_contact"(uuid, uuid), "desk_messages"(uuid, uuid, bigint, bigint, uuid[], int) TO lingxi_app;
