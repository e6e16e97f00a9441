/** Script injection on the desk: every text of every answer is hostile, on every page, and nothing runs. */
import { readdirSync } from 'node:fs'
import { expect, type Page } from '@playwright/test'
import { test } from '../kit/browser'
import { amount, held, whole } from '../kit/guarantee'
import { answerWith, Hostile } from '../kit/hostile/answers'
import { payloads } from '../kit/hostile/payloads'
import { setTrap } from '../kit/hostile/trap'
import { lookBehind, visit } from '../kit/hostile/visit'
import { readSite } from '../kit/site'

/** Pages of the desk and the operator by their file, and where they are. */
const pages: Record<string, readonly string[]> = {
  '(desk)/[account]/inbox': ['inbox', 'inbox?q=refund'],
  '(desk)/[account]/inbox/[displayId]': ['inbox/1', 'inbox/3?q=refund'],
  '(desk)/[account]/tickets': ['tickets'],
  '(desk)/[account]/models': ['models'],
  '(desk)/[account]/models/review': ['models/review'],
  '(desk)/[account]/models/intents': ['models/intents'],
  '(desk)/[account]/models/data': ['models/data'],
  '(desk)/[account]/models/runs': ['models/runs'],
  '(desk)/[account]/models/runs/[id]': ['models/runs/0199a000-0000-7000-8000-000000000001'],
  '(desk)/[account]/models/evaluation': ['models/evaluation'],
  '(desk)/[account]/models/deployment': ['models/deployment'],
  '(desk)/[account]/models/versions/[number]': ['models/versions/1'],
  '(desk)/[account]/settings': [],
  '(desk)/[account]/settings/teams': ['settings/teams'],
  '(desk)/[account]/settings/routing': ['settings/routing'],
  '(desk)/[account]/settings/team': ['settings/team'],
  '(desk)/[account]/settings/profile': ['settings/profile'],
  '(desk)/[account]/settings/labels': ['settings/labels'],
  '(desk)/[account]/settings/billing': ['settings/billing'],
  '(desk)/[account]/settings/inbox': ['settings/inbox'],
  '(desk)/[account]/settings/audit': ['settings/audit'],
  '(desk)/[account]/settings/privacy': ['settings/privacy'],
  '(desk)/[account]/settings/webhooks': ['settings/webhooks'],
  '(desk)/[account]/settings/webhooks/[id]': ['settings/webhooks/0199a000-0000-7000-8000-000000000001'],
  'operator/outbox': ['/operator/outbox'],
  'operator/models': ['/operator/models'],
  'operator/revenue': ['/operator/revenue'],
}

async function signIn(page: Page): Promise<void> {
  const { site, account, email, password } = readSite()
  await page.goto(`${site}/sign-in?next=${encodeURIComponent(`/${account}/settings/profile`)}`)
  await page.locator('input[type=email]').fill(email)
  await page.locator('input[type=password]').fill(password)
  await page.locator('form button[type=submit]').first().click()
  await page.waitForURL(/\/profile$/)
}

test('every page of the desk is on the list', () => {
  const found = readdirSync('app', { recursive: true, encoding: 'utf8' })
    .filter((path) => /^(\(desk\)|operator)\/.*\/page\.tsx$/.test(path))
    .map((path) => path.replace(/\/page\.tsx$/, ''))
  expect(found.sort()).toEqual(Object.keys(pages).sort())
})

/** These show figures, and nobody's words but the account's in the frame around them. */
const figures = new Set([
  'models',
  'models/runs',
  'models/runs/0199a000-0000-7000-8000-000000000001',
  'models/deployment',
  'settings/billing',
  'settings/privacy',
  '/operator/revenue',
])

/** Two lists, so that two browsers share the work. */
const addresses = Object.values(pages).flat()
const halves = [addresses.slice(0, 7), addresses.slice(7)]
test.describe.configure({ mode: 'parallel' })
// Answers name words, too, and those are never ours here.
test.use({ wordNames: 'odd' })
for (const [half, mine] of halves.entries())
  test(`nothing that the API answers runs on the desk, part ${half + 1} @hard`, async ({ browser }) => {
    test.setTimeout(240_000)
    const { site, account } = readSite()
    const context = await browser.newContext({ locale: 'en-GB' })
    const page = await context.newPage()
    const trap = await setTrap(context)
    await signIn(page)
    const all = payloads()
    const hostile = new Hostile(all)
    await answerWith(context, hostile)
    let shown = 0
    for (const path of mine.slice(0, amount(mine.length, 4))) {
      const address = path.startsWith('/') ? site + path : `${site}/${account}/${path}`
      const shows = !figures.has(path)
      hostile.begin()
      shown += await visit(page, address, shows)
      if (!whole && !path.includes('inbox/1')) continue
      hostile.begin(true)
      await visit(page, address, shows)
      await lookBehind(page, amount(6, 2))
    }
    expect([...trap.fired], 'ran').toEqual([])
    expect(trap.noticed).toEqual([])
    expect(trap.reports, 'the policy had to stop something').toEqual([])
    expect(shown).toBeGreaterThan(all.length)
    held(
      `4 script injection on the desk, part ${half + 1}`,
      `${all.length} texts in each of ${hostile.fields.size} fields of answers, shown ${shown} times: 0 ran, 0 reports of the policy`,
    )
    await context.close()
  })
