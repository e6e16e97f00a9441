/** The interfaces behind which implementations can be exchanged (lib/start.ts chooses). */

export const sentiments = ['negative', 'neutral', 'positive'] as const
export type Sentiment = (typeof sentiments)[number]
export const urgencies = ['low', 'normal', 'high'] as const
export type Urgency = (typeof urgencies)[number]

/** What a model says about one text; every probability is calibrated, 0..1. */
export interface Understanding {
  modelVersion: string
  intent: string
  intentProbability: number
  /** False when the text lies outside what the model knows: it abstains. */
  inScope: boolean
  /** Least probability that the account asks of this intent, where that is more than the usual. */
  line?: number
  sentiment: Sentiment
  sentimentProbability: number
  /** −1 (negative) … 1 (positive). */
  sentimentScore: number
  language: string
  languageProbability: number
  urgency: Urgency
  urgencyProbability: number
  /** Milliseconds from asking to answer, waiting for the batch included. */
  latencyMs: number
}

export type ClassifierState = 'ready' | 'starting' | 'slow' | 'away'

/** What moved a decision, and by how much. */
export interface Why {
  modelVersion: string
  /** The most probable labels, the first the answer. */
  ranked: { label: string; probability: number }[]
  label: string
  /** The label it is weighed against. */
  against: string
  /** Difference of the two labels' logits: the start (of an empty text), the words, and what they do only together. */
  score: number
  start: number
  together: number
  words: { text: string; weight: number }[]
}

export interface Classifier {
  /**
   * Labels for one text, or null when none came within the budget (the message is then labelled later).
   * `otherwise`: bundles that answer, in this order, where `bundle` is refused; the model that comes along is the last. Who answered
   * is told by `modelVersion`.
   */
  classify(
    request: { text: string; bundle: string; otherwise?: readonly string[] | undefined },
    budgetMs: number,
  ): Promise<Understanding | null>
  /** Null when there is no answer in time, or `bundle` is refused and so is each of `otherwise`: nobody else explains it. */
  explain(
    asked: {
      text: string
      bundle: string
      otherwise?: readonly string[] | undefined
      head: 'intent' | 'sentiment' | 'urgency'
    },
    budgetMs: number,
  ): Promise<Why | null>
  state(): ClassifierState
  close(): Promise<void>
}

/** What there is to learn, and how long it may take. */
export interface TrainingTask {
  /** `person`: the contact who wrote it; absent for texts of the account itself. */
  rows: readonly { text: string; label: string; group: string; person?: string | undefined }[]
  /** Messages that nobody labelled, each with the contact who wrote it. */
  unlabelled: readonly { text: string; person: string }[]
  /** Intents that come with the product and stay known. */
  keep: readonly string[]
  seed: number
  /** Whose model it is. */
  accountId: string
  /** Goes into the bundle, so that the same task gives the same bundle. */
  createdAt: string
  budgetMs: number
  /** Differentially private, spending at most so much; absent for an ordinary training. */
  epsilon?: number | undefined
}

/** What a differentially private training spent: ε at δ, and the noise, sampling rate and steps that it follows from. */
export interface SpentPrivacy {
  epsilon: number
  delta: number
  noise: number
  rate: number
  steps: number
  clip: number
}

export interface TrainingProgress {
  phase: string
  /** 0 … 1 of the whole. */
  done: number
  loss: number
  /** Of held-out texts, as far as it has learned. */
  accuracy?: number
  /** Of the part that is learned now, and how many that is to have. */
  epoch?: { at: number; of: number }
  /** Texts learned from in a second. */
  perSecond?: number
  /** Of the child, so far. */
  cpuSeconds?: number
  /** It was seen that fewer epochs do than were planned. */
  early?: { epochs: number; of: number }
}

/** By what program a training was begun, and what it chose for it. */
export interface TrainingBegun {
  /** sha256 of the program. */
  code: string
  /** Null until it is chosen. */
  recipe: object | null
}

/** Winning answers by how sure they were, in equal bins. */
export interface ReliabilityBin {
  count: number
  probability: number
  right: number
}

/** What only the trainer can tell of a model. */
export interface MeasuredModel {
  /** Each text after calibration by the other half of them (in reports of before, by all, itself too); null for a private one. */
  reliability: { before: ReliabilityBin[]; after: ReliabilityBin[]; byOthers?: true } | null
  /** How well known texts are told from unknown ones; null where there were too few. */
  outOfScope: { auroc: number; known: number; unknown: number; points: { kept: number; passed: number }[] } | null
  /** Milliseconds of one text alone, and processor time of one among many. */
  speed: { p50: number; p99: number; cpuMicroseconds: number }
  /** Everything that was chosen for this training. */
  recipe: object
  /** sha256 of the program that trained; absent in reports of before. */
  code?: string
}

export interface TrainedBundle {
  /** sha256 of the manifest. */
  digest: string
  bytes: number
  labels: string[]
  /** Texts learned from, after repeats were joined. */
  rows: number
  repeats: number
  contradictions: number
  /** Messages without labels that taught; 0 where there were none, and where held-out texts said that they hurt. */
  unlabelled: number
  cpuSeconds: number
  /** Null for an ordinary training. */
  privacy: SpentPrivacy | null
  measured: MeasuredModel
  /** Rows of the task whose label a model that did not learn from them doubts, the worst first. */
  doubts: { row: number; guess: string; probability: number }[]
  /** Labels that a model took for each other among texts that it had not learned: how often, and some of the rows. */
  overlaps: { labels: [string, string]; count: number; rows: number[] }[]
}

export type TrainingFailure = 'not_enough_data' | 'cancelled' | 'out_of_time' | 'out_of_memory' | 'failed'

export class TrainingFailed extends Error {
  constructor(
    readonly reason: TrainingFailure,
    message: string,
  ) {
    super(message)
    this.name = 'TrainingFailed'
  }
}

/** Trains in a process of its own and leaves a checked bundle where inference finds it. */
export interface Trainer {
  /** @throws TrainingFailed */
  train(
    task: TrainingTask,
    onProgress: (progress: TrainingProgress) => void,
    signal: AbortSignal,
    onBegun: (begun: TrainingBegun) => void,
  ): Promise<TrainedBundle>
  /** The files of a bundle it made, by name; null where there is none. @param digest sha256 of its manifest */
  read(accountId: string, digest: string): Promise<Map<string, Uint8Array> | null>
  /** Every whole bundle, and when it was made or last asked for again. */
  list(): Promise<{ accountId: string; digest: string; madeAt: Date }[]>
  /** Removing what is not there is no failure. */
  remove(accountId: string, digest: string): Promise<void>
}

/** Wakes followers of event rows, here and in other processes; a lost wake-up costs at most a second. */
export interface EventBus {
  wake(accountId: string): void
  onWake(listener: (accountId: string) => void): () => void
  state(): 'ready' | 'away'
  close(): Promise<void>
}

/** Bytes by account and id. They come sealed: whoever holds the storage can read nothing. */
export interface Storage {
  /** Resolves once the bytes survive a crash. An id is written once. @throws storage_full */
  put(accountId: string, id: string, bytes: Uint8Array): Promise<void>
  /** Null when there is nothing under this id. */
  get(accountId: string, id: string): Promise<Uint8Array | null>
  /** Removing what is not there is no failure. */
  remove(accountId: string, id: string): Promise<void>
  /** Everything of an account, what a crash left half written too. */
  removeAll(accountId: string): Promise<void>
}

export interface OutgoingMail {
  /** Stable over retries; becomes the Message-ID. */
  id: string
  to: string
  subject: string
  text: string
  html: string
}

export interface Mailer {
  /** Sends now; 'held' when there is no SMTP server and the mail waits in the operator's outbox. */
  send(mail: OutgoingMail): Promise<'sent' | 'held'>
}
