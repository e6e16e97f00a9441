-- What a person chose for themselves in an account: looks, keys, the columns of their tickets. It was kept per browser until now.
ALTER TABLE "membership" ADD COLUMN "preferences" JSONB NOT NULL DEFAULT '{}';
ALTER TABLE "membership" ADD CONSTRAINT "membership_preferences" CHECK (jsonb_typeof("preferences") = 'object');
