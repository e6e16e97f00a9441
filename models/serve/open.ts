/** Opens a bundle for serving: checked parts, a session, and the probes reproduced, or a refusal that says why. */
import { BundleError } from '../bundle/error'
import { type Manifest, PROBE_TOLERANCE } from '../bundle/manifest'
import { type BundleParts, type ReadOptions, readBundle } from '../bundle/read'
import { cleanText } from '../text/clean'
import { Encoder, type SparseText } from '../text/encode'
import { FeatureBuffer, type FeatureSpec, readFeatures } from '../text/features'
import { runGraph } from './run-graph'
import { openSession, type ort, type ProviderChoice, type ProviderWish } from './runtime'

export interface OpenBundle {
  manifest: Manifest
  modelVersion: string
  spec: FeatureSpec
  encoder: Encoder
  provider: ProviderChoice
  /** Bytes of the files behind it: what the cache counts. */
  bytes: number
  /** Probabilities and energies of encoded texts, head by head. */
  run(texts: readonly SparseText[]): Promise<HeadOutputs>
  close(): Promise<void>
}

/** For each head a flat [texts × labels] array of probabilities and one energy per text. */
export type HeadOutputs = Record<string, { probabilities: Float32Array; energy: Float32Array }>

export interface OpenOptions extends ReadOptions {
  provider?: ProviderWish
}

export async function openBundle(folder: string, options: OpenOptions = {}): Promise<OpenBundle> {
  const parts = readBundle(folder, options)
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
    manifest,
    modelVersion: parts.modelVersion,
    spec: manifest.text.features,
    encoder,
    provider,
    bytes: Object.values(manifest.parts).reduce((sum, part) => sum + part.bytes, 0),
    run: (texts) => runGraph(session, manifest, texts),
    close: () => session.release(),
  }
  try {
    await reproduce(bundle, parts)
  } catch (error) {
    await bundle.close()
    throw error
  }
  return bundle
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
    outputs = await bundle.run(encoded)
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
