-- Demo billing makes invoices, and services that run on their own outlive a plan.

-- Who made an invoice. Those of demo billing are kept with their lines, since no page elsewhere shows them; one of them may be a draft.
ALTER TABLE "invoice" ADD COLUMN "provider" TEXT NOT NULL DEFAULT 'stripe';
ALTER TABLE "invoice" ADD CONSTRAINT "invoice_provider" CHECK ("provider" IN ('demo', 'stripe'));
ALTER TABLE "invoice" ADD COLUMN "lines" JSONB NOT NULL DEFAULT '[]';

-- Of the services, those that are paid in a subscription of their own: they go on when the plan has ended.
ALTER TABLE "subscription" ADD COLUMN "own_add_ons" TEXT[] DEFAULT '{}';

-- What was kept of a plan that has ended brings nothing any more; the next reading puts back what runs beside it.
-- The tables' owner reads past the policies only while they are not forced.
ALTER TABLE "subscription" NO FORCE ROW LEVEL SECURITY;
UPDATE "subscription" SET "add_ons" = '{}', "monthly" = '{}' WHERE "state" IN ('canceled', 'incomplete_expired');
ALTER TABLE "subscription" FORCE ROW LEVEL SECURITY;

-- When somebody asked for a change here last: what a reading finds right after it is no news to the owners.
ALTER TABLE "billing_customer" ADD COLUMN "asked_at" TIMESTAMPTZ(3);
