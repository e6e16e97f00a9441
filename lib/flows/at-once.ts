/** Does the same to many things, a few at a time, so that one person's bulk action leaves connections for the others. */

/** Transactions at a time. */
const abreast = 3

/** Runs `work` on each; gives the failure of each, or null where it worked, in the given order. */
export async function atOnce<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<unknown[]> {
  const outcomes: unknown[] = new Array(items.length).fill(null)
  let next = 0
  const walk = async () => {
    for (let place = next++; place < items.length; place = next++) {
      try {
        await work(items[place] as T)
      } catch (error) {
        outcomes[place] = error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(abreast, items.length) }, walk))
  return outcomes
}
