/** What the training child is told on its first line of input, and what it says back, one JSON object a line. */
import { z } from 'zod'
import type { ReliabilityBin } from '../evaluate/calibration'
import type { Roc } from '../evaluate/out-of-scope'
import type { Recipe } from './recipe'
import type { TrainProgress } from './train-model'
import type { PrivacySpent } from './train-privately'

const labelled = z.object({
  text: z.string(),
  label: z.string().min(1),
  group: z.string().optional(),
  person: z.string().optional(),
})

export const trainRequest = z.object({
  rows: z.array(labelled).min(2),
  dev: z.array(labelled).optional(),
  unlabelled: z.array(labelled.pick({ text: true, person: true })).optional(),
  seed: z.number().int(),
  /** Folder of the bundle to write. */
  out: z.string().min(1),
  id: z.string().min(1),
  createdAt: z.string(),
  probes: z.array(z.string()).min(1),
  licence: z.string().default('private'),
  base: z.string().nullable().default(null),
  /** Folder of an installed sentence encoder to read beside the n-grams. */
  encoder: z.string().min(1).optional(),
  budgetMs: z.number().positive().optional(),
  /** Of the whole process, resident; beyond it the child ends itself. */
  memoryMb: z.number().positive().optional(),
  /** Intents of the shipped corpus to keep: some of its sentences for each are learned along. */
  keep: z.object({ labels: z.array(z.string()), perLabel: z.number().int().positive() }).optional(),
  /** Differentially private: what it may spend, and the secret that its noise follows from. */
  privacy: z.object({ epsilon: z.number().min(0.1).max(20), key: z.string().min(32) }).optional(),
  /** PEM of the Ed25519 key that signs the bundle. */
  signingKey: z.string().optional(),
})
export type TrainRequest = z.input<typeof trainRequest>

/** What only the trainer can tell of a model. */
export interface Measured {
  /** On the texts that set its temperature; null for a private one. */
  reliability: { before: ReliabilityBin[]; after: ReliabilityBin[]; byOthers?: true } | null
  /** Known texts that it had not learned against sentences about other things; null where there were none. */
  outOfScope: Roc | null
  /** One text at a time on this machine, while the training's process was all that it did. */
  speed: { p50: number; p99: number; cpuMicroseconds: number }
  recipe: Recipe
  /** sha256 of the program that trained. */
  code: string
}

export type TrainReply =
  /** Said at once, and again when the recipe is chosen. */
  | { begun: { code: string; recipe: Recipe | null } }
  | { progress: TrainProgress & { cpuSeconds: number } }
  | {
      done: {
        modelVersion: string
        labels: string[]
        metrics: Record<string, number>
        rows: number
        repeats: number
        contradictions: number
        /** Texts without labels that taught. */
        unlabelled: number
        bytes: number
        /** sha256 of the manifest. */
        digest: string
        cpuSeconds: number
        /** What a private training spent; null for an ordinary one. */
        privacy: PrivacySpent | null
        measured: Measured
        /** Rows of the request whose label is doubted, the worst first. */
        doubts: { row: number; guess: string; probability: number }[]
        /** Two labels that were taken for each other, how often, and rows of the request that were. */
        overlaps: { labels: [string, string]; count: number; rows: number[] }[]
      }
    }
  | { failed: { code: string; message: string } }
