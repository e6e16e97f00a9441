/** `npm run train -- --account SLUG`: asks a running installation for a training run and says how it goes. */
import { setTimeout as sleep } from 'node:timers/promises'
import { isAppError } from '@/lib/core/errors'
import { newId } from '@/lib/core/ids'
import { listRuns, readWholeRun } from '@/lib/features/learning/read-runs'
import { startTraining } from '@/lib/flows/start-training'
import type { Ctx, Services } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'
import { inAccount } from '@/lib/platform/db/in-account'
import { createServices } from '@/lib/start'
import { say } from '@/lib/words/say'
import { joinInstallation } from '../join-installation'
import { UsageError } from './options'

/** A worker that runs takes a waiting run within a second; after this long without, seconds, there is none. */
const patience = 20

async function contextOf(services: Services, slug: string): Promise<Ctx> {
  const account = await asSystem(services, 'train by command', (tx) =>
    tx.account.findUnique({ where: { slug }, select: { id: true } }),
  )
  if (!account) throw new UsageError(`there is no account ${slug}`)
  return {
    services,
    actor: { kind: 'system', reason: 'train by command' },
    accountId: account.id,
    locale: 'en',
    now: () => new Date(),
    newId,
    random: Math.random,
  }
}

/** Prints progress on standard error and the outcome as JSON on standard output. */
export async function trainAccount(slug: string, wish: { seed: number; epsilon?: number | undefined }): Promise<void> {
  const services = createServices('train', await joinInstallation())
  try {
    const ctx = await contextOf(services, slug)
    const { id } = await startTraining(ctx, wish)
    services.bus.wake(ctx.accountId)
    const run = await follow(ctx, id)
    process.stdout.write(`${JSON.stringify(run)}\n`)
    if (run.state !== 'succeeded') process.exitCode = 1
  } catch (error) {
    if (!isAppError(error)) throw error
    throw new UsageError(say('en', 'errors', `${error.code}.title`) ?? error.code)
  } finally {
    await services.close()
  }
}

async function follow(ctx: Ctx, id: string) {
  const started = Date.now()
  for (let said = ''; ; await sleep(1_000)) {
    const [run, runs] = await inAccount(ctx, async (tx) => [await readWholeRun(tx, ctx, id), await listRuns(tx, ctx)])
    const line = `${run.state} ${Math.round(run.progress * 100)} % ${run.phase}`
    if (line !== said) process.stderr.write(`${line}\n`)
    said = line
    // One that runs may be the ordinary training beside a private one.
    const busy = runs.some(({ state }) => state === 'running')
    if (run.state === 'queued' && !busy && Date.now() - started > patience * 1_000)
      throw new UsageError('no worker took the run; it waits. Is the installation running, or busy with another?')
    if (run.state === 'queued' || run.state === 'running') continue
    const { state, error, seconds, cpuSeconds, report, dataset } = run
    return {
      id,
      state,
      error,
      seconds,
      cpuSeconds,
      dataset: { hash: dataset.hash, train: dataset.counts.train, test: dataset.counts.test },
      privacy: report?.privacy ?? null,
      heldOut: report && { accuracy: report.candidate.accuracy, before: report.champion.accuracy },
      gate: report?.gate ?? null,
    }
  }
}
