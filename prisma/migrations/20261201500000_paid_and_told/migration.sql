-- What was earned in a month goes by the days on which money came and went, not by the days of the invoices; the next reading
-- (once a day at the latest) fills them in.
ALTER TABLE "invoice" ADD COLUMN "paid_at" TIMESTAMPTZ(3);
-- What went back (refunds, and what a bank took back): amounts with their days; and the newest of the days.
ALTER TABLE "invoice" ADD COLUMN "back" JSONB NOT NULL DEFAULT '[]';
ALTER TABLE "invoice" ADD COLUMN "back_at" TIMESTAMPTZ(3);
CREATE INDEX "invoice_paid_at_idx" ON "invoice"("paid_at");
CREATE INDEX "invoice_back_at_idx" ON "invoice"("back_at");

-- A month that was counted after its end, or whose plan ended in it, needs no further look.
ALTER TABLE "usage_month" ADD COLUMN "closed" BOOLEAN NOT NULL DEFAULT false;
-- What a thousand cost when they were put down; and when it was found that Stripe can be told no more of them.
ALTER TABLE "usage_report" ADD COLUMN "price" DOUBLE PRECISION;
ALTER TABLE "usage_report" ADD COLUMN "lost_at" TIMESTAMPTZ(3);
CREATE INDEX "usage_report_untold" ON "usage_report"("account_id") WHERE "sent_at" IS NULL AND "lost_at" IS NULL;

-- Accounts whose last report is still to be told, whatever became of their plan; and how many models were made to order.
CREATE POLICY "system" ON "usage_report" TO lingxi_system USING (true) WITH CHECK (true);
GRANT SELECT ("account_id", "sent_at", "lost_at") ON "usage_report" TO lingxi_system;
CREATE POLICY "system" ON "training_order" TO lingxi_system USING (true) WITH CHECK (true);
GRANT SELECT ("account_id", "created_at") ON "training_order" TO lingxi_system;
