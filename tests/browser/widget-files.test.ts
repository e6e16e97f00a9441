/** Files in the widget: chosen, pasted and dropped, brought and sent with words or alone, shown and fetched; nothing of it before it is needed. */
import AxeBuilder from '@axe-core/playwright'
import { expect } from '@playwright/test'
import { pdf, png } from '../kit/sample-files'
import { test } from '../kit/widget-page'

const photo = { name: 'parcel.png', mimeType: 'image/png', buffer: png(320, 200) }
const list = { name: 'orders.csv', mimeType: 'text/csv', buffer: Buffer.from('order,state\n1042,broken\n') }

async function choose(
  shop: { frame: import('@playwright/test').FrameLocator },
  page: import('@playwright/test').Page,
  files: object[],
) {
  const chooser = page.waitForEvent('filechooser')
  await shop.frame.locator('#attach').click()
  await (await chooser).setFiles(files as never)
}

test('a visitor sends a picture with words: shown at once, there after a reload, once on the server', async ({
  shop,
  server,
  page,
}) => {
  const faults: string[] = []
  page.on('console', (line) => line.type() === 'error' && faults.push(line.text()))
  await shop.open()
  expect(server.count('/widget/more.js')).toBe(0)
  await choose(shop, page, [photo, list])
  const tray = shop.frame.getByRole('list', { name: 'Files to send' })
  await expect(tray.getByRole('listitem')).toHaveCount(2)
  await expect(shop.frame.getByText('Ready to send')).toBeVisible()
  await shop.send('It came like this')
  await expect(tray.getByRole('listitem')).toHaveCount(0)
  await expect(shop.log.locator('.sent')).toBeVisible()
  const picture = shop.log.getByRole('img', { name: 'parcel.png' })
  await expect(picture).toHaveJSProperty('naturalWidth', 320)
  await expect(picture).toHaveAttribute('width', '230')
  expect(server.messages).toMatchObject([
    { text: 'It came like this', attachments: [{ name: 'parcel.png' }, { name: 'orders.csv' }] },
  ])
  await page.reload()
  await expect(picture).toHaveJSProperty('naturalWidth', 320)
  const download = page.waitForEvent('download')
  await shop.log.getByRole('button', { name: 'orders.csv' }).click()
  expect((await download).suggestedFilename()).toBe('orders.csv')
  expect(faults).toEqual([])
})

test('a file alone is a message; words typed while it travels wait for it; what was taken out does not go', async ({
  shop,
  server,
  page,
}) => {
  await shop.open()
  await choose(shop, page, [photo])
  await expect(shop.frame.locator('#send')).toBeEnabled()
  await shop.frame.locator('#send').click()
  await expect.poll(() => server.messages.length).toBe(1)
  expect(server.messages[0]).toMatchObject({ text: '', attachments: [{ name: 'parcel.png' }] })

  let arrive = () => {}
  server.uploads = new Promise<void>((done) => {
    arrive = done
  })
  await choose(shop, page, [photo, list])
  await shop.send('and this')
  await expect(shop.frame.getByText('The message is sent as soon as the files are there.')).toBeVisible()
  await shop.frame.getByRole('button', { name: 'Remove orders.csv' }).click()
  expect(server.messages).toHaveLength(1)
  arrive()
  await expect.poll(() => server.messages.length).toBe(2)
  expect(server.messages[1]).toMatchObject({ text: 'and this', attachments: [{ name: 'parcel.png' }] })
  await expect(shop.draft).toHaveValue('')
})

test('an agent’s files: a picture in its box, a document to download', async ({ shop, server, page }) => {
  await shop.open()
  await shop.send('hello')
  await expect(shop.log.locator('.sent')).toBeVisible()
  const picture = server.hold(png(800, 600), '标签.png', 'image/png', { width: 800, height: 600 })
  const invoice = server.hold(pdf(), '发票 2041.pdf', 'application/pdf')
  server.reply('Here you are', { attachments: [picture, invoice] })
  const shown = shop.log.getByRole('img', { name: '标签.png' })
  await expect(shown).toHaveJSProperty('naturalWidth', 800)
  expect(await shown.boundingBox()).toMatchObject({ width: 230, height: 173 })
  const download = page.waitForEvent('download')
  await shop.log.getByRole('button', { name: '发票 2041.pdf' }).click()
  expect((await download).suggestedFilename()).toBe('发票 2041.pdf')
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations).toEqual([])
})

test('what does not arrive is kept and tried again; what is refused says why and is in nobody’s way', async ({
  shop,
  server,
  page,
}) => {
  await shop.open()
  server.fail('/attachments')
  await choose(shop, page, [photo])
  await expect(shop.frame.getByText('Not uploaded.')).toBeVisible()
  await shop.frame.getByRole('button', { name: 'Try again' }).click()
  await expect(shop.frame.getByText('Ready to send')).toBeVisible()
  await choose(shop, page, [
    { name: 'drawing.png', mimeType: 'image/png', buffer: Buffer.from('<svg/>') },
    { name: 'film.txt', mimeType: 'text/plain', buffer: Buffer.alloc(10 * 1024 * 1024 + 1, 'a') },
  ])
  await expect(shop.frame.getByText('No such files')).toBeVisible()
  await expect(shop.frame.getByText('Too large: up to 10 MB.')).toBeVisible()
  await shop.send('two of three')
  await expect.poll(() => server.messages.length).toBe(1)
  expect(server.messages[0]?.attachments).toHaveLength(1)
  await choose(
    shop,
    page,
    Array.from({ length: 6 }, () => list),
  )
  await expect(shop.frame.getByText('Up to 5 files go into one message.')).toBeVisible()
})

test('a pasted picture is a file, pasted cells are words, a dropped file is caught', async ({ shop, server }) => {
  await shop.open()
  const bytes = [...photo.buffer]
  const give = (kind: 'paste' | 'drop', words: string) =>
    shop.draft.evaluate(
      (draft, { kind, words, bytes }) => {
        const data = new DataTransfer()
        data.items.add(new File([new Uint8Array(bytes)], 'shot.png', { type: 'image/png' }))
        if (words) data.setData('text/plain', words)
        const common = { bubbles: true, cancelable: true }
        draft.dispatchEvent(
          kind === 'paste'
            ? new ClipboardEvent('paste', { ...common, clipboardData: data })
            : new DragEvent('drop', { ...common, dataTransfer: data }),
        )
      },
      { kind, words, bytes },
    )
  await give('paste', 'A1\tB1')
  await give('paste', '')
  await expect(shop.frame.getByRole('listitem')).toHaveCount(1)
  await give('drop', '')
  await expect(shop.frame.getByRole('listitem')).toHaveCount(2)
  await expect(shop.frame.locator('#send')).toBeEnabled()
  await shop.draft.press('Enter')
  await expect.poll(() => server.messages.length).toBe(1)
})
