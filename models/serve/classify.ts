/** From texts to labels: cleaned once, read once, asked of the account's bundle and of the base for what it lacks. */
import type { HeadManifest } from '../bundle/manifest'
import { sentences } from '../encoder/text-reader'
import { OUT_OF_SCOPE } from '../evaluate/out-of-scope'
import { cleanText } from '../text/clean'
import type { SparseText } from '../text/encode'
import { FeatureBuffer, readFeatures } from '../text/features'
import { detectLanguage } from '../text/language'
import type { OpenBundle } from './open'

export interface Labels {
  intent: string
  intentProbability: number
  /** False when the text is unknown to the model or the answer is too uncertain to be shown. */
  intentInScope: boolean
  sentiment: string
  sentimentProbability: number
  /** −1 (negative) … 1 (positive). */
  sentimentScore: number
  urgency: string
  urgencyProbability: number
  language: string
  languageProbability: number
}

export interface HeadAnswerLine {
  label: string
  probability: number
  probabilities: Float32Array
  energy: number
  inScope: boolean
}

const HEADS = ['intent', 'sentiment', 'urgency'] as const
type HeadName = (typeof HEADS)[number]
const buffer = new FeatureBuffer()

/** The answers of every head, from the first bundle in the list that has it. */
export async function answer(
  bundles: readonly OpenBundle[],
  cleaned: readonly string[],
): Promise<Partial<Record<HeadName, HeadAnswerLine[]>>> {
  const asked = bundles.filter((bundle, at) =>
    bundle.manifest.heads.some((head) => firstWith(bundles, head.name) === at),
  )
  const encoded: SparseText[][] = asked.map(() => [])
  for (const text of cleaned) {
    asked.forEach((bundle, at) => {
      if (at === 0 || !sameSpec(bundle, asked[at - 1] as OpenBundle)) readFeatures(text, bundle.spec, buffer)
      encoded[at]?.push(bundle.encoder.encodeRead(buffer))
    })
  }
  const answers: Partial<Record<HeadName, HeadAnswerLine[]>> = {}
  for (const [at, bundle] of asked.entries()) {
    const embeddings = bundle.sentence && (await bundle.sentence.encode(sentences(cleaned)))
    const outputs = await bundle.run(encoded[at] as SparseText[], embeddings)
    for (const head of bundle.manifest.heads) {
      if (bundles[firstWith(bundles, head.name)] !== bundle) continue
      const output = outputs[head.name]
      if (output) answers[head.name] = cleaned.map((text, line) => read(head, output, line, text))
    }
  }
  return answers
}

function firstWith(bundles: readonly OpenBundle[], name: HeadName): number {
  return bundles.findIndex((bundle) => bundle.manifest.heads.some((head) => head.name === name))
}

function sameSpec(a: OpenBundle, b: OpenBundle): boolean {
  return JSON.stringify(a.spec) === JSON.stringify(b.spec)
}

function read(
  head: HeadManifest,
  output: { probabilities: Float32Array; energy: Float32Array },
  line: number,
  text: string,
): HeadAnswerLine {
  const size = head.labels.length
  const probabilities = output.probabilities.subarray(line * size, (line + 1) * size)
  let best = 0
  for (let at = 1; at < size; at++) if ((probabilities[at] as number) > (probabilities[best] as number)) best = at
  const probability = probabilities[best] as number
  const energy = output.energy[line] as number
  const known = head.energyThreshold === null || energy >= head.energyThreshold
  const label = head.labels[best] as string
  const inScope = text !== '' && known && label !== OUT_OF_SCOPE && probability >= (head.thresholds[best] ?? 0)
  return { label, probability, probabilities, energy, inScope }
}

export async function classify(bundles: readonly OpenBundle[], texts: readonly string[]): Promise<Labels[]> {
  const cleaned = texts.map(cleanText)
  const { intent, sentiment, urgency } = await answer(bundles, cleaned)
  return cleaned.map((text, at) => {
    const language = detectLanguage(text)
    const feeling = sentiment?.[at]
    return {
      intent: intent?.[at]?.label ?? '',
      intentProbability: intent?.[at]?.probability ?? 0,
      intentInScope: intent?.[at]?.inScope ?? false,
      sentiment: feeling?.label ?? 'neutral',
      sentimentProbability: feeling?.probability ?? 0,
      sentimentScore: feeling ? (feeling.probabilities[2] as number) - (feeling.probabilities[0] as number) : 0,
      urgency: urgency?.[at]?.label ?? 'normal',
      urgencyProbability: urgency?.[at]?.probability ?? 0,
      language: language.language,
      languageProbability: language.probability,
    }
  })
}
