/** `npm run predict`: labels one text with a bundle and says which words decided. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readBundle } from '@/models/bundle/read'
import { explain, occlusions } from '@/models/explain/explain'
import { fromOnnx } from '@/models/export/from-onnx'
import { answer } from '@/models/serve/classify'
import { openBundle } from '@/models/serve/open'
import { cleanText } from '@/models/text/clean'
import { detectLanguage } from '@/models/text/language'
import { installedEncoders } from './training/encoders'
import { command, readOptions, UsageError } from './training/options'

const USAGE = 'npm run predict -- [--bundle DIR] [--json] "text"'
const round = (value: number) => Math.round(value * 10_000) / 10_000

await command(USAGE, ['BundleError'], async () => {
  const options = readOptions(process.argv.slice(2), ['bundle'], ['json'])
  const text = options.rest.join(' ')
  if (text === '') throw new UsageError('there is no text')
  const folder = options.values.get('bundle') ?? join(process.cwd(), 'models/base/bundle')
  if (!existsSync(folder)) throw new UsageError(`there is no folder ${folder}`)
  const bundle = await openBundle(folder, { provider: 'cpu', encoders: installedEncoders() })
  const parts = readBundle(folder)
  const answers = await answer([bundle], [cleanText(text)])
  const embeddings = await bundle.sentence?.encode(occlusions(text))
  const heads = fromOnnx(parts.graph, parts.manifest.heads).map((head) => {
    const line = answers[head.name]?.[0]
    const ranked = [...(line?.probabilities ?? [])]
      .map((probability, at) => ({ label: head.labels[at] as string, probability: round(probability) }))
      .sort((a, b) => b.probability - a.probability)
      .slice(0, 3)
    const why = explain({ spec: bundle.spec, vocabulary: parts.vocabulary, head }, text, undefined, embeddings)
    const words = [...why.words].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight)).slice(0, 6)
    return {
      head: head.name,
      label: line?.label,
      probability: round(line?.probability ?? 0),
      shown: line?.inScope ?? false,
      ranked,
      against: why.against,
      score: round(why.score),
      ...(bundle.sentence ? { together: round(why.together) } : {}),
      words: words.map(({ text: word, weight }) => ({ word, weight: round(weight) })),
    }
  })
  await bundle.close()
  const result = { text, modelVersion: bundle.modelVersion, language: detectLanguage(cleanText(text)), heads }
  if (!options.flags.has('json')) {
    process.stdout.write(`language   ${result.language.language} ${round(result.language.probability)}\n`)
    for (const head of heads) {
      process.stdout.write(
        `${head.head.padEnd(10)} ${head.label} ${head.probability}${head.shown ? '' : ' (not sure: a person decides)'}\n`,
      )
      const words = head.words.map(({ word, weight }) => `${word} ${weight > 0 ? '+' : ''}${weight.toFixed(2)}`)
      process.stdout.write(`           ${words.join('  ')}  (against ${head.against})\n`)
    }
  }
  process.stdout.write(`${JSON.stringify(result)}\n`)
})
