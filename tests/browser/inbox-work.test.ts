/** What an agent does to conversations, by key and by hand, and takes back; how lists and transcripts hold still meanwhile. */
import { expect, type Page } from '@playwright/test'
import { test } from '../kit/browser'
import { type OwnShop, openShop } from '../kit/own-shop'

test.describe.configure({ mode: 'serial' })

let shop: OwnShop
let page: Page
test.beforeAll(async ({ browser }) => {
  shop = await openShop(browser, { permissions: ['clipboard-read', 'clipboard-write'] })
  page = shop.page
  await shop.write('Where is my order?', 'Ada')
  await shop.write('I want a refund', 'Ben')
  await shop.write('My parcel is broken', 'Cleo')
  await shop.open('settings/teams')
  await post('teams', { name: 'Billing', memberIds: [] })
  await post('labels', { name: 'VIP', colour: 'grey' })
  await shop.open('inbox')
})
test.afterAll(() => page.context().close())

/** By the desk's own API, as the page would. */
const post = (path: string, body: object) =>
  page.evaluate(
    async ([url, data]) => {
      const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: data })
      if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
      return answer.json()
    },
    [`/api/v1/${shop.slug}/${path}`, JSON.stringify(body)] as const,
  )
const rows = () => page.getByRole('list', { name: 'Conversations' }).getByRole('link')
const row = (name: string) => rows().filter({ hasText: name })
const log = () => page.getByRole('log')
const status = () => page.locator('article header .chip')
const is = (words: string) => expect(page.getByRole('button', { name: words, exact: true })).toBeVisible()
const leaveFields = () => page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
/** Takes the newest change back, once the note says that it was done. */
const undo = async (done: string) => {
  await expect(page.getByRole('region', { name: 'Notifications' }).getByText(done)).toBeVisible()
  await leaveFields()
  await page.keyboard.press('z')
}
async function openRow(name: string): Promise<void> {
  await row(name).click()
  await expect(page.getByRole('article', { name })).toBeVisible()
  await leaveFields()
}
/** Opens a list of choices by its key, and types into it. */
async function choose(key: string, words: string): Promise<void> {
  await page.keyboard.press(key)
  await expect(page.locator('input[role=combobox]')).toBeFocused()
  await page.keyboard.type(words)
}
async function moreActions(entry: string): Promise<void> {
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: entry }).click()
}

test('a snoozed conversation is woken, a pending one opened again: by hand and by key', async () => {
  await openRow('Ada')
  await page.keyboard.press('h')
  await page.getByRole('dialog', { name: 'Snooze until' }).getByRole('button', { name: 'Tomorrow' }).click()
  await expect(status()).toHaveText('Snoozed')
  await page.getByRole('button', { name: 'Open again' }).click()
  await expect(status()).toHaveText('Open')

  await page.keyboard.press('h')
  await page.getByRole('button', { name: 'In an hour' }).click()
  await expect(page.getByRole('dialog', { name: 'Snooze until' })).toBeHidden()
  await expect(status()).toHaveText('Snoozed')
  await leaveFields()
  await page.keyboard.press('h')
  await page.getByRole('button', { name: 'Wake now' }).click()
  await expect(status()).toHaveText('Open')

  await moreActions('Set to pending')
  await expect(status()).toHaveText('Pending')
  await expect(row('Ada')).toBeHidden()
  await leaveFields()
  await page.keyboard.press('o')
  await expect(status()).toHaveText('Open')
  await expect(row('Ada')).toBeVisible()
  await page.keyboard.press('d')
  await expect(status()).toHaveText('Pending')
  await page.keyboard.press('Control+k')
  await page.getByPlaceholder('Type a command…').fill('reopen')
  await page.keyboard.press('Enter')
  await expect(status()).toHaveText('Open')
})

test('every change can be taken back by one key', async () => {
  await page.reload()
  await openRow('Ben')
  await is('Owner: Nobody')
  const back = async (done: string, words: string) => {
    await undo(done)
    await is(words)
  }
  await page.keyboard.press('m')
  await is('Owner: Tess Lin')
  await back('Assigned to Tess Lin', 'Owner: Nobody')
  await choose('a', 'Tess')
  await page.keyboard.press('Enter')
  await is('Owner: Tess Lin')
  await back('Assigned to Tess Lin', 'Owner: Nobody')
  await choose('t', 'Bill')
  await page.keyboard.press('Enter')
  await is('Team: Billing')
  await back('Moved to Billing', 'Team: None')
  await page.keyboard.press('p')
  await page.getByRole('menu').getByText('High', { exact: true }).click()
  await is('Priority: High')
  await back('Priority: High', 'Priority: Normal')
  await choose('l', 'VIP')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await is('Labels: VIP')
  await back('Labels changed', 'Labels: None')
  await page.keyboard.press('h')
  await page.getByRole('button', { name: 'In an hour' }).click()
  await expect(status()).toHaveText('Snoozed')
  await undo('Snoozed until')
  await expect(status()).toHaveText('Open')
})

test('a key is heard before the page knows who presses it', async () => {
  const late = /\/api\/v1\/(me|[^/]+\/people)$/
  let tell = () => {}
  const known = new Promise<void>((done) => (tell = done))
  await page.route(late, (route) => known.then(() => route.continue()))
  await page.reload()
  await openRow('Ben')
  await page.keyboard.press('m')
  await expect(page.getByRole('button', { name: 'Resolve' })).toHaveCount(0)
  tell()
  await is('Owner: Tess Lin')
  await undo('Assigned to Tess Lin')
  await is('Owner: Nobody')
})

test('a correction is taken back by one key; U opens the urgency that is not shown', async () => {
  await openRow('Ben')
  const about = log().getByRole('button', { name: /^About:/ })
  const said = await about.getAttribute('aria-label')
  await choose('i', 'compl')
  await page.keyboard.press('Enter')
  await expect(about).toHaveAccessibleName('About: Complaint. Correct it')
  await undo('Corrected: Complaint')
  await expect(about).toHaveAccessibleName(said ?? '')
  await expect(log().getByRole('button', { name: /^Urgency:/ })).toHaveCount(0)
  await page.keyboard.press('u')
  await expect(page.getByRole('dialog', { name: 'How urgent is it?' })).toBeVisible()
  await page.keyboard.press('Escape')
})

test('many tickets are set to pending and opened again', async () => {
  await shop.open('tickets')
  await page.getByRole('checkbox', { name: 'Select all tickets shown' }).check()
  const bar = page.getByRole('region', { name: 'Change the selected tickets' })
  await bar.getByRole('button', { name: 'Status' }).click()
  await page.getByRole('menuitem', { name: 'Set to pending' }).click()
  await expect(page.getByText('3 tickets set to pending')).toBeVisible()
  await page.getByRole('checkbox', { name: 'Select all tickets shown' }).check()
  await leaveFields()
  await page.keyboard.press('o')
  await expect(page.getByText('3 tickets opened again')).toBeVisible()
})

test('tickets are put in order on a phone', async () => {
  const phone = await shop.elsewhere('tickets', { locale: 'en-GB', viewport: { width: 360, height: 740 } })
  const first = phone.getByRole('region', { name: 'Tickets' }).getByRole('listitem').first()
  await expect(first).toBeVisible()
  await phone.getByRole('button', { name: 'Display' }).click()
  await phone.getByLabel('Sorted by').selectOption('No.')
  await phone.getByLabel('Order').selectOption('Lowest or oldest first')
  await expect(phone).toHaveURL(/sort=number&direction=asc/)
  await phone.keyboard.press('Escape')
  await expect(first).toContainText('Where is my order?')
  await phone.context().close()
})

test('the tab counts what is unread; a conversation is marked unread, and its link copied', async () => {
  await shop.open('inbox')
  for (const name of ['Ada', 'Ben', 'Cleo']) {
    await openRow(name)
    await expect(row(name).getByRole('img', { name: 'Unread' })).toHaveCount(0)
  }
  await expect(page).toHaveTitle(/^Cleo · /)
  await shop.write('Anybody?', 'Dora')
  await expect(page).toHaveTitle(/^[(]1[)] Cleo · /)
  await moreActions('Copy the link')
  await expect(page.getByText('Copied')).toBeVisible()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url())
  await leaveFields()
  await page.keyboard.press('Shift+U')
  await expect(page).toHaveURL(/inbox$/)
  await expect(row('Cleo').getByRole('img', { name: 'Unread' })).toBeVisible()
  await expect(page).toHaveTitle(/^[(]2[)] Inbox/)
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Tickets' }).click()
  await expect(page).toHaveTitle(/^Tickets/)
})

test('keys: j and k move, letters rest while an input method composes; switched off, the sheet still opens', async () => {
  await shop.open('inbox')
  await expect(row('Ada')).toBeVisible()
  await page.keyboard.press('j')
  await expect(page.getByRole('article', { name: 'Dora' })).toBeVisible()
  await page.keyboard.press('j')
  await expect(page.getByRole('article', { name: 'Cleo' })).toBeVisible()
  await page.keyboard.press('k')
  await expect(page.getByRole('article', { name: 'Dora' })).toBeVisible()

  // What an input method composes is no message yet.
  const writing = page.getByRole('textbox', { name: 'Reply to Dora' })
  await writing.focus()
  const session = await page.context().newCDPSession(page)
  await session.send('Input.imeSetComposition', { text: 'nihao', selectionStart: 5, selectionEnd: 5 })
  await writing.evaluate((field) => {
    const held = { key: 'Enter', ctrlKey: true, bubbles: true, cancelable: true, isComposing: true }
    field.dispatchEvent(new KeyboardEvent('keydown', held))
  })
  await expect(writing).toHaveValue('nihao')
  await session.send('Input.insertText', { text: '你好' })
  await expect(writing).toHaveValue('你好')
  await writing.press('Control+Enter')
  await expect(log()).toContainText('你好')

  await leaveFields()
  await page.keyboard.press('?')
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await sheet.getByRole('switch').click()
  await expect(sheet).toContainText('Single-key shortcuts are off. Ctrl+/ still opens this sheet.')
  await page.keyboard.press('Escape')
  await page.keyboard.press('e')
  await page.keyboard.press('?')
  await expect(sheet).toBeHidden()
  await expect(row('Dora')).toBeVisible()
  await page.keyboard.press('Control+/')
  await sheet.getByRole('switch').click()
  await page.keyboard.press('Escape')
})

test('older messages come in above without moving what is being read, and the reason keeps its place', async () => {
  const visitor = await shop.visitor('Paul')
  await visitor.say('I want a refund for my broken kettle')
  await shop.open('inbox')
  await openRow('Paul')
  const id = await page.evaluate(async (slug) => {
    const { rows } = await (await fetch(`/api/v1/${slug}/conversations`)).json()
    return rows[0].id as string
  }, shop.slug)
  for (let i = 1; i <= 70; i++)
    await post(`conversations/${id}/note`, { clientId: crypto.randomUUID(), text: `Note ${i}\n\nof several lines` })
  await visitor.say('Is it done?')
  await page.reload()
  await expect(log()).toContainText('Is it done?')
  await expect(log().getByRole('img', { name: 'Why it went here' })).toHaveCount(1)
  await expect(log()).not.toContainText('broken kettle')
  /** Scrolls up in steps, until everything is there; the farthest that a visible message moved by itself. */
  const jump = await log().evaluate(async (box) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
    let farthest = 0
    for (let step = 0; step < 400; step++) {
      box.scrollTop -= 150
      await frame()
      await frame()
      const seen = [...box.querySelectorAll('[data-message]')].find(
        (node) => node.getBoundingClientRect().top > box.getBoundingClientRect().top,
      )
      const before = seen?.getBoundingClientRect().top ?? 0
      const count = box.querySelectorAll('[data-message]').length
      for (let wait = 0; wait < 8; wait++) await frame()
      if (seen?.isConnected) farthest = Math.max(farthest, Math.abs(seen.getBoundingClientRect().top - before))
      if (box.scrollTop === 0 && count === box.querySelectorAll('[data-message]').length && count > 71) break
    }
    return farthest
  })
  await expect(log()).toContainText('broken kettle')
  expect(jump).toBeLessThan(2)
  await expect(log().getByRole('img', { name: 'Why it went here' })).toHaveCount(1)
})

test('a search begins at its top, finds a name to its last bearer, and a conversation by its number', async () => {
  test.setTimeout(180_000)
  for (let i = 1; i <= 24; i++) await shop.write(`Question ${i}`, `Quill ${i}`)
  await shop.open('inbox')
  await expect(rows().first()).toContainText('Question 24')
  const list = page.getByRole('list', { name: 'Conversations' }).locator('..')
  await list.evaluate((box) => box.scrollTo({ top: 900 }))
  await page.getByRole('searchbox', { name: 'Search conversations' }).fill('quill')
  await expect(page).toHaveURL(/q=quill/)
  await expect(rows().first()).toContainText('Question 24')
  expect(await list.evaluate((box) => box.scrollTop)).toBe(0)
  await expect(page.getByRole('listitem').and(page.locator('[aria-setsize="24"]')).first()).toBeVisible()
  await page.getByRole('searchbox', { name: 'Search conversations' }).fill('#2')
  await expect(rows()).toHaveCount(1)
  await expect(rows()).toContainText('Ben')
})
