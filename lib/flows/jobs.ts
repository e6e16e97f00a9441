/** What the worker does besides queued jobs: looks once a second for work that rows describe (docs/decisions/0039). */
import { type Runner, run } from 'graphile-worker'
import { newId } from '../core/ids'
import type { Ctx, Services } from '../platform/context'
import { asSystem } from '../platform/db/as-system'
import { callInAccount } from '../platform/db/in-account'
import { applyRetention } from './apply-retention'
import { billUsage } from './bill-usage'
import { compareUsage } from './compare-usage'
import { eraseAgain } from './erase-contact'
import { handleStripeEvents, reconcileStripe } from './follow-stripe'
import { labelLater } from './label-later'
import { lookAtLabels } from './look-at-labels'
import { pruneAttachments } from './prune-attachments'
import { pruneUndos } from './prune-undos'
import { runTraining } from './run-training'
import { sendDueMails } from './send-due-mails'
import { pruneWebhooks, webhookSender } from './send-webhooks'
import { sweepBundles } from './sweep-bundles'
import { trainByRule } from './train-by-rule'
import { wakeSnoozed } from './wake-snoozed'
import { watchBands, watchDrift } from './watch-drift'
import { watchTrials } from './watch-trials'

export interface Jobs {
  stop(): Promise<void>
}

const look = 1_000
/** Event rows are news, not history: streams that stayed away longer begin anew. Days. */
const keepEvents = 7
/** Longer than Stripe repeats one; days. */
const keepStripeEvents = 90

const acting =
  (services: Services, reason: string) =>
  (accountId: string): Ctx => ({
    services,
    actor: { kind: 'system', reason },
    accountId,
    locale: 'en',
    now: () => new Date(),
    newId,
    random: Math.random,
  })

/** Repeats `work` with a pause between, one at a time; a failure is logged and tried again. */
function repeat(services: Services, name: string, pause: number, work: () => Promise<unknown>): () => Promise<void> {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<unknown> = Promise.resolve()
  const turn = () => {
    running = work()
      .catch((error) => services.log.warn({ err: error, work: name }, 'will try again'))
      .then(() => {
        if (!stopped) timer = setTimeout(turn, pause)
      })
  }
  turn()
  return async () => {
    stopped = true
    clearTimeout(timer)
    await running
  }
}

async function beat(services: Services): Promise<void> {
  const text = `INSERT INTO heartbeat (process, seen_at) VALUES ('worker', now()) ON CONFLICT (process) DO UPDATE SET seen_at = now()`
  await callInAccount(services, { name: 'beat', text }, [])
}

async function pruneEvents(services: Services): Promise<void> {
  const before = new Date(Date.now() - keepEvents * 86_400_000)
  await asSystem(services, 'remove old news', (tx) => tx.event.deleteMany({ where: { createdAt: { lt: before } } }))
  const old = new Date(Date.now() - keepStripeEvents * 86_400_000)
  await asSystem(services, 'remove old events of Stripe', (tx) =>
    tx.stripeEvent.deleteMany({ where: { receivedAt: { lt: old } } }),
  )
}

/** The queue keeps trying to reach a database that is away; the process lives on meanwhile. */
function startQueue(services: Services): { stop: () => Promise<void> } {
  let runner: Runner | undefined
  let stopped = false
  const start = async (): Promise<void> => {
    try {
      runner = await run({
        connectionString: services.database.appUrl,
        concurrency: 4,
        noHandleSignals: true,
        noPreparedStatements: false,
        taskList: {
          'prune-events': () => pruneEvents(services),
          'prune-webhooks': async () => {
            await pruneWebhooks(services, new Date())
          },
          'prune-undos': async () => {
            await pruneUndos(services, new Date())
          },
          'train-by-rule': async () => {
            await trainByRule(services, acting(services, 'training by rule'))
          },
          'reconcile-stripe': async () => {
            await reconcileStripe(services, acting(services, 'comparing with Stripe'))
          },
          'compare-usage': async () => {
            await compareUsage(services, acting(services, 'comparing use with Stripe'))
          },
          'apply-retention': async () => {
            await applyRetention(services, acting(services, 'retention'))
          },
          'watch-drift': async () => {
            await watchDrift(services, acting(services, 'drift'))
          },
          'watch-bands': async () => {
            await watchBands(services, acting(services, 'versions in charge'))
          },
          'sweep-bundles': async () => {
            await sweepBundles(services, acting(services, 'bundles that no version names'))
          },
          'prune-attachments': async () => {
            while ((await pruneAttachments(services, acting(services, 'files that were never sent'))) > 0);
          },
        },
        // Retention has a queue of its own: a run that failed and comes again never works beside the next night's.
        crontab:
          '17 3 * * * prune-events\n7 * * * * prune-webhooks\n13 * * * * prune-undos\n27 * * * * prune-attachments\n*/10 * * * * train-by-rule\n41 4 * * * reconcile-stripe ?fill=1d\n11 5 * * * compare-usage\n23 5 * * * watch-drift\n19 * * * * watch-bands\n53 3 * * * sweep-bundles\n37 2 * * * apply-retention ?fill=1d&queue=apply-retention',
      })
      await runner.promise
    } catch (error) {
      services.log.warn({ err: error }, 'the queue stopped; starting it again')
    }
    runner = undefined
    if (!stopped) setTimeout(start, 2_000)
  }
  void start()
  return {
    stop: async () => {
      stopped = true
      await runner?.stop().catch(() => {})
    },
  }
}

export async function runJobs(services: Services): Promise<Jobs> {
  const queue = startQueue(services)
  const stopping = new AbortController()
  const webhooks = webhookSender(services, acting(services, 'webhooks'))
  const loops = [
    repeat(services, 'heartbeat', 5_000, () => beat(services)),
    repeat(services, 'late labels', look, () => labelLater(services, acting(services, 'late labels'))),
    repeat(services, 'snoozes', look, () => wakeSnoozed(services, acting(services, 'snoozes'))),
    repeat(services, 'events from Stripe', look, () => handleStripeEvents(services, acting(services, 'Stripe'))),
    repeat(services, 'what is billed', 20_000, () => billUsage(services, acting(services, 'usage'))),
    repeat(services, 'trials', 10_000, () => watchTrials(services, acting(services, 'trials'))),
    repeat(services, 'erasures', 600_000, () => eraseAgain(services, acting(services, 'erased before'))),
    repeat(services, 'webhooks', look, () => webhooks.round()),
    repeat(services, 'mails', look, () => sendDueMails(services)),
    repeat(services, 'labels', look, () => lookAtLabels(services, acting(services, 'label health'))),
    repeat(services, 'training', look, () => runTraining(services, acting(services, 'training'), stopping.signal)),
  ]
  return {
    stop: async () => {
      stopping.abort()
      await Promise.all([queue.stop(), ...loops.map((stop) => stop())])
      await webhooks.stop()
    },
  }
}
