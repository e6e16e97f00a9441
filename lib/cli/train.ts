/** `npm run train`: trains a model from labelled texts and writes it as a bundle, or asks a running installation to. */
import { randomBytes } from 'node:crypto'
import { basename } from 'node:path'
import { openBundle } from '@/models/serve/open'
import { DataError, readCsv } from '@/models/train/read-csv'
import { splitRows } from '@/models/train/split'
import { installedEncoders } from './training/encoders'
import { fitBundle } from './training/fit-bundle'
import { command, need, privacyOf, readOptions, wholeNumber } from './training/options'

const USAGE = `npm run train -- --data FILE.csv[.gz] --out DIR [--seed N] [--few-shot] [--unlabelled FILE.csv[.gz]]
  [--encoder NAME]   an installed sentence encoder, read beside the n-grams
  [--private EPSILON]   differentially private, with noise that nobody can repeat
  columns text,label[,split]; rows of split test are left alone; --few-shot trains on every row and tunes on folds
npm run train -- --account SLUG [--seed N] [--private EPSILON]
  asks the running installation for a training run of that account, and follows it`

await command(USAGE, ['DataError', 'BundleError', 'NotEnoughData', 'TrainingStopped', 'EncoderError'], async () => {
  const options = readOptions(
    process.argv.slice(2),
    ['data', 'out', 'seed', 'unlabelled', 'encoder', 'account', 'private'],
    ['few-shot', 'json'],
  )
  const account = options.values.get('account')
  if (account) {
    const { privacy } = privacyOf(options, '')
    const { trainAccount } = await import('./training/account')
    return await trainAccount(account, { seed: wholeNumber(options, 'seed', 1), epsilon: privacy?.epsilon })
  }
  const file = need(options, 'data')
  const out = need(options, 'out')
  const seed = wholeNumber(options, 'seed', 1)
  const rows = readCsv(file)
  const parts = splitRows(rows)
  if (parts.train.length === 0) throw new DataError(`${file} has no rows of split train`)
  const encoders = installedEncoders()
  const name = options.values.get('encoder')
  const sentence = name ? await encoders.take(name) : undefined
  const fewShot = options.flags.has('few-shot')
  const log = options.values.get('unlabelled')
  const { trained, bytes, trainSeconds, privacy } = await fitBundle({
    train: fewShot ? [...parts.train, ...parts.dev] : parts.train,
    dev: fewShot ? [] : parts.dev,
    carved: parts.carved,
    ...(log ? { unlabelled: readCsv(log).map(({ text }) => ({ text })) } : {}),
    ...(sentence ? { sentence } : {}),
    ...privacyOf(options, randomBytes(32).toString('hex')),
    seed,
    out,
    id: basename(out),
    createdAt: new Date().toISOString(),
  })
  const bundle = await openBundle(out, { provider: 'cpu', encoders })
  await bundle.close()
  await sentence?.close()
  const { prepared, head } = trained
  process.stdout.write(
    `${JSON.stringify({
      out,
      ...(sentence ? { encoder: { name: sentence.name, provider: sentence.provider } } : {}),
      ...(privacy ? { privacy } : {}),
      modelVersion: bundle.modelVersion,
      labels: head.labels.length,
      rows: prepared.texts.length,
      repeats: prepared.repeats,
      contradictions: prepared.contradictions,
      heldOut: head.metrics,
      trainSeconds: Math.round(trainSeconds * 10) / 10,
      bundleMb: Math.round(bytes / 1e4) / 100,
    })}\n`,
  )
})
