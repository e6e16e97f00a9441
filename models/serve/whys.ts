/** Answers which words decided, from the very bundles that serve; the weights it needs are kept for the last few asked about. */
import { readBundle } from '../bundle/read'
import { type Explainable, explain, occlusions } from '../explain/explain'
import { fromOnnx } from '../export/from-onnx'
import { cleanText } from '../text/clean'
import { answer } from './classify'
import type { OpenBundle } from './open'
import { type ExplainRequest, ProtocolError } from './protocol'

export interface Why {
  model_version: string
  /** The most probable labels, the first the answer. */
  ranked: { label: string; probability: number }[]
  label: string
  /** The label it is weighed against. */
  against: string
  /** Difference of the two labels' logits: start + words + together. */
  score: number
  start: number
  together: number
  words: { text: string; weight: number }[]
}

/** Each holds its tables unpacked to four bytes: about 20 MB. */
const kept = 4
const ranks = 5

export class Whys {
  private readonly models = new Map<string, Map<string, Explainable>>()

  async explain(opened: readonly OpenBundle[], { head, text, label, against }: ExplainRequest): Promise<Why> {
    const bundle = opened.find(({ manifest }) => manifest.heads.some(({ name }) => name === head))
    const model = bundle && this.model(bundle).get(head)
    if (!bundle || !model) throw new ProtocolError(`head: there is no "${head}" here`)
    for (const asked of [label, against])
      if (asked !== undefined && !model.head.labels.includes(asked))
        throw new ProtocolError(`label: "${asked}" is none of this head's`)
    const probabilities = (await answer([bundle], [cleanText(text)]))[head]?.[0]?.probabilities ?? []
    const ranked = [...probabilities]
      .map((probability, at) => ({ label: model.head.labels[at] as string, probability }))
      .sort((a, b) => b.probability - a.probability)
      .slice(0, ranks)
    const embeddings = await bundle.sentence?.encode(occlusions(text))
    const why = explain(model, text, { ...(label ? { label } : {}), ...(against ? { against } : {}) }, embeddings)
    const words = why.words.map((word) => ({ text: word.text, weight: word.weight }))
    return { model_version: bundle.modelVersion, ranked, ...why, words }
  }

  /** Only what serving has checked: the open bundle goes on answering when other files have come into its place. */
  private model({ digest, folder, spec, manifest: { id } }: OpenBundle): Map<string, Explainable> {
    const known = this.models.get(digest)
    if (known) return known
    const { manifest, graph, vocabulary } = readBundle(folder, { expected: { id, digest } })
    const heads = new Map(
      fromOnnx(graph, manifest.heads).map((head) => [head.name as string, { spec, vocabulary, head }] as const),
    )
    this.models.set(digest, heads)
    if (this.models.size > kept) this.models.delete(this.models.keys().next().value as string)
    return heads
  }
}
