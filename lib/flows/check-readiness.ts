/** Says of each part of the installation whether it does its work. */
import { resolve } from 'node:path'
import type { Ctx } from '../platform/context'
import { callInAccount } from '../platform/db/in-account'
import { migrationNames } from '../platform/postgres/migrations'

export type PartState = 'ready' | 'starting' | 'slow' | 'away'

export interface Readiness {
  /** True when messages are accepted and people can work; a missing model only delays labels. */
  ready: boolean
  parts: Record<'database' | 'migrations' | 'inference' | 'worker' | 'events' | 'pages', PartState>
}

/** A worker that has not been heard of for this long counts as away, seconds. */
const silence = 20

const question = {
  name: 'readiness',
  text: `SELECT (SELECT count(*) FROM unnest($1::text[]) AS known (name) WHERE NOT EXISTS (
      SELECT FROM _prisma_migrations WHERE migration_name = known.name AND finished_at IS NOT NULL))::int AS unfinished,
    (SELECT extract(epoch FROM now() - seen_at) FROM heartbeat WHERE process = 'worker')::float AS worker_age`,
}

/** What this version needs; a web server on its own may be newer than what the first machine has applied. */
let known: Promise<string[]> | undefined

export async function checkReadiness(ctx: Ctx): Promise<Readiness> {
  const { services } = ctx
  known ??= migrationNames(resolve('prisma/migrations'))
  const row = await callInAccount<{ unfinished: number; worker_age: number | null }>(services, question, [await known])
    .then((rows) => rows[0])
    .catch(() => undefined)
  const classifier = services.classifier
  // The first question after a start finds nobody has asked the model yet: ask it.
  if (classifier.state() !== 'ready')
    await classifier.classify({ text: 'hello', bundle: 'base' }, 300).catch(() => null)
  const parts: Readiness['parts'] = {
    database: row ? 'ready' : 'away',
    migrations: !row ? 'away' : row.unfinished === 0 ? 'ready' : 'starting',
    inference: classifier.state(),
    worker: !row ? 'away' : row.worker_age == null ? 'starting' : row.worker_age < silence ? 'ready' : 'away',
    events: services.bus.state(),
    pages: services.pages.ready ? 'ready' : 'starting',
  }
  return { ready: (['database', 'migrations', 'pages'] as const).every((part) => parts[part] === 'ready'), parts }
}
