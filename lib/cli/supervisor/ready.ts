/** Waits until the web server answers, or says why it never will. */
import { setTimeout as sleep } from 'node:timers/promises'
import { StartupError } from '@/lib/platform/postgres/startup-error'
import type { Child } from './child'
import type { Output } from './output'

/** An address to reach a server on this machine that may listen on all addresses. */
export function localUrl(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}

export async function waitForWeb(url: string, child: Child, output: Output, withinMs: number): Promise<void> {
  const until = Date.now() + withinMs
  while (Date.now() < until) {
    if (await answers(`${url}/api/health`)) return
    if (child.failures >= 3) {
      throw new StartupError(
        `The web server does not start. It said:\n${output.recent().slice(-12).join('\n')}`,
      )
    }
    await sleep(60)
  }
  throw new StartupError(
    `The web server did not answer within ${withinMs / 1000} s (see the log in the data folder).`,
  )
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) })
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false
  }
}
