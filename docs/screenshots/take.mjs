#!/usr/bin/env node
/**
 * Takes the pictures of the README from a running installation with its demo:
 *   node docs/screenshots/take.mjs [data folder, default ./data]
 * Writes PNG files beside itself. Needs a Chromium: the one of Playwright, /usr/bin/chromium, or LINGXI_CHROMIUM.
 */
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright'
import { findChromium } from '../../lib/cli/launch/chromium.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const demo = JSON.parse(await readFile(join(process.argv[2] ?? 'data', 'demo.json'), 'utf8'))
const executablePath = await findChromium(process.env)

/** What to show: a name, a language, a scheme, a width, and where. */
const pictures = [
  { name: 'inbox', locale: 'en-GB', scheme: 'light', size: [1440, 900], open: openInbox },
  { name: 'inbox-zh', locale: 'zh-CN', scheme: 'dark', size: [1440, 900], open: openInbox },
  { name: 'shop', locale: 'en-GB', scheme: 'light', size: [1280, 800], open: openShop },
]

async function signIn(page) {
  await page.goto(`${demo.site}/sign-in`)
  await page.locator('input[type=email]').first().fill(demo.email)
  await page.locator('input[type=password]').first().fill(demo.password)
  await page.locator('input[type=password]').first().press('Enter')
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'), { timeout: 30_000 })
}

/** The number of a conversation worth looking at: in the language, answered, routed with a reason, rather an upset one. */
function chooseConversation(page, language) {
  return page.evaluate(
    async ({ account, language }) => {
      const found = []
      for (const status of ['open', 'pending', 'resolved']) {
        const answer = await fetch(`/api/v1/${account}/conversations?status=${status}&limit=40`)
        const { rows } = await answer.json()
        found.push(...rows)
      }
      const worth = (row) =>
        Math.min(row.messageCount, 4) +
        (row.language === language ? 10 : 0) +
        (row.route?.because === 'rule' ? 4 : 0) +
        (row.sentiment === 'negative' ? 2 : 0) +
        (row.status === 'open' ? 2 : 0)
      return found.sort((a, b) => worth(b) - worth(a))[0]?.displayId
    },
    { account: demo.account, language },
  )
}

/** The inbox with a routed conversation open. */
async function openInbox(page, language) {
  await signIn(page)
  await page.goto(demo.desk)
  await page.locator('a[href*="/inbox/"]').first().waitFor({ timeout: 30_000 })
  await page.goto(`${demo.desk}/${await chooseConversation(page, language)}`)
  await page.locator('[role=log], main').first().waitFor()
}

/** The shop with the chat open and a question asked. */
async function openShop(page) {
  await page.goto(demo.shop)
  await page.waitForFunction(() => typeof window.Lingxi?.open === 'function')
  await page.evaluate(() => window.Lingxi.open())
}

const browser = await chromium.launch({
  executablePath,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
})
try {
  for (const { name, locale, scheme, size, open } of pictures) {
    const [width, height] = size
    const context = await browser.newContext({
      locale,
      colorScheme: scheme,
      viewport: { width, height },
      deviceScaleFactor: 1,
    })
    if (locale.startsWith('zh')) await context.addCookies([{ name: 'lingxi_locale', value: 'zh-CN', url: demo.site }])
    const page = await context.newPage()
    await open(page, locale.startsWith('zh') ? 'zh' : 'en')
    // Pictures without a caret, a pointer or something still on its way.
    await page.waitForLoadState('networkidle', { timeout: 5_000 }).catch(() => {})
    await page.waitForTimeout(800)
    await page.screenshot({ path: join(here, `${name}.png`), caret: 'hide' })
    console.log(`${name}.png`)
    await context.close()
  }
} finally {
  await browser.close()
}
