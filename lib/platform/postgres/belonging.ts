/** Notices when a database is opened with another key than the one its content was encrypted with. */
import { createHmac } from 'node:crypto'
import { Client } from 'pg'
import { StartupError } from './startup-error'

/**
 * A lost or foreign secrets.json would otherwise show itself only message by message, after new content had been
 * written under the new key. The mark lies in a schema of its own, out of sight of Prisma and the app.
 */
export async function refuseForeignKey(url: string, kek: string): Promise<void> {
  const mark = createHmac('sha256', kek).update('lingxi installation').digest('hex')
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query("SET client_min_messages = 'warning'")
    await client.query(`CREATE SCHEMA IF NOT EXISTS lingxi;
      CREATE TABLE IF NOT EXISTS lingxi.installation (only_one boolean PRIMARY KEY CHECK (only_one), key_mark text NOT NULL)`)
    await client.query('INSERT INTO lingxi.installation VALUES (true, $1) ON CONFLICT DO NOTHING', [mark])
    const { rows } = await client.query<{ key_mark: string }>('SELECT key_mark FROM lingxi.installation')
    if (rows[0]?.key_mark === mark) return
  } finally {
    await client.end()
  }
  throw new StartupError(
    'This database was encrypted with another key. Put the secrets.json it was made with into the data folder (or set its LINGXI_KEK), or choose an empty database.',
  )
}
