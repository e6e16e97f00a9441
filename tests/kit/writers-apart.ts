/** Writers in a process of their own: a test that floods a server from its own process would measure itself. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { bundle } from '@/lib/cli/launch/bundle.mjs'
import { root } from './real-programs'
import type { Tally } from './writers'

const folder = '.build/writers'

/** Once, before anything is measured. */
export const prepareWriters = () => bundle(root, folder, ['tests/kit/writers-program.ts'])

/** For so long and to that address. */
interface Wish {
  url: string
  tokens: readonly string[]
  ms: number
}

/** So many writers, or (`perSecond`) a flood, for a while, and what became of it. */
export async function writersApart(
  wish: Wish & ({ count: number; pauseMs: number } | { perSecond: number }),
): Promise<Tally> {
  const child = spawn(process.execPath, [join(root, folder, 'writers-program.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.end(JSON.stringify(wish))
  const said = JSON.parse(await text(child.stdout))
  return { ...said, accepted: new Map(said.accepted) }
}
