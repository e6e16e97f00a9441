-- Files beside messages. The bytes lie in the storage, sealed with a key of their own; this row holds that key and the name, sealed
-- with the contact's, and says what they are. A file is stored first and sent later: then `message_id` names the message that carries it. A visitor's message is
-- stored a moment after that, in a batch, so there is no foreign key; `claim` is a keyed hash of that message (client id, text,
-- files): who comes with the same finds the same message id again.
CREATE TABLE "attachment" (
    "account_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "contact_id" UUID NOT NULL,
    "author_id" UUID,
    "message_id" UUID,
    "claim" BYTEA,
    "kind" TEXT NOT NULL,
    "name" BYTEA NOT NULL,
    "key" BYTEA NOT NULL,
    "size" INTEGER NOT NULL,
    "width" INTEGER,
    "height" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "attachment_pkey" PRIMARY KEY ("account_id","id")
);
CREATE INDEX "attachment_account_id_message_id_idx" ON "attachment"("account_id", "message_id");
CREATE INDEX "attachment_account_id_contact_id_idx" ON "attachment"("account_id", "contact_id");
ALTER TABLE "attachment" ADD CONSTRAINT "attachment_account_id_contact_id_fkey" FOREIGN KEY ("account_id", "contact_id") REFERENCES "contact"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "attachment" ADD CONSTRAINT "attachment_account_id_author_id_fkey" FOREIGN KEY ("account_id", "author_id") REFERENCES "membership"("account_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "attachment" ADD CONSTRAINT "attachment_kind" CHECK ("kind" IN ('png', 'jpeg', 'gif', 'webp', 'pdf', 'text'));
ALTER TABLE "attachment" ADD CONSTRAINT "attachment_size" CHECK ("size" BETWEEN 1 AND 10485760);

ALTER TABLE "attachment" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "attachment" FORCE ROW LEVEL SECURITY;
CREATE POLICY "own_account" ON "attachment" TO lingxi_app USING (account_id = current_account_id()) WITH CHECK (account_id = current_account_id());
GRANT SELECT, INSERT, UPDATE, DELETE ON "attachment" TO lingxi_app;
-- Files that were never sent are found across accounts, by ids and dates alone.
CREATE POLICY "system" ON "attachment" TO lingxi_system USING (true) WITH CHECK (true);
GRANT SELECT ("account_id", "id", "message_id", "created_at") ON "attachment" TO lingxi_system;

-- Readers of messages get their files along, in the order in which they were added; null where there are none.

DROP FUNCTION "visitor_messages"(uuid, uuid, uuid, bigint, int);
-- What a visitor may see of the thread: public messages after a sequence, oldest first.
CREATE FUNCTION "visitor_messages"(account uuid, contact uuid, inbox uuid, after bigint, most int)
RETURNS TABLE (id uuid, sequence bigint, kind text, body bytea, author_name text, client_id uuid, created_at timestamptz, attachments jsonb)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  PERFORM set_config('app.account_id', account::text, true);
  RETURN QUERY SELECT m.id, m.sequence, m.kind, m.body, u.name, m.client_id, m.created_at,
    (SELECT jsonb_agg(jsonb_build_object('id', f.id, 'name', encode(f.name, 'base64'), 'kind', f.kind, 'size', f.size,
      'width', f.width, 'height', f.height) ORDER BY f.id)
      FROM attachment f WHERE f.account_id = account AND f.message_id = m.id)
    FROM conversation c
    JOIN message m ON m.account_id = account AND m.conversation_id = c.id
    LEFT JOIN membership s ON s.account_id = account AND s.id = m.author_id
    LEFT JOIN "user" u ON u.id = s.user_id
    WHERE c.account_id = account AND c.contact_id = contact AND c.inbox_id = inbox
      AND m.sequence > after AND NOT m.private AND m.kind <> 'activity'
    ORDER BY m.sequence LIMIT most;
END $$;

DROP FUNCTION "desk_messages"(uuid, uuid, bigint, bigint, uuid[], int);
-- A page of a transcript: the newest before a sequence, or those after one, or chosen messages; in sequence order.
CREATE FUNCTION "desk_messages"(account uuid, thread uuid, before bigint, after bigint, chosen uuid[], most int)
RETURNS TABLE (id uuid, sequence bigint, kind text, private boolean, author_id uuid, author_name text, client_id uuid, body bytea,
  activity jsonb, label_state text, created_at timestamptz, prediction jsonb, corrections jsonb, attachments jsonb)
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
      FROM attachment f WHERE f.account_id = account AND f.message_id = m.id)
  FROM message m
  LEFT JOIN prediction p ON p.account_id = account AND p.message_id = m.id
  LEFT JOIN membership s ON s.account_id = account AND s.id = m.author_id
  LEFT JOIN "user" u ON u.id = s.user_id
  WHERE m.account_id = account AND m.conversation_id = thread AND m.id = ANY (page)
  ORDER BY m.sequence;
END $$;

REVOKE EXECUTE ON FUNCTION "visitor_messages"(uuid, uuid, uuid, bigint, int),
  "desk_messages"(uuid, uuid, bigint, bigint, uuid[], int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION "visitor_messages"(uuid, uuid, uuid, bigint, int),
  "desk_messages"(uuid, uuid, bigint, bigint, uuid[], int) TO lingxi_app;
