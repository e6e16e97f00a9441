-- A transcript says which of its messages somebody sent to the review, until a later label or the review itself settles it.
DROP FUNCTION "desk_messages"(uuid, uuid, bigint, bigint, uuid[], int);
-- A page of a transcript: the newest before a sequence, or those after one, or chosen messages; in sequence order.
CREATE FUNCTION "desk_messages"(account uuid, thread uuid, before bigint, after bigint, chosen uuid[], most int)
RETURNS TABLE (id uuid, sequence bigint, kind text, private boolean, author_id uuid, author_name text, client_id uuid, body bytea,
  activity jsonb, label_state text, created_at timestamptz, prediction jsonb, corrections jsonb, attachments jsonb, flag text)
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
      FROM correction x WHERE x.account_id = account AND x.message_id = m.id AND x.undone_at IS NULL),
    (SELECT jsonb_agg(jsonb_build_object('id', f.id, 'name', encode(f.name, 'base64'), 'kind', f.kind, 'size', f.size,
      'width', f.width, 'height', f.height) ORDER BY f.id)
      FROM attachment f WHERE f.account_id = account AND f.message_id = m.id),
    (SELECT g.reason FROM review_flag g WHERE g.account_id = account AND g.message_id = m.id
      AND NOT EXISTS (SELECT FROM correction r WHERE r.account_id = account AND r.message_id = m.id AND r.field = 'intent'
        AND r.undone_at IS NULL AND r.created_at >= g.created_at)
      AND NOT EXISTS (SELECT FROM review_discard d WHERE d.account_id = account AND d.message_id = m.id))
  FROM message m
  LEFT JOIN prediction p ON p.account_id = account AND p.message_id = m.id
  LEFT JOIN membership s ON s.account_id = account AND s.id = m.author_id
  LEFT JOIN "user" u ON u.id = s.user_id
  WHERE m.account_id = account AND m.conversation_id = thread AND m.id = ANY (page)
  ORDER BY m.sequence;
END $$;
REVOKE EXECUTE ON FUNCTION "desk_messages"(uuid, uuid, bigint, bigint, uuid[], int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION "desk_messages"(uuid, uuid, bigint, bigint, uuid[], int) TO lingxi_app;

-- 0.99 as a number of four bytes is a little above 0.99 as one of eight.
ALTER TABLE "intent" DROP CONSTRAINT "intent_threshold";
ALTER TABLE "intent" ADD CONSTRAINT "intent_threshold" CHECK ("threshold" BETWEEN 0.5 AND 0.99::real);
