/** Jobs are added inside the caller's transaction and worked by the running app's role, without the owner's rights. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Logger, run } from 'graphile-worker'
import { Pool } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../kit/database'

let database: TestDatabase
let pool: Pool

beforeAll(async () => {
  database = await createTestDatabase()
  pool = new Pool({ connectionString: database.appUrl, max: 4 })
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
})
afterAll(async () => {
  await pool.end()
  await database.drop()
})

const quiet = new Logger(() => () => undefined)
const addJob = "SELECT graphile_worker.add_job('greet', json_build_object('to', $1::text), queue_name => 'greetings')"

test('the app role adds a job in its transaction and works it; a rollback leaves none', async () => {
  const client = await pool.connect()
  await client.query('BEGIN')
  await client.query(addJob, ['nobody'])
  await client.query('ROLLBACK')
  await client.query('BEGIN')
  await client.query(addJob, ['everyone'])
  await client.query('COMMIT')
  client.release()

  const greeted: unknown[] = []
  let finish: () => void
  const finished = new Promise<void>((resolve) => {
    finish = resolve
  })
  const runner = await run({
    pgPool: pool,
    concurrency: 1,
    noHandleSignals: true,
    logger: quiet,
    taskList: {
      greet: (payload) => {
        greeted.push(payload)
        finish()
      },
    },
  })
  await finished
  await runner.stop()
  expect(greeted).toEqual([{ to: 'everyone' }])
  // The row goes just after the work is done.
  const left = async (): Promise<number> =>
    (await pool.query('SELECT count(*)::int AS n FROM graphile_worker.jobs')).rows[0].n
  for (let i = 0; i < 100 && (await left()) > 0; i++) await sleep(20)
  expect(await left()).toBe(0)
})

test('the app role can neither change the schema nor pretend a migration', async () => {
  await expect(pool.query('CREATE TABLE graphile_worker.mine (id int)')).rejects.toThrow(/permission denied/)
  await expect(pool.query('INSERT INTO graphile_worker.migrations (id) VALUES (999)')).rejects.toThrow(
    /permission denied/,
  )
  await expect(pool.query('DELETE FROM _prisma_migrations')).rejects.toThrow(/permission denied/)
})

test('the login roles have no power over policies', async () => {
  const { rows } = await pool.query(
    'SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin FROM pg_roles WHERE rolname = current_user',
  )
  expect(rows[0]).toEqual({
    rolsuper: false,
    rolbypassrls: false,
    rolcreaterole: false,
    rolcreatedb: false,
    rolcanlogin: true,
  })
})
