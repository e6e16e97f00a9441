/** What few people wrote enters no vocabulary, however often one of them wrote it; what the account wrote itself does. */
import { expect, test } from 'vitest'
import { cleanText } from '@/models/text/clean'
import { FEATURES } from '@/models/text/features'
import { FEWEST_PEOPLE, fitVocabulary } from '@/models/text/vocabulary'
import { logOf, prepare, withBeside, withNames } from '@/models/train/prepare'
import { trainModel } from '@/models/train/train-model'
import { fewIntents, smallRecipe } from './small-model'

const limits = { minimumGroups: 1, maximumSize: 100_000, buckets: 0 }
const words = { ...FEATURES, words: 1, pieces: [9, 9] as [number, number] }
const hashOf = (word: string) => fitVocabulary([cleanText(word)], words, limits).hashes[0] as number

test('five people, or nobody outside', () => {
  const rows = [
    ...Array.from({ length: FEWEST_PEOPLE - 1 }, (_, at) => ({ text: `zanzibar ${at}`, person: `p${at}` })),
    ...Array.from({ length: FEWEST_PEOPLE }, (_, at) => ({ text: `harbour ${at}`, person: `p${at}` })),
    ...Array.from({ length: 30 }, (_, at) => ({ text: `mayonnaise ${at}`, person: 'p1' })),
    { text: 'lighthouse', person: undefined },
    { text: 'lighthouse keeper', person: 'p1' },
  ]
  const prepared = prepare(rows.map((row) => ({ ...row, label: 'a' })))
  const vocabulary = fitVocabulary(
    prepared.texts.map(cleanText),
    words,
    limits,
    prepared.groups,
    undefined,
    prepared.people,
  )
  const known = (word: string) => vocabulary.known(hashOf(word)) > 0
  expect(['zanzibar', 'harbour', 'mayonnaise', 'lighthouse', 'keeper'].map(known)).toEqual([
    false,
    true,
    false,
    true,
    false,
  ])
})

test('copies of one text are the text of everybody who wrote it; a copy of the account’s own is no secret', () => {
  const copies = Array.from({ length: 3 }, (_, at) => ({ text: 'Hello!', label: 'a', person: `p${at}` }))
  const own = { text: 'bye', label: 'b' }
  const prepared = prepare([...copies, own, { ...own, person: 'p1' }])
  expect(prepared.people).toEqual([['p0', 'p1', 'p2'], null])
  expect(withBeside(prepared, [{ text: 'more', label: 'a', person: 'p9' }]).people).toEqual([
    ['p0', 'p1', 'p2'],
    null,
    ['p9'],
  ])
  expect(withNames(prepare([{ text: 'x', label: 'card_arrival', person: 'p1' }])).people).toEqual([['p1'], null])
})

test('a model learns from texts of which every one is somebody else’s, without knowing their rare words', async () => {
  const rows = fewIntents().map((row, at) => ({ ...row, text: `${row.text} xylograph${at}`, person: `p${at}` }))
  const { model } = await trainModel(rows, { seed: 1, recipe: smallRecipe() })
  const { vocabulary } = model
  expect(vocabulary.hashes.length).toBeGreaterThan(20)
  for (const at of [0, 7, 21]) expect(vocabulary.known(hashOf(`xylograph${at}`))).toBe(0)
})

test('a log brings in words of five people, not those of one', async () => {
  const from = (word: string, people: number) =>
    Array.from({ length: 10 }, (_, at) => ({ text: `my ${word} refund no ${at}`, person: `p${at % people}` }))
  const unlabelled = [...from('quokka', FEWEST_PEOPLE - 1), ...from('wombat', FEWEST_PEOPLE), { text: 'a numbat' }]
  const { model, unlabelled: taught } = await trainModel(fewIntents(['refund', 'password']), {
    seed: 1,
    recipe: smallRecipe(),
    unlabelled,
  })
  expect([0, unlabelled.length]).toContain(taught)
  const known = (word: string) => model.vocabulary.known(hashOf(word)) > 0
  expect(['quokka', 'wombat', 'numbat'].map(known)).toEqual([false, true, true])
})

test('a text of a log that several wrote is of them all, and what has a label is not of the log', () => {
  const log = logOf(
    [
      { text: 'hi', person: 'p0' },
      { text: 'hi', person: 'p1' },
      { text: 'own', person: 'p0' },
      { text: 'own' },
      { text: 'own', person: 'p1' },
      { text: 'LABELLED', person: 'p0' },
    ],
    ['labelled'],
  )
  expect(log).toEqual({ texts: ['hi', 'own'], people: [['p0', 'p1'], null] })
})
