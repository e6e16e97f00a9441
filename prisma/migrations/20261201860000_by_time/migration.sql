-- What a month's plans include together, each by the time it is held; null: its plan did not change.
ALTER TABLE "usage_month" ADD COLUMN "planned" INTEGER;
