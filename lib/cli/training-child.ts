/** The training child: one request on standard input, progress and the result on standard output; SIGTERM cancels. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { z } from 'zod'
import { foreignTexts, keptSentences, openTexts } from '@/models/base/keep'
import { sha256, writeBundle } from '@/models/bundle/write'
import { Encoders } from '@/models/encoder/installed'
import type { SentenceEncoder } from '@/models/encoder/open-encoder'
import { openBundle } from '@/models/serve/open'
import { type TrainReply, trainRequest } from '@/models/train/child-protocol'
import { type LabelledText, rowsOf } from '@/models/train/prepare'
import type { Recipe } from '@/models/train/recipe'
import { readStart } from '@/models/train/start'
import { type TrainedModel, type TrainOptions, type TrainProgress, trainModel } from '@/models/train/train-model'
import { type PrivacySpent, trainPrivately } from '@/models/train/train-privately'
import { baseFolder } from './base-folder'
import { limitMemory } from './training/limit-memory'
import { measure } from './training/measure'

const cancel = new AbortController()
process.on('SIGTERM', () => cancel.abort())
process.on('SIGINT', () => cancel.abort())
// A parent that was killed cannot say so: nobody would take what comes of this.
const parent = process.ppid
setInterval(() => process.ppid !== parent && process.exit(1), 1_000).unref()

function say(reply: TrainReply): void {
  process.stdout.write(`${JSON.stringify(reply)}\n`)
}

async function firstLine(): Promise<string> {
  const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })
  for await (const line of lines) {
    lines.close()
    return line
  }
  return ''
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** From here on, an account's own texts settle by themselves how sure the model may be. */
const enoughOwn = 500

type Common = Pick<TrainOptions, 'seed' | 'budgetMs' | 'signal' | 'onRecipe' | 'onProgress'>
type Fitted = TrainedModel & { privacy?: PrivacySpent }

function learnFrom(
  request: z.output<typeof trainRequest>,
  kept: readonly LabelledText[],
  common: Common,
  sentence: SentenceEncoder | undefined,
): Promise<Fitted> {
  const start = readStart(baseFolder())
  if (request.privacy) {
    // Sentences of the corpus are nobody's: they teach beside the account's texts without costing privacy.
    const open = openTexts(join(baseFolder(), '../corpus'))
    return trainPrivately(request.rows, request.privacy, start, open, { ...common, beside: kept })
  }
  const many = request.rows.length >= enoughOwn
  return trainModel(many ? request.rows : [...request.rows, ...kept], {
    ...common,
    start,
    ...(many ? { beside: kept } : {}),
    ...(request.dev ? { dev: request.dev } : {}),
    ...(request.unlabelled ? { unlabelled: request.unlabelled } : {}),
    ...(sentence ? { sentence } : {}),
  })
}

async function work(): Promise<void> {
  const request = trainRequest.parse(JSON.parse(await firstLine()))
  if (request.memoryMb) limitMemory(request.memoryMb)
  const encoders = request.encoder ? new Encoders(dirname(request.encoder)) : undefined
  const sentence = request.encoder ? await encoders?.take(basename(request.encoder)) : undefined
  let said = 0
  let early: number | undefined
  const { keep } = request
  const code = sha256(readFileSync(process.argv[1] as string))
  say({ begun: { code, recipe: null } })
  const kept = keep ? keptSentences(join(baseFolder(), '../corpus'), keep.labels, keep.perLabel) : []
  const common = {
    seed: request.seed,
    ...(request.budgetMs ? { budgetMs: request.budgetMs } : {}),
    signal: cancel.signal,
    onRecipe: (recipe: Recipe) => say({ begun: { code, recipe } }),
    onProgress: (progress: TrainProgress) => {
      // Ten lines a second are plenty for a progress bar; that it ends early is said once, and must not be missed.
      const ends = progress.early !== undefined && progress.early.epochs !== early
      early = progress.early?.epochs
      if (performance.now() - said < 100 && progress.done < 1 && !ends) return
      said = performance.now()
      say({ progress: { ...progress, cpuSeconds: cpuSeconds() } })
    },
  }
  const { model, head, prepared, recipe, doubts, overlaps, unlabelled, privacy } = await learnFrom(
    request,
    kept,
    common,
    sentence,
  )
  const rows = [...request.rows, ...kept].map(({ text, label }) => [text, label])
  const manifest = await writeBundle(request.out, model, {
    id: request.id,
    createdAt: request.createdAt,
    licence: request.licence,
    probes: request.probes,
    lineage: {
      seed: request.seed,
      rows: rows.length,
      // A digest of the texts would let a guess at them be checked: a private bundle has none.
      dataset: privacy ? '0'.repeat(64) : createHash('sha256').update(JSON.stringify(rows)).digest('hex'),
      base: request.base,
    },
    ...(request.signingKey ? { key: { privateKey: request.signingKey } } : {}),
  })
  // What cannot be opened must not be offered.
  const bundle = await openBundle(request.out, { provider: 'cpu', ...(encoders ? { encoders } : {}) })
  const foreign = foreignTexts(join(baseFolder(), '../corpus'), kept)
  const measured = await measure(
    { head, recipe, code },
    bundle,
    request.rows.map(({ text }) => text),
    foreign,
  )
  await bundle.close()
  const { repeats, contradictions, texts } = prepared
  const rowOf = rowsOf(request.rows, prepared)
  const rowsAt = (places: readonly number[]) => places.flatMap((at) => rowOf(at) ?? [])
  const bytes = Object.values(manifest.parts).reduce((sum, part) => sum + part.bytes, 0)
  const { labels, metrics } = head
  say({
    done: {
      modelVersion: bundle.modelVersion,
      labels,
      metrics,
      rows: texts.length,
      repeats,
      contradictions,
      unlabelled,
      bytes,
      digest: sha256(readFileSync(join(request.out, 'manifest.json'))),
      cpuSeconds: cpuSeconds(),
      privacy: privacy ?? null,
      measured,
      doubts: doubts.flatMap(({ at, guess, probability }) => rowsAt([at]).map((row) => ({ row, guess, probability }))),
      overlaps: overlaps.map(({ labels: pair, count, texts: places }) => ({
        labels: pair,
        count,
        rows: rowsAt(places),
      })),
    },
  })
}

try {
  await work()
  process.exit(0)
} catch (error) {
  const { name, message } = error as Error
  const code = (error as { reason?: string }).reason ?? (name === 'NotEnoughData' ? 'not_enough_data' : 'failed')
  say({ failed: { code, message: name === 'ZodError' ? 'the request is not well-formed' : message } })
  process.exit(1)
}
