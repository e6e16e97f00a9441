/** Reads `--name value` options of the model commands; an unknown or half-given one ends with a sentence. */
import type { PrivacyWish } from '@/models/train/train-privately'

export class UsageError extends Error {}

export interface Options {
  values: Map<string, string>
  flags: Set<string>
  rest: string[]
}

export function readOptions(words: readonly string[], named: readonly string[], flags: readonly string[]): Options {
  const out: Options = { values: new Map(), flags: new Set(), rest: [] }
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string
    if (!word.startsWith('--')) {
      out.rest.push(word)
      continue
    }
    const [name, inline] = word.slice(2).split('=', 2) as [string, string | undefined]
    if (flags.includes(name)) out.flags.add(name)
    else if (named.includes(name)) {
      const value = inline ?? words[++at]
      if (value === undefined || (inline === undefined && value.startsWith('--')))
        throw new UsageError(`--${name} needs a value`)
      out.values.set(name, value)
    } else throw new UsageError(`there is no option --${name}`)
  }
  return out
}

export function need(options: Options, name: string): string {
  const value = options.values.get(name)
  if (value === undefined) throw new UsageError(`--${name} is missing`)
  return value
}

export function wholeNumber(options: Options, name: string, fallback: number): number {
  const value = options.values.get(name)
  if (value === undefined) return fallback
  const number = Number(value)
  if (!Number.isInteger(number) || number < 0) throw new UsageError(`--${name} must be a whole number, not ${value}`)
  return number
}

/** What `--private EPSILON` asks for. */
export function privacyOf(options: Options, key: string): { privacy?: PrivacyWish } {
  const value = options.values.get('private')
  if (value === undefined) return {}
  const epsilon = Number(value)
  if (!(epsilon >= 0.1 && epsilon <= 20)) throw new UsageError(`--private must be from 0.1 to 20, not ${value}`)
  return { privacy: { epsilon, key } }
}

/** Runs a command; mistakes of use and of data are sentences, anything else is a crash with its trace. */
export async function command(usage: string, expected: readonly string[], work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const known = error instanceof UsageError || (error instanceof Error && expected.includes(error.name))
    process.stderr.write(`${known ? (error as Error).message : ((error as Error).stack ?? error)}\n`)
    if (error instanceof UsageError) process.stderr.write(`${usage}\n`)
    process.exitCode = error instanceof UsageError ? 2 : 1
  }
}
