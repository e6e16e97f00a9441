-- Webhooks: addresses of an account's own that are told what happens in it. The worker makes deliveries from event rows, so that the
-- visitor's path writes nothing more for them; a cursor says how far it has come.
CREATE TABLE "webhook_endpoint" (
    "account_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    -- Sealed with the account's key: an address often holds a secret.
    "url" BYTEA NOT NULL,
    "description" TEXT NOT NULL,
    "events" TEXT[],
    "enabled" BOOLEAN NOT NULL,
    -- Who switched it off: a person, five days of failures, or its own answer that it is gone.
    "off_because" TEXT,
    -- Sealed with the account's key; the one before signs, too, until then.
    "secret" BYTEA NOT NULL,
    "previous_secret" BYTEA,
    "previous_until" TIMESTAMPTZ(3),
    -- Null: the last attempt arrived.
    "failing_since" TIMESTAMPTZ(3),
    "failures" INTEGER NOT NULL DEFAULT 0,
    -- After failures in a row nothing is sent before then.
    "rest_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "webhook_endpoint_pkey" PRIMARY KEY ("account_id","id")
);
ALTER TABLE "webhook_endpoint" ADD CONSTRAINT "webhook_endpoint_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "webhook_endpoint" ADD CONSTRAINT "webhook_endpoint_off" CHECK ("off_because" IN ('person', 'failing', 'gone') AND NOT "enabled" OR "off_because" IS NULL AND "enabled");

-- An account has one while an endpoint of it is on.
CREATE TABLE "webhook_cursor" (
    "account_id" UUID NOT NULL,
    "xid" BIGINT NOT NULL,
    "id" BIGINT NOT NULL,

    CONSTRAINT "webhook_cursor_pkey" PRIMARY KEY ("account_id")
);
ALTER TABLE "webhook_cursor" ADD CONSTRAINT "webhook_cursor_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "webhook_delivery" (
    "account_id" UUID NOT NULL,
    "endpoint_id" UUID NOT NULL,
    -- Follows from what happened: the same news is the same id, at every endpoint and however often it is read.
    "id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    -- What it is about. No foreign keys: what is gone by the time of sending is not told of.
    "contact_id" UUID,
    "conversation_id" UUID,
    "message_id" UUID,
    -- Ids, numbers and state words of that moment; texts and names are read when it is sent.
    "facts" JSONB NOT NULL,
    "happened_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    -- Not before this moment; pushed forward while a worker has it in hand and after a failure.
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    -- Of the last attempt: the answer's status, or why there was none, and the answer's first bytes, sealed with the contact's key
    -- where it is about one (an answer may repeat what it was told), else with the account's.
    "status" INTEGER,
    "error" TEXT,
    "answer" BYTEA,

    CONSTRAINT "webhook_delivery_pkey" PRIMARY KEY ("account_id","endpoint_id","id")
);
CREATE INDEX "webhook_delivery_account_id_endpoint_id_created_at_idx" ON "webhook_delivery"("account_id", "endpoint_id", "created_at" DESC);
CREATE INDEX "webhook_delivery_account_id_contact_id_idx" ON "webhook_delivery"("account_id", "contact_id");
CREATE INDEX "webhook_delivery_created_at_idx" ON "webhook_delivery"("created_at");
CREATE INDEX "webhook_delivery_due" ON "webhook_delivery"("account_id", "due_at") WHERE "state" = 'queued';
ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_account_id_endpoint_id_fkey" FOREIGN KEY ("account_id", "endpoint_id") REFERENCES "webhook_endpoint"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_state" CHECK ("state" IN ('queued', 'sent', 'failed', 'dropped'));

DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['webhook_endpoint', 'webhook_cursor', 'webhook_delivery'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY "own_account" ON %I TO lingxi_app USING (account_id = current_account_id()) WITH CHECK (account_id = current_account_id())', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO lingxi_app', t);
  END LOOP;
END $$;
-- The worker finds the accounts that have news or something due; it removes what is old.
CREATE POLICY "system" ON "webhook_cursor" TO lingxi_system USING (true) WITH CHECK (true);
CREATE POLICY "system" ON "webhook_delivery" TO lingxi_system USING (true) WITH CHECK (true);
GRANT SELECT ON "webhook_cursor" TO lingxi_system;
GRANT SELECT ("account_id", "state", "due_at", "created_at"), DELETE ON "webhook_delivery" TO lingxi_system;
