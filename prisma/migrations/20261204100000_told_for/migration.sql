-- For when Stripe was told: an ended plan's last use is told with a time before its end, which may lie in another month than the telling.
ALTER TABLE "usage_report" ADD COLUMN "told_for" TIMESTAMPTZ(3);
UPDATE "usage_report" SET "told_for" = "sent_at";
