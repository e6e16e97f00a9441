/** A Redis of its own, where one is installed. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { freePort } from '@/lib/platform/postgres/free-port'
import { until } from './installation'

const program = ['/usr/bin/redis-server', '/usr/local/bin/redis-server', '/usr/bin/valkey-server'].find((path) =>
  existsSync(path),
)

export interface OwnRedis {
  readonly url: string
  stop(): Promise<void>
}

/** undefined where no server is installed. */
export async function startOwnRedis(wanted?: number): Promise<OwnRedis | undefined> {
  if (program === undefined) return undefined
  const port = wanted ?? (await freePort())
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--daemonize', 'no']
  const child = spawn(program, args, { cwd: '/tmp', stdio: ['ignore', 'pipe', 'ignore'] })
  let said = ''
  child.stdout.on('data', (chunk) => {
    said += chunk
  })
  const gone = new Promise<void>((done) => child.once('close', () => done()))
  if (!(await until(() => said.includes('Ready to accept connections'), 10_000))) throw new Error(said)
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: () => {
      child.kill('SIGTERM')
      return gone
    },
  }
}
