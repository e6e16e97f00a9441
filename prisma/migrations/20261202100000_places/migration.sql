-- Whom an owner gave a place last, where the plan includes fewer people than the account has: they work, and the others read.
ALTER TABLE "membership" ADD COLUMN "place_at" TIMESTAMPTZ(3);
