-- What an account pays for and what it has used.

-- The plan of an account as its provider last told it. No row: the Free plan. States are Stripe's words.
CREATE TABLE "subscription" (
    "account_id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "plan" TEXT NOT NULL,
    "interval" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "seats" INTEGER NOT NULL,
    "period_start" TIMESTAMPTZ(3) NOT NULL,
    "period_end" TIMESTAMPTZ(3) NOT NULL,
    "trial_end" TIMESTAMPTZ(3),
    "cancel_at_period_end" BOOLEAN NOT NULL DEFAULT false,
    "past_due_since" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "subscription_pkey" PRIMARY KEY ("account_id")
);
ALTER TABLE "subscription" ADD CONSTRAINT "subscription_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "subscription" ADD CONSTRAINT "subscription_provider" CHECK ("provider" IN ('demo', 'stripe'));
ALTER TABLE "subscription" ADD CONSTRAINT "subscription_interval" CHECK ("interval" IN ('month', 'year'));
ALTER TABLE "subscription" ADD CONSTRAINT "subscription_currency" CHECK ("currency" IN ('usd', 'cny'));
ALTER TABLE "subscription" ADD CONSTRAINT "subscription_state" CHECK ("state" IN ('trialing', 'active', 'past_due', 'paused', 'unpaid', 'canceled', 'incomplete', 'incomplete_expired'));
ALTER TABLE "subscription" ADD CONSTRAINT "subscription_seats" CHECK ("seats" >= 1);

-- One row per message that a model labelled, whatever becomes of the message later: what was used stays used. It names no
-- contact and holds no text.
CREATE TABLE "usage_record" (
    "account_id" UUID NOT NULL,
    "message_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "usage_record_pkey" PRIMARY KEY ("account_id","message_id")
);
CREATE INDEX "usage_record_account_id_created_at_idx" ON "usage_record"("account_id", "created_at");
ALTER TABLE "usage_record" ADD CONSTRAINT "usage_record_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Counted where the label is stored and in the same transaction, so that neither exists without the other. Once per statement:
-- a batch of messages costs one insert.
CREATE FUNCTION "count_usage"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO usage_record (account_id, message_id, created_at)
    SELECT account_id, message_id, created_at FROM labelled ON CONFLICT (account_id, message_id) DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER "prediction_usage" AFTER INSERT ON "prediction" REFERENCING NEW TABLE AS "labelled"
  FOR EACH STATEMENT EXECUTE FUNCTION "count_usage"();

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['subscription', 'usage_record'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY "own_account" ON %I TO lingxi_app USING (account_id = current_account_id()) WITH CHECK (account_id = current_account_id())', name);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON "subscription" TO lingxi_app;
-- Usage is added and never changed.
GRANT SELECT, INSERT ON "usage_record" TO lingxi_app;
