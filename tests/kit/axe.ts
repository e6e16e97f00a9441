/** Nothing on a page keeps people out, by axe: asked once what fades and moves has come to rest. */
import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/** Colours in the middle of a transition are nobody's choice. What turns for ever, such as a spinner, is not waited for. */
async function atRest(page: Page): Promise<void> {
  const moving = () =>
    page.evaluate(
      () =>
        document
          .getAnimations()
          .filter(
            ({ playState, effect }) => playState === 'running' && effect?.getComputedTiming().endTime !== Infinity,
          ).length,
    )
  await expect.poll(moving).toBe(0)
}

/**
 * What looks at a page whose frames are of its own origin, as all of the desk's are: axe then need not put its findings together
 * in a page of its own, which took twice as long as looking.
 */
export const axeOn = (page: Page): AxeBuilder => new AxeBuilder({ page }).setLegacyMode()

/** A note may begin to appear while axe looks: what is wrong at rest is wrong each time. */
export async function axe(page: Page): Promise<void> {
  await expect(async () => {
    await atRest(page)
    const { violations } = await axeOn(page).analyze()
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
  }).toPass({ intervals: [500, 1_000], timeout: 20_000 })
}
