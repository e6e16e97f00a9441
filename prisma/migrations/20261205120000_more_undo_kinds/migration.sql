-- A text that was removed, a file that was imported, and the switch of what comes along are taken back by one press.
ALTER TABLE "undo" DROP CONSTRAINT "undo_kind";
ALTER TABLE "undo" ADD CONSTRAINT "undo_kind" CHECK ("kind" IN ('tickets', 'label', 'team', 'identity_secret', 'labelled', 'moved', 'merged', 'builtin', 'removed', 'imported'));
