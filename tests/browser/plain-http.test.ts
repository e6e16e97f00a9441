/** The desk on a machine of the office, by its name and plain http: browsers keep some of their tools for https, and nothing may hang on them. */
import { chromium, expect, type Page } from '@playwright/test'
import { test } from '../kit/browser'
import { openShop } from '../kit/own-shop'
import { readSite } from '../kit/site'

/** What the clipboard holds, pasted as a person would. */
async function pasted(page: Page): Promise<string> {
  const field = page.getByRole('textbox').last()
  await field.fill('')
  await field.press('Control+V')
  const text = await field.inputValue()
  await field.fill('')
  return text
}

test('over plain http an answer and a file are sent, and a link and the snippet copied', async ({
  browser: other,
  launchOptions,
}) => {
  const shop = await openShop(other)
  const visitor = await shop.visitor('Ada')
  await visitor.say('Where is my order?')
  const cookies = await shop.page.context().cookies()
  const { site } = readSite()
  const name = 'lan.example'
  const rule = `--host-resolver-rules=MAP ${name} 127.0.0.1`
  const browser = await chromium.launch({ ...launchOptions, args: [...(launchOptions.args ?? []), rule] })
  const context = await browser.newContext({ locale: 'en-GB' })
  await context.addCookies(cookies.map((cookie) => ({ ...cookie, domain: name })))
  const page = await context.newPage()
  const errors: Error[] = []
  page.on('pageerror', (error) => errors.push(error))
  const lan = `${site.replace(/\/\/[^:]+/, `//${name}`)}/${shop.slug}`
  await page.goto(`${lan}/inbox`)
  expect(await page.evaluate(() => isSecureContext)).toBe(false)
  await page.getByRole('list', { name: 'Conversations' }).getByRole('link').first().click()
  const writing = page.getByRole('textbox', { name: 'Reply to Ada' })
  await writing.fill('It is on its way.')
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Attach files' }).click()
  await (await chooser).setFiles({ name: 'way.txt', mimeType: 'text/plain', buffer: Buffer.from('way') })
  await expect(page.getByText('way.txt')).toBeVisible()
  await writing.press('Control+Enter')
  await expect(page.getByRole('log')).toContainText('It is on its way.')
  await expect.poll(() => visitor.hears()).toEqual(['It is on its way.'])

  await writing.blur()
  await page.keyboard.press('y')
  await expect(page.getByText('Copied')).toBeVisible()
  expect(await pasted(page)).toBe(page.url())

  await page.goto(`${lan}/settings/inbox`)
  const copy = page.getByRole('button', { name: 'Copy the snippet' })
  await copy.click()
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible()
  await page.goto(`${lan}/inbox`)
  await page.getByRole('list', { name: 'Conversations' }).getByRole('link').first().click()
  expect(await pasted(page)).toContain(shop.siteKey)
  expect(errors).toEqual([])
  await browser.close()
  await shop.page.context().close()
})
