/** Two-step sign-in through the pages: set up, asked for, lost and found, and an account that asks everybody for it. */
import { readFile } from 'node:fs/promises'
import { type BrowserContextOptions, expect, type Page } from '@playwright/test'
import { codeAt } from '@/lib/features/identity/totp'
import { axeOn } from '../kit/axe'
import { test } from '../kit/browser'
import { english, forget, mailedPath, password, signIn, signUp, unique } from '../kit/sign-in-pages'
import { readSite } from '../kit/site'

const step = 30_000
/** Of the step before: the next sign-in then need not wait for another. */
const earlier = (secret: string) => codeAt(secret, new Date(Date.now() - step))

async function clean(page: Page): Promise<void> {
  await expect(page.locator('.skeleton')).toHaveCount(0)
  // What fades in has no contrast yet.
  await page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter(({ effect }) => effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY)
        .map(({ finished }) => finished),
    ),
  )
  const { violations } = await axeOn(page).analyze()
  expect(violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.html).join(' ')}`)).toEqual([])
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  expect(wide, 'scrolls sideways').toBeLessThanOrEqual(0)
}

const secretOn = async (page: Page): Promise<string> =>
  ((await page.locator('code').first().textContent()) ?? '').replace(/\s/g, '')

test('somebody sets it up, is asked for it, uses a recovery code, and switches it off', async ({ browser }) => {
  test.setTimeout(180_000)
  const { site } = readSite()
  const context = await english(browser)
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const page = await context.newPage()
  const { email, slug } = await signUp(page, `Two Steps ${unique()}`)
  const profile = `${site}/${slug}/settings/profile`

  await page.goto(profile)
  const panel = page.getByRole('region', { name: /^Two-step sign-in/ })
  await panel.getByRole('button', { name: 'Set it up' }).click()
  await expect(panel).toContainText('Confirm your e-mail address first')
  await page.goto(await mailedPath(browser, email, '/sign-in/confirm/'))
  await page.getByRole('button', { name: 'Confirm the address' }).click()
  await expect(page.getByText('The address is confirmed')).toBeVisible()

  await page.goto(profile)
  await panel.getByRole('button', { name: 'Set it up' }).click()
  await panel.getByLabel('Your password').fill('not the password')
  await panel.getByLabel('Your password').press('Enter')
  await expect(panel.getByText('The current password is wrong')).toBeVisible()
  await panel.getByLabel('Your password').fill(password)
  await panel.getByLabel('Your password').press('Enter')
  await expect(panel.getByRole('img', { name: 'QR code' })).toBeVisible()
  await clean(page)
  const secret = await secretOn(page)
  expect(secret).toMatch(/^[A-Z2-7]{32}$/)
  await panel.getByLabel('Type the code').fill('000 000')
  await panel.getByRole('button', { name: 'Switch it on' }).click()
  await expect(panel.getByText('This code does not work')).toBeVisible()
  await panel.getByLabel('Type the code').fill(earlier(secret))
  await panel.getByRole('button', { name: 'Switch it on' }).click()
  await expect(panel.getByRole('heading', { name: 'Keep these recovery codes' })).toBeFocused()
  const codes = await panel.locator('ol code').allTextContents()
  expect(codes).toHaveLength(10)
  await clean(page)
  await panel.getByRole('button', { name: 'Copy' }).click()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(codes.join('\n'))
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    panel.getByRole('button', { name: 'Download' }).click(),
  ])
  expect(await readFile(await download.path(), 'utf8')).toContain(codes.join('\n'))
  await panel.getByRole('button', { name: 'I have kept them' }).click()
  await expect(panel).toContainText('10 recovery codes are left')
  await page.reload()
  await expect(panel).toContainText('10 recovery codes are left')
  expect(await page.content()).not.toContain(codes[0])

  // The keyboard alone; six digits with a space, as an app shows them, need no press.
  await forget(context, page)
  await signIn(page, email, password, `/${slug}/settings/profile`)
  await page.waitForURL(/\/sign-in\/code\?next=/)
  await expect(page.getByLabel('Code')).toBeFocused()
  await expect(page.getByLabel('Code')).toHaveAttribute('autocomplete', 'one-time-code')
  await expect(page.getByLabel('Code')).toHaveAttribute('inputmode', 'numeric')
  await clean(page)
  expect((await page.request.get(`${site}/api/v1/me`)).status()).toBe(401)
  await page.keyboard.type('000000')
  await expect(page.getByText('This code does not work')).toBeVisible()
  const code = codeAt(secret, new Date())
  await page.getByLabel('Code').fill(`${code.slice(0, 3)} ${code.slice(3)}`)
  await page.waitForURL(profile)

  await forget(context, page)
  await page.goto(`${site}/sign-in/code`)
  await page.waitForURL(`${site}/sign-in`)
  await signIn(page, email, password)
  await page.getByRole('button', { name: 'Use a recovery code' }).click()
  await page.keyboard.type(codes[0]?.toLowerCase() ?? '')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/inbox/)

  await page.goto(profile)
  await expect(panel).toContainText('9 recovery codes are left')
  await panel.getByRole('button', { name: 'New recovery codes' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Use my password' }).click()
  await dialog.getByLabel('Your password').fill(password)
  await dialog.getByRole('button', { name: 'New recovery codes' }).click()
  await expect(dialog.locator('ol code')).toHaveCount(10)
  const [fresh = ''] = await dialog.locator('ol code').allTextContents()
  expect(codes).not.toContain(fresh)
  await dialog.getByRole('button', { name: 'I have kept them' }).click()
  await expect(panel).toContainText('10 recovery codes are left')
  await panel.getByRole('button', { name: 'Switch off' }).click()
  await dialog.getByLabel('Code of the app, or a recovery code').fill(fresh)
  await dialog.getByRole('button', { name: 'Switch off' }).click()
  await expect(panel.getByRole('button', { name: 'Set it up' })).toBeVisible()
  await forget(context, page)
  await signIn(page, email, password)
  await page.waitForURL(/\/inbox/)
  await context.close()
})

test('an owner asks everybody for it: whoever has none sets it up before the desk opens (Chinese, dark, 360 px)', async ({
  browser,
}) => {
  test.setTimeout(180_000)
  const { site } = readSite()
  const look: BrowserContextOptions = {
    locale: 'zh-CN',
    colorScheme: 'dark',
    viewport: { width: 360, height: 740 },
  }
  const [first, second] = [await browser.newContext({ locale: 'zh-CN' }), await browser.newContext(look)]
  const [owner, member] = [await first.newPage(), await second.newPage()]
  const email = `${unique()}@example.com`
  await owner.goto(`${site}/sign-up`)
  await owner.locator('[name=name]').fill('林薇')
  await owner.locator('[name=email]').fill(email)
  await owner.locator('[name=password]').fill(password)
  await owner.locator('[name=accountName]').fill('港湾灯火')
  await owner.locator('button[type=submit]').click()
  await owner.waitForURL(/\/inbox/)
  const slug = new URL(owner.url()).pathname.split('/')[1]
  await owner.goto(await mailedPath(browser, email, '/sign-in/confirm/'))
  await owner.getByRole('button', { name: '确认邮箱' }).click()
  await expect(owner.getByText('邮箱已确认')).toBeVisible()

  await owner.goto(`${site}/${slug}/settings/team`)
  await expect(owner.getByLabel('要求所有成员使用')).toBeDisabled()
  await owner.goto(`${site}/${slug}/settings/profile`)
  await owner.getByRole('button', { name: '开始设置' }).click()
  await owner.getByLabel('你的密码').fill(password)
  await owner.getByLabel('你的密码').press('Enter')
  await expect(owner.getByRole('img', { name: '二维码' })).toBeVisible()
  await owner.getByLabel('输入应用里显示的验证码').fill(earlier(await secretOn(owner)))
  await owner.getByRole('button', { name: '开启' }).click()
  await owner.getByRole('button', { name: '我已保存好' }).click()

  const guest = `${unique()}@example.com`
  await owner.goto(`${site}/${slug}/settings/team`)
  await owner.getByLabel('邮箱').fill(guest)
  await owner.getByRole('button', { name: '发送邀请' }).click()
  await expect(owner.getByRole('listitem').filter({ hasText: guest })).toBeVisible()
  await member.goto(await mailedPath(browser, guest, '/invite/'))
  await member.locator('[name=name]').fill('王小明')
  await member.locator('[name=password]').fill(password)
  await member.locator('button[type=submit]').click()
  await member.waitForURL(`${site}/${slug}/inbox`)
  await expect(owner.getByText('2 位成员')).toBeVisible()
  await owner.getByLabel('要求所有成员使用').click()
  await expect(owner.getByText('还有 1 位成员没有设置')).toBeVisible()
  await expect(owner.getByText('现在要求所有成员使用两步验证')).toBeVisible()
  await clean(owner)

  // The open desk closes by itself, and behind the page the door is closed, too.
  await member.waitForURL(/\/sign-in\/two-step/, { timeout: 15_000 })
  await expect(member.getByText('港湾灯火 要求所有成员使用两步验证')).toBeVisible()
  await clean(member)
  const shut = await member.request.get(`${site}/api/v1/${slug}/members`)
  expect([shut.status(), (await shut.json()).code]).toEqual([403, 'second_factor_required'])
  await member.getByLabel('你的密码').fill(password)
  await member.getByRole('button', { name: '开始设置' }).click()
  await expect(member.getByRole('img', { name: '二维码' })).toBeVisible()
  await clean(member)
  const secret = await secretOn(member)
  await member.getByLabel('输入应用里显示的验证码').fill(earlier(secret))
  await member.getByRole('button', { name: '开启' }).click()
  await expect(member.locator('ol code')).toHaveCount(10)
  await clean(member)
  await member.getByRole('button', { name: '我已保存好' }).click()
  await member.waitForURL(`${site}/${slug}/inbox`)
  await owner.reload()
  await expect(owner.getByText('所有成员都已设置')).toBeVisible()
  await expect(owner.getByRole('listitem').filter({ hasText: guest })).toContainText('两步验证')

  await forget(second, member)
  await member.goto(`${site}/sign-in`)
  await member.locator('[name=email]').fill(guest)
  await member.locator('[name=password]').fill(password)
  await member.locator('button[type=submit]').click()
  await expect(member.getByLabel('验证码')).toBeFocused()
  await clean(member)
  await member.keyboard.type(codeAt(secret, new Date()))
  await member.waitForURL(`${site}/${slug}/inbox`)
  await first.close()
  await second.close()
})
