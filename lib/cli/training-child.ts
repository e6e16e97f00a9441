/** The training child: one request on standard input, progress and the result on standard output; SIGTERM cancels. */
import { createHash } from 'node:crypto'
import { basename, dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { writeBundle } from '@/models/bundle/write'
import { Encoders } from '@/models/encoder/installed'
import { openBundle } from '@/models/serve/open'
import { type TrainReply, trainRequest } from '@/models/train/child-protocol'
import { readStart } from '@/models/train/start'
import { trainModel } from '@/models/train/train-model'
import { baseFolder } from './base-folder'

const cancel = new AbortController()
process.on('SIGTERM', () => cancel.abort())
process.on('SIGINT', () => cancel.abort())

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

async function work(): Promise<void> {
  const request = trainRequest.parse(JSON.parse(await firstLine()))
  const encoders = request.encoder ? new Encoders(dirname(request.encoder)) : undefined
  const sentence = request.encoder ? await encoders?.take(basename(request.encoder)) : undefined
  let said = 0
  const { model, head, prepared } = await trainModel(request.rows, {
    seed: request.seed,
    start: readStart(baseFolder()),
    ...(request.dev ? { dev: request.dev } : {}),
    ...(request.unlabelled ? { unlabelled: request.unlabelled } : {}),
    ...(sentence ? { sentence } : {}),
    ...(request.budgetMs ? { budgetMs: request.budgetMs } : {}),
    signal: cancel.signal,
    onProgress: (progress) => {
      // Ten lines a second are plenty for a progress bar.
      if (performance.now() - said < 100 && progress.done < 1) return
      said = performance.now()
      say({ progress })
    },
  })
  const rows = request.rows.map(({ text, label }) => [text, label])
  const manifest = await writeBundle(request.out, model, {
    id: request.id,
    createdAt: request.createdAt,
    licence: request.licence,
    probes: request.probes,
    lineage: {
      seed: request.seed,
      rows: request.rows.length,
      dataset: createHash('sha256').update(JSON.stringify(rows)).digest('hex'),
      base: request.base,
    },
    ...(request.signingKey ? { key: { privateKey: request.signingKey } } : {}),
  })
  // What cannot be opened must not be offered.
  const bundle = await openBundle(request.out, { provider: 'cpu', ...(encoders ? { encoders } : {}) })
  await bundle.close()
  const { repeats, contradictions, texts } = prepared
  const bytes = Object.values(manifest.parts).reduce((sum, part) => sum + part.bytes, 0)
  const { labels, metrics } = head
  say({
    done: { modelVersion: bundle.modelVersion, labels, metrics, rows: texts.length, repeats, contradictions, bytes },
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
