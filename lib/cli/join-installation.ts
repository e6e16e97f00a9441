/** The settings under which a command joins an installation that runs: those of the data folder, or of the environment. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Env, readEnv } from '@/lib/core/env'
import { asUser } from '@/lib/platform/postgres/external'
import { loginRole } from '@/lib/platform/postgres/roles'
import { readSecrets } from '@/lib/platform/secrets'
import { UsageError } from './training/options'

/** The settings of the installation in the data folder, as its own processes have them. */
export async function joinInstallation(): Promise<Env> {
  const env = readEnv()
  if (env.LINGXI_APP_URL && env.LINGXI_SYSTEM_URL && env.LINGXI_KEK) return env
  const secrets = await readSecrets(env.LINGXI_DATA_DIR)
  if (!secrets) throw new UsageError(`there is no installation in ${env.LINGXI_DATA_DIR}: set LINGXI_DATA_DIR`)
  const { app, system } = secrets.database
  const url = env.DATABASE_URL || (await embeddedUrl(env.LINGXI_DATA_DIR))
  const database = decodeURIComponent(new URL(url).pathname.slice(1))
  return {
    ...env,
    LINGXI_LOG_LEVEL: 'warn',
    LINGXI_APP_URL: asUser(url, loginRole(database, 'app'), app),
    LINGXI_SYSTEM_URL: asUser(url, loginRole(database, 'system'), system),
    LINGXI_KEK: env.LINGXI_KEK || secrets.kek,
  }
}

/** PostgreSQL writes its port into the fourth line of postmaster.pid while it runs. */
async function embeddedUrl(dataDir: string): Promise<string> {
  const lines = await readFile(join(dataDir, 'pg', 'postmaster.pid'), 'utf8').catch(() => '')
  const port = Number(lines.split('\n')[3])
  if (!port) throw new UsageError(`the installation in ${dataDir} does not run: begin with npm start`)
  return `postgresql://nobody@127.0.0.1:${port}/lingxi`
}
