/** Who a visitor is, at the desk: the id that the site signed is told apart from what they say of themselves. */
import { createHmac, randomUUID } from 'node:crypto'
import { expect } from '@playwright/test'
import { test } from '../kit/browser'
import { readSite } from '../kit/site'

test('an id that the site signed says so beside it, and that name and address are the visitor’s', async ({ page }) => {
  test.slow()
  const { site, email, password, account, siteKey } = readSite()
  await page.goto(`${site}/sign-in?next=${encodeURIComponent(`/${account}/inbox`)}`)
  await page.locator('input[type=email]').fill(email)
  await page.locator('input[type=password]').fill(password)
  await page.locator('form button[type=submit]').first().click()
  await page.waitForURL(/\/inbox$/)
  const inboxes = await page.evaluate(
    async ({ account }) => {
      const found = await (await fetch(`/api/v1/${account}/inboxes`)).json()
      const list = Array.isArray(found) ? found : found.inboxes
      const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }
      const all = list as { id: string; siteKey: string }[]
      return Promise.all(
        all.map(async ({ id, siteKey }) => ({
          siteKey,
          ...(await (await fetch(`/api/v1/${account}/inboxes/${id}/identity-secret`, post)).json()),
        })),
      )
    },
    { account },
  )
  const { identitySecret } = inboxes.find((one) => one.siteKey === siteKey) as { identitySecret: string }
  const userId = `customer-${randomUUID().slice(0, 8)}`
  const signature = createHmac('sha256', identitySecret).update(userId).digest('hex')
  const said = await page.evaluate(
    async ({ siteKey, identity, clientId }) => {
      const headers = { 'content-type': 'application/json' }
      const opened = await fetch('/api/widget/sessions', {
        method: 'POST',
        headers,
        body: JSON.stringify({ siteKey, identity }),
      })
      const { token } = await opened.json()
      const sent = await fetch('/api/widget/messages', {
        method: 'POST',
        headers: { ...headers, authorization: `Bearer ${token}` },
        body: JSON.stringify({ clientId, text: `where is my order? ${identity.userId}` }),
      })
      return sent.status
    },
    { siteKey, identity: { userId, name: 'Mei Lin', email: 'mei@guest.example', signature }, clientId: randomUUID() },
  )
  expect(said).toBeLessThan(300)
  await page.getByRole('list', { name: 'Conversations' }).getByRole('link').filter({ hasText: userId }).click()
  const note = page.getByText('Signed by your website; name and e-mail are what the visitor says')
  await expect(note).toBeVisible()
  await expect(page.getByText(userId, { exact: true })).toBeVisible()
})
