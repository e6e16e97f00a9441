/**
 * `npm run bench -- inbox`: the inbox list over 10 k, 100 k and 1 M generated conversations, as the app role under forced
 * row-level security: server time of each read, the same reads without policies, and whole requests through flow and border.
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import pg from 'pg'
import { makeCtx } from '@/lib/border/caller'
import { defineRoute } from '@/lib/border/route'
import { serveRoutes } from '@/lib/border/serve'
import { readEnv } from '@/lib/core/env'
import { listInput } from '@/lib/features/conversations/input'
import { filterOf, listSqlOf } from '@/lib/features/conversations/read'
import { listConversations } from '@/lib/flows/list-conversations'
import { searchConversations } from '@/lib/flows/search-conversations'
import type { Ctx } from '@/lib/platform/context'
import { Vault } from '@/lib/platform/crypto/vault'
import { startEmbedded } from '@/lib/platform/postgres/embedded'
import { asUser } from '@/lib/platform/postgres/external'
import { ensureDatabase, prepareDatabase } from '@/lib/platform/postgres/prepare'
import { loginRole } from '@/lib/platform/postgres/roles'
import { createServices } from '@/lib/start'
import { get, percentile, runLoad } from './kit/load'
import { type Generated, generateInbox } from './kit/many-conversations'

const sizes = [10_000, 100_000, 1_000_000]
/** Each read is measured this often, its variants interleaved. */
const rounds = 300
const page = 25

type Read = { name: string; text: string; values: unknown[] }

/** The reads of a desk, with the parameters they have there. */
function reads({ accountId, memberId, teamId, labelId, deep, token }: Generated): Read[] {
  const list = (name: string, input: Parameters<typeof filterOf>[0], more = {}) => {
    const filter = { ...filterOf(input, memberId), ...more }
    return { name, text: listSqlOf(filter).text, values: [accountId, filter, page] }
  }
  const search = (name: string, words: string[]) => ({
    name,
    text: 'SELECT (found).*, hit FROM desk_search($1, $2::bigint[], $3, NULL, $4)',
    values: [accountId, words.map(token), filterOf({ status: 'any' }, memberId), page],
  })
  return [
    list('open', { tab: 'all' }),
    list('mine', { tab: 'mine' }),
    list('unassigned', { tab: 'unassigned' }),
    list('resolved', { tab: 'resolved' }),
    list('resolved, deep', { tab: 'resolved' }, { beforeAt: deep.at.toISOString(), beforeId: deep.id }),
    list('every status', { status: 'any' }),
    list('team', { team: teamId }),
    list('intent + sentiment', { intent: 'refund', sentiment: 'negative' }),
    list('priority', { priority: 'urgent' }),
    list('label', { label: labelId }),
    list('label + owner', { tab: 'mine', label: labelId }),
    list('label, resolved', { tab: 'resolved', label: labelId }),
    search('search, rare word', ['rare']),
    search('search, common word', ['common']),
    search('search, two words', ['common', 'half']),
    { name: 'counts', text: 'SELECT * FROM desk_counts($1, $2)', values: [accountId, memberId] },
  ]
}

/** Time the server itself says it needed, planning of the outer statement included, milliseconds. */
async function serverTime(client: pg.Client, read: Read): Promise<number> {
  const { rows } = await client.query({
    name: `explain ${read.name}`,
    text: `EXPLAIN (ANALYZE, TIMING OFF, BUFFERS OFF, FORMAT JSON) ${read.text}`,
    values: read.values,
  })
  const plan = rows[0]['QUERY PLAN'][0]
  return plan['Execution Time'] + plan['Planning Time']
}

const sorted = (values: number[]): number[] => values.sort((a, b) => a - b)
const show = (value: number): string => value.toFixed(value < 10 ? 2 : 1).padStart(7)

async function measure(app: pg.Client, free: pg.Client, list: Read[]): Promise<Map<string, number>> {
  const medians = new Map<string, number>()
  // p10 is what a busy machine cannot spoil.
  console.log('  read                    p10 ms  p50 ms  p95 ms   without policies p50   ratio')
  for (const read of list) {
    const [mine, theirs]: [number[], number[]] = [[], []]
    for (let i = 0; i < rounds; i++) {
      mine.push(await serverTime(app, read))
      theirs.push(await serverTime(free, read))
    }
    sorted(mine)
    const [p10, p50, p95] = [0.1, 0.5, 0.95].map((share) => percentile(mine, share)) as [number, number, number]
    const other = percentile(sorted(theirs), 0.5)
    medians.set(read.name, p50)
    const figures = [p10, p50, p95].map(show).join(' ')
    console.log(
      `  ${read.name.padEnd(22)} ${figures} ${show(other).padStart(22)} ${(p50 / other).toFixed(2).padStart(7)}`,
    )
  }
  return medians
}

/** A desk's request over HTTP on a warm process: border, flow, database, opening the sealed previews. */
async function wholeRequest(ctx: Ctx): Promise<void> {
  const path = '/api/bench/conversations'
  // Who is asking is measured elsewhere: here the member is given.
  const route = defineRoute({
    method: 'GET',
    path,
    who: 'public',
    input: listInput,
    limits: { body: 0, rate: [1_000_000, 1] },
    handle: (_outside, input) =>
      input.q ? searchConversations(ctx, { ...input, q: input.q }) : listConversations(ctx, input),
  })
  const serve = serveRoutes(ctx.services, [route])
  const server = http.createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://bench')
    void serve(request, response, url.pathname, url.searchParams)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  const questions = ['?tab=all&limit=25', '?tab=mine&limit=25', '?tab=resolved&limit=25', '?q=common&limit=25']
  console.log('  whole request           p10 ms  p50 ms  p95 ms   CPU ms (asking and answering process)')
  for (const question of questions) {
    const ask = (requests: number) =>
      runLoad({ port, callers: 1, requests, maxSeconds: 30, request: () => get(path + question) })
    await ask(100)
    const before = process.cpuUsage()
    const result = await ask(rounds)
    const used = process.cpuUsage(before)
    if (result.statuses[200] !== rounds) throw new Error(`${question}: ${JSON.stringify(result.statuses)}`)
    const figures = [result.p10, result.p50, result.p95].map(show).join(' ')
    console.log(`  ${question.padEnd(22)} ${figures} ${show((used.user + used.system) / 1_000 / rounds)}`)
  }
  server.closeAllConnections()
  server.close()
}

/** @param most the largest number of conversations to generate */
export async function run(most = 1_000_000): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'lingxi-bench-inbox-'))
  const word = () => randomBytes(18).toString('hex')
  const server = await startEmbedded({
    folder: join(home, 'pg'),
    ownerPassword: word(),
    logFile: join(home, 'log'),
    durable: false,
  })
  const kek = randomBytes(32).toString('base64')
  const vault = new Vault(kek)
  const results = new Map<number, Map<string, number>>()
  try {
    for (const size of sizes.filter((each) => each <= most)) {
      const name = `inbox_${size}`
      await ensureDatabase(server.url('postgres'), name)
      const passwords = { app: word(), system: word() }
      await prepareDatabase(server.url(name), resolve('prisma/migrations'), passwords)
      const began = performance.now()
      const generated = await generateInbox(server.url(name), vault, size)
      console.log(
        `\n${size.toLocaleString('en')} conversations (generated in ${((performance.now() - began) / 1_000).toFixed(0)} s)`,
      )
      const appUrl = asUser(server.url(name), loginRole(name, 'app'), passwords.app)
      const [app, free] = [
        new pg.Client({ connectionString: appUrl }),
        new pg.Client({ connectionString: server.url(name) }),
      ]
      await Promise.all([app.connect(), free.connect()])
      results.set(size, await measure(app, free, reads(generated)))
      await Promise.all([app.end(), free.end()])
      const systemUrl = asUser(server.url(name), loginRole(name, 'system'), passwords.system)
      const services = createServices(
        'bench',
        readEnv({ LINGXI_APP_URL: appUrl, LINGXI_SYSTEM_URL: systemUrl, LINGXI_KEK: kek, LINGXI_LOG_LEVEL: 'warn' }),
      )
      const { memberId: membershipId, accountId } = generated
      const actor = { kind: 'member', userId: membershipId, membershipId, role: 'owner' } as const
      await wholeRequest(makeCtx(services, actor, accountId, 'en'))
      await services.close()
    }
    const [small, large] = [results.get(10_000), results.get(1_000_000)]
    if (small && large) {
      console.log('\n1 M : 10 k')
      for (const [name, time] of large)
        console.log(`  ${name.padEnd(22)} ${(time / (small.get(name) ?? time)).toFixed(2)}`)
    }
  } finally {
    await server.stop()
    await rm(home, { recursive: true, force: true })
  }
}

if (basename(process.argv[1] ?? '').startsWith('inbox')) {
  await run(Number(process.argv[2]) || undefined)
  process.exit(0)
}
