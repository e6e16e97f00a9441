/** Webhooks as people live them: an endpoint is added, told of a visitor's message, tried, mended, and deleted. */
import { createHmac } from 'node:crypto'
import { expect } from '@playwright/test'
import { axeOn } from '../kit/axe'
import { test } from '../kit/browser'
import { OwnReceiver } from '../kit/own-receiver'
import { openShop } from '../kit/own-shop'

let receiver: OwnReceiver
test.beforeEach(async () => {
  receiver = await new OwnReceiver().start()
})
test.afterEach(() => receiver.stop())

const arrived = (type: string) => receiver.hooks.filter(({ json }) => json.type === type)

test('an endpoint is told of a message, is repaired and is told again', async ({ browser }) => {
  test.setTimeout(120_000)
  const shop = await openShop(browser)
  const { page } = shop
  await shop.open('settings/webhooks')
  await expect(page.getByRole('heading', { name: 'Nothing is told to anybody yet' })).toBeVisible()
  await page.getByRole('button', { name: 'Add endpoint' }).click()
  const form = page.getByRole('dialog', { name: 'A new endpoint' })
  await form.getByLabel('Address').fill('http://169.254.169.254/latest')
  await form.getByRole('button', { name: 'Add endpoint' }).click()
  await expect(form.getByRole('alert')).toContainText('cannot be told anything')
  await form.getByLabel('Address').fill(receiver.url)
  await form.getByLabel('What it is').fill('CRM')
  await form.getByLabel('A conversation begins').uncheck()
  await form.getByRole('button', { name: 'Add endpoint' }).click()
  const secretOf = page.getByRole('dialog', { name: 'Secret of the endpoint' })
  const secret = (await secretOf.locator('pre').textContent()) ?? ''
  expect(secret).toMatch(/^whsec_[\w+/]{43}=$/)
  await secretOf.getByRole('button', { name: 'Done' }).click()
  await expect(page.getByText('1 of 10')).toBeVisible()

  receiver.answer = (_hook, response) => void response.writeHead(500).end('the disk is full')
  await shop.write('Where is my parcel?', 'Robin')
  await page.getByRole('list', { name: 'Webhooks' }).getByRole('link').click()
  await expect(page.getByRole('heading', { level: 1, name: 'CRM' })).toBeVisible()
  const rows = page.getByRole('list', { name: 'Log' }).getByRole('listitem')
  const row = rows.filter({ hasText: 'A visitor or a colleague writes' })
  await expect(row).toContainText(/tried (once|\d+ times)/, { timeout: 20_000 })
  await row.getByText('A visitor or a colleague writes').click()
  await expect(row).toContainText('Answer 500')
  await expect(row).toContainText('the disk is full')
  receiver.answer = (_hook, response) => void response.end('ok')
  await row.getByRole('button', { name: 'Send again' }).click()
  await expect(row).toContainText('Arrived', { timeout: 20_000 })

  const hook = arrived('message.created').at(-1)
  expect(hook?.json.data.message?.text).toBe('Where is my parcel?')
  expect(hook?.json.data.contact?.name).toBe('Robin')
  const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signature } = hook?.headers ?? {}
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const mine = createHmac('sha256', key).update(`${id}.${time}.${hook?.body}`).digest('base64')
  expect(signature).toBe(`v1,${mine}`)
  expect(new Set(arrived('message.created').map(({ json }) => json.id)).size).toBe(1)

  await page.getByRole('button', { name: 'Send a test' }).click()
  await expect(rows.filter({ hasText: 'Test' })).toContainText('Arrived', { timeout: 20_000 })
  expect(arrived('webhook.test')).toHaveLength(1)
  await page.getByRole('button', { name: 'New secret' }).click()
  await secretOf.getByRole('button', { name: 'Done' }).click()
  await expect(page.getByText('the previous secret signs as well')).toBeVisible()
  // It follows what is known, a moment after the press: `uncheck` would look at once.
  await page.getByLabel('Send news to this endpoint').click()
  await expect(page.getByLabel('Send news to this endpoint')).not.toBeChecked()
  await expect(page.getByRole('button', { name: 'Send a test' })).toBeDisabled()
  await page.locator('.toast').filter({ hasText: 'Nothing is sent' }).getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByLabel('Send news to this endpoint')).toBeChecked()

  await page.getByRole('button', { name: 'Delete endpoint' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await expect(page.getByRole('heading', { name: 'Nothing is told to anybody yet' })).toBeVisible()
})

test('no barrier that axe can find, in both languages, wide and narrow', async ({ browser }) => {
  test.setTimeout(120_000)
  const shop = await openShop(browser)
  await shop.open('settings/webhooks')
  const add = (url: string) =>
    shop.page.evaluate(
      async ([slug, to]) => {
        const events = ['conversation.created', 'message.created', 'message.labelled', 'conversation.resolved']
        const body = JSON.stringify({ url: to, description: '', events })
        const headers = { 'content-type': 'application/json' }
        const answer = await fetch(`/api/v1/${slug}/webhooks`, { method: 'POST', headers, body })
        return ((await answer.json()) as { id: string }).id
      },
      [shop.slug, url] as const,
    )
  const id = await add(`${receiver.url}/${'a-long-path/'.repeat(12)}`)
  receiver.answer = (_hook, response) => void response.writeHead(503).end('{"error":"try later"}')
  await shop.write('Where is my parcel?', 'Robin')
  await expect.poll(() => receiver.hooks.length, { timeout: 20_000 }).toBeGreaterThan(2)
  const narrow = { viewport: { width: 360, height: 740 }, locale: 'zh-CN', colorScheme: 'dark' } as const
  for (const options of [{ viewport: { width: 1440, height: 900 }, locale: 'en-GB' }, narrow]) {
    const page = await shop.elsewhere('settings/webhooks', options)
    const language = options.locale === 'zh-CN' ? 'zh-CN' : 'en'
    const look = async (what: string) => {
      await expect(page.locator('h1')).toBeVisible()
      await expect(page.locator('html')).toHaveAttribute('lang', language)
      await expect(page.getByRole('status', { name: /Loading|正在加载/ })).toHaveCount(0)
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect(wider, what).toBeLessThanOrEqual(0)
      const { violations } = await axeOn(page).analyze()
      expect(violations.map(({ id: rule, nodes }) => [what, rule, nodes[0]?.html])).toEqual([])
      const shots = process.env.LINGXI_SHOTS
      if (shots) await page.screenshot({ path: `${shots}/${what}-${options.locale}.png`, fullPage: true })
    }
    await look('list')
    await page.getByRole('button', { name: /Add endpoint|添加端点/ }).click()
    await expect(page.getByRole('dialog')).toBeVisible()
    await page.waitForTimeout(300)
    await look('form')
    await page.goto(`${page.url()}/${id}`)
    await page
      .getByRole('list', { name: /^(Log|日志)$/ })
      .locator('summary')
      .first()
      .click()
    await expect(page.getByText('try later').first()).toBeVisible()
    await look('endpoint')
    await page.context().close()
  }
})
