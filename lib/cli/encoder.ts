/** `npm run encoder`: installs a sentence encoder from a folder (or the hub) and checks that it runs. */
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { fetchEncoder } from '@/models/encoder/hub'
import { ENCODER_NAME } from '@/models/encoder/installed'
import { encoderFiles, openEncoder } from '@/models/encoder/open-encoder'
import { encodersFolder, installedEncoders } from './training/encoders'
import { command, readOptions, UsageError } from './training/options'

const USAGE = `npm run encoder -- add FOLDER|owner/name [--name NAME]   install an encoder (tokenizer.json + onnx/model*.onnx)
npm run encoder -- list                                    what is installed
npm run encoder -- remove NAME`

async function add(source: string, name: string): Promise<void> {
  if (!ENCODER_NAME.test(name)) throw new UsageError(`${name} cannot be the name of an encoder: give --name`)
  const folder = encodersFolder()
  // A leading dot is no name: what is half installed is never listed or opened.
  const fresh = join(folder, `.new-${process.pid}`)
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { recursive: true })
  try {
    if (existsSync(source)) {
      for (const file of encoderFiles(source)) cpSync(file, join(fresh, relative(source, file)))
    } else await fetchEncoder(source, fresh)
    const encoder = await openEncoder(fresh, { name })
    const { sha256, dimensions, pooling, provider } = encoder
    await encoder.close()
    rmSync(join(folder, name), { recursive: true, force: true })
    renameSync(fresh, join(folder, name))
    process.stdout.write(
      `${JSON.stringify({ name, sha256, dimensions, pooling, provider, folder: join(folder, name) })}\n`,
    )
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

/** A folder's own name, or owner and name of the hub with two dashes between. */
function nameOf(source: string): string {
  if (existsSync(source)) {
    if (!statSync(source).isDirectory()) throw new UsageError(`${source} is not a folder`)
    return basename(resolve(source))
  }
  if (!/^[\w.-]+\/[\w.-]+$/.test(source)) {
    throw new UsageError(`${source} is neither a folder nor the name of a model on the hub`)
  }
  return source.replace('/', '--')
}

await command(USAGE, ['EncoderError'], async () => {
  const options = readOptions(process.argv.slice(2), ['name'], [])
  const [verb, subject] = options.rest
  const names = installedEncoders().names()
  if (verb === 'list') process.stdout.write(names.length ? `${names.join('\n')}\n` : 'no encoder is installed\n')
  else if (verb === 'add' && subject) await add(subject, options.values.get('name') ?? nameOf(subject))
  else if (verb === 'remove' && subject) {
    if (!names.includes(subject)) throw new UsageError(`there is no encoder ${subject}`)
    rmSync(join(encodersFolder(), subject), { recursive: true })
  } else throw new UsageError('say what to do')
})
