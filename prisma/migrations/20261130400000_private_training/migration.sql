-- How much privacy a training may spend, where it is to be differentially private; without it, it is an ordinary one.
ALTER TABLE "training_run" ADD COLUMN "epsilon" REAL;
ALTER TABLE "training_run" ADD CONSTRAINT "training_run_epsilon" CHECK ("epsilon" BETWEEN 0.1 AND 20);
