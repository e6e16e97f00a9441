-- A text may be an example and a case at once: nobody learns it then, and it is the example that it was once the case is removed.
DROP INDEX "example_account_id_text_hash_key";
CREATE UNIQUE INDEX "example_account_id_text_hash_key" ON "example"("account_id", "text_hash") WHERE "source" <> 'case';
CREATE UNIQUE INDEX "example_case_key" ON "example"("account_id", "text_hash") WHERE "source" = 'case';
-- Whoever looks a text up asks for both.
CREATE INDEX "example_account_id_text_hash_idx" ON "example"("account_id", "text_hash");
