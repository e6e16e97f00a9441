/** Trains one head: paths, quantised tables, blend weighed on held-out texts, temperature and thresholds. */

import { calibrationError, fitTemperature, logLoss, reliabilityBins } from '../evaluate/calibration'
import { accuracy, macroF1 } from '../evaluate/metrics'
import { familiarity, OUT_OF_SCOPE, thresholdForLoss } from '../evaluate/out-of-scope'
import { dequantise, quantise } from '../export/quantise'
import type { Head, HeadName } from '../model'
import { blend } from './blend'
import { argmax } from './forward'
import { type Path, type PathProgress, type PathRun, trainPath } from './path'
import type { Recipe } from './recipe'
import { scaledWidth } from './windows'

/** In-scope texts that may be passed to a person so that unknown ones are caught, as a share of all. */
const IN_SCOPE_LOSS = 0.01
/** An answer is shown only where answers of this certainty were right at least this often. */
const WANTED_PRECISION = 0.8
/** So many held-out texts settle the shares; more only cost time. */
const WEIGHED_TEXTS = 1500

/** Called after each epoch of each path; throwing ends the training. */
export type OnPathEpoch = (path: number, progress: PathProgress) => void | Promise<void>

export async function trainPaths(run: PathRun, recipe: Recipe, onEpoch?: OnPathEpoch): Promise<Path[]> {
  const paths: Path[] = []
  for (const [at, options] of recipe.paths.entries()) {
    paths.push(asServed(await trainPath(run, options, (progress) => onEpoch?.(at, progress))))
  }
  return paths
}

/** The table as eight bits will give it back, so that calibration and probes see what serving computes. */
export function asServed(path: Path): Path {
  const { table, bias } = path
  const width = scaledWidth(path)
  return { ...path, table: dequantise(quantise(table, width), width), exact: { table, bias } }
}

/** Weighs the paths and fits temperature and thresholds, all on the logits of held-out texts. */
export function fitHead(
  name: HeadName,
  paths: readonly Path[],
  logits: readonly Float32Array[][],
  truth: readonly number[],
  labels: string[],
): Head {
  const { scales, shares } = weigh(logits, truth, labels.length)
  const head: Head = {
    name,
    labels,
    paths: paths.map((path, at) => ({ path, scale: scales[at] as number })),
    energyThreshold: Number.NEGATIVE_INFINITY,
    thresholds: labels.map(() => 0),
    metrics: {},
  }
  const answers = truth.map((_, at) =>
    blend(
      head,
      logits.map((lines) => lines[at] as Float32Array),
    ),
  )
  const guesses = answers.map((answer) => argmax(answer.probabilities))
  const right = guesses.map((guess, at) => guess === truth[at])
  if (truth.length > 0) {
    head.energyThreshold = thresholdForLoss(
      answers.map((answer) => answer.energy),
      right,
      IN_SCOPE_LOSS,
    )
    head.thresholds = labelThresholds(
      answers.map((answer) => answer.probabilities),
      guesses,
      right,
      labels.length,
    )
  }
  const linesAt = (at: number) => logits.map((lines) => lines[at] as Float32Array)
  const untuned = { labels, paths: paths.map((path, at) => ({ path, scale: shares[at] as number })) }
  const tops = (all: readonly { probabilities: Float32Array }[]) =>
    all.map(({ probabilities }, at) => {
      const top = argmax(probabilities)
      return { probability: probabilities[top] as number, right: top === truth[at] }
    })
  const byOthers = scalesOfOthers(logits, truth, labels.length) ?? [scales, scales]
  const tunedByOthers = (at: number) => ({
    labels,
    paths: paths.map((path, own) => ({ path, scale: byOthers[at % 2]?.[own] as number })),
  })
  head.held = {
    before: reliabilityBins(tops(truth.map((_, at) => blend(untuned, linesAt(at))))),
    after: reliabilityBins(tops(truth.map((_, at) => blend(tunedByOthers(at), linesAt(at))))),
    known: answers.flatMap(({ energy }, at) =>
      labels[truth[at] as number] === OUT_OF_SCOPE ? [] : [familiarity(labels[guesses[at] as number] ?? '', energy)],
    ),
  }
  const probabilities = answers.map((answer) => answer.probabilities)
  head.metrics = {
    heldOut: truth.length,
    accuracy: accuracy(truth, guesses),
    macroF1: macroF1(truth, guesses, labels),
    ece: calibrationError(probabilities, truth),
  }
  return head
}

/**
 * What the other half of the texts would have set, for those at even places and at odd ones: a text must not judge a temperature
 * that it has set itself. Null where there are no halves.
 */
function scalesOfOthers(
  all: readonly Float32Array[][],
  truth: readonly number[],
  classes: number,
): [even: number[], odd: number[]] | null {
  if (truth.length < 2) return null
  const by = (half: number) => {
    const some = <T>(items: readonly T[]) => items.filter((_, at) => at % 2 === half)
    return weigh(all.map(some), some(truth), classes).scales
  }
  return [by(1), by(0)]
}

/** share / temperature of each path: every path alone is calibrated first, then shares are tried in tenths by log loss. */
function weigh(
  all: readonly Float32Array[][],
  allTruth: readonly number[],
  classes: number,
): { scales: number[]; shares: number[] } {
  const stride = Math.max(1, Math.ceil(allTruth.length / WEIGHED_TEXTS))
  const some = <T>(items: readonly T[]) => items.filter((_, at) => at % stride === 0)
  const truth = some(allTruth)
  const logits = all.map(some)
  const temperatures = logits.map((lines) => fitTemperature(lines, truth))
  let best = { loss: Number.POSITIVE_INFINITY, scales: [] as number[], shares: [] as number[] }
  for (const shares of simplex(logits.length, 10)) {
    const mixed = truth.map((_, at) => {
      const line = new Float32Array(classes)
      for (const [path, share] of shares.entries()) {
        if (share === 0) continue
        const own = logits[path]?.[at] as Float32Array
        const factor = share / 10 / (temperatures[path] as number)
        for (let c = 0; c < classes; c++) line[c] = (line[c] as number) + factor * (own[c] as number)
      }
      return line
    })
    const temperature = fitTemperature(mixed, truth)
    const loss = logLoss(mixed, truth, temperature)
    if (loss < best.loss - 1e-9) {
      const scales = shares.map((share, path) => share / 10 / (temperatures[path] as number) / temperature)
      best = { loss, scales, shares: shares.map((share) => share / 10) }
    }
  }
  return best
}

/** Every way to give `total` tenths to `paths` paths. */
function simplex(paths: number, total: number): number[][] {
  if (paths === 1) return [[total]]
  const out: number[][] = []
  for (let first = 0; first <= total; first++) {
    for (const rest of simplex(paths - 1, total - first)) out.push([first, ...rest])
  }
  return out
}

/** The lowest probability per label above which its held-out answers reached the wanted precision. */
function labelThresholds(
  probabilities: readonly Float32Array[],
  guesses: readonly number[],
  right: readonly boolean[],
  classes: number,
): number[] {
  const overall = lowest(
    probabilities.map((line, at) => ({ top: line[guesses[at] as number] as number, right: right[at] as boolean })),
  )
  return Array.from({ length: classes }, (_, label) => {
    const own = guesses.flatMap((guess, at) =>
      guess === label
        ? [{ top: (probabilities[at] as Float32Array)[label] as number, right: right[at] as boolean }]
        : [],
    )
    // Too few held-out answers say nothing about one label: it takes the line of all.
    return own.length >= 20 ? lowest(own) : overall
  })
}

function lowest(answers: { top: number; right: boolean }[]): number {
  const sorted = [...answers].sort((a, b) => b.top - a.top)
  let correct = 0
  let threshold = 1
  sorted.forEach((answer, at) => {
    if (answer.right) correct++
    if (correct / (at + 1) >= WANTED_PRECISION) threshold = answer.top
  })
  return Math.min(threshold, 0.95)
}
