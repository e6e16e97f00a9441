-- Identity: proven addresses, mails that wait for their moment, and accounts that people open themselves.
ALTER TABLE "user" ADD COLUMN "email_verified_at" TIMESTAMPTZ(3);
ALTER TABLE "mail" ADD COLUMN "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;
CREATE INDEX "mail_due" ON "mail" ("due_at") WHERE "state" = 'queued';

ALTER TABLE "sign_in_token" ADD CONSTRAINT "sign_in_token_purpose" CHECK ("purpose" IN ('sign_in', 'reset', 'verify'));

-- A new account is opened under its own id, in one transaction with its first member, inbox and rules; the policy's
-- WITH CHECK keeps anyone from opening it under another's.
GRANT INSERT ON "account" TO lingxi_app;
