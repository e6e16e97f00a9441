/** What a bundle says about itself; every other part is held to it by digest. */
import { z } from 'zod'

/** 2 is 1 with signs in order as a further input of the graph; a bundle without them is written as 1. */
export const BUNDLE_VERSIONS: readonly number[] = [1, 2]
/** Largest difference between a probability the trainer saw and the one a load computes. */
export const PROBE_TOLERANCE = 1e-4
/** Smallest cosine between an embedding the trainer saw and the one that a load computes, perhaps on another processor. */
export const EMBEDDING_LIKENESS = 0.999

const digest = z.string().regex(/^[0-9a-f]{64}$/)
const part = z.object({ sha256: digest, bytes: z.number().int().nonnegative() })

export const headManifest = z.object({
  name: z.enum(['intent', 'sentiment', 'urgency']),
  labels: z.array(z.string().min(1)).min(2),
  /** null accepts every text. */
  energyThreshold: z.number().nullable(),
  thresholds: z.array(z.number()),
  metrics: z.record(z.string(), z.number()),
})

export const manifestSchema = z.object({
  format: z.literal('lingxi-bundle'),
  version: z.union([z.literal(1), z.literal(2)]),
  id: z.string().min(1).max(120),
  /** Chosen by whoever trains; never read from a clock here, so that a rebuild is equal byte for byte. */
  createdAt: z.string(),
  text: z.object({
    cleanVersion: z.number().int(),
    features: z.object({
      version: z.union([z.literal(1), z.literal(2)]),
      words: z.number().int(),
      pieces: z.tuple([z.number().int(), z.number().int()]),
      runs: z.tuple([z.number().int(), z.number().int()]),
    }),
  }),
  /** The sentence encoder whose numbers the graph also takes; it is installed beside the bundles, not in them. */
  encoder: z
    .object({
      name: z.string().min(1).max(120),
      sha256: digest,
      dimensions: z.number().int().positive(),
      pooling: z.enum(['mean', 'cls']),
    })
    .optional(),
  graph: z.object({
    opset: z.number().int(),
    rows: z.string(),
    weights: z.string(),
    signs: z.string().optional(),
    embedding: z.string().optional(),
  }),
  heads: z.array(headManifest).min(1),
  lineage: z.object({
    seed: z.number().int(),
    rows: z.number().int(),
    /** sha256 of the training rows as read. */
    dataset: digest,
    base: z.string().nullable(),
  }),
  licence: z.string(),
  parts: z.object({ 'model.onnx': part, 'vocabulary.bin': part, 'probes.json': part }),
})

export type Manifest = z.infer<typeof manifestSchema>
export type HeadManifest = z.infer<typeof headManifest>

export const probesSchema = z.array(
  z.object({
    text: z.string(),
    heads: z.record(z.string(), z.array(z.number())),
    /** What the sentence encoder gave: the graph must answer it exactly, the encoder here may round differently. */
    embedding: z.array(z.number()).optional(),
  }),
)
export type Probes = z.infer<typeof probesSchema>

export const PARTS = ['model.onnx', 'vocabulary.bin', 'probes.json'] as const
