/** People come in, invite others and let them go: through the pages, as they live it. */
import { expect } from '@playwright/test'
import { axeOn } from '../kit/axe'
import { test } from '../kit/browser'
import { english, forget, mailedPath, password, signIn, signUp, unique } from '../kit/sign-in-pages'
import { readSite } from '../kit/site'

test('signing up ends in the inbox of a new account', async ({ browser }) => {
  const context = await english(browser)
  const page = await context.newPage()
  const { slug } = await signUp(page, `Kettle Works ${unique()}`)
  expect(slug).toMatch(/^kettle-works-/)
  await expect(page.getByRole('navigation').getByRole('link', { name: 'Inbox' })).toBeVisible()
  const cookies = await context.cookies()
  const session = cookies.find((cookie) => cookie.name.endsWith('lingxi_session'))
  expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' })
  await context.close()
})

test('an invited person joins in another browser, is removed, and their desk closes within a second', async ({
  browser,
}) => {
  // Two people, one waiting for the other.
  test.slow()
  const { site } = readSite()
  const [first, second] = [await english(browser), await english(browser)]
  const [owner, member] = [await first.newPage(), await second.newPage()]
  const { slug } = await signUp(owner, 'Harbour Lights')
  const email = `${unique()}@example.com`

  await owner.goto(`${site}/${slug}/settings/team`)
  await owner.getByLabel('E-mail').fill(email)
  await owner.getByRole('button', { name: 'Send the invitation' }).click()
  await expect(owner.getByRole('listitem').filter({ hasText: email })).toBeVisible()

  await member.goto(await mailedPath(browser, email, '/invite/'))
  await expect(member.getByRole('heading', { name: 'Join Harbour Lights' })).toBeVisible()
  await member.getByLabel('Your name').fill('Lin Mei')
  await member.getByLabel('Password', { exact: true }).fill(password)
  await member.getByRole('button', { name: 'Join Harbour Lights' }).click()
  await member.waitForURL(`${site}/${slug}/inbox`)
  await member.goto(`${site}/${slug}/settings/team`)
  await expect(member.getByText('2 members')).toBeVisible()
  // Agents manage nobody: only their own way out is there.
  await expect(member.getByRole('button', { name: 'Remove Ada Byron' })).toHaveCount(0)

  await expect(owner.getByText('2 members')).toBeVisible()
  await owner.getByRole('button', { name: 'Remove Lin Mei' }).click()
  const dialog = owner.getByRole('dialog')
  await expect(dialog).toContainText('Remove Lin Mei?')
  const removed = owner.waitForResponse(
    (answer) => answer.request().method() === 'DELETE' && answer.url().includes('/members/'),
  )
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click()
  expect((await removed).status()).toBe(204)
  const begun = Date.now()
  await expect(member.getByText('You are not a member of this account')).toBeVisible({ timeout: 3_000 })
  expect(Date.now() - begun).toBeLessThan(1_000)
  // Nothing that could come back: no word about a lost connection beside it.
  await expect(member.getByText('Connection lost')).toHaveCount(0)
  expect((await member.request.get(`${site}/api/v1/${slug}/members`)).status()).toBe(404)
  expect((await member.request.get(`${site}/api/v1/me`)).status()).toBe(200)
  await first.close()
  await second.close()
})

test('a forgotten password: a link by mail, a new password, and the old one is dead', async ({ browser }) => {
  const { site } = readSite()
  const context = await english(browser)
  const page = await context.newPage()
  const { email } = await signUp(page, 'Forget-me-not')
  await forget(context, page)
  await page.goto(`${site}/reset`)
  await page.getByLabel('E-mail').fill(email)
  await page.getByRole('button', { name: 'Mail me the link' }).click()
  await expect(page.getByRole('heading', { name: 'Look into your mail' })).toBeFocused()
  const path = await mailedPath(browser, email, '/reset/')
  await page.goto(path)
  await page.getByLabel('New password').fill('password123')
  await page.getByRole('button', { name: 'Save and sign in' }).click()
  await expect(page.getByText('This password is too easy to guess')).toBeVisible()
  await page.getByLabel('New password').fill('seven green bridges')
  await page.getByRole('button', { name: 'Save and sign in' }).click()
  await page.waitForURL(/\/inbox/)
  await forget(context, page)
  await signIn(page, email, password)
  await expect(page.getByRole('alert').filter({ hasText: 'E-mail or password is wrong' })).toBeVisible()
  await context.close()
})

test('a sign-in link works once, with one press', async ({ browser }) => {
  const { site } = readSite()
  const context = await english(browser)
  const page = await context.newPage()
  const { email } = await signUp(page, 'Linkage')
  await forget(context, page)
  await page.goto(`${site}/sign-in`)
  await page.getByLabel('E-mail').fill(email)
  await page.getByRole('button', { name: 'E-mail me a sign-in link' }).click()
  await expect(page.getByRole('heading', { name: 'Look into your mail' })).toBeVisible()
  const path = await mailedPath(browser, email, '/sign-in/link/')
  await page.goto(path)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(/\/inbox/)
  await forget(context, page)
  await page.goto(path)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'This link no longer works' })).toBeVisible()
  await context.close()
})

test('the keyboard alone signs in, and ?next leads to our own pages only', async ({ browser }) => {
  const { site } = readSite()
  const context = await english(browser)
  const page = await context.newPage()
  const { email, slug } = await signUp(page, 'Keys')
  await forget(context, page)
  for (const [next, end] of [
    [`/${slug}/settings/profile`, `${site}/${slug}/settings/profile`],
    ['//evil.example/x', `${site}/${slug}/inbox`],
    ['/\\evil.example', `${site}/${slug}/inbox`],
  ] as const) {
    await page.goto(`${site}/sign-in?next=${encodeURIComponent(next)}`)
    await expect(page.getByLabel('E-mail')).toBeFocused()
    await page.keyboard.type(email)
    await page.keyboard.press('Tab')
    await page.keyboard.type(password)
    await page.keyboard.press('Enter')
    await page.waitForURL(end)
    await forget(context, page)
  }
  await context.close()
})

test('signing out everywhere on the profile page ends the other browser too', async ({ browser }) => {
  const { site } = readSite()
  const [first, second] = [await english(browser), await english(browser)]
  const [one, two] = [await first.newPage(), await second.newPage()]
  const { email, slug } = await signUp(one, 'Everywhere')
  await signIn(two, email, password, `/${slug}/settings/profile`)
  await two.waitForURL(`${site}/${slug}/settings/profile`)
  await one.goto(`${site}/${slug}/settings/profile`)
  await expect(one.getByText('This browser')).toBeVisible()
  await one.getByRole('button', { name: 'Sign out everywhere' }).click()
  await one.waitForURL(/\/sign-in/)
  await expect(async () => {
    expect((await two.request.get(`${site}/api/v1/me`)).status()).toBe(401)
  }).toPass({ timeout: 1_000, intervals: [50] })
  await two.waitForURL(/\/sign-in/, { timeout: 5_000 })
  await first.close()
  await second.close()
})

for (const look of [
  { name: 'English, light, wide', locale: 'en-GB', colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { name: 'Chinese, dark, 360 px', locale: 'zh-CN', colorScheme: 'dark', viewport: { width: 360, height: 740 } },
] as const) {
  test(`pages are clean for axe and fit: ${look.name}`, async ({ browser }) => {
    test.setTimeout(120_000)
    const { site, email, password: secret, account } = readSite()
    const { name: _, ...options } = look
    const context = await browser.newContext(options)
    const page = await context.newPage()
    const check = async (path: string) => {
      await page.goto(site + path)
      await expect(page.locator('h1').first()).toBeVisible()
      // A desk's stream never rests: wait for what the page loads, not for silence.
      await expect(page.locator('.skeleton')).toHaveCount(0)
      const { violations } = await axeOn(page).analyze()
      expect(violations.map((each) => `${path} ${each.id}: ${each.nodes.map((node) => node.html).join(' ')}`)).toEqual(
        [],
      )
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      expect(wide, `${path} scrolls sideways`).toBeLessThanOrEqual(0)
    }
    for (const path of ['/sign-in', '/sign-up', '/reset', '/reset/abc', '/sign-in/link/abc', '/invite/abc'])
      await check(path)
    await page.goto(`${site}/sign-in?next=/accounts`)
    await page.locator('[name=email]').fill(email)
    await page.locator('[name=password]').fill(secret)
    await page.locator('button[type=submit]').click()
    await page.waitForURL(`${site}/accounts`)
    for (const path of ['/accounts', '/operator/outbox', `/${account}/settings/team`, `/${account}/settings/profile`])
      await check(path)
    await context.close()
  })
}
