/** Holds ever more typed arrays, up to so many megabytes, without ever letting go of its thread; says `done` if it gets there. */
import { limitMemory } from '@/lib/cli/training/limit-memory'

const [most = '0', limit] = process.argv.slice(2)
if (limit) limitMemory(Number(limit))
// The other thread needs a moment to begin.
await new Promise((resolve) => setTimeout(resolve, 500))
const held: Float32Array[] = []
for (let megabytes = 0; megabytes < Number(most); megabytes += 8) {
  held.push(new Float32Array(2_097_152).fill(megabytes))
  const until = Date.now() + 20
  while (Date.now() < until);
}
process.stdout.write(`done ${held.length}\n`)
process.exit(0)
