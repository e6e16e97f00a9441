/** Writers in a process of their own (see writers-apart): what they wait for is the server, not the test that floods it. */
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { flood, startWriters } from './writers'

const { url, ms, ...wish } = JSON.parse(await text(process.stdin))

async function write() {
  const writers = startWriters({ ...wish, to: () => url })
  await sleep(ms)
  await writers.end()
  return writers.tally
}

const tally = wish.perSecond ? await flood({ ...wish, ms, to: () => url }) : await write()
process.stdout.write(JSON.stringify({ ...tally, accepted: [...tally.accepted] }))
