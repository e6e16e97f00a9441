/** The order in which the review asks: pure, so that the simulation (`npm run bench -- learning`) goes by the very same one. */
import { mostInstructive } from '@/models/text/instructive'

export interface Doubted {
  text: string
  /** What the model takes it for. */
  intent: string | null
  /** 0 … 1 */
  doubt: number
}

/** Texts an intent, on average, from which on the model's own doubt says best what to ask; models/README.md, "Learning". */
const enough = 20
/** Then the order is one among so many of the most doubtful for each that is asked about. */
const breadth = 4

/** With few labels what stands for much of the doubt is asked first; with more, the most doubtful of each intent in turn. */
export function inReviewOrder<T extends Doubted>(
  doubted: readonly T[],
  { most, labels, intents }: { most: number; labels: number; intents: number },
): T[] {
  const first = labels < enough * intents || !intents ? early(doubted, most) : late(doubted, most)
  const chosen = new Set(first)
  return [...first, ...doubted.filter((one) => !chosen.has(one))]
}

function early<T extends Doubted>(doubted: readonly T[], most: number): T[] {
  const texts = doubted.map(({ text }) => text)
  const doubts = doubted.map(({ doubt }) => doubt)
  return mostInstructive(texts, doubts, most).map((at) => doubted[at] as T)
}

function late<T extends Doubted>(doubted: readonly T[], most: number): T[] {
  const lanes = new Map<string | null, T[]>()
  for (const one of [...doubted].sort((a, b) => b.doubt - a.doubt).slice(0, breadth * most))
    lanes.set(one.intent, [...(lanes.get(one.intent) ?? []), one])
  const longest = Math.max(0, ...[...lanes.values()].map((lane) => lane.length))
  return Array.from({ length: longest }, (_, at) => [...lanes.values()].flatMap((lane) => lane[at] ?? []))
    .flat()
    .slice(0, most)
}
