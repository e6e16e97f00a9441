/** What a trained model is, before it is exported: a vocabulary and heads, each a blend of paths. */
import type { SentenceEncoder } from './encoder/open-encoder'
import type { ReliabilityBin } from './evaluate/calibration'
import type { FeatureSpec } from './text/features'
import type { Vocabulary } from './text/vocabulary'
import type { Path } from './train/path'

export type HeadName = 'intent' | 'sentiment' | 'urgency'

export const SENTIMENTS = ['negative', 'neutral', 'positive'] as const
export const URGENCIES = ['low', 'normal', 'high'] as const

export interface Head {
  name: HeadName
  labels: string[]
  /** Probabilities are softmax(Σ scale × logits of the path): share and temperature in one number. */
  paths: { path: Path; scale: number }[]
  /** Texts whose energy lies below are out of scope; −∞ accepts everything. */
  energyThreshold: number
  /** Below its label's threshold the model abstains. */
  thresholds: number[]
  /** Figures measured on the held-out part, for the card and the page. */
  metrics: Record<string, number>
  /** What else the held-out part said, for a report; it does not travel in a bundle. */
  held?: HeldAnswers
}

export interface HeldAnswers {
  /** Winning answers with the paths' shares alone, and with the temperatures that the other half of the texts set. */
  before: ReliabilityBin[]
  after: ReliabilityBin[]
  /** How familiar each text of a known intent was. */
  known: number[]
}

export interface Model {
  spec: FeatureSpec
  vocabulary: Vocabulary
  /** Its numbers are rows behind the vocabulary's; absent when n-grams are all that is read. */
  sentence?: SentenceEncoder
  heads: Head[]
}
