/** An account that learns: a trainer that trains nothing, and a model that reads `intent: text` when it is the account's own. */
import { createHash } from 'node:crypto'
import { makeCtx } from '@/lib/border/caller'
import { newId } from '@/lib/core/ids'
import type { TrainedBundle, Trainer, TrainingTask } from '@/lib/core/ports'
import { askLook } from '@/lib/features/learning/look'
import { changePlan } from '@/lib/flows/change-plan'
import { lookAtLabels } from '@/lib/flows/look-at-labels'
import { type Health, readHealth } from '@/lib/flows/read-health'
import { runTraining } from '@/lib/flows/run-training'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { createKit, type Kit, label } from '../settings/kit'

export interface LearningKit extends Kit {
  /** Everything that was asked of the trainer. */
  tasks: TrainingTask[]
  /** What it does next; without it, it succeeds at once. */
  during?: (task: TrainingTask, signal: AbortSignal) => Promise<void>
  /** How an account's own model answers about a text. */
  own: (text: string) => string
  /** How the model that comes along does. */
  base: (text: string) => string
  /** Labels are looked through, then read. */
  health(ctx: Ctx): Promise<Health>
  /** The worker's turn; false when there was nothing to do. */
  work(stop?: AbortSignal): Promise<boolean>
}

const digestOf = (task: TrainingTask): string => createHash('sha256').update(JSON.stringify(task)).digest('hex')

export async function createLearningKit(): Promise<LearningKit> {
  const kit = await createKit()
  // More trainings than the Free plan has.
  await changePlan(kit.shop.as.owner, { plan: 'business', interval: 'month', currency: 'usd' })
  const tasks: TrainingTask[] = []
  const made = new Set<string>()
  const intentIn = (text: string) => text.split(':')[0] ?? ''
  const system = (accountId: string) => makeCtx(kit.services, { kind: 'system', reason: 'test' }, accountId, 'en')
  const learning: LearningKit = {
    ...kit,
    tasks,
    own: intentIn,
    base: () => 'complaint',
    health: async (ctx) => {
      await inAccount(ctx, (tx) => askLook(tx, ctx))
      await lookAtLabels(kit.services, system)
      return readHealth(ctx)
    },
    work: (stop = new AbortController().signal) => runTraining(kit.services, system, stop),
  }
  const trainer: Trainer = {
    train: async (task, onProgress, signal, onBegun): Promise<TrainedBundle> => {
      tasks.push(task)
      onBegun({ code: 'c0de', recipe: null })
      onBegun({ code: 'c0de', recipe: { paths: [] } })
      onProgress({ phase: 'fold', done: 0.5, loss: 1.2, accuracy: 0.5, perSecond: 90, cpuSeconds: 1 })
      await learning.during?.(task, signal)
      const digest = digestOf(task)
      made.add(`${task.accountId}.${digest}`)
      const labels = [...new Set(task.rows.map((row) => row.label))].sort()
      return {
        digest,
        bytes: 100,
        labels,
        rows: task.rows.length,
        repeats: 0,
        contradictions: 0,
        unlabelled: task.unlabelled.length,
        cpuSeconds: 2,
        privacy: task.epsilon ? { epsilon: task.epsilon, delta: 1e-5, noise: 1, rate: 0.1, steps: 100, clip: 1 } : null,
        measured: {
          reliability: null,
          outOfScope: null,
          speed: { p50: 0.1, p99: 0.4, cpuMicroseconds: 50 },
          recipe: {},
        },
        overlaps: labels[1]
          ? [
              {
                labels: [labels[0] as string, labels[1]],
                count: 3,
                rows: task.rows.flatMap(({ label: of }, at) => (of === labels[0] ? [at] : [])).slice(0, 2),
              },
            ]
          : [],
        doubts: [{ row: 0, guess: labels.find((label) => label !== task.rows[0]?.label) ?? '', probability: 0.9 }],
      }
    },
    list: async () => [],
    remove: async () => {},
    read: async (accountId, digest) =>
      made.has(`${accountId}.${digest}`) ? new Map([['manifest.json', Buffer.from(digest)]]) : null,
  }
  Object.assign(kit.services, {
    trainer,
    classifier: {
      ...kit.services.classifier,
      classify: async ({ text, bundle }: { text: string; bundle: string }) => {
        if (bundle === 'base') return label({ modelVersion: 'base', intent: learning.base(text) })
        if (!made.has(bundle)) throw new Error(`no bundle ${bundle}`)
        return label({ modelVersion: bundle.split('.')[1]?.slice(0, 12) ?? '', intent: learning.own(text) })
      },
    },
  })
  return learning
}

/** Rows of a file: so many different texts of each intent, `intent: words`. */
export const linesOf = (intents: readonly string[], each: number): string =>
  intents
    .flatMap((intent) =>
      Array.from({ length: each }, (_, at) => ({ text: `${intent}: case ${at} of ${newId()}`, label: intent })),
    )
    .map((row) => JSON.stringify(row))
    .join('\n')
