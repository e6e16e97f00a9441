/** Privacy as people live it: how long conversations stay, what a contact agreed to, and a contact erased for good. */
import { expect } from '@playwright/test'
import { axeOn } from '../kit/axe'
import { test } from '../kit/browser'
import { openShop } from '../kit/own-shop'

test('the time is chosen, taken back, and the whole account leaves as a file', async ({ browser }) => {
  const shop = await openShop(browser)
  const { page } = shop
  await shop.open('settings/privacy')
  const keep = page.getByLabel('Keep resolved conversations')
  await expect(keep).toHaveValue('')
  await keep.selectOption('6')
  await expect(page.getByText('Nothing is older now.')).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(keep).toHaveValue('')
  await page.getByLabel('Whose messages models learn from').selectOption({ label: 'Only those who agreed' })
  await expect(page.getByText('Whom models learn from was changed')).toBeVisible()
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download the whole account' }).click(),
  ])
  expect(file.suggestedFilename()).toMatch(/^account-\d{4}-\d\d-\d\d\.jsonl$/)
  expect((await axeOn(page).analyze()).violations).toEqual([])
})

test('a contact agrees, and is erased: nobody finds them again', async ({ browser }) => {
  const shop = await openShop(browser)
  const { page } = shop
  await shop.write('Where is my parcel? I am Xanthippe.', 'Xanthippe')
  await shop.open('inbox')
  await page.getByRole('link', { name: /Xanthippe/ }).click()
  await page.getByLabel('Learning').selectOption({ label: 'Agreed' })
  await page.getByRole('button', { name: 'Erase this contact' }).click()
  const dialog = page.getByRole('dialog', { name: 'Erase Xanthippe for good?' })
  const press = dialog.getByRole('button', { name: 'Erase for good' })
  await expect(press).toBeDisabled()
  await dialog.getByLabel('I understand that this cannot be undone').check()
  expect((await axeOn(page).include('[role=dialog]').analyze()).violations).toEqual([])
  await press.click()
  await expect(page.getByText('Erased: 1 conversation, 1 message')).toBeVisible()
  await expect(page.getByRole('link', { name: /Xanthippe/ })).toHaveCount(0)
  await shop.open('inbox/1')
  await expect(page.getByText(/Xanthippe/)).toHaveCount(0)
})
