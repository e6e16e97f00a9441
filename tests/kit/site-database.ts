/** The database of the installation that browser tests visit, with the owner's rights: to arrange what would take people a month. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { ownerRole } from '../../lib/platform/postgres/cluster'
import { readPostmaster } from '../../lib/platform/postgres/postmaster'
import { readSite } from './site'

/** Runs one statement and returns its rows. */
export async function askDatabase<Row extends object>(text: string, values: unknown[]): Promise<Row[]> {
  const { dataDir } = readSite()
  const secrets = JSON.parse(readFileSync(join(dataDir, 'secrets.json'), 'utf8')) as { database: { owner: string } }
  const server = await readPostmaster(join(dataDir, 'pg'))
  const client = new Client({
    host: '127.0.0.1',
    port: server?.port,
    user: ownerRole,
    password: secrets.database.owner,
    database: 'lingxi',
  })
  await client.connect()
  try {
    return (await client.query(text, values)).rows as Row[]
  } finally {
    await client.end()
  }
}
