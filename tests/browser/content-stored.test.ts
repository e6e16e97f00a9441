/** Script injection the whole way: written by a visitor, an owner and a file through the real API, stored, and shown by the real pages. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type APIRequestContext, type BrowserContext, expect, type Page } from '@playwright/test'
import { parse } from 'csv-parse/sync'
import { webhookEvents } from '@/lib/features/webhooks/events'
import { test } from '../kit/browser'
import { amount, held } from '../kit/guarantee'
import { packs, payloads } from '../kit/hostile/payloads'
import { setTrap } from '../kit/hostile/trap'
import { lookBehind, visit } from '../kit/hostile/visit'
import { readSite } from '../kit/site'
import { askDatabase } from '../kit/site-database'

const password = 'violet harbour kettle'
const all = payloads().filter(({ place }) => place === 'html' || place === 'double')
/** As many of them as a field takes. */
const fill = (most: number, from = 0): string => packs(all.slice(from), 400)[0]?.slice(0, most).trim() ?? ''
/** Those that fit into a field, so many of them at most, each by itself. */
const fitting = (signs: number, most: number): string[] => {
  const short = all.map(({ text }) => text.replace(/\s+/g, ' ').trim()).filter((text) => text.length <= signs)
  const every = Math.ceil(short.length / most)
  return [...new Set(short)].filter((_, at) => at % every === 0)
}
/** One that fits into the shortest field. */
const short = '<img src=/__canary onerror=__fired(1)>'

class Api {
  constructor(
    readonly request: APIRequestContext,
    readonly site: string,
  ) {}
  async call<T = Record<string, never>>(method: string, path: string, data?: unknown, more = {}): Promise<T> {
    const headers = { origin: this.site, 'sec-fetch-site': 'same-origin', ...more }
    const answer = await this.request.fetch(`${this.site}/api/${path}`, { method, headers, ...(data ? { data } : {}) })
    expect(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`).toBe(true)
    return (await answer.json().catch(() => ({}))) as T
  }
  async signIn(email: string, word = password): Promise<void> {
    const { csrfToken } = await this.call<{ csrfToken: string }>('GET', 'auth/csrf')
    const form = { csrfToken, email, password: word, json: 'true' }
    const headers = { origin: this.site, 'sec-fetch-site': 'same-origin' }
    await this.request.post(`${this.site}/api/auth/callback/password?json=true`, { headers, form })
  }
}

/** Everything that an owner may name. @returns the slug and the site key */
async function furnish(api: Api, invited: string): Promise<{ at: string; siteKey: string }> {
  const email = `${Date.now().toString(36)}@example.com`
  const person = {
    name: fill(100),
    email,
    password,
    accountName: `https://example.org/ ${fill(70, 40)}`,
    timeZone: 'Asia/Shanghai',
  }
  const { slug } = await api.call<{ slug: string }>('POST', 'v1/sign-up', person)
  await api.signIn(email)
  const at = `v1/${slug}`
  // With all exports, and room for more than twenty intents.
  await askDatabase(
    `INSERT INTO subscription (account_id, provider, plan, interval, currency, state, seats, period_start, period_end, created_at, updated_at)
     SELECT id, 'demo', 'business', 'month', 'usd', 'active', 9, now(), now() + interval '20 days', now(), now() FROM account WHERE slug = $1`,
    [slug],
  )
  for (const name of fitting(40, amount(24, 4))) await api.call('POST', `${at}/labels`, { name, colour: 'red' })
  const me = await api.call<{ membershipId: string }>('GET', `${at}/me`)
  await api.call('POST', `${at}/teams`, { name: `${short} team`, memberIds: [me.membershipId] })
  await api.call('POST', `${at}/intents`, { name: `${short} intent`, description: fill(500) })
  const { inboxes } = await api.call<{ inboxes: { id: string; siteKey: string }[] }>('GET', `${at}/inboxes`)
  const { id = '', siteKey = '' } = inboxes[0] ?? {}
  const words = { greeting: fill(300), away: fill(300), placeholder: fill(100), disclosure: fill(300, 20) }
  await api.call('PATCH', `${at}/inboxes/${id}`, { name: `${short} chat`, texts: { en: words, 'zh-CN': words } })
  const routing = await api.call<{ version: string }>('GET', `${at}/routing`)
  const rules = fitting(80, amount(50, 5)).map((name) => ({ name, when: { intents: [name] }, priority: 'high' }))
  await api.call('PUT', `${at}/routing`, { rules, version: routing.version })
  // A label each, and between them all of the texts.
  const quoted = (text: string) => `"${text.replace(/"/g, '""')}"`
  const labels = fitting(60, amount(300, 8))
  const rows = labels.map(
    (label, n) => `${quoted(fill(1_900, Math.floor((n * all.length) / labels.length)))},${quoted(label)}`,
  )
  const csv = `text,label\n${rows.join('\n')}\n`
  await api.call('POST', `${at}/examples/import`, Buffer.from(csv), { 'content-type': 'application/octet-stream' })
  const url = `https://example.com/${encodeURIComponent(short)}?q="onmouseover=__fired(5)//`
  const endpoint = { url, description: fill(120), events: [...webhookEvents] }
  const { id: hook } = await api.call<{ id: string }>('POST', `${at}/webhooks`, endpoint)
  // It is shown; nothing is sent there.
  await api.call('PATCH', `${at}/webhooks/${hook}`, { enabled: false })
  await api.call('POST', `${at}/invitations`, { email: invited, role: 'agent' })
  return { at, siteKey }
}

/** Everything that a visitor may say of themselves, and files whose names and texts are hostile. */
async function write(api: Api, siteKey: string): Promise<string> {
  const identity = { name: fill(200), email: `"${fill(200, 9)}"@x` }
  const page = `javascript:__fired(2)//${fill(1_900)}`
  const opened = await api.call<{ token: string }>('POST', 'widget/sessions', { siteKey, locale: 'en', page, identity })
  const authorization = `Bearer ${opened.token}`
  const name = { authorization, 'content-type': 'text/html', 'x-file-name': encodeURIComponent(`${short}.html`) }
  const file = await api.call<{ id: string }>('POST', 'widget/attachments', Buffer.from(`Hello ${fill(5_000)}`), name)
  const send = (text: string, attachments: string[] = []) =>
    api.call('POST', 'widget/messages', { clientId: crypto.randomUUID(), text, attachments }, { authorization })
  await send(fill(8_000), [file.id])
  await send(`javascript:__fired(3) https://example.com/"onclick=__fired(4) ${fill(7_000, 300)}`)
  // Others, with names of their own.
  for (const at of Array.from({ length: amount(8, 1) }, (_, n) => 100 * (n + 1))) {
    const other = {
      siteKey,
      locale: 'zh-CN',
      page: `https://example.com/?${fill(900, at)}`,
      identity: { name: fill(200, at) },
    }
    const { token } = await api.call<{ token: string }>('POST', 'widget/sessions', other)
    const message = { clientId: crypto.randomUUID(), text: fill(8_000, at) }
    await api.call('POST', 'widget/messages', message, { authorization: `Bearer ${token}` })
  }
  return file.id
}

/** What an account hands out as files, and as what. */
const files: Record<string, string> = {
  'tickets/export.csv': 'text/csv; charset=utf-8',
  'audit/export.csv': 'text/csv; charset=utf-8',
  'examples/export.csv': 'text/csv; charset=utf-8',
  'examples/export.jsonl': 'application/jsonl; charset=utf-8',
  'examples/export.md': 'text/markdown; charset=utf-8',
  'export.jsonl': 'application/jsonl; charset=utf-8',
}

/** Opened in the browser each is saved, never shown as a page: by its type, without sniffing; no cell of it begins a formula. */
async function openFiles(page: Page, api: Api, at: string, fileId: string): Promise<number> {
  const all = { ...files, [`attachments/${fileId}`]: 'text/plain' }
  for (const [path, type] of Object.entries(all)) {
    const answer = await api.request.get(`${api.site}/api/${at}/${path}`)
    const headers = answer.headers()
    expect([path, answer.status(), headers['content-type']]).toEqual([path, 200, type])
    expect([path, headers['x-content-type-options']]).toEqual([path, 'nosniff'])
    expect(headers['content-disposition'], path).toMatch(/^attachment; filename/)
    const text = await answer.text()
    expect(text, path).toContain('_fired')
    if (path.endsWith('.csv'))
      expect(
        (parse(text, { bom: true }) as string[][]).flat().filter((cell) => /^[=+\-@\t\r\n＝＋－＠]/.test(cell)),
      ).toEqual([])
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.goto(`${api.site}/api/${at}/${path}`).catch(() => undefined),
    ])
    expect(download.suggestedFilename()).toMatch(/\.(txt|csv|jsonl|md)$/)
  }
  return Object.keys(all).length
}

/** @returns the slug of the copy */
async function bringCopy(api: Api, at: string): Promise<string> {
  const answer = await api.request.fetch(`${api.site}/api/${at}/export.jsonl`)
  expect(answer.ok(), await answer.text()).toBe(true)
  const { dataDir } = readSite()
  const folder = await mkdtemp(join(tmpdir(), 'stored-'))
  const file = join(folder, 'account.jsonl')
  await writeFile(file, await answer.body())
  const env = { ...process.env, LINGXI_DATA_DIR: dataDir }
  const { stdout } = await promisify(execFile)(process.execPath, ['lib/cli/launch.mjs', 'import-account', file], {
    env,
  })
  await rm(folder, { recursive: true })
  return /"slug": "([^"]+)"/.exec(stdout)?.[1] ?? ''
}

/** The link of the invitation, as the operator would pass it on. */
async function invitationLink(context: BrowserContext, to: string): Promise<string> {
  const { site, email, password: word } = readSite()
  const operator = new Api(context.request, site)
  await operator.signIn(email, word)
  const { mails } = await operator.call<{ mails: { to: string; link: string }[] }>('GET', 'v1/operator/outbox')
  return mails.find((mail) => mail.to === to)?.link ?? ''
}

test('what people write and store runs nowhere @hard', async ({ browser }) => {
  test.setTimeout(240_000)
  const { site } = readSite()
  const context = await browser.newContext({ locale: 'en-GB' })
  const trap = await setTrap(context)
  const api = new Api(context.request, site)
  const invited = `i${Date.now().toString(36)}@example.com`
  const { at, siteKey } = await furnish(api, invited)
  const stranger = await browser.newContext()
  const fileId = await write(new Api(stranger.request, site), siteKey)
  const page = await context.newPage()
  const slug = at.slice(3)
  const { rows } = await api.call<{ rows: { id: string }[] }>('GET', `${at}/conversations`)
  await api.call('POST', `${at}/conversations/${rows[0]?.id}/reply`, {
    clientId: crypto.randomUUID(),
    text: fill(8_000, 500),
  })
  await api.call('POST', `${at}/conversations/${rows[0]?.id}/note`, {
    clientId: crypto.randomUUID(),
    text: fill(8_000, 700),
  })
  let shown = 0
  const desk = [
    'inbox',
    'inbox/1',
    'tickets',
    'models/intents',
    'settings/teams',
    'settings/routing',
    'settings/labels',
    'settings/inbox',
    'settings/team',
    'settings/webhooks',
  ]
  for (const path of desk) {
    shown += await visit(page, `${site}/${slug}/${path}`)
    if (path === 'inbox/1') await lookBehind(page, 4)
  }
  const opened = await openFiles(page, api, at, fileId)
  // The same account out of its file, as an operator brings it in.
  const copy = await bringCopy(api, at)
  // Endpoints of webhooks stay.
  const brought = desk.filter((path) => path !== 'settings/webhooks')
  for (const path of brought) shown += await visit(page, `${site}/${copy}/${path}`)
  // The invitation is a page of the server's own making; its link is ours whatever the names say.
  const link = await invitationLink(stranger, invited)
  expect(link.startsWith(`${site}/invite/`)).toBe(true)
  shown += await visit(page, link)
  expect(shown).toBeGreaterThan(200)
  expect([...trap.fired]).toEqual([])
  expect(trap.noticed).toEqual([])
  expect(trap.reports).toEqual([])
  held(
    '4 script injection, stored',
    `every field of an owner, a visitor and a file, and all of it brought in again; ${desk.length + brought.length + 1} pages and ${opened} files, shown ${shown} times: 0 ran, 0 reports`,
  )
  await context.close()
  await stranger.close()
})
