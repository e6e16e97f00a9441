-- What Stripe charges next for what is billed by the month and by the year: the amount (hundredths) and its day.
ALTER TABLE "subscription" ADD COLUMN "charges" JSONB NOT NULL DEFAULT '[]';
