/** Guarantee 8, model bundles: no word, pair, piece, run of signs or sign in its order that four people wrote is in a model that learned from them. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readBundle } from '@/models/bundle/read'
import { writeBundle } from '@/models/bundle/write'
import { cleanText } from '@/models/text/clean'
import { FEATURES, FeatureBuffer, type FeatureSpec, readFeatures, SEGMENTED } from '@/models/text/features'
import { FEWEST_PEOPLE, type Vocabulary } from '@/models/text/vocabulary'
import type { LabelledText } from '@/models/train/prepare'
import { trainModel } from '@/models/train/train-model'
import { foundIn, makeCanaries } from '../kit/canaries'
import { amount, held } from '../kit/guarantee'
import { temporaryFolder } from '../kit/installation'
import { windowsRecipe } from '../unit/models/small-model'

const home = temporaryFolder()
afterAll(() => home.remove())

const planted = amount(200, 40)
const canaries = makeCanaries(planted, 4_711)
const people = 9
/** What everybody writes. */
const common = 'zorblatt'
const labels = ['order_status', 'refund']

/** Each of the words is written by four people; the word of everybody stands beside it. */
const rows = canaries.flatMap((word, at) =>
  Array.from({ length: FEWEST_PEOPLE - 1 }, (_, writer) => ({
    text: at % 2 ? `我的 ${common} 在哪里，${word} ${writer}` : `where is my ${common} ${word} please ${writer}`,
    label: labels[at % 4 < 2 ? 0 : 1] as string,
    group: `conversation ${at} ${writer}`,
    person: `person ${(at + writer) % people}`,
  })),
)

const buffer = new FeatureBuffer()
/** Hashes of whatever a model reads from a text: words, pairs, pieces of words, runs of signs and the words in them, and each sign. */
function hashesOf(text: string, spec: FeatureSpec): Set<number> {
  readFeatures(cleanText(text), spec, buffer)
  return new Set([...buffer.hash.subarray(0, buffer.length), ...buffer.sign.subarray(0, buffer.signs)])
}

/** Counted here once more, by hash: what fewer than five people wrote, and no name of a label says. */
function ofFew(spec: FeatureSpec): Set<number> {
  const writers = new Map<number, Set<string>>()
  for (const { text, person } of rows)
    for (const hash of hashesOf(text, spec)) writers.set(hash, (writers.get(hash) ?? new Set()).add(person))
  const named = new Set(labels.flatMap((label) => [...hashesOf(label.replace('_', ' '), spec)]))
  return new Set(
    [...writers].filter(([hash, who]) => who.size < FEWEST_PEOPLE && !named.has(hash)).map(([hash]) => hash),
  )
}

/** Row 1 is for whatever sign is not known. */
const isKnownSign = (vocabulary: Vocabulary, hash: number) => vocabulary.signRow(hash) > 1

async function bundleOf(name: string, learned: readonly LabelledText[], features: FeatureSpec, licence: string) {
  const { model } = await trainModel(learned, { seed: 1, recipe: windowsRecipe(), features })
  const out = join(home.path, name)
  await writeBundle(out, model, {
    id: 'model',
    createdAt: '2026-01-01T00:00:00.000Z',
    licence,
    lineage: { seed: 1, rows: learned.length, dataset: '0'.repeat(64), base: null },
    probes: labels,
  })
  const files = await Promise.all((await readdir(out)).map((file) => readFile(join(out, file), 'latin1')))
  const { vocabulary } = readBundle(out)
  return {
    files: files.join('\n'),
    knows: (hashes: Iterable<number>) =>
      [...hashes].filter((one) => vocabulary.known(one) > 0 || isKnownSign(vocabulary, one)).length,
  }
}

test.each([
  ['runs of signs', FEATURES],
  ['words of unspaced writing too', SEGMENTED],
])('what four people wrote is in no file of the model (%s)', async (_, spec) => {
  const few = ofFew(spec)
  const { files, knows } = await bundleOf(`kept ${spec.version}`, rows, spec, 'as its data')
  expect(few.size).toBeGreaterThan(planted * 10)
  expect(knows(few)).toBe(0)
  // Of each word something is among what was looked for, and the word of everybody is known.
  for (const word of canaries) expect([...hashesOf(word, spec)].some((hash) => few.has(hash))).toBe(true)
  expect(knows(hashesOf(common, spec))).toBe(hashesOf(common, spec).size)
  expect(foundIn(files, [...canaries, common])).toEqual([])

  // The control: the same texts without their writers are known piece by piece, and a word that a file holds is seen there.
  const told = rows.map(({ text, label, group }) => ({ text, label, group }))
  const careless = await bundleOf(`told ${spec.version}`, told, spec, `as its data, ${canaries[0]}`)
  expect(careless.knows(few)).toBeGreaterThan(few.size * 0.9)
  expect(foundIn(careless.files, canaries)).toEqual([canaries[0]])
  held(
    '8 words in models',
    `${planted} words of four people each, with every pair, piece and run of them: 0 of ${few.size} known by hash, 0 words in files; without the rule ${careless.knows(few)} are known`,
  )
})
