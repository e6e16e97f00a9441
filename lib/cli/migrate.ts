/** `npm run migrate`: brings the database behind DATABASE_URL up to this version, without starting anything. */
import { readEnv } from '@/lib/core/env'
import { checkExternal } from '@/lib/platform/postgres/external'
import { prepareDatabase } from '@/lib/platform/postgres/prepare'
import { StartupError } from '@/lib/platform/postgres/startup-error'
import { ensureSecrets } from '@/lib/platform/secrets'

async function main(): Promise<void> {
  const env = readEnv()
  if (!env.DATABASE_URL)
    throw new StartupError('Set DATABASE_URL: the embedded database is migrated by "npm start" itself.')
  const { database, version } = await checkExternal(env.DATABASE_URL)
  const secrets = await ensureSecrets(env.LINGXI_DATA_DIR)
  const { applied } = await prepareDatabase(env.DATABASE_URL, 'prisma/migrations', secrets.database)
  const what = applied.length > 0 ? `applied ${applied.join(', ')}` : 'nothing to apply'
  process.stdout.write(`PostgreSQL ${version}, database ${database}: ${what}.\n`)
}

main().catch((error: Error) => {
  process.stderr.write(`${error instanceof StartupError ? error.message : error.stack}\n`)
  process.exit(1)
})
