/** What learning asks for, said on pages and held to by the server. */
import type { Understanding } from './ports'

/** An intent of the account's own is learned from this many texts on. */
export const fewestExamples = 5

/** Rows of one file of texts with labels: as many come in as leave. */
export const rowsAtMost = 200_000

/** Least and most certainty that an intent can be asked for. */
export const lines = { least: 0.5, most: 0.99 } as const
/** A line is stored as a number of four bytes: 0.8 comes back a little above. */
export const lineAsSaid = (stored: number): number => Math.round(stored * 100) / 100

/** True when the model does not dare to say what a message is about: a person decides. */
export const abstains = (said: Pick<Understanding, 'inScope' | 'intentProbability' | 'line'>): boolean =>
  !said.inScope || said.intentProbability < Math.max(lines.least, said.line ?? 0)

/** Held-out texts shown at first, and more with each press. */
export const heldOutPage = 40

/** After how many new corrections an account may train by itself. */
export const ruleSizes = [20, 50, 100, 500] as const

/** Why a person sends a message to the review. thumbs_down: its label is wrong, and nobody said what it should be; manual: somebody should look. */
export const flagReasons = ['thumbs_down', 'manual'] as const
export type FlagReason = (typeof flagReasons)[number]

/** What became of a message that was asked about: labelled, or put aside. Until then it is new. */
export const reviewedStates = ['submitted', 'discarded'] as const
export type ReviewedState = (typeof reviewedStates)[number]

/** Why a message is asked about. disagreed: the other model of a running trial says something else; abstained: no intent covers it. */
export const reviewReasons = [...flagReasons, 'disagreed', 'abstained', 'uncertain'] as const
export type ReviewReason = (typeof reviewReasons)[number]

/** Trainings that are listed at first. */
export const runsOfPage = 50
