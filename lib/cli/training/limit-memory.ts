/** Ends this process once it holds more memory than it may: weights are typed arrays, which no limit of the heap counts. */
import { Worker } from 'node:worker_threads'
import type { TrainReply } from '@/models/train/child-protocol'

/** A training blocks its own thread for seconds, so another one looks. CommonJS, as a worker from a text is. */
const watch = `
const { workerData } = require('node:worker_threads')
const { writeSync } = require('node:fs')
setInterval(() => {
  if (process.memoryUsage.rss() <= workerData.bytes) return
  try { writeSync(1, workerData.last) } catch {}
  process.kill(process.pid, 'SIGKILL')
}, 200)`

/** Says why, as the last line of standard output. @param megabytes of the whole process, resident */
export function limitMemory(megabytes: number): void {
  const message = `the training needed more than ${megabytes} MB of memory`
  const reply: TrainReply = { failed: { code: 'out_of_memory', message } }
  // A line that was being written is ended first.
  const workerData = { bytes: megabytes * 1_048_576, last: `\n${JSON.stringify(reply)}\n` }
  new Worker(watch, { eval: true, execArgv: [], workerData }).unref()
}
