-- A second factor: an authenticator's secret (sealed) and recovery codes (keyed hashes) of a person; no account reaches either.
CREATE TABLE "second_factor" (
    "user_id" UUID NOT NULL,
    "secret" BYTEA NOT NULL,
    -- The time step of the last code that was taken: no code counts twice.
    "last_step" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "second_factor_pkey" PRIMARY KEY ("user_id")
);
ALTER TABLE "second_factor" ADD CONSTRAINT "second_factor_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "recovery_code" (
    "user_id" UUID NOT NULL,
    "hash" BYTEA NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "recovery_code_pkey" PRIMARY KEY ("user_id","hash")
);
ALTER TABLE "recovery_code" ADD CONSTRAINT "recovery_code_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

GRANT SELECT, INSERT, UPDATE, DELETE ON "second_factor", "recovery_code" TO lingxi_system;

-- Since when a sign-in asks for a code; null: it does not. An account sees it of its members.
ALTER TABLE "user" ADD COLUMN "second_factor_at" TIMESTAMPTZ(3);
GRANT SELECT ("second_factor_at") ON "user" TO lingxi_app;

-- An account's desk opens to members with a second factor only.
ALTER TABLE "account" ADD COLUMN "second_factor_required" BOOLEAN NOT NULL DEFAULT false;
GRANT SELECT ("second_factor_required") ON "account" TO lingxi_system;

-- What a sign-in holds between the right password and the code; it opens nothing else.
ALTER TABLE "sign_in_token" DROP CONSTRAINT "sign_in_token_purpose";
ALTER TABLE "sign_in_token" ADD CONSTRAINT "sign_in_token_purpose" CHECK ("purpose" IN ('sign_in', 'reset', 'verify', 'code'));
