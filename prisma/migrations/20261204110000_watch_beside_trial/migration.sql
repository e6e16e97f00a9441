-- A version in charge is watched beside its predecessor while another one is on trial: one of each runs at a time.
DROP INDEX "model_trial_running";
CREATE UNIQUE INDEX "model_trial_running" ON "model_trial"("account_id", ("share" = 100)) WHERE "ended" IS NULL;
