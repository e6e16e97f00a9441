-- A merge of two intents, and texts that were moved to another intent, are taken back by one press.
ALTER TABLE "undo" DROP CONSTRAINT "undo_kind";
ALTER TABLE "undo" ADD CONSTRAINT "undo_kind" CHECK ("kind" IN ('tickets', 'label', 'team', 'identity_secret', 'labelled', 'moved', 'merged'));
