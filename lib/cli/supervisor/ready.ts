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

/** Also waits for the pages: who is told an address opens it. In development the first page is compiled meanwhile. */
export async function waitForWeb(url: string, child: Child, output: Output, withinMs: number): Promise<void> {
  const until = Date.now() + withinMs
  while (Date.now() < until) {
    // 503 means "not yet"; a page with a fault of its own is still an answer.
    if ((await status(`${url}/api/health`)) === 200 && (await status(url)) !== 503) return
    if (child.failures >= 3) {
      const said = output.recent().slice(-12).join('\n')
      throw new StartupError(`The web server does not start. It said:\n${said}`)
    }
    await sleep(60)
  }
  throw new StartupError(`The web server did not answer within ${withinMs / 1000} s (see the logs in the data folder).`)
}

async function status(url: string): Promise<number> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000), redirect: 'manual' })
    await response.arrayBuffer()
    return response.status
  } catch {
    return 503
  }
}
