/** How long to wait before trying again, and a wait that can be cut short. */

/** Milliseconds: doubling from half a second up to half a minute, up to as much again by chance; on top of the server's Retry-After. */
export const delay = (attempt: number, retryAfter = 0): number =>
  retryAfter * 1000 + Math.min(30_000, 500 * 2 ** attempt) * (1 + Math.random())

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
