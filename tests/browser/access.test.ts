/** The whole server, pages included: no header and no spelling of an address hands an account's data to anybody else. */
import http from 'node:http'
import { type APIRequestContext, expect } from '@playwright/test'
import { forms, headers } from '../hard/access/bypasses'
import { filled, table } from '../hard/access/table'
import { test } from '../kit/browser'
import { held, whole } from '../kit/guarantee'
import { readSite } from '../kit/site'

interface Answer {
  status: number
  type: string
  location: string
  body: string
}

/** Sends the path as it is: a browser would make it tidy first. */
function send(site: string, path: string, more: Record<string, string>): Promise<Answer> {
  const { hostname, port } = new URL(site)
  return new Promise((resolve, reject) => {
    const request = http.get({ hostname, port, path, headers: more, agent: false }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.on('error', reject)
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          type: String(answer.headers['content-type'] ?? ''),
          location: String(answer.headers.location ?? ''),
          body: Buffer.concat(parts).toString(),
        }),
      )
    })
    request.on('error', reject)
    // A stream that was opened would never end.
    request.setTimeout(30_000, () => request.destroy(new Error(`${path} ${JSON.stringify(more)} does not end`)))
  })
}

/** A signed-in person's cookie. */
async function cookieOf(
  request: APIRequestContext,
  site: string,
  person: { email: string; password: string },
): Promise<string> {
  const { csrfToken } = await (await request.get(`${site}/api/auth/csrf`)).json()
  const form = { ...person, csrfToken, json: 'true' }
  await request.post(`${site}/api/auth/callback/password`, { form, headers: { origin: site } })
  const { cookies } = await request.storageState()
  return cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
}

test('@hard no header and no spelling gets past the whole server', async ({ playwright }) => {
  test.setTimeout(600_000)
  const { site, account, email, password } = readSite()
  const [mine, theirs] = [await playwright.request.newContext(), await playwright.request.newContext()]
  const owner = await cookieOf(mine, site, { email, password })
  const stranger = { email: `stranger${Date.now()}@example.com`, password: 'violet harbour kettle' }
  const joined = await theirs.post(`${site}/api/v1/sign-up`, {
    data: { ...stranger, name: 'Stranger', accountName: 'Elsewhere' },
    headers: { origin: site },
  })
  expect(joined.status()).toBe(201)
  const outside = await cookieOf(theirs, site, stranger)
  expect(outside).toContain('lingxi_session')

  // What only people of the account may read: its people, and its newest conversations.
  const { conversations, rows } = await (await mine.get(`${site}/api/v1/${account}/conversations`)).json()
  const ids: string[] = (conversations ?? rows).slice(0, 20).map((each: { id: string }) => each.id)
  const { members } = await (await mine.get(`${site}/api/v1/${account}/members`)).json()
  const secrets = [...ids, ...members.map((each: { email: string }) => each.email)]
  expect(secrets.length).toBeGreaterThan(10)
  const leaks = ({ status, type, body }: Answer): boolean =>
    secrets.some((secret) => body.includes(secret)) || (status < 300 && /json|csv|event-stream|octet|zip/.test(type))

  const reads = [...table].filter(
    ([route, allowed]) => route.startsWith('GET ') && !['anyone', 'visitor', 'person'].includes(allowed),
  )
  const paths = [
    ...reads.map(([route]) => filled(route.slice(4), account)),
    ...['inbox', 'tickets', 'settings/team', 'settings/audit', 'models'].map((page) => `/${account}/${page}`),
    '/operator',
  ]
  // It would be seen: the owner's plain request holds what is looked for.
  expect(leaks(await send(site, `/api/v1/${account}/members`, { cookie: owner }))).toBe(true)

  const callers: Record<string, string>[] = [{}, { cookie: outside }]
  const tries = paths.flatMap((path) =>
    callers.flatMap((caller) => [
      ...headers.map((more) => ({ path, more: { ...more, ...caller } })),
      ...Object.values(forms).map((form) => ({ path: form(path), more: caller })),
    ]),
  )
  // Every way meets every kind of address: neither number divides the number of ways.
  const some = tries.filter((_, at) => at % (whole ? 5 : 37) === 0)
  let next = 0
  const turn = async () => {
    while (next < some.length) {
      const { path, more } = some[next++] as (typeof some)[number]
      let answer = await send(site, path, more)
      // A server that makes an address tidy by sending the caller on must send them to a closed door as well.
      for (let hops = 0; hops < 3 && answer.status >= 300 && answer.status < 400 && answer.location; hops++) {
        const to = new URL(answer.location, site)
        if (to.origin !== site) break
        answer = await send(site, to.pathname + to.search, more)
      }
      expect(
        leaks(answer),
        `${path} ${JSON.stringify(more).slice(0, 80)}: ${answer.status} ${answer.body.slice(0, 100)}`,
      ).toBe(false)
      expect(answer.status, `${path} ${JSON.stringify(more)}`).toBeLessThan(500)
    }
  }
  await Promise.all([turn(), turn(), turn(), turn()])
  held(
    '3 whole server',
    `${paths.length} addresses and pages × (${headers.length} headers + ${Object.keys(forms).length} forms) × 2 strangers: ${some.length} requests, 0 with data of the account`,
  )
  await mine.dispose()
  await theirs.dispose()
})
