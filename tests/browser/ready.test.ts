/** A fresh installation is ready in every part, and its first page works without a single error in the browser. */
import { spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
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

test('demo.json is for its owner alone and has what a script needs: addresses, the sign-in, the site key', async ({
  request,
}) => {
  const { dataDir, site } = readSite()
  const file = join(dataDir, 'demo.json')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const demo = JSON.parse(readFileSync(file, 'utf8'))
  expect(demo).toMatchObject({ site, desk: `${site}/${demo.account}/inbox`, shop: `${site}/demo/shop` })
  expect(demo.password).toMatch(/^[\w-]{16,}$/)
  expect((await request.get(demo.shop)).status()).toBe(200)
  const opened = await request.post(`${site}/api/widget/sessions`, { data: { siteKey: demo.siteKey } })
  expect(opened.status()).toBe(201)
})

test('the shop of an installation without a demo promises no chat, in either language', async ({ page }) => {
  const { shop } = readSite()
  await page.goto(shop)
  await expect(page.getByText('the chat in the corner is real')).toBeVisible()
  await page.route('**/demo/config.json', (route) => route.fulfill({ status: 404 }))
  await page.goto(shop)
  await expect(page.getByText('this installation has no demo')).toBeVisible()
  await expect(page.getByText('people answer')).toHaveCount(0)
  await page.getByRole('button', { name: '中文' }).click()
  await expect(page.getByText('也就没有在线客服')).toBeVisible()
})

test('where it cannot be asked for just now the shop says that, and not that there is no demo', async ({ page }) => {
  const { shop } = readSite()
  for (const status of [429, 503, 0]) {
    await page.route('**/demo/config.json', (route) => (status ? route.fulfill({ status }) : route.abort()))
    await page.goto(shop)
    await expect(page.getByText(/cannot be reached just now|暂时无法连接/)).toBeVisible()
    await expect(page.getByText(/has no demo|没有启用演示/)).toHaveCount(0)
    await expect(page.locator('#ask')).toHaveCount(0)
  }
})

test('a second start on the same data folder refuses within two seconds and names the first', async () => {
  const { dataDir, site } = readSite()
  const { pid } = JSON.parse(readFileSync(join(dataDir, 'lock.json'), 'utf8')) as { pid: number }
  const began = performance.now()
  const second = spawnSync(process.execPath, ['lib/cli/launch.mjs', 'start', '--port', '1', '--data-dir', dataDir], {
    encoding: 'utf8',
  })
  expect(performance.now() - began).toBeLessThan(2_000)
  expect(second.status).toBe(1)
  expect(second.stderr).toContain(`(process ${pid}, since `)
  expect(second.stderr).not.toMatch(/\n\s+at /)
  expect((await fetch(`${site}/api/health`)).status).toBe(200)
})
