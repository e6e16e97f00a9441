/** Guarantee 8, model bundles: the words of one person are in no file of a model that learned from them; a word of many is known. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readBundle } from '@/models/bundle/read'
import { writeBundle } from '@/models/bundle/write'
import { cleanText } from '@/models/text/clean'
import { FEATURES } from '@/models/text/features'
import { fitVocabulary } from '@/models/text/vocabulary'
import { trainModel } from '@/models/train/train-model'
import { foundIn, makeCanaries } from '../kit/canaries'
import { amount, held } from '../kit/guarantee'
import { temporaryFolder } from '../kit/installation'
import { smallRecipe } from '../unit/models/small-model'

const home = temporaryFolder()
afterAll(() => home.remove())

const planted = amount(200, 40)
const people = 9
/** What everybody writes. */
const common = 'zorblatt'

/** Each text has a word that nobody else ever wrote, and one of everybody's. */
const rowsOf = (canaries: readonly string[]) =>
  canaries.map((word, at) => ({
    text: at % 2 ? `我的 ${common} 在哪里，${word}` : `where is my ${common} ${word} please`,
    label: at % 4 < 2 ? 'order_status' : 'refund',
    group: `conversation ${at}`,
    person: `person ${at % people}`,
  }))

/** A vocabulary holds hashes: that of the whole word. */
const hashOf = (word: string): number =>
  fitVocabulary([cleanText(word)], { ...FEATURES, words: 1, pieces: [40, 40], runs: [40, 40] }, all).hashes[0] as number
const all = { minimumGroups: 1, maximumSize: 100, buckets: 0 }

test('what one person wrote is in no file of the model', async () => {
  const canaries = makeCanaries(planted, 4_711)
  const { model } = await trainModel(rowsOf(canaries), { seed: 1, recipe: smallRecipe() })
  const out = join(home.path, 'model')
  await writeBundle(out, model, {
    id: 'model',
    createdAt: '2026-01-01T00:00:00.000Z',
    licence: 'as its data',
    lineage: { seed: 1, rows: planted, dataset: '0'.repeat(64), base: null },
    probes: ['refund', '退款'],
  })
  const { vocabulary } = readBundle(out)
  const knows = (words: readonly string[]) => words.filter((word) => vocabulary.known(hashOf(word)) > 0)
  // The control: the same look finds the word that many people wrote.
  expect(knows([common])).toEqual([common])
  const latin = canaries.filter((_, at) => at % 2 === 0)
  expect(knows(latin)).toEqual([])
  // And no file holds any word as it is written.
  const files = await Promise.all((await readdir(out)).map((name) => readFile(join(out, name), 'latin1')))
  expect(foundIn(files.join('\n'), [...canaries, common])).toEqual([])
  held(
    '8 words in models',
    `${planted} words of single persons: 0 in the bundle’s files, 0 of ${latin.length} known by hash; a word of ${people} people is known`,
  )
})
