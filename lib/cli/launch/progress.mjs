/** Shows one line per phase with its seconds, and a running clock where a person watches. */

const watched = process.stdout.isTTY === true

/**
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function phase(title, work) {
  const started = performance.now()
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`
  const clock = watched && setInterval(() => process.stdout.write(`\r  … ${title}  ${seconds()} `), 250)
  let mark = '✗'
  try {
    const result = await work()
    mark = '✓'
    return result
  } finally {
    if (clock) {
      clearInterval(clock)
      process.stdout.write('\r\u001b[2K')
    }
    process.stdout.write(`  ${mark} ${title}  ${seconds()}\n`)
  }
}
