/** How long to wait before trying again, and a wait that can be cut short. */

/** Milliseconds: doubling from a second up to half a minute, half of it by chance; on top of the server's Retry-After. */
export function delay(attempt: number, retryAfter = 0, chance = Math.random()): number {
  return retryAfter * 1000 + Math.min(30_000, 1000 * 2 ** attempt) * (0.5 + chance / 2)
}

/** A wait, and what ends it early. */
export function createNap(): [nap: (milliseconds: number) => Promise<void>, wake: () => void] {
  let end = () => {}
  const nap = (milliseconds: number) =>
    new Promise<void>((done) => {
      setTimeout(done, milliseconds)
      end = done
    })
  return [nap, () => end()]
}
