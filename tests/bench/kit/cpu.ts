/** CPU time of processes from Linux's /proc, in milliseconds. */
import { readdirSync, readFileSync } from 'node:fs'

/** Length of the kernel's clock tick (USER_HZ is 100 on every Linux that Node runs on), milliseconds. */
const tick = 10

function stat(pid: number | string): { parent: number; own: number; reaped: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The command name may hold spaces; the fields after it are counted from its closing bracket.
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const at = (i: number) => (fields[i] ?? 0) * tick
    return { parent: fields[1] ?? 0, own: at(11) + at(12), reaped: at(13) + at(14) }
  } catch {
    return null
  }
}

export const cpuOf = (pid: number): number => stat(pid)?.own ?? 0

/** A process, the children it has, and those it has buried. */
export function cpuOfChildren(pid: number): number {
  const root = stat(pid)
  let sum = (root?.own ?? 0) + (root?.reaped ?? 0)
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const one = stat(entry)
    if (one?.parent === pid) sum += one.own
  }
  return sum
}

/** Resident memory, kilobytes. */
export function memoryOf(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}
