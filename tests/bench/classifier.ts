/**
 * `npm run bench -- classifier [SET …] [--minutes N]`: Lingxi beside node-nlp and natural on the same split, the same machine, one after the
 * other — accuracy, training, time per text, texts per second — and what more examples do to each. Ends within ten
 * minutes, or those given where the machine is busy.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { bundle } from '@/lib/cli/launch/bundle.mjs'
import { readOptions, wholeNumber } from '@/lib/cli/training/options'
import { generate } from '@/models/base/generate'
import { shots } from '@/models/evaluate/learning-curve'
import { Random } from '@/models/train/random'
import { type Row, readCsv } from '@/models/train/read-csv'
import { type Splits, splitRows } from '@/models/train/split'
import type { Job, Outcome } from './kit/contender'
import { installPeers } from './kit/peers'

type Contender = Job['contender']
type Parts = Pick<Splits, 'train' | 'dev' | 'carved' | 'test'>

interface DataSet {
  name: string
  language: Job['language']
  parts: Parts
}

const options = readOptions(process.argv.slice(2), ['minutes'], [])
/** All measurements together, and the longest that one may take, seconds. */
const budget = 60 * wholeNumber(options, 'minutes', 10) - 30
const longest = budget / 2
const home = mkdtempSync(join(tmpdir(), 'lingxi-bench-classifier-'))
const began = performance.now()
const left = () => budget - (performance.now() - began) / 1000

const shared = resolve('../shared/data')
const known: [name: string, file: string, language: Job['language']][] = [
  ['banking77', 'banking77/data.csv.gz', 'en'],
  ['smp2020_zh', 'smp2020_zh/intent.csv.gz', 'zh'],
  ['airline_sentiment', 'airline_sentiment/data.csv.gz', 'en'],
  ['waimai', 'waimai/data.csv.gz', 'zh'],
]

/** The sets named, or the first two and the corpus of the base in their place where there are none. */
function chooseSets(names: string[]): DataSet[] {
  const here = known.filter(([, file]) => existsSync(join(shared, file)))
  const wanted = names.length ? here.filter(([name]) => names.includes(name)) : here.slice(0, 2)
  if (names.length && wanted.length === 0) throw new Error(`no such set here: ${here.map(([name]) => name).join(', ')}`)
  if (wanted.length === 0) return (['en', 'zh'] as const).map(writtenSet)
  return wanted.map(([name, file, language]) => ({
    name,
    language,
    parts: shuffled(splitRows(readCsv(join(shared, file)))),
  }))
}

/** node-nlp learns in the order given: from rows sorted by label (as banking77 comes) it would know the last labels only. */
function shuffled({ train, dev, carved, test }: Parts): Parts {
  const order = new Random(1).shuffle(Int32Array.from(train, (_, at) => at))
  return { train: Array.from(order, (at) => train[at] as Row), dev, carved, test }
}

/** Sentences written for the shipped base; whole templates are held out, so that no wording of the test was seen. */
function writtenSet(language: Job['language']): DataSet {
  const sentences = generate(resolve('models/base/corpus'), 1).intents.filter((one) => one.language === language)
  const rows = sentences.map((one, line): Row & { template: number } => ({
    text: one.text,
    label: one.intent,
    split: 'train',
    line,
    template: one.template,
  }))
  const held = (row: { template: number }) => row.template % 5 === 0
  return {
    name: `base corpus, ${language}`,
    language,
    parts: shuffled({ train: rows.filter((row) => !held(row)), dev: [], carved: false, test: rows.filter(held) }),
  }
}

/** Undefined when it did not end in time or broke; what it said last is printed. */
async function measure(contender: Contender, set: DataSet, parts: Parts): Promise<Outcome | string> {
  const seconds = Math.min(longest, left())
  if (seconds < 10) return 'no time left'
  const [from, to] = [join(home, 'job.json'), join(home, 'outcome.json')]
  writeFileSync(from, JSON.stringify({ contender, language: set.language, ...parts } satisfies Job))
  rmSync(to, { force: true })
  const child = spawn(
    process.execPath,
    ['--max-old-space-size=4096', resolve('.build/bench/contender.mjs'), from, to],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  let said = ''
  child.stderr.on('data', (chunk) => {
    said = (said + chunk).slice(-2000)
  })
  let late = false
  const timer = setTimeout(() => {
    late = true
    child.kill('SIGKILL')
  }, seconds * 1000)
  await new Promise((done) => child.once('close', done))
  clearTimeout(timer)
  if (late) return `stopped after ${seconds.toFixed(0)} s`
  if (!existsSync(to)) return `broke: ${said.trim().split('\n').at(-1) ?? ''}`
  return JSON.parse(readFileSync(to, 'utf8')) as Outcome
}

const percent = (value: number) => (100 * value).toFixed(1)
const row = (cells: (string | number)[]) =>
  console.log(cells.map((cell, at) => (at === 0 ? String(cell).padEnd(10) : String(cell).padStart(11))).join(''))

async function sideBySide(set: DataSet, contenders: Contender[]): Promise<Map<Contender, Outcome>> {
  const { train, dev, test } = set.parts
  const labels = new Set(train.map(({ label }) => label)).size
  console.log(
    `\n${set.name}: ${train.length + dev.length} rows to train on, ${test.length} to judge by, ${labels} labels`,
  )
  row(['', 'accuracy', 'macro-F1', 'train s', 'train CPU s', 'p50 ms', 'p99 ms', 'texts/s', 'peak MB'])
  const outcomes = new Map<Contender, Outcome>()
  for (const contender of contenders) {
    const one = await measure(contender, set, set.parts)
    if (typeof one === 'string') {
      row([contender, one])
      continue
    }
    outcomes.set(contender, one)
    const cost = [one.trainSeconds.toFixed(1), one.trainCpuSeconds.toFixed(1), one.p50.toFixed(2), one.p99.toFixed(2)]
    const rest = [one.perSecond.toFixed(0), one.peakMb.toFixed(0)]
    row([contender, percent(one.accuracy), percent(one.macroF1), ...cost, ...rest])
  }
  return outcomes
}

/** Who had at least two points to compare, and who was once worse with more examples. */
type Growth = Record<'falling' | 'measured', Contender[]>

/** Accuracy at 5, 10 and 50 examples per label, and at all of them (measured before). */
async function growth(set: DataSet, contenders: Contender[], whole: Map<Contender, Outcome>): Promise<Growth> {
  const sizes = [5, 10, 50]
  console.log(`\n${set.name}: accuracy as examples per label grow`)
  row(['', ...sizes.map(String), 'all', 'falls'])
  const grown: Growth = { falling: [], measured: [] }
  for (const contender of contenders) {
    const points: (number | undefined)[] = []
    for (const size of sizes) {
      const few = shots([...set.parts.train, ...set.parts.dev], size)
      // Many rows hold some back to tune on, few tune on folds: as the product does.
      const { train, dev, carved } = splitRows(few.map((row) => ({ ...row, split: 'train' })))
      const one = await measure(contender, set, { train, dev, carved, test: set.parts.test })
      points.push(typeof one === 'string' ? undefined : one.accuracy)
    }
    points.push(whole.get(contender)?.accuracy)
    const seen = points.filter((point) => point !== undefined)
    const falls = seen.filter((point, at) => at > 0 && point < (seen[at - 1] as number)).length
    if (seen.length > 1) grown.measured.push(contender)
    if (falls > 0) grown.falling.push(contender)
    row([contender, ...points.map((point) => (point === undefined ? '–' : percent(point))), falls])
  }
  return grown
}

const sets = chooseSets(options.rest)
const lack = installPeers()
if (lack) console.log(lack)
const contenders: Contender[] = lack ? ['lingxi'] : ['lingxi', 'node-nlp', 'natural']
await bundle(resolve('.'), '.build/bench', ['tests/bench/kit/contender.ts'])
console.log(`${cpus().length} cores, ${cpus()[0]?.model.trim()}, Node ${process.versions.node}`)
try {
  const grown: Growth = { falling: [], measured: [] }
  for (const [at, set] of sets.entries()) {
    const whole = await sideBySide(set, contenders)
    // natural learns by counting and cannot fall for this reason; its growth would only take time.
    if (at === 0) Object.assign(grown, await growth(set, contenders.slice(0, 2), whole))
  }
  const { falling, measured } = grown
  const steady = measured.filter((one) => !falling.includes(one))
  if (steady.length) console.log(`\nnever worse with more examples: ${steady.join(', ')}`)
  if (falling.length) console.log(`\nworse with more examples: ${falling.join(', ')}`)
  if (falling.includes('lingxi')) process.exitCode = 1
} finally {
  rmSync(home, { recursive: true, force: true })
}
