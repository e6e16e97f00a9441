-- What a subscription brings a month and what a thousand messages beyond its plan cost, as the prices and discounts at Stripe say;
-- the next reading (once a day at the latest) fills them in.
ALTER TABLE "subscription" ADD COLUMN "monthly" JSONB NOT NULL DEFAULT '{}';
ALTER TABLE "subscription" ADD COLUMN "overage" DOUBLE PRECISION;
