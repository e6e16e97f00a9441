/** Turns signals and faults of the supervisor itself into one orderly stop. */
import { readFileSync } from 'node:fs'

export function stopOnSignals(stop: () => Promise<void>): void {
  let asked = false
  const end = (code: number) => {
    asked = true
    void stop().finally(() => process.exit(code))
  }
  for (const name of stopSignals()) {
    process.on(name, () => {
      if (!asked) process.stdout.write('\nStopping …\n')
      end(0)
    })
  }
  const fail = (error: unknown) => {
    process.stderr.write(`${(error as Error)?.stack ?? error}\n`)
    end(1)
  }
  // A closed terminal or pipe must not end (or, failing again while failing, spin) what runs; the logs have it all.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  process.on('uncaughtException', fail)
  process.on('unhandledRejection', fail)
}

/** A closed terminal stops everything, unless `nohup` asked for the contrary (a listener would undo that). */
function stopSignals(): NodeJS.Signals[] {
  return hangupIgnored() ? ['SIGINT', 'SIGTERM'] : ['SIGINT', 'SIGTERM', 'SIGHUP']
}

/** Only Linux tells. */
function hangupIgnored(): boolean {
  try {
    const mask = /^SigIgn:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'
    return (BigInt(`0x${mask}`) & 1n) === 1n
  } catch {
    return false
  }
}
