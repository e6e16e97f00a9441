/** When a tried version is worse than its rival: both answered the same messages, and people said what was right. Pure. */
import { createHash } from 'node:crypto'
import { fisherTest, signTest } from './exact-tests'

export interface TrialFigures {
  /** Messages that both answered, and those on which they said the same. */
  both: number
  agreed: number
  /** Messages of which people said what they are about; how many of those each got right. */
  judged: number
  rightTried: number
  rightRival: number
  /** Messages whose label people saw, by the model that was shown; how many of those labels they changed. */
  seenTried: number
  correctedTried: number
  seenRival: number
  correctedRival: number
  /** Of the messages that people saw: only the tried version was right; only its rival was. */
  won: number
  lost: number
  /** 95th percentile of an answer, milliseconds; null without answers. */
  slowTried: number | null
  slowRival: number | null
}

/** More messages of a trial say no more: none are read along beyond these. */
export const enough = 2_000

/** How improbable the losses must be if both were equally good. Far out, because it is looked at again and again. */
const level = 0.001
/** A version that takes this many times as long, and so long at all (milliseconds), over so many messages, is too slow. */
const slower = { times: 3, atLeast: 100, messages: 100 }

/**
 * @param share percent of contacts that the tried version answers. People correct what they see: labels that are shown are judged
 * more kindly than those that are not. So two models that both answer are compared by how often people change what each showed
 * (contacts are dealt at random, Fisher's test); one in charge is compared with its predecessor on the messages that only one
 * got right (McNemar's test, exact), which is kind to the one in charge; and a silent one is not concluded about.
 */
export function verdictOf(figures: TrialFigures, share: number): 'worse' | 'slow' | null {
  const { won, lost, seenTried, correctedTried, seenRival, correctedRival } = figures
  const improbable =
    share === 100
      ? signTest(lost, won + lost)
      : share > 0
        ? fisherTest(correctedTried, seenTried, correctedRival, seenRival)
        : 1
  if (improbable < level) return 'worse'
  const { slowTried, slowRival, both } = figures
  if (slowTried === null || slowRival === null || both < slower.messages) return null
  return slowTried > slower.atLeast && slowTried > slower.times * slowRival ? 'slow' : null
}

/** A contact stays with one model for a whole trial. @returns 0 … 99 */
export function laneOf(trialId: string, contactId: string): number {
  return createHash('sha256').update(`${trialId} ${contactId}`).digest().readUInt32BE(0) % 100
}
