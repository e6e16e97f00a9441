/** Writers in a process of their own (see writers-apart): what they wait for is the server, not the test that floods it. */
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { startWriters } from './writers'

const { url, ms, ...wish } = JSON.parse(await text(process.stdin))
const writers = startWriters({ ...wish, to: () => url })
await sleep(ms)
await writers.end()
process.stdout.write(JSON.stringify({ ...writers.tally, accepted: [...writers.tally.accepted] }))
