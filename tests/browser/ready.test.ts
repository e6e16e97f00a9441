/** A fresh installation is ready in every part, and its first page works without a single error in the browser. */
import { expect } from '@playwright/test'
import { test } from '../kit/browser'
import { readSite } from '../kit/site'

test('every part says that it is ready', async ({ request }) => {
  const { site } = readSite()
  await expect
    .poll(async () => (await (await request.get(`${site}/api/ready`)).json()) as unknown, { timeout: 20_000 })
    .toMatchObject({
      ready: true,
      parts: { database: 'ready', migrations: 'ready', inference: 'ready', worker: 'ready', pages: 'ready' },
    })
})

test('the first page loads everything from this installation and complains about nothing', async ({ page }) => {
  const { site } = readSite()
  const complaints: string[] = []
  const foreign: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => {
    if (!request.url().startsWith(site) && !request.url().startsWith('data:')) foreign.push(request.url())
  })
  await page.goto(site, { waitUntil: 'networkidle' })
  await expect(page.locator('h1')).toBeVisible()
  expect(foreign).toEqual([])
  expect(complaints).toEqual([])
})
