-- A text that was exported as a correction comes in again as one, although its message is not here.
ALTER TABLE "example" DROP CONSTRAINT "example_source";
ALTER TABLE "example" ADD CONSTRAINT "example_source" CHECK ("source" IN ('correction', 'written', 'import', 'case'));
