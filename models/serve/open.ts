/** Opens a bundle for serving: checked parts, a session, and the probes reproduced, or a refusal that says why. */
import { BundleError } from '../bundle/error'
import { EMBEDDING_LIKENESS, type Manifest, PROBE_TOLERANCE } from '../bundle/manifest'
import { type BundleParts, type ReadOptions, readBundle } from '../bundle/read'
import { EncoderError } from '../encoder/error'
import type { Encoders } from '../encoder/installed'
import type { SentenceEncoder } from '../encoder/open-encoder'
import { sentences } from '../encoder/text-reader'
import { cleanText } from '../text/clean'
import { Encoder, type SparseText } from '../text/encode'
import { FeatureBuffer, type FeatureSpec, readFeatures } from '../text/features'
import { runGraph } from './run-graph'
import { openSession, type ort, type ProviderChoice, type ProviderWish } from './runtime'

export interface OpenBundle {
  folder: string
  manifest: Manifest
  /** Of the manifest: what was checked when it was opened is exactly what bears it. */
  digest: string
  modelVersion: string
  spec: FeatureSpec
  encoder: Encoder
  /** Where the bundle was trained with one: what it gives goes into `run` beside the n-grams. */
  sentence?: SentenceEncoder
  provider: ProviderChoice
  /** Memory it holds, about: what the cache counts. */
  bytes: number
  /** Probabilities and energies of encoded texts, head by head. */
  run(texts: readonly SparseText[], embeddings?: readonly ArrayLike<number>[]): Promise<HeadOutputs>
  close(): Promise<void>
}

/** For each head a flat [texts × labels] array of probabilities and one energy per text. */
export type HeadOutputs = Record<string, { probabilities: Float32Array; energy: Float32Array }>

export interface OpenOptions extends ReadOptions {
  provider?: ProviderWish
  /** The sentence encoders of this installation; without them a bundle that needs one is refused. */
  encoders?: Encoders
}

export async function openBundle(folder: string, options: OpenOptions = {}): Promise<OpenBundle> {
  const parts = readBundle(folder, options)
  const sentence = await takeSentence(parts.manifest, options.encoders)
  try {
    return await openParts(folder, parts, sentence, options)
  } catch (error) {
    await sentence?.close()
    throw error
  }
}

/** Measured with 20 copies of the base (4.0 MB of files, 21 MB each): the eight-bit tables, and the same unpacked to four bytes. */
function memoryOf(manifest: Manifest): number {
  const files = Object.values(manifest.parts).reduce((sum, part) => sum + part.bytes, 0)
  return files + 4 * manifest.parts['model.onnx'].bytes
}

/** No encoder, or exactly the one that the bundle was trained with. */
async function takeSentence(manifest: Manifest, encoders?: Encoders): Promise<SentenceEncoder | undefined> {
  const wanted = manifest.encoder
  if (!wanted) return undefined
  if (!encoders) throw new BundleError('encoder_missing', `the bundle needs the sentence encoder "${wanted.name}"`)
  try {
    return await encoders.takeExactly(wanted)
  } catch (error) {
    if (!(error instanceof EncoderError)) throw error
    throw new BundleError(error.code === 'mismatch' ? 'encoder_mismatch' : 'encoder_missing', error.message)
  }
}

async function openParts(
  folder: string,
  parts: BundleParts,
  sentence: SentenceEncoder | undefined,
  options: OpenOptions,
): Promise<OpenBundle> {
  let session: ort.InferenceSession
  let provider: ProviderChoice
  try {
    const opened = await openSession(parts.graph, options.provider)
    session = opened.session
    provider = opened.choice
  } catch (error) {
    throw new BundleError(
      'graph_invalid',
      `model.onnx does not load: ${String((error as Error).message).split('\n')[0]}`,
    )
  }
  const { manifest } = parts
  const encoder = new Encoder(parts.vocabulary, manifest.text.features)
  const bundle: OpenBundle = {
    folder,
    manifest,
    digest: parts.digest,
    modelVersion: parts.modelVersion,
    spec: manifest.text.features,
    encoder,
    ...(sentence ? { sentence } : {}),
    provider,
    bytes: memoryOf(manifest),
    run: (texts, embeddings) => runGraph(session, manifest, texts, embeddings),
    close: async () => {
      await session.release()
      await sentence?.close()
    },
  }
  try {
    await checkEncoder(bundle, parts)
    await reproduce(bundle, parts)
  } catch (error) {
    await session.release()
    throw error
  }
  return bundle
}

/** The encoder must still say what the trainer heard; another processor may round a little. */
async function checkEncoder({ sentence }: OpenBundle, parts: BundleParts): Promise<void> {
  if (!sentence) return
  const vectors = await sentence.encode(sentences(parts.probes.map(({ text }) => cleanText(text))))
  for (const [at, { embedding }] of parts.probes.entries()) {
    const own = vectors[at] as Float32Array
    const likeness = embedding?.reduce((sum, value, d) => sum + value * (own[d] ?? Number.NaN), 0) ?? Number.NaN
    if (!(likeness >= EMBEDDING_LIKENESS)) {
      const told = `probe ${at + 1}: the sentence encoder gives another vector (likeness ${likeness.toFixed(4)})`
      throw new BundleError('probe_mismatch', told)
    }
  }
}

/** Computes every probe again through cleaning, reading, table and graph. */
async function reproduce(bundle: OpenBundle, parts: BundleParts): Promise<void> {
  const buffer = new FeatureBuffer()
  const encoded = parts.probes.map(({ text }) => {
    readFeatures(cleanText(text), bundle.spec, buffer)
    return bundle.encoder.encodeRead(buffer)
  })
  let outputs: HeadOutputs
  try {
    const embeddings = parts.probes.flatMap(({ embedding }) => (embedding ? [embedding] : []))
    outputs = await bundle.run(encoded, bundle.sentence && embeddings)
  } catch (error) {
    throw new BundleError(
      'graph_invalid',
      `model.onnx does not run: ${String((error as Error).message).split('\n')[0]}`,
    )
  }
  for (const head of parts.manifest.heads) {
    const got = outputs[head.name]?.probabilities
    parts.probes.forEach((probe, at) => {
      const wanted = probe.heads[head.name]
      if (!wanted || wanted.length !== head.labels.length || !got) {
        throw new BundleError('probe_mismatch', `probe ${at + 1} has no ${head.name} probabilities of the right length`)
      }
      wanted.forEach((value, label) => {
        const difference = Math.abs(value - (got[at * wanted.length + label] as number))
        if (!(difference <= PROBE_TOLERANCE)) {
          throw new BundleError(
            'probe_mismatch',
            `probe ${at + 1}: ${head.name} ${head.labels[label]} differs by ${difference.toExponential(1)}`,
          )
        }
      })
    })
  }
}
