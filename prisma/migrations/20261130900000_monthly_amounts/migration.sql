-- What a subscription brings a month, as Stripe's prices and discounts say; the next reading (once a day at the latest) fills it in.
ALTER TABLE "subscription" ADD COLUMN "monthly" JSONB NOT NULL DEFAULT '{}';
