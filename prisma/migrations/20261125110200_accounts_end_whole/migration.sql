-- What an account leaves behind when it goes: nothing. These tables held its id without a foreign key.
ALTER TABLE "conversation_count" ADD CONSTRAINT "conversation_count_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "routing_rule" ADD CONSTRAINT "routing_rule_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "undo" ADD CONSTRAINT "undo_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Not event: every message writes one, and each check would lock and so rewrite the account's one row, which all messages of
-- the account share. Its rows go by a trigger instead, which costs nothing until an account ends.
CREATE FUNCTION "forget_events"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM event e WHERE e.account_id = OLD.id;
  RETURN NULL;
END $$;
CREATE TRIGGER "account_ended" AFTER DELETE ON "account" FOR EACH ROW EXECUTE FUNCTION forget_events();
