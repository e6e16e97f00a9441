/** What only the trainer can tell of a model that it has just made: certainty before and after, unknown texts, speed. */
import { familiarity, rocOf } from '@/models/evaluate/out-of-scope'
import { measureSpeed } from '@/models/evaluate/speed'
import { answer, type HeadAnswerLine } from '@/models/serve/classify'
import type { OpenBundle } from '@/models/serve/open'
import { cleanText } from '@/models/text/clean'
import type { Measured } from '@/models/train/child-protocol'
import type { TrainedModel } from '@/models/train/train-model'

/** Fewer known or unknown texts draw no curve. */
const fewest = 20
const most = 400
/** Texts that are timed. */
const timed = 200

/** @param foreign sentences that it did not learn, about other things */
export async function measure(
  { head, recipe, code }: Pick<TrainedModel, 'head' | 'recipe'> & Pick<Measured, 'code'>,
  bundle: OpenBundle,
  texts: readonly string[],
  foreign: readonly string[],
): Promise<Measured> {
  const speed = await measureSpeed(bundle, texts.slice(0, timed))
  const { held } = head
  const known = held?.known ?? []
  const stride = Math.max(1, Math.ceil(foreign.length / most))
  const unknown = foreign.filter((_, at) => at % stride === 0)
  const asked = known.length >= fewest && unknown.length >= fewest
  const scores = asked ? await familiarities(bundle, unknown) : []
  return {
    reliability: held ? { before: held.before, after: held.after, byOthers: true } : null,
    outOfScope: asked ? rocOf(known, scores) : null,
    speed: { ...speed.latencyMs, cpuMicroseconds: speed.cpuMicrosecondsPerText },
    recipe,
    code,
  }
}

async function familiarities(bundle: OpenBundle, texts: readonly string[]): Promise<number[]> {
  const { intent = [] } = await answer([bundle], texts.map(cleanText))
  return intent.map(({ label, energy }: HeadAnswerLine) => familiarity(label, energy))
}
