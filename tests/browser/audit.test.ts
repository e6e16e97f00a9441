/** The audit log as owners live it: the plan that shows it, what happened, by whom, and that it is intact. */
import { expect } from '@playwright/test'
import { axeOn } from '../kit/axe'
import { test } from '../kit/browser'
import { openShop } from '../kit/own-shop'

test('the log is there with its plan: read, filtered, checked, downloaded', async ({ browser }) => {
  const shop = await openShop(browser)
  const { page } = shop
  await shop.open('settings/audit')
  await expect(page.getByRole('heading', { name: 'The plan does not show the audit log' })).toBeVisible()
  await page.getByRole('main').getByRole('link', { name: 'See plans' }).click()
  await page
    .getByRole('button', { name: /^Try for 14 days/ })
    .last()
    .click()
  await page.getByRole('dialog').getByRole('button', { name: 'Begin the trial' }).click()
  // Payment is on the provider's page.
  await page.getByRole('button', { name: 'Subscribe' }).click()
  await expect(page.getByText(/^Trial until/)).toBeVisible()

  await shop.open('settings/audit')
  const list = page.getByRole('main').getByRole('list', { name: 'Audit log' }).getByRole('listitem')
  await expect(list.filter({ hasText: 'changed the plan · Business' })).toHaveCount(1)
  await expect(list.last()).toContainText('opened the account')
  await page.getByLabel('Act').selectOption({ label: 'signed in' })
  await expect(list).toHaveText([/Tess Lin: signed in/])
  await page.getByRole('button', { name: 'Check now' }).click()
  await expect(page.getByText(/^Intact up to entry \d/)).toBeVisible()
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download all' }).click(),
  ])
  expect(file.suggestedFilename()).toMatch(/^audit-\d{4}-\d\d-\d\d\.csv$/)
  expect((await axeOn(page).analyze()).violations).toEqual([])
})

test('what a model learned from leaves with the plan that has it; on Free the refusal shows the way', async ({
  browser,
}) => {
  const shop = await openShop(browser)
  const { page } = shop
  await shop.open('models/intents')
  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByRole('menuitem').first().click()
  const refusal = page.getByRole('alert').filter({ hasText: 'The plan does not export what a model learned from' })
  await expect(refusal.getByRole('link', { name: 'See plans' })).toBeVisible()
})
