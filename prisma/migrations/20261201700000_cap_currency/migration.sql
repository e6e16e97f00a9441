-- A cap is an amount of a currency: it says nothing about a plan that is paid in another one. Null: set before a plan was taken.
ALTER TABLE "spend_limit" ADD COLUMN "currency" TEXT;
ALTER TABLE "spend_limit" ADD CONSTRAINT "spend_limit_currency" CHECK ("currency" IN ('usd', 'cny'));
-- Caps that were set before are of the plan that is there. The tables' policies hold for their owner, too, except while this is done.
ALTER TABLE "spend_limit" NO FORCE ROW LEVEL SECURITY;
ALTER TABLE "subscription" NO FORCE ROW LEVEL SECURITY;
UPDATE "spend_limit" AS s SET "currency" = p."currency" FROM "subscription" AS p WHERE p."account_id" = s."account_id";
ALTER TABLE "subscription" FORCE ROW LEVEL SECURITY;
ALTER TABLE "spend_limit" FORCE ROW LEVEL SECURITY;

-- The currency of a report's price: amounts of different ones are never added up. Null: before this version.
ALTER TABLE "usage_report" ADD COLUMN "currency" TEXT;
ALTER TABLE "usage_report" ADD CONSTRAINT "usage_report_currency" CHECK ("currency" IN ('usd', 'cny'));

-- What the last reading found at Stripe that an operator should look at: "several" plans that run, or one in an unknown "currency".
ALTER TABLE "billing_customer" ADD COLUMN "odd" TEXT[] DEFAULT '{}';
GRANT SELECT ("odd") ON "billing_customer" TO lingxi_system;
