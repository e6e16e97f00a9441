/** Writes what the processes say: everything to data/logs (capped), what matters to the terminal with the process's name. */
import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { scrub } from '@/lib/platform/scrub'

/** Two files of this size per process at most. */
const capBytes = 5_000_000

export interface Output {
  /** Takes raw output of one process, in any pieces; plain words on stdout stay off a terminal that wants warnings only. */
  stdout(chunk: Buffer | string): void
  stderr(chunk: Buffer | string): void
  line(text: string): void
  /** The latest lines, for telling why a process failed. */
  recent(): string[]
  close(): void
}

export type Loudness = 'all' | 'warnings'

export function openOutput(dataDir: string, name: string, loudness: Loudness): Output {
  const file = cappedFile(join(dataDir, 'logs'), name)
  const latest: string[] = []
  const line = (text: string, plain: 'show' | 'hide' = 'show') => {
    if (text.trim() === '') return
    file.write(`${text}\n`)
    latest.push(text)
    if (latest.length > 20) latest.shift()
    const shown = forTerminal(text, loudness)
    if (shown === undefined || (shown === text && plain === 'hide')) return
    process.stdout.write(`${name.padEnd(9)} │ ${shown}\n`)
  }
  // What libraries say in plain words may repeat what a caller sent. Whoever develops wants it as it is.
  const clean = (text: string) => (loudness === 'all' || isStructured(text) ? text : scrub(text))
  const out = inLines((text) => line(clean(text), loudness === 'all' ? 'show' : 'hide'))
  const error = inLines((text) => line(clean(text)))
  return {
    line,
    stdout: out.feed,
    stderr: error.feed,
    recent: () => latest,
    close: () => {
      out.end()
      error.end()
      file.close()
    },
  }
}

function inLines(take: (text: string) => void) {
  let rest = ''
  return {
    feed: (chunk: Buffer | string) => {
      const lines = (rest + chunk.toString()).split('\n')
      rest = (lines.pop() ?? '').slice(-100_000)
      for (const text of lines) take(text)
    },
    end: () => take(rest),
  }
}

/** A line of our own log, which took out of it what nobody is to read. */
function isStructured(text: string): boolean {
  try {
    const { level, process: name } = JSON.parse(text)
    return typeof level === 'number' && typeof name === 'string'
  } catch {
    return false
  }
}

/** pino's levels: 40 is a warning. */
const levels: Record<number, string> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
}

/** Structured lines become readable; plain ones (a library's warning, a stack) are shown as they are. */
export function forTerminal(text: string, loudness: Loudness): string | undefined {
  if (!text.startsWith('{')) return text
  try {
    const { level, msg, err, time: _time, pid: _pid, hostname: _hostname, ...facts } = JSON.parse(text)
    if (typeof level !== 'number') return undefined
    if (level < (loudness === 'all' ? 30 : 40)) return undefined
    const more = Object.keys(facts).length > 0 ? ` ${JSON.stringify(facts)}` : ''
    const why = err?.stack ?? err?.message ?? ''
    return `${levels[level] ?? level} ${msg ?? ''}${more}${why ? `\n${why}` : ''}`
  } catch {
    return text
  }
}

function cappedFile(folder: string, name: string) {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `${name}.log`)
  let handle = openSync(path, 'a', 0o600)
  let size = fstatSync(handle).size
  return {
    write: (text: string) => {
      try {
        if (size > capBytes) {
          closeSync(handle)
          renameSync(path, `${path}.1`)
          handle = openSync(path, 'a', 0o600)
          size = 0
        }
        size += writeSync(handle, text)
      } catch {
        // A full disk must not take the supervisor down with it.
      }
    },
    close: () => closeSync(handle),
  }
}
