/** Code that comes when it is wanted. Without a connection it comes with it: a part of a page must not take the page along. */

/** After so many failures with a connection the code is gone for good (another version is running): the page must be loaded again. */
const patience = 4
/** Milliseconds between tries. */
const pause = 2_000

const connection = () =>
  new Promise<void>((done) => {
    addEventListener('online', () => done(), { once: true })
    setTimeout(done, pause)
  })

/** Wraps an `import()`: one load for however many ask, tried again until it succeeds. */
export function whenNeeded<Module>(load: () => Promise<Module>): () => Promise<Module> {
  let coming: Promise<Module> | undefined
  const insist = async () => {
    for (let failed = 0; ; ) {
      try {
        return await load()
      } catch (error) {
        if (navigator.onLine && ++failed >= patience) throw error
        await connection()
      }
    }
  }
  return () => {
    coming ??= insist()
    return coming
  }
}
