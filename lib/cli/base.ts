/** `npm run base`: rebuilds the shipped base model from its corpus and prints the figures of the held-out part. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { buildBase } from '@/models/base/build'
import { showProgress } from './training/progress'

const root = process.cwd()
const folder = join(root, 'models/base')
if (!existsSync(join(folder, 'corpus'))) {
  process.stderr.write('Run this in the project folder: models/base/corpus is not here.\n')
  process.exit(2)
}
const seedAt = process.argv.indexOf('--seed')
const seed = seedAt > 0 ? Number(process.argv[seedAt + 1]) : 1
const outAt = process.argv.indexOf('--out')
const out = outAt > 0 ? String(process.argv[outAt + 1]) : join(folder, 'bundle')
const started = performance.now()
const result = await buildBase({
  corpus: join(folder, 'corpus'),
  out,
  seed,
  // A fixed date: the same corpus and seed give the same bytes.
  createdAt: '2026-01-01T00:00:00.000Z',
  onProgress: (phase, { epoch, epochs, loss }) => showProgress(phase, epoch / epochs, loss),
})
const bytes = Object.values(result.manifest.parts).reduce((sum, part) => sum + part.bytes, 0)
process.stdout.write(
  `${JSON.stringify({
    seconds: Math.round((performance.now() - started) / 100) / 10,
    megabytes: Math.round(bytes / 1e4) / 100,
    sentences: result.manifest.lineage.rows,
    heads: Object.fromEntries(result.heads.map((head) => [head.name, head.metrics])),
  })}\n`,
)
