/** Label errors and overlaps: every label is asked of a model that did not learn it, however many trainings there is time for. */
import { describe, expect, it } from 'vitest'
import { hiddenPath, linearPath } from '@/models/train/recipe'
import { trainModel } from '@/models/train/train-model'
import { fewIntents, smallRecipe } from './small-model'

/** Texts of which every tenth has the label of another intent, and which those are. */
function slipped(intents: string[]) {
  const slips = new Set<string>()
  const rows = fewIntents(intents).map(({ text, label }, at) => {
    if (at % 10 !== 3) return { text, label }
    slips.add(text)
    return { text, label: intents[(intents.indexOf(label) + 1) % intents.length] as string }
  })
  return { rows, slips }
}

/** The share of slips among the doubts. */
async function found(rows: { text: string; label: string }[], slips: ReadonlySet<string>, log: string[] = []) {
  const { doubts, prepared } = await trainModel(rows, {
    seed: 1,
    recipe: { ...smallRecipe(), paths: [linearPath(1), hiddenPath(1, { hidden: 16 })] },
    unlabelled: log.map((text) => ({ text })),
  })
  const doubted = doubts.map(({ at }) => prepared.texts[at] as string)
  return { share: doubted.filter((text) => slips.has(text)).length / slips.size, doubts }
}

describe('likely label errors', () => {
  it('are found among all labels where messages without a label come along', async () => {
    const { rows, slips } = slipped(['order_status', 'refund', 'password', 'greeting'])
    const log = fewIntents(['invoice', 'refund']).map(({ text }) => `${text} please`)
    const { share, doubts } = await found(rows, slips, log)
    // There is time for one fold of four with the messages: a quarter of the slips is all that it could find.
    expect(share).toBeGreaterThan(0.5)
    const sure = doubts.map(({ probability, own }) => probability - own)
    expect(sure).toEqual(sure.toSorted((a, b) => b - a))
  }, 120_000)

  it('are found among all labels where there are many', async () => {
    const { rows, slips } = slipped([
      'order_status',
      'refund',
      'password',
      'greeting',
      'invoice',
      'complaint',
      'thanks',
    ])
    const { share } = await found(rows, slips)
    // From here on there is time for two folds of four.
    expect(rows.length).toBeGreaterThan(500)
    expect(share).toBeGreaterThan(0.5)
  }, 120_000)
})
