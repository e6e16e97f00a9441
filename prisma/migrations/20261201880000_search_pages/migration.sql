-- A search pages over contacts, too, and takes a conversation's number. First come those that bear the number or whose contact
-- bears the words, newest activity first (`beforeAt` and `beforeId` in the filter: the place to go on from); then those in
-- whose messages the words occur, the newest hit first. `hit` is the message to go on from; null in the first part.
CREATE OR REPLACE FUNCTION "desk_search"(account uuid, words bigint[], filter jsonb, before uuid, most int)
RETURNS TABLE (found "desk_row", hit uuid) LANGUAGE plpgsql AS $$
DECLARE
  conditions text := desk_conditions(filter);
  statuses text[] := ARRAY(SELECT jsonb_array_elements_text(filter -> 'statuses'));
  number int := (filter ->> 'number')::int;
  people uuid[] := '{}';
  threads uuid[];
  hits uuid[];
BEGIN
  PERFORM set_config('app.account_id', account::text, true);
  IF before IS NULL THEN
    EXECUTE 'SELECT array_agg(id) FROM (SELECT c.id FROM (
          SELECT n.id FROM contact k JOIN conversation n ON n.account_id = $1 AND n.contact_id = k.id
          WHERE k.account_id = $1 AND k.tokens @> $3 AND cardinality($3) > 0
          UNION SELECT n.id FROM conversation n WHERE n.account_id = $1 AND n.display_id = $5) bearing
        JOIN conversation c ON c.account_id = $1 AND c.id = bearing.id
        WHERE c.status = ANY ($4) AND (c.last_activity_at, c.id) < ($6, $7)' || conditions || '
        ORDER BY c.last_activity_at DESC, c.id DESC LIMIT $8) page'
      INTO people USING account, filter, words, statuses, number, coalesce((filter ->> 'beforeAt')::timestamptz, 'infinity'),
        coalesce((filter ->> 'beforeId')::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'), most;
  END IF;
  IF cardinality(words) > 0 AND coalesce(cardinality(people), 0) < most THEN
    -- A conversation stands at its newest hit only, so that no page shows it again.
    EXECUTE 'SELECT array_agg(thread ORDER BY hit DESC), array_agg(hit ORDER BY hit DESC) FROM (
        SELECT m.conversation_id AS thread, m.id AS hit FROM message m
        WHERE m.account_id = $1 AND m.tokens @> $3' || CASE WHEN before IS NULL THEN '' ELSE ' AND m.id < $5' END || '
          AND EXISTS (SELECT 1 FROM conversation c JOIN contact k ON k.account_id = $1 AND k.id = c.contact_id
            WHERE c.account_id = $1 AND c.id = m.conversation_id AND c.status = ANY ($4)
              AND NOT k.tokens @> $3 AND c.display_id IS DISTINCT FROM $7' || conditions || ')
          AND NOT EXISTS (SELECT 1 FROM message later WHERE later.account_id = $1 AND later.conversation_id = m.conversation_id
            AND later.sequence > m.sequence AND later.tokens @> $3)
        ORDER BY m.id DESC LIMIT $6) page'
      INTO threads, hits USING account, filter, words, statuses, before, most - coalesce(cardinality(people), 0), number;
  END IF;
  RETURN QUERY SELECT r, NULL::uuid FROM desk_rows(account, people) r;
  RETURN QUERY SELECT r, hits[array_position(threads, r.id)] FROM desk_rows(account, threads) r
    ORDER BY hits[array_position(threads, r.id)] DESC;
END $$;
