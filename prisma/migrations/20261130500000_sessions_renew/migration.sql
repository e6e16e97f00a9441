-- A session that began before its person got another role goes on under a new id: whoever copied the old one gains nothing.
-- Null: the role is the one that the membership began with.
ALTER TABLE "membership" ADD COLUMN "role_changed_at" TIMESTAMPTZ(3);
