/** Writes a trained model as a bundle folder: graph, vocabulary, probes, and a manifest with the digest of each. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { EncoderFacts } from '../encoder/open-encoder'
import { join as joinEmbedding, sentences } from '../encoder/text-reader'
import { OPSET } from '../export/graph-builder'
import { toOnnx } from '../export/to-onnx'
import type { Model } from '../model'
import { CLEAN_VERSION, cleanText } from '../text/clean'
import { Encoder } from '../text/encode'
import { headAnswer } from '../train/blend'
import type { Manifest, Probes } from './manifest'
import { type SigningKey, signManifest } from './sign'

export interface BundleFacts {
  id: string
  createdAt: string
  licence: string
  lineage: Manifest['lineage']
  /** Texts whose probabilities are kept; must not hold personal data. */
  probes: readonly string[]
  key?: SigningKey
}

export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Six decimals are far finer than the tolerance and keep the file small. */
function round(value: number): number {
  return Math.round(value * 1e6) / 1e6
}

function makeProbes(model: Model, texts: readonly string[], embeddings?: readonly Float32Array[]): Probes {
  const encoder = new Encoder(model.vocabulary, model.spec)
  return texts.map((text, at) => {
    const embedding = embeddings && Array.from(embeddings[at] as Float32Array, (value) => Math.round(value * 1e4) / 1e4)
    const own = encoder.encode(text)
    const encoded = embedding ? joinEmbedding(own, Float32Array.from(embedding), model.vocabulary.rows) : own
    const heads: Record<string, number[]> = {}
    for (const head of model.heads) heads[head.name] = Array.from(headAnswer(head, encoded).probabilities, round)
    return { text, heads, ...(embedding ? { embedding } : {}) }
  })
}

/** The folder appears whole or not at all. */
export async function writeBundle(folder: string, model: Model, facts: BundleFacts): Promise<Manifest> {
  const { sentence } = model
  const { signs } = model.vocabulary
  const embeddings = sentence && (await sentence.encode(sentences(facts.probes.map(cleanText))))
  const parts = {
    'model.onnx': toOnnx(model),
    'vocabulary.bin': model.vocabulary.toBytes(),
    'probes.json': new TextEncoder().encode(`${JSON.stringify(makeProbes(model, facts.probes, embeddings))}\n`),
  }
  const describe = (bytes: Uint8Array) => ({ sha256: sha256(bytes), bytes: bytes.byteLength })
  const manifest: Manifest = {
    format: 'lingxi-bundle',
    version: signs ? 2 : 1,
    id: facts.id,
    createdAt: facts.createdAt,
    text: { cleanVersion: CLEAN_VERSION, features: model.spec },
    ...(sentence ? { encoder: factsOf(sentence) } : {}),
    graph: {
      opset: OPSET,
      rows: 'int32[batch,features]',
      weights: 'float32[batch,features]',
      ...(signs ? { signs: 'int32[batch,places]' } : {}),
      ...(sentence ? { embedding: `float32[batch,${sentence.dimensions}]` } : {}),
    },
    heads: model.heads.map((head) => ({
      name: head.name,
      labels: head.labels,
      energyThreshold: Number.isFinite(head.energyThreshold) ? head.energyThreshold : null,
      thresholds: head.thresholds.map(round),
      metrics: Object.fromEntries(Object.entries(head.metrics).map(([name, value]) => [name, round(value)])),
    })),
    lineage: facts.lineage,
    licence: facts.licence,
    parts: {
      'model.onnx': describe(parts['model.onnx']),
      'vocabulary.bin': describe(parts['vocabulary.bin']),
      'probes.json': describe(parts['probes.json']),
    },
  }
  const fresh = `${folder}.new-${process.pid}`
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(dirname(folder), { recursive: true })
  mkdirSync(fresh, { recursive: true })
  for (const [name, bytes] of Object.entries(parts)) writeFileSync(join(fresh, name), bytes)
  const text = `${JSON.stringify(manifest, null, 1)}\n`
  writeFileSync(join(fresh, 'manifest.json'), text)
  if (facts.key) writeFileSync(join(fresh, 'signature.json'), `${JSON.stringify(signManifest(text, facts.key))}\n`)
  // Two renames, so that the folder is away for no longer than a moment; who reads it just then looks again.
  const old = `${folder}.old-${process.pid}`
  if (existsSync(folder)) renameSync(folder, old)
  renameSync(fresh, folder)
  rmSync(old, { recursive: true, force: true })
  return manifest
}

function factsOf({ name, sha256: digest, dimensions, pooling }: EncoderFacts): EncoderFacts {
  return { name, sha256: digest, dimensions, pooling }
}
