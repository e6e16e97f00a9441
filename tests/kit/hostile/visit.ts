/** Opens a page that shows payloads, looks behind everything on it that opens, and says how many texts were to be seen. */
import { expect, type Page } from '@playwright/test'
import { foundMarkup } from './trap'

/** Calls of payloads in what the page shows as text, fields and hidden words included. */
export const shownOn = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const fields = [...document.querySelectorAll('input,textarea')].map((one) => (one as HTMLInputElement).value)
    return `${document.body.textContent} ${fields.join(' ')}`.match(/_fired|javascript/gi)?.length ?? 0
  })

/** Waits until nothing more comes. */
async function settled(page: Page): Promise<void> {
  for (let before = -1, now = 0; before !== now; ) {
    before = now
    await page.waitForTimeout(250)
    now = await shownOn(page)
  }
}

/** @returns how many texts were shown; their markup must not be there */
export async function visit(page: Page, address: string, shows = true): Promise<number> {
  // The page before may just be sending its reader on, which would cut this visit off.
  await page.goto('about:blank')
  await page.goto(address, { waitUntil: 'domcontentloaded' })
  if (shows)
    await page.waitForFunction(
      () => /_fired|javascript/i.test(`${document.body.innerText}${document.querySelector('input')?.value ?? ''}`),
      undefined,
      { timeout: 15_000 },
    )
  await (shows ? settled(page) : page.waitForTimeout(150))
  // A page may send its reader on while it is looked at.
  const found = await foundMarkup(page).catch(async () => {
    await page.waitForLoadState()
    await page.waitForTimeout(300)
    return foundMarkup(page)
  })
  expect(found, address).toEqual([])
  return shows ? shownOn(page) : 0
}

const openers = 'main [aria-haspopup]:visible, nav [aria-haspopup]:visible, main summary:visible'

/** Presses what opens something, one after another, and hovers over what has a tip. */
export async function lookBehind(page: Page, most = 8): Promise<void> {
  const count = Math.min(await page.locator(openers).count(), most)
  for (let at = 0; at < count; at++) {
    // What went with the last one is no longer there to be pressed.
    await page
      .locator(openers)
      .nth(at)
      .click({ timeout: 1_000, force: true })
      .catch(() => undefined)
    await page.waitForTimeout(60)
    expect(await foundMarkup(page), page.url()).toEqual([])
    await page.keyboard.press('Escape')
  }
  for (const tip of (await page.locator('[data-tip]:visible').all()).slice(0, 3))
    await tip.hover({ timeout: 500, force: true }).catch(() => undefined)
  expect(await foundMarkup(page), page.url()).toEqual([])
}
