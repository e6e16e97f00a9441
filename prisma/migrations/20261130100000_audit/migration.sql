-- The audit log: who did what that matters, in the transaction that did it. Entries form a chain per account: each hash covers the
-- one before, so that a row changed, removed or put in between later no longer fits.
CREATE TABLE "audit_entry" (
    "account_id" UUID NOT NULL,
    -- 1, 2, 3 … within the account: two entries can never follow the same one.
    "sequence" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "act" TEXT NOT NULL,
    -- The membership; null: the product itself, by a rule or a job. No foreign key: an entry outlives whatever it names.
    "actor_id" UUID,
    "thing_id" TEXT,
    -- Numbers, ids, state words and the account's own names of things; never texts of messages, addresses or secrets.
    "facts" JSONB NOT NULL DEFAULT '{}',
    -- 32 bytes: of the entry before, or zeros.
    "previous" BYTEA NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("account_id","sequence")
);
CREATE INDEX "audit_entry_account_id_act_sequence_idx" ON "audit_entry"("account_id", "act", "sequence" DESC);
CREATE INDEX "audit_entry_account_id_actor_id_sequence_idx" ON "audit_entry"("account_id", "actor_id", "sequence" DESC);
ALTER TABLE "audit_entry" ADD CONSTRAINT "audit_entry_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "audit_entry" ADD CONSTRAINT "audit_entry_act" CHECK ("act" ~ '^[a-z]+\.[a-z_]+$');
ALTER TABLE "audit_entry" ADD CONSTRAINT "audit_entry_hashes" CHECK (octet_length("previous") = 32 AND octet_length("hash") = 32);
ALTER TABLE "audit_entry" ADD CONSTRAINT "audit_entry_sequence" CHECK ("sequence" > 0);

ALTER TABLE "audit_entry" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "audit_entry" FORCE ROW LEVEL SECURITY;
CREATE POLICY "own_account" ON "audit_entry" TO lingxi_app USING (account_id = current_account_id()) WITH CHECK (account_id = current_account_id());
-- Added to and read; neither changed nor removed.
GRANT SELECT, INSERT ON "audit_entry" TO lingxi_app;
-- A sign-in is written into the accounts of its person, in its own transaction: the end of each chain is read and one entry added.
CREATE POLICY "system" ON "audit_entry" TO lingxi_system USING (true) WITH CHECK (true);
GRANT SELECT ("account_id", "sequence", "hash"), INSERT ON "audit_entry" TO lingxi_system;

-- Adds one entry, in one round trip: its callers hold locks of their own. Writers of an account wait here for each other, so that two
-- never follow the same entry. `head` and `tail` are the canonical text around the sequence (lib/features/audit/chain.ts).
CREATE FUNCTION "add_audit_entry"(account uuid, at timestamptz, act text, actor uuid, thing text, facts jsonb, head text, tail text)
RETURNS bigint LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
  before bytea;
  number bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('audit ' || account, 0));
  -- A statement of its own: it sees what was committed while the lock was waited for.
  SELECT e.hash, e.sequence INTO before, number FROM audit_entry e WHERE e.account_id = account ORDER BY e.sequence DESC LIMIT 1;
  before := coalesce(before, decode(repeat('00', 32), 'hex'));
  number := coalesce(number, 0) + 1;
  INSERT INTO audit_entry (account_id, sequence, at, act, actor_id, thing_id, facts, previous, hash)
    VALUES (account, number, at, act, actor, thing, facts, before, sha256(before || convert_to(head || number || tail, 'UTF8')));
  RETURN number;
END $$;
REVOKE EXECUTE ON FUNCTION "add_audit_entry"(uuid, timestamptz, text, uuid, text, jsonb, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION "add_audit_entry"(uuid, timestamptz, text, uuid, text, jsonb, text, text) TO lingxi_app, lingxi_system;
