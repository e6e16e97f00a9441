/** One classifier trains on a set and answers its test texts, in a process of its own, so that time and memory are its alone. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fitBundle } from '@/lib/cli/training/fit-bundle'
import { accuracy, macroF1 } from '@/models/evaluate/metrics'
import { classify } from '@/models/serve/classify'
import { openBundle } from '@/models/serve/open'
import type { Row } from '@/models/train/read-csv'
import { percentile } from './load'
import { requirePeer } from './peers'

export interface Job {
  contender: 'lingxi' | 'node-nlp' | 'natural'
  language: 'en' | 'zh'
  train: Row[]
  /** Only Lingxi tunes; peers get these rows for training as well. */
  dev: Row[]
  /** Whether they were taken from train, and may go back. */
  carved: boolean
  test: Row[]
}

export interface Outcome {
  accuracy: number
  macroF1: number
  trainSeconds: number
  trainCpuSeconds: number
  p50: number
  p99: number
  perSecond: number
  peakMb: number
}

/** Answers one text, or several at once where a classifier can. */
interface Trained {
  one(text: string): Promise<string>
  many(texts: string[]): Promise<string[]>
}

const oneByOne = (one: Trained['one']): Trained => ({
  one,
  many: async (texts) => {
    const labels: string[] = []
    for (const text of texts) labels.push(await one(text))
    return labels
  },
})

async function lingxi({ train, dev, carved }: Job): Promise<Trained> {
  const folder = mkdtempSync(join(tmpdir(), 'lingxi-contender-'))
  const out = join(folder, 'bundle')
  await fitBundle({ train, dev, carved, seed: 1, out, id: 'bench', createdAt: '1970-01-01T00:00:00.000Z' })
  const bundle = await openBundle(out, { provider: 'cpu' })
  rmSync(folder, { recursive: true })
  const many = async (texts: string[]) => (await classify([bundle], texts)).map(({ intent }) => intent)
  return { many, one: async (text) => (await many([text]))[0] as string }
}

interface NlpManager {
  addDocument(language: string, text: string, intent: string): void
  train(): Promise<void>
  process(language: string, text: string): Promise<{ classifications: { intent: string; score: number }[] }>
}

async function nodeNlp({ language, train, dev }: Job): Promise<Trained> {
  const { NlpManager } = requirePeer('node-nlp') as { NlpManager: new (settings: object) => NlpManager }
  const manager = new NlpManager({ languages: [language], autoSave: false, nlu: { log: false } })
  for (const { text, label } of [...train, ...dev]) manager.addDocument(language, text, label)
  await manager.train()
  return oneByOne(async (text) => {
    const { classifications } = await manager.process(language, text)
    // Its "None" is passed over: counted as an answer, it would only lose.
    return classifications.find(({ intent }) => intent !== 'None')?.intent ?? ''
  })
}

interface Bayes {
  addDocument(text: string | string[], label: string): void
  train(): void
  classify(text: string | string[]): string
}

async function natural({ language, train, dev }: Job): Promise<Trained> {
  const { BayesClassifier } = requirePeer('natural') as { BayesClassifier: new () => Bayes }
  const bayes = new BayesClassifier()
  // It knows no Chinese: signs and pairs of them are the usual way.
  const read = (text: string) => (language === 'zh' ? signs(text) : text)
  for (const { text, label } of [...train, ...dev]) bayes.addDocument(read(text), label)
  bayes.train()
  return oneByOne(async (text) => bayes.classify(read(text)))
}

function signs(text: string): string[] {
  const all = [...text.toLowerCase().replace(/\s+/g, '')]
  return [...all, ...all.slice(1).map((sign, at) => `${all[at]}${sign}`)]
}

const trainers = { lingxi, 'node-nlp': nodeNlp, natural }

async function compete(job: Job): Promise<Outcome> {
  const cpu = process.cpuUsage()
  const began = performance.now()
  const trained = await trainers[job.contender](job)
  const trainSeconds = (performance.now() - began) / 1000
  const used = process.cpuUsage(cpu)
  const texts = job.test.map(({ text }) => text)
  const times: number[] = []
  for (const text of texts.slice(0, 1_200)) {
    const from = performance.now()
    await trained.one(text)
    times.push(performance.now() - from)
  }
  // The first answers warm the compiler up.
  const sorted = times.slice(times.length > 400 ? 200 : 0).sort((a, b) => a - b)
  const guesses: string[] = []
  const from = performance.now()
  for (let at = 0; at < texts.length; at += 32) guesses.push(...(await trained.many(texts.slice(at, at + 32))))
  const seconds = (performance.now() - from) / 1000
  const labels = [...new Set([...job.train, ...job.test].map(({ label }) => label))]
  // A label that is none of the set's (an empty answer) is a place of its own.
  const place = (label: string) => (labels.includes(label) ? labels.indexOf(label) : labels.length)
  const truth = job.test.map(({ label }) => place(label))
  return {
    accuracy: accuracy(truth, guesses.map(place)),
    macroF1: macroF1(truth, guesses.map(place), [...labels, '']),
    trainSeconds,
    trainCpuSeconds: (used.user + used.system) / 1e6,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    perSecond: texts.length / seconds,
    peakMb: process.resourceUsage().maxRSS / 1024,
  }
}

const [from, to] = process.argv.slice(2) as [string, string]
const outcome = await compete(JSON.parse(readFileSync(from, 'utf8')) as Job)
writeFileSync(to, JSON.stringify(outcome))
process.exit(0)
