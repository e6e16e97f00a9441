/** `npm run evaluate`: trains on a file's train rows, tunes on dev, reports on test; or judges a bundle untouched. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readTexts } from '@/models/encoder/text-reader'
import { judgeGroups } from '@/models/evaluate/groups'
import { type HeadName, judge } from '@/models/evaluate/judge'
import { falls, learningCurve, shots } from '@/models/evaluate/learning-curve'
import { precisionLoss } from '@/models/evaluate/precision'
import { measureSpeed } from '@/models/evaluate/speed'
import { openBundle } from '@/models/serve/open'
import { DataError, type Row, readCsv } from '@/models/train/read-csv'
import { type Splits, splitRows } from '@/models/train/split'
import { installedEncoders } from './training/encoders'
import { fitBundle } from './training/fit-bundle'
import { command, need, privacyOf, readOptions, UsageError, wholeNumber } from './training/options'

const USAGE = `npm run evaluate -- --data FILE.csv[.gz] [--seed N] [--json]
  [--bundle DIR [--map LABELS.json] [--head intent|sentiment|urgency] [--split test]]   judge a bundle without training
  [--train FILE.csv[.gz]] [--train-split NAME]   other training rows (for instance train_10)
  [--unlabelled FILE.csv[.gz]]                   its train rows, without their labels, as a log to learn from
  [--encoder NAME]                               an installed sentence encoder, read beside the n-grams
  [--shots N]                                    only N rows per label
  [--curve 5,10,50,all]                          accuracy as examples grow
  [--private EPSILON]                            differentially private; the noise follows from the seed: to judge, not to ship
  [--groups]                                     groups found among texts whose labels are hidden, without training
  [--tune]                                       report on dev instead of test`

const round = (value: number, places = 4) => Math.round(value * 10 ** places) / 10 ** places

function report(result: object, json: boolean): void {
  if (!json) {
    for (const [name, value] of Object.entries(result)) {
      if (name !== 'perClass' && name !== 'mistakes')
        process.stdout.write(`${name.padEnd(24)} ${JSON.stringify(value)}\n`)
    }
  }
  process.stdout.write(`${JSON.stringify(result)}\n`)
}

const figures = (value: Record<string, number> | undefined) =>
  value && Object.fromEntries(Object.entries(value).map(([name, number]) => [name, round(number)]))

await command(USAGE, ['DataError', 'BundleError', 'NotEnoughData', 'TrainingStopped', 'EncoderError'], async () => {
  const options = readOptions(
    process.argv.slice(2),
    [
      'data',
      'seed',
      'bundle',
      'map',
      'head',
      'split',
      'train',
      'train-split',
      'unlabelled',
      'shots',
      'curve',
      'private',
      'encoder',
    ],
    ['json', 'tune', 'groups'],
  )
  const file = need(options, 'data')
  const seed = wholeNumber(options, 'seed', 1)
  const encoders = installedEncoders()
  const name = options.values.get('encoder')
  const sentence = name ? { sentence: await encoders.take(name) } : {}
  const rows = readCsv(file)
  const given = options.values.get('bundle')
  if (given) return judgeBundle(given, file, rows)
  if (options.flags.has('groups')) {
    const quality = figures({ ...judgeGroups(rows, seed) })
    return report({ data: file, seed, ...quality }, options.flags.has('json'))
  }
  const parts = splitRows(rows)
  const trainFile = options.values.get('train')
  const trainSplit = options.values.get('train-split')
  if (trainFile || trainSplit) {
    const own = splitRows(trainFile ? readCsv(trainFile) : rows, trainSplit)
    parts.train = own.train
    parts.dev = own.dev
    parts.carved = own.carved
  }
  const curve = options.values.get('curve')
  if (curve) return drawCurve(curve, parts)
  const wanted = wholeNumber(options, 'shots', 0)
  if (wanted > 0) {
    parts.train = shots(parts.train, wanted)
    parts.dev = []
  }
  const logFile = options.values.get('unlabelled')
  const unlabelled = logFile
    ? readCsv(logFile).flatMap(({ text, split }) => (split === 'train' ? [{ text }] : []))
    : undefined
  const test = options.flags.has('tune') ? parts.dev : parts.test
  if (test.length === 0) throw new DataError(`${file} has no rows to report on`)
  const folder = mkdtempSync(join(tmpdir(), 'lingxi-evaluate-'))
  try {
    const out = join(folder, 'bundle')
    const fitted = await fitBundle({
      ...parts,
      // What is asked afterwards must not have been learned.
      carved: parts.carved && !options.flags.has('tune') && parts.unknownTest.length === 0,
      ...sentence,
      ...(unlabelled ? { unlabelled } : {}),
      ...privacyOf(options, `evaluate ${seed}`),
      seed,
      out,
      id: 'evaluation',
      createdAt: '1970-01-01T00:00:00.000Z',
    })
    const bundle = await openBundle(out, { provider: 'cpu', encoders })
    const result = await judge(bundle, { test, dev: parts.dev, unknownTest: parts.unknownTest })
    const speed = await measureSpeed(
      bundle,
      test.map(({ text }) => text),
    )
    const read = await readTexts(
      bundle.encoder,
      bundle.sentence,
      test.map(({ text }) => text),
    )
    const truth = test.map(({ label }) => label)
    const eightBits = precisionLoss(fitted.trained.head, read, truth)
    await bundle.close()
    report(
      {
        data: file,
        seed,
        ...(name ? { encoder: name } : {}),
        trainRows: parts.train.length,
        testRows: result.rows,
        labels: fitted.trained.head.labels.length,
        ...(fitted.privacy ? { privacy: fitted.privacy } : {}),
        accuracy: round(result.accuracy),
        accuracyInterval: result.accuracyInterval.map((value) => round(value)),
        macroF1: round(result.macroF1),
        ece: round(result.ece),
        shown: figures(result.shown),
        oos: figures(result.oos as Record<string, number> | undefined) ?? null,
        trainSeconds: round(fitted.trainSeconds, 1),
        cpuSeconds: round(fitted.cpuSeconds, 1),
        peakRssMb: round(process.resourceUsage().maxRSS / 1024, 0),
        bundleMb: round(fitted.bytes / 1e6, 2),
        latencyMs: { p50: round(speed.latencyMs.p50, 3), p99: round(speed.latencyMs.p99, 3) },
        throughputPerSecond: speed.throughputPerSecond,
        cpuMicrosecondsPerText: round(speed.cpuMicrosecondsPerText, 1),
        eightBits: figures({ ...eightBits }),
        shares: fitted.trained.head.paths.map(({ path, scale }) => ({ hidden: path.hidden, scale: round(scale, 3) })),
        mistakes: result.mistakes,
      },
      options.flags.has('json'),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }

  async function drawCurve(sizes: string, all: Splits): Promise<void> {
    const wanted = sizes.split(',').map((size) => (size === 'all' ? null : Number(size)))
    if (wanted.some((size) => size !== null && !(Number.isInteger(size) && size > 0))) {
      throw new UsageError('--curve takes whole numbers and "all", for instance 5,10,50,all')
    }
    const test = options.flags.has('tune') ? all.dev : all.test
    const points = await learningCurve([...all.train, ...all.dev], wanted, async (train) => {
      const folder = mkdtempSync(join(tmpdir(), 'lingxi-curve-'))
      try {
        const out = join(folder, 'bundle')
        await fitBundle({ ...sentence, train, dev: [], seed, out, id: 'curve', createdAt: '1970-01-01T00:00:00.000Z' })
        const bundle = await openBundle(out, { provider: 'cpu', encoders })
        const { accuracy } = await judge(bundle, { test })
        await bundle.close()
        return round(accuracy)
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    })
    report({ data: file, seed, curve: points, falls: falls(points).length }, options.flags.has('json'))
  }

  async function judgeBundle(folder: string, data: string, all: readonly Row[]): Promise<void> {
    const bundle = await openBundle(folder, { provider: 'cpu', encoders })
    const mapFile = options.values.get('map')
    const map = mapFile ? (JSON.parse(readFileSync(mapFile, 'utf8')) as Record<string, string>) : undefined
    const split = options.values.get('split') ?? 'test'
    const mapped = all.filter((row) => row.split === split && (!map || map[row.label] !== undefined))
    if (mapped.length === 0) throw new DataError(`${data} has no rows of split ${split} with a mapped label`)
    const head = (options.values.get('head') as HeadName | undefined) ?? headFor(bundle.manifest.heads, map, mapped)
    const result = await judge(bundle, { test: mapped, head, ...(map ? { map } : {}) })
    const speed = await measureSpeed(
      bundle,
      mapped.map(({ text }) => text),
    )
    await bundle.close()
    report(
      {
        data,
        bundle: folder,
        head,
        testRows: result.rows,
        accuracy: round(result.accuracy),
        accuracyInterval: result.accuracyInterval.map((value) => round(value)),
        macroF1: round(result.macroF1),
        ece: round(result.ece),
        shown: figures(result.shown),
        latencyMs: { p50: round(speed.latencyMs.p50, 3), p99: round(speed.latencyMs.p99, 3) },
        throughputPerSecond: speed.throughputPerSecond,
        perClass: result.perClass,
        mistakes: result.mistakes,
      },
      options.flags.has('json'),
    )
  }
})

/** The head that knows the (mapped) labels of the rows. */
function headFor(
  heads: readonly { name: string; labels: string[] }[],
  map: Record<string, string> | undefined,
  rows: readonly Row[],
): HeadName {
  const labels = [...new Set(rows.map(({ label }) => map?.[label] ?? label))]
  const known = (head: { labels: string[] }) => labels.filter((label) => head.labels.includes(label)).length
  const best = [...heads].sort((a, b) => known(b) - known(a))[0]
  if (!best || known(best) === 0) throw new DataError('no head of the bundle knows any of these labels: give --map')
  return best.name as HeadName
}
