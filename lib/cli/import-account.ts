/** `npm run import-account -- FILE`: brings an account's file into the installation in the data folder, whole or not at all. */
import { createReadStream } from 'node:fs'
import { access } from 'node:fs/promises'
import { isAppError } from '@/lib/core/errors'
import { newId } from '@/lib/core/ids'
import { locales } from '@/lib/core/locale'
import { nameOfAtMost } from '@/lib/core/text'
import { importAccount } from '@/lib/flows/import-account'
import { createServices } from '@/lib/start'
import { type SayFacts, say } from '@/lib/words/say'
import { joinInstallation } from './join-installation'
import { command, readOptions, UsageError } from './training/options'

const USAGE = `npm run import-account -- FILE.jsonl [--name NAME]
  FILE.jsonl is what Settings → Privacy → "Download the whole account" gives; the installation must run.`

/** A refusal, for whoever reads it and for programs. */
class Refused extends Error {
  override readonly name = 'Refused'
}

await command(USAGE, ['Refused'], async () => {
  const { rest, values } = readOptions(process.argv.slice(2), ['name'], [])
  const [file, ...more] = rest
  if (!file || more.length) throw new UsageError('Name one file.')
  await access(file).catch(() => {
    throw new UsageError(`There is no file ${file}.`)
  })
  const name = nameOfAtMost(80).optional().safeParse(values.get('name'))
  if (!name.success) throw new UsageError('--name needs a name of at most 80 letters.')
  const services = createServices('import-account', await joinInstallation())
  try {
    const actor = { kind: 'system', reason: 'import by command' } as const
    const ctx = {
      services,
      actor,
      accountId: '',
      locale: 'en',
      now: () => new Date(),
      newId,
      random: Math.random,
    } as const
    const done = await importAccount(ctx, { source: createReadStream(file), name: name.data })
    process.stdout.write(`${JSON.stringify(done, null, 2)}\n`)
  } catch (error) {
    if (!isAppError(error)) throw error
    const told = locales.flatMap((locale) =>
      ['title', 'detail'].map((part) => say(locale, 'errors', `${error.code}.${part}`, error.facts as SayFacts) ?? ''),
    )
    throw new Refused([`${error.code} ${JSON.stringify(error.facts)}`, ...told].join('\n'))
  } finally {
    await services.close()
  }
})
