/** No cell of any CSV that leaves the product begins a formula, whatever people wrote into it. */
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from '@/lib/border/routes'
import { serveRoutes } from '@/lib/border/serve'
import { asSystem } from '@/lib/platform/db/as-system'
import { held } from '../kit/guarantee'
import { type Furnished, furnish } from '../kit/hostile/furnished'
import { type Answered, inject } from '../kit/hostile/inject'

let house: Furnished
let cookie = ''
let handler: ReturnType<typeof serveRoutes>
beforeAll(async () => {
  house = await furnish()
  // Whose own file is among them.
  await asSystem(house.services, 'test', (tx) => tx.user.updateMany({ data: { operator: true } }))
  cookie = await house.signIn()
  handler = serveRoutes(
    house.services,
    routes.map((route) => ({ ...route, limits: { ...route.limits, rate: [1e9, 60] as const } })),
  )
})
afterAll(() => house.close())

const formulas = [
  '=1+1',
  '+1',
  '-1',
  '@SUM(1)',
  '＝1',
  '＋1',
  '－1',
  '＠x',
  "=cmd|' /C calc'!A0",
  '=HYPERLINK("http://x","y")',
  '=1"',
  '-2+3',
  '=A1,B2',
]
/** Files in which texts of people stand, and how many cells at least would begin a formula in each. */
const carrying: Record<string, number> = {
  'tickets/export.csv': formulas.length * 4,
  'audit/export.csv': formulas.length * 4,
  'examples/export.csv': formulas.length * 2,
  'learning/datasets/:id/export.csv': formulas.length,
}
/** Figures, months and words of ours alone: nothing in them can be written by anybody. */
const bare = ['operator/revenue.csv', 'billing/usage.csv', 'billing/usage-rows.csv']
const begins = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/

const folded = (text: string): string => text.normalize('NFKC')

async function call(method: string, path: string, body?: unknown, more = {}): Promise<Answered> {
  const headers = { host: 'desk.test', origin: 'http://desk.test', cookie, ...more }
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body ? JSON.stringify(body) : '')
  const answer = await inject(handler, { method, url: `/api/${path}`, headers, body: bytes })
  expect(answer.status, `${method} ${path} ${answer.body}`).toBeLessThan(300)
  return answer
}

test('every CSV of the registry', async () => {
  const at = `v1/${house.slug}`
  const made = async (path: string, body: unknown) =>
    (JSON.parse((await call('POST', `${at}/${path}`, body)).body) as { id: string }).id
  const { siteKey } = (JSON.parse((await call('GET', `${at}/inboxes`)).body) as { inboxes: { siteKey: string }[] })
    .inboxes[0] as { siteKey: string }
  await call('PATCH', 'v1/me', { name: formulas[0] })
  const quoted = (text: string) => `"${text.replace(/"/g, '""')}"`
  const rows = ['text,label', ...formulas.map((text) => `${quoted(text)},${quoted(text)}`)]
  await call('POST', `${at}/examples/import`, Buffer.from(rows.join('\n')))
  // Enough of two kinds for a training, whose dataset leaves as a file, too.
  const more = formulas.flatMap((text) => [`${quoted(`${text} once`)},One`, `${quoted(`${text} twice`)},Two`])
  await call('POST', `${at}/examples/import`, Buffer.from(['text,label', ...more].join('\n')))
  await call('POST', `${at}/learning/runs`, {})
  const { datasets } = JSON.parse((await call('GET', `${at}/learning/datasets`)).body) as { datasets: { id: string }[] }
  for (const [n, text] of formulas.entries()) {
    const [labelId, teamId] = [
      await made('labels', { name: text, colour: 'red' }),
      await made('teams', { name: text, memberIds: [] }),
    ]
    const session = { siteKey, identity: { name: text, email: text } }
    const { token } = JSON.parse((await call('POST', 'widget/sessions', session)).body) as { token: string }
    const clientId = `0199a000-0000-7000-8000-0000000000${n + 10}`
    const sent = await call('POST', 'widget/messages', { clientId, text }, { authorization: `Bearer ${token}` })
    const { conversationId } = JSON.parse(sent.body) as { conversationId: string }
    await call('POST', `${at}/conversations/${conversationId}/labels`, { labelIds: [labelId] })
    await call('POST', `${at}/conversations/${conversationId}/team`, { teamId })
  }
  let [cells, carried] = [0, 0]
  const files = routes.filter(({ method, path }) => method === 'GET' && path.endsWith('.csv'))
  const names: string[] = []
  for (const { path } of files) {
    const place = path.replace('/api/', '').replace(':account', house.slug)
    const { body, headers } = await call('GET', place.replace(':id', datasets[0]?.id ?? ''))
    expect(headers['content-disposition']).toMatch(/^attachment; filename="[\w.-]+\.csv"$/)
    expect(headers['content-type']).toBe('text/csv; charset=utf-8')
    expect(headers['x-content-type-options']).toBe('nosniff')
    const all: string[] = (parse(body, { bom: true, relax_column_count: true }) as string[][]).flat()
    expect(
      all.filter((cell) => begins.test(cell)),
      path,
    ).toEqual([])
    cells += all.length
    // They are all there, as text; and without the apostrophe they would be found: the control.
    const said = all.map((cell) => cell.replace(/^'/, ''))
    const name = path.replace(/^.*(:account|v1)\//, '')
    const found = said.filter((cell) => begins.test(cell))
    // What is learned is learned once, however wide its signs.
    const missing = formulas.map(folded).filter((text) => !found.some((cell) => folded(cell).startsWith(text)))
    names.push(name)
    if (name in carrying) {
      expect(missing, name).toEqual([])
      expect(found.length, name).toBeGreaterThanOrEqual(carrying[name] as number)
    } else expect(found, name).toEqual([])
    carried += found.length
  }
  expect(names.sort()).toEqual([...Object.keys(carrying), ...bare].sort())
  held(
    '4 cells of CSV files',
    `${files.length} exports, ${cells} cells, ${carried} of them formulas of ${formulas.length} kinds in ${Object.keys(carrying).length} files: 0 begin one; ${bare.length} files carry figures and words of ours alone`,
  )
})
