-- Billing through Stripe: who an account is there, what Stripe told about it, and what was reported to it.

-- The plan's own subscription at Stripe, and what is bought beside the plan.
ALTER TABLE "subscription" ADD COLUMN "stripe_id" TEXT;
ALTER TABLE "subscription" ADD COLUMN "add_ons" TEXT[] DEFAULT '{}';
CREATE UNIQUE INDEX "subscription_stripe_id_key" ON "subscription"("stripe_id");

-- Who an account is at Stripe. The request key is kept before Stripe is asked, so that asking again makes no second customer.
CREATE TABLE "billing_customer" (
    "account_id" UUID NOT NULL,
    "request_key" UUID NOT NULL,
    "stripe_id" TEXT,
    -- When the reading began that is stored now: an older one never replaces it.
    "read_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "billing_customer_pkey" PRIMARY KEY ("account_id")
);
CREATE UNIQUE INDEX "billing_customer_stripe_id_key" ON "billing_customer"("stripe_id");
ALTER TABLE "billing_customer" ADD CONSTRAINT "billing_customer_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Invoices as Stripe last told them; amounts in the currency's hundredths.
CREATE TABLE "invoice" (
    "account_id" UUID NOT NULL,
    "stripe_id" TEXT NOT NULL,
    "number" TEXT,
    "state" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "total" INTEGER NOT NULL,
    "paid" INTEGER NOT NULL,
    "refunded" INTEGER NOT NULL DEFAULT 0,
    "disputed" BOOLEAN NOT NULL DEFAULT false,
    -- What was billed, by kind: plan, overage, model, data, support.
    "kinds" JSONB NOT NULL DEFAULT '{}',
    "url" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "invoice_pkey" PRIMARY KEY ("account_id","stripe_id")
);
CREATE INDEX "invoice_account_id_created_at_idx" ON "invoice"("account_id", "created_at");
ALTER TABLE "invoice" ADD CONSTRAINT "invoice_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "invoice" ADD CONSTRAINT "invoice_state" CHECK ("state" IN ('draft', 'open', 'paid', 'uncollectible', 'void'));

-- What Stripe sent, by its own id: a row is received once and is the job itself. It holds no object, only names.
CREATE TABLE "stripe_event" (
    "id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "object_id" TEXT NOT NULL,
    "customer" TEXT,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "problem" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "done_at" TIMESTAMPTZ(3),

    CONSTRAINT "stripe_event_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "stripe_event_due" ON "stripe_event"("due_at") WHERE "state" = 'queued';
CREATE INDEX "stripe_event_received_at_idx" ON "stripe_event"("received_at");
ALTER TABLE "stripe_event" ADD CONSTRAINT "stripe_event_state" CHECK ("state" IN ('queued', 'done', 'ignored', 'failed'));

-- What an owner allows for messages beyond the plan, hundredths a month; nothing is billed before they say so.
CREATE TABLE "spend_limit" (
    "account_id" UUID NOT NULL,
    "cap" INTEGER NOT NULL,
    "alert" INTEGER,
    -- The month (its first day) whose alert was sent.
    "alerted" DATE,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "spend_limit_pkey" PRIMARY KEY ("account_id")
);
ALTER TABLE "spend_limit" ADD CONSTRAINT "spend_limit_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "spend_limit" ADD CONSTRAINT "spend_limit_amounts" CHECK ("cap" >= 0 AND "alert" >= 0);

-- A month of an account: the most that a plan included in it, and how many messages beyond were put down for the meter.
CREATE TABLE "usage_month" (
    "account_id" UUID NOT NULL,
    "month" DATE NOT NULL,
    "included" INTEGER NOT NULL,
    "reported" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "usage_month_pkey" PRIMARY KEY ("account_id","month")
);
ALTER TABLE "usage_month" ADD CONSTRAINT "usage_month_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What the meter is told: messages number first + 1 … first + count beyond the plan in a month. Its key names it to Stripe, so
-- that telling it again counts nothing twice.
CREATE TABLE "usage_report" (
    "account_id" UUID NOT NULL,
    "month" DATE NOT NULL,
    "first" INTEGER NOT NULL,
    "count" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "usage_report_pkey" PRIMARY KEY ("account_id","month","first")
);
ALTER TABLE "usage_report" ADD CONSTRAINT "usage_report_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "usage_report" ADD CONSTRAINT "usage_report_count" CHECK ("count" > 0);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['billing_customer', 'invoice', 'spend_limit', 'usage_month', 'usage_report'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY "own_account" ON %I TO lingxi_app USING (account_id = current_account_id()) WITH CHECK (account_id = current_account_id())', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['billing_customer', 'subscription', 'invoice', 'usage_record'] LOOP
    EXECUTE format('CREATE POLICY "system" ON %I TO lingxi_system USING (true) WITH CHECK (true)', name);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON "billing_customer", "invoice", "spend_limit", "usage_month", "usage_report" TO lingxi_app;
-- Whose customer an event is about; whose payments are due.
GRANT SELECT ("account_id", "stripe_id") ON "billing_customer" TO lingxi_system;
GRANT SELECT ON "subscription", "invoice" TO lingxi_system;
GRANT SELECT ("account_id", "created_at") ON "usage_record" TO lingxi_system;

ALTER TABLE "stripe_event" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "stripe_event" FORCE ROW LEVEL SECURITY;
CREATE POLICY "system" ON "stripe_event" TO lingxi_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON "stripe_event" TO lingxi_system;
